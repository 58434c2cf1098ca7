#include "ui/view/words.hpp"

#include "inspector/text/units.hpp"
#include "inspector/timeline/certainty.hpp"
#include "trace-format/names.hpp"
#include "ui/theme/palette.hpp"

#include <algorithm>
#include <cmath>

namespace cancelscope::ui {
namespace {

using namespace inspector;

glyph glyph_of(task_state state) {
  switch (state) {
  case task_state::running:
    return glyph::task_running;
  case task_state::waiting:
    return glyph::task_waiting;
  case task_state::requested:
    return glyph::task_requested;
  case task_state::draining:
    return glyph::task_draining;
  case task_state::finalizing:
    return glyph::task_finalizing;
  case task_state::completed:
    return glyph::outcome_ok;
  }
  return glyph::event;
}

sign sign_of_task(const trace_store& trace, task_index task, moment m) {
  if (const auto outcome = outcome_at(trace, task, m)) {
    return {ui::glyph_of(*outcome), ui::color_of(*outcome)};
  }
  const auto state = state_at(trace, task, m);
  if (!state) return {glyph::task_waiting, colors().faint};
  return {glyph_of(*state), color_of(*state)};
}

sign sign_of_region(const trace_store& trace, region_index region, moment m) {
  const auto state = state_at(trace, region, m);
  if (!state) return {glyph::region_open, colors().faint};
  return {ui::glyph_of(*state), color_of(*state)};
}

} // namespace

std::string_view kind_name(const trace_store& trace, cancel_index cancel) {
  const cancel_row& row = trace[cancel];
  return row.kind == trace::cancel_kind::other ? trace.text(row.kind_name)
                                               : trace::to_string(row.kind);
}

std::string kind_words(const trace_store& trace, cancel_index cancel) {
  std::string words(kind_name(trace, cancel));
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string display_name(const trace_store& trace, entity who) {
  const std::string_view name = trace.name_of(who);
  return name.empty() || who.type() == entity_type::cancel ? trace.id_of(who) : std::string(name);
}

entity owner_of(const trace_store& trace, entity who) {
  if (const auto task = who.as<task_index>()) return trace[task].region;
  if (const auto region = who.as<region_index>()) return trace[region].parent;
  if (const auto cancel = who.as<cancel_index>()) return trace[cancel].target;
  if (const auto obligation = who.as<obligation_index>()) {
    const obligation_row& row = trace[obligation];
    return row.task ? entity(row.task) : entity(row.region);
  }
  return {};
}

std::size_t find_folded(std::string_view text, std::string_view wanted) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  const auto* const at = std::search(text.begin(), text.end(), wanted.begin(), wanted.end(),
                                     [&](char a, char b) { return lower(a) == lower(b); });
  return at == text.end() && !wanted.empty() ? std::string_view::npos
                                             : static_cast<std::size_t>(at - text.begin());
}

sign sign_at(const trace_store& trace, entity who, moment m) {
  if (unknown_since(trace, who, m)) return {glyph::state_unknown, colors().muted};
  if (const auto task = who.as<task_index>()) return sign_of_task(trace, task, m);
  if (const auto region = who.as<region_index>()) return sign_of_region(trace, region, m);
  if (who.type() == entity_type::cancel) return {glyph::cancel, colors().cancelled};
  return {glyph::obligation, colors().muted};
}

ImU32 color_of(task_state state) {
  switch (state) {
  case task_state::running:
    return colors().running;
  case task_state::waiting:
    return colors().waiting;
  case task_state::requested:
    return colors().requested;
  case task_state::draining:
    return colors().draining;
  case task_state::finalizing:
    return colors().finalizing;
  case task_state::completed:
    return colors().faint;
  }
  return colors().unknown;
}

ImU32 color_of(trace::region_state state) {
  switch (state) {
  case trace::region_state::open:
    return colors().running;
  case trace::region_state::closing:
    return colors().requested;
  case trace::region_state::draining:
    return colors().draining;
  case trace::region_state::finalizing:
    return colors().finalizing;
  case trace::region_state::closed:
    return colors().faint;
  }
  return colors().unknown;
}

event_range events_in(const trace_store& trace, const time_range& stretch) {
  const auto whole = [](double t) { return static_cast<std::uint64_t>(std::max(0.0, t)); };
  return {moment_before(trace, whole(std::ceil(stretch.begin))).event_count(),
          moment_at(trace, whole(stretch.end)).event_count()};
}

std::string marked_text(const trace_store& trace, const time_range& stretch) {
  const event_range events = events_in(trace, stretch);
  return duration_text(static_cast<std::uint64_t>(stretch.length())) + "  ·  " +
         counted(events.end - events.begin, "event");
}

} // namespace cancelscope::ui
