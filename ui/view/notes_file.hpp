// Notes as a file: JSON, for people and programs.
//
//     {"format": "cancelscope-notes", "version": 1,
//      "trace": {"name": "checkout.jsonl", "identity": "0123456789abcdef-4711"},
//      "notes": [{"on": "t3.1", "text": "the first to go"}]}
//
// docs/interface.md describes it. Threading: pure functions. Failure: a sentence; what could be read is there besides.
#pragma once

#include "ui/view/notes.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::ui {

/// `identity` is that of the trace (view/trace_identity.hpp), or empty.
std::string notes_text(std::string_view trace_name, std::string_view identity,
                       std::span<const placed_note> notes);

struct read_notes {
  std::string identity;    ///< of the trace they were written for; empty where it is not said
  std::vector<note> notes; ///< those that could be read
  std::string complaint;   ///< why not all of it could be read, after the file's name; or empty
};
read_notes parse_notes(std::string_view text);

} // namespace cancelscope::ui
