// Notes: what a person wrote on something in a trace, and where that is.
//
// What a note is on is told in the trace's own words, so that it means the same in a file, in a link and to a program:
//
//     t3.1  r1.1  c2  o4.1     a task, region, cancel or obligation
//     event:12                 the event of that number, from 0
//     time:1200                a moment, in ns
//     time:1200-1300           a stretch of time
//     slot:t3                  a slot of tasks (r: of regions, o: of obligations)
//
// Threading: values; read the document only. Failure: what the trace does not have has no place.
#pragma once

#include "ui/view/document.hpp"
#include "ui/view/view_state.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cancelscope::ui {

struct note {
  std::string on;
  std::string text; ///< one line

  friend bool operator==(const note&, const note&) = default;
};

enum class note_kind { entity, event, moment, stretch, slot };

/// Where a note is in a trace.
struct note_place {
  note_kind kind = note_kind::entity;
  inspector::entity who{}; ///< whom it concerns: of a slot its first tenant, of a time none
  inspector::event_index event{};
  slot_kind slots = slot_kind::tasks;
  std::uint64_t slot = 0;
  std::uint64_t from = 0; ///< ns; where it begins, or all there is of a moment
  std::uint64_t to = 0;
};

struct placed_note {
  note what;
  std::optional<note_place> place{}; ///< none where this trace has no such thing
  std::string where{};               ///< for people: "charge card (t3.1)"
};

std::string on_event(inspector::event_index event);
std::string on_moment(std::uint64_t t);
std::string on_stretch(const time_range& stretch);
std::string on_slot(slot_kind kind, std::uint64_t slot);
/// What a note without further words would be on: the stretch that is marked, else the event or whoever is selected,
/// else the cursor's moment.
std::string on_what_is_looked_at(const document& open, const view_state& view);

std::optional<note_place> find_place(const document& open, std::string_view on);
/// In order of time; those without a place last.
std::vector<placed_note> placed(const document& open, std::span<const note> notes);
/// The note on that, or null.
const placed_note* note_on(std::span<const placed_note> notes, std::string_view on);

/// What was noted on it and on its events, as a quotation in Markdown; empty where nothing was.
std::string notes_markdown(std::span<const placed_note> notes, inspector::entity who);

} // namespace cancelscope::ui
