// How the application carries out what concerns notes.
#include "inspector/text/units.hpp"
#include "inspector/timeline/moment.hpp"
#include "ui/app/application.hpp"
#include "ui/view/notes_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace cancelscope::ui {

using namespace inspector;

namespace {

/// Who has the slot at the cursor, or else had it last.
entity tenant_to_show(const document& open, const note_place& place, moment cursor) {
  entity found;
  for (const slot_history& slot : open.slots_of(place.slots)) {
    if (slot.slot != place.slot) continue;
    for (const tenancy& stay : slot.tenancies)
      if (!found || cursor.counts(stay.from)) found = stay.who;
  }
  return found;
}

} // namespace

bool application::apply(const intent::edit_note& wanted) {
  if (!document_ || view_.noting == wanted.on) return false;
  if (!wanted.on.empty() && !find_place(*document_, wanted.on)) {
    show_notice("This trace has no “" + wanted.on + "” to write a note on.");
    return false;
  }
  view_.noting = wanted.on;
  return true;
}

bool application::apply(const intent::put_note& wanted) {
  if (!document_) return false;
  const placed_note* const before = note_on(notes(), wanted.on);
  // A note that has lost its place can still be taken away.
  if (before == nullptr && !find_place(*document_, wanted.on)) return false;
  if (before != nullptr && before->what.text == wanted.text) return false;
  const std::string deleted =
      before != nullptr && wanted.text.empty() ? before->what.text : std::string();
  const std::string unsaved = notes_.put(*document_, wanted.on, wanted.text);
  if (!unsaved.empty())
    show_notice(unsaved);
  else if (!deleted.empty())
    show_notice("The note “" + deleted + "” is deleted.");
  return true;
}

bool application::apply(const intent::go_to_note& wanted) {
  if (!document_) return false;
  const auto place = find_place(*document_, wanted.on);
  if (!place) {
    show_notice("This trace has no “" + wanted.on + "”.");
    return false;
  }
  at_note_ = wanted.on;
  switch (place->kind) {
  case note_kind::entity:
    return apply(intent::select{{place->who, {}}});
  case note_kind::event:
    return apply(intent::select{{place->who, place->event}});
  case note_kind::slot:
    view_.lower = "slots";
    view_.slots = place->slots;
    return apply(intent::select{{tenant_to_show(*document_, *place, view_.cursor), {}}});
  case note_kind::moment:
    remember_place();
    return apply(intent::seek{place->from});
  case note_kind::stretch: {
    remember_place();
    const time_range stretch{static_cast<double>(place->from), static_cast<double>(place->to)};
    const double margin = stretch.length() * 0.2;
    const bool in_view = view_.window.contains(stretch.begin) && view_.window.contains(stretch.end);
    if (!in_view)
      view_.window =
          confined({stretch.begin - margin, stretch.end + margin}, document_->duration());
    apply(intent::mark_time{stretch});
    return apply(intent::seek{place->from});
  }
  }
  return false;
}

// One after the other in order of time; after the last comes the first.
bool application::apply(const intent::step_note& wanted) {
  std::vector<const placed_note*> there;
  for (const placed_note& one : notes())
    if (one.place) there.push_back(&one);
  if (!document_ || there.empty()) {
    show_notice("There are no notes on this trace. T writes one.");
    return false;
  }
  const auto last_gone_to = std::find_if(
      there.begin(), there.end(), [this](const auto* one) { return one->what.on == at_note_; });
  std::size_t next = 0;
  if (last_gone_to == there.end())
    next = wanted.forward ? 0 : there.size() - 1;
  else
    next = (static_cast<std::size_t>(last_gone_to - there.begin()) +
            (wanted.forward ? 1 : there.size() - 1)) %
           there.size();
  return apply(intent::go_to_note{there[next]->what.on});
}

bool application::apply(const intent::export_notes& /*wanted*/) {
  if (!document_ || notes().empty()) return false;
  hand_over(document_->name + ".export.notes.json", notes_.text(*document_),
            counted(notes().size(), "note"));
  return true;
}

bool application::apply(const intent::import_notes& wanted) {
  if (!document_) {
    show_notice("These are notes on a trace: open the trace first.");
    return false;
  }
  const read_notes found = parse_notes(wanted.text);
  const std::size_t added = notes_.add(*document_, found.notes);
  const std::string unsaved = added > 0 ? notes_.save(*document_) : std::string();
  std::string said = fmt::format("{} came in.", counted(added, "note"));
  if (!found.complaint.empty()) said += " The file " + found.complaint + ".";
  if (!unsaved.empty()) said += " " + unsaved;
  const auto all = notes();
  if (std::any_of(all.begin(), all.end(), [](const placed_note& one) { return !one.place; }))
    said += " Some are on what this trace does not have.";
  show_notice(std::move(said));
  view_.lower = "notes";
  return true;
}

} // namespace cancelscope::ui
