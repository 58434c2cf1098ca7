#include "ui/view/notes.hpp"

#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "ui/view/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace cancelscope::ui {

using namespace inspector;

namespace {

constexpr std::string_view event_word = "event:";
constexpr std::string_view time_word = "time:";
constexpr std::string_view slot_word = "slot:";

constexpr std::array kinds_of_slots{slot_kind::regions, slot_kind::tasks, slot_kind::obligations};

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t found = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, found);
  if (error != std::errc() || stop != end || text.empty()) return {};
  return found;
}

std::optional<note_place> place_of_event(const document& open, std::string_view number) {
  const auto which = whole_number(number);
  if (!which || *which >= open.trace.event_count()) return {};
  const event_index e{static_cast<std::uint32_t>(*which)};
  const std::uint64_t t = open.trace.time_of(e);
  return note_place{
      .kind = note_kind::event, .who = open.trace.subject_of(e), .event = e, .from = t, .to = t};
}

std::optional<note_place> place_of_time(const document& open, std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto from = whole_number(text.substr(0, dash));
  const auto to = dash == std::string_view::npos ? from : whole_number(text.substr(dash + 1));
  if (!from || !to || *to < *from || *from > open.trace.last_time()) return {};
  return note_place{.kind = dash == std::string_view::npos ? note_kind::moment : note_kind::stretch,
                    .from = *from,
                    .to = *to};
}

std::optional<note_place> place_of_slot(const document& open, std::string_view text) {
  const auto* const kind =
      std::find_if(kinds_of_slots.begin(), kinds_of_slots.end(),
                   [&](slot_kind one) { return text.starts_with(letter_of(one)); });
  if (kind == kinds_of_slots.end()) return {};
  const auto number = whole_number(text.substr(1));
  const auto& histories = open.slots_of(*kind);
  const auto found = std::find_if(histories.begin(), histories.end(),
                                  [&](const slot_history& one) { return number == one.slot; });
  if (found == histories.end() || found->tenancies.empty()) return {};
  const tenancy& first = found->tenancies.front();
  const std::uint64_t t = open.trace.time_of(first.from);
  return note_place{.kind = note_kind::slot,
                    .who = first.who,
                    .slots = *kind,
                    .slot = found->slot,
                    .from = t,
                    .to = t};
}

std::string words_of(const document& open, std::string_view on, const note_place& place) {
  const trace_store& trace = open.trace;
  const auto named = [&trace](entity who) {
    const std::string name = display_name(trace, who);
    const std::string id = trace.id_of(who);
    return name == id ? id : fmt::format("{} ({})", name, id);
  };
  switch (place.kind) {
  case note_kind::entity:
    return named(place.who);
  case note_kind::event:
    return place.who
               ? fmt::format("{} of {}", event_name(trace, place.event), named(place.who))
               : fmt::format("{}, event {}", event_name(trace, place.event), place.event.value());
  case note_kind::moment:
    return time_text(place.from);
  case note_kind::stretch:
    return fmt::format("{} to {}", time_text(place.from), time_text(place.to));
  case note_kind::slot:
    return fmt::format("slot {}", on.substr(slot_word.size()));
  }
  return {};
}

} // namespace

std::string on_event(event_index event) {
  return fmt::format("{}{}", event_word, event.value());
}

std::string on_moment(std::uint64_t t) {
  return fmt::format("{}{}", time_word, t);
}

std::string on_stretch(const time_range& stretch) {
  const auto whole = [](double t) { return static_cast<std::uint64_t>(std::max(0.0, t)); };
  return fmt::format("{}{}-{}", time_word, whole(stretch.begin), whole(std::ceil(stretch.end)));
}

std::string on_slot(slot_kind kind, std::uint64_t slot) {
  return fmt::format("{}{}{}", slot_word, letter_of(kind), slot);
}

std::string on_what_is_looked_at(const document& open, const view_state& view) {
  if (view.marked) return on_stretch(*view.marked);
  if (view.selected.event) return on_event(view.selected.event);
  if (view.selected.who) return open.trace.id_of(view.selected.who);
  return on_moment(view.cursor_time);
}

std::optional<note_place> find_place(const document& open, std::string_view on) {
  if (on.starts_with(event_word)) return place_of_event(open, on.substr(event_word.size()));
  if (on.starts_with(time_word)) return place_of_time(open, on.substr(time_word.size()));
  if (on.starts_with(slot_word)) return place_of_slot(open, on.substr(slot_word.size()));
  const entity who = open.trace.find(on);
  if (!who) return {};
  const lifetime life = lifetime_of(open.trace, who);
  return note_place{.kind = note_kind::entity, .who = who, .from = life.from, .to = life.to};
}

std::vector<placed_note> placed(const document& open, std::span<const note> notes) {
  std::vector<placed_note> found;
  for (const note& one : notes) {
    const auto place = find_place(open, one.on);
    found.push_back({one, place, place ? words_of(open, one.on, *place) : one.on});
  }
  const auto begins = [](const placed_note& one) {
    return one.place ? one.place->from : std::numeric_limits<std::uint64_t>::max();
  };
  std::stable_sort(found.begin(), found.end(), [&](const placed_note& a, const placed_note& b) {
    return begins(a) < begins(b);
  });
  return found;
}

const placed_note* note_on(std::span<const placed_note> notes, std::string_view on) {
  const auto found = std::find_if(notes.begin(), notes.end(),
                                  [&](const placed_note& one) { return one.what.on == on; });
  return found == notes.end() ? nullptr : &*found;
}

std::string notes_markdown(std::span<const placed_note> notes, entity who) {
  std::string text;
  for (const placed_note& one : notes) {
    const bool concerns = one.place && one.place->who == who && one.place->kind != note_kind::slot;
    if (who && concerns) text += fmt::format("\n> Note on {}: {}\n", one.where, one.what.text);
  }
  return text;
}

} // namespace cancelscope::ui
