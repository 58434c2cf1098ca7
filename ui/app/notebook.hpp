// The notes on the trace that is open, and where they are kept: beside its file (`NAME.notes.json`), or, where it has
// none, by the platform under what the trace is (view/trace_identity.hpp).
//
// Threading: the interface's thread.
// Failure:   a sentence. What could not be read whole is never overwritten: notes are then kept in the window only.
//
//     notebook notes(host);
//     if (auto said = notes.open(open, identity, "checkout.jsonl"); !said.empty()) show(said);
//     notes.put(open, "t3.1", "the first to go");
#pragma once

#include "ui/platform/platform.hpp"
#include "ui/view/document.hpp"
#include "ui/view/notes.hpp"
#include "ui/view/trace_identity.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::ui {

/// A file of notes, by its name.
bool is_notes_file(std::string_view path);

class notebook {
public:
  explicit notebook(platform& host) : host_(&host) {}

  /// Takes up what is kept for the trace; notes that are here already stay, and are kept with them. `trace_file` is empty
  /// where it came from no file. What the user should know of it, or empty.
  std::string open(const document& of, const trace_identity& identity,
                   const std::string& trace_file);
  /// Of a trace that is still arriving: notes are in the window only, until it is opened.
  void begin(const document& of);
  /// Finds the places again in a document with the same trace.
  void place_anew(const document& of);

  /// In order of time.
  [[nodiscard]] std::span<const placed_note> notes() const { return placed_; }
  /// The note on that thing is this from now on; none, where the text is empty. What could not be kept, or empty.
  std::string put(const document& of, std::string_view on, std::string_view text);
  /// Brings in somebody else's. A thing that has another note already keeps both. How many are new or changed.
  std::size_t add(const document& of, std::span<const note> notes);
  /// As a file, to hand on.
  [[nodiscard]] std::string text(const document& of) const;
  /// Writes them where they are kept. What could not be kept, or empty.
  std::string save(const document& of);

private:
  std::string read(const std::string& known_as);

  platform* host_;
  std::vector<note> notes_;
  std::vector<placed_note> placed_;
  std::string identity_; ///< as text; empty while the trace arrives
  std::string file_;     ///< of the notes; empty where the platform keeps them
  std::string kept_;     ///< what is there, as far as is known
  std::string locked_;   ///< why nothing is written there, or empty
};

} // namespace cancelscope::ui
