#include "ui/view/link.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace cancelscope::ui {
namespace {

using namespace inspector;

constexpr std::array<std::pair<slot_kind, std::string_view>, 3> slot_kinds{{
    {slot_kind::regions, "regions"},
    {slot_kind::tasks, "tasks"},
    {slot_kind::obligations, "obligations"},
}};

// ---- Writing ----

bool stands_for_itself(char c) {
  constexpr std::string_view signs = "-._~,:<>()*!";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         signs.find(c) != std::string_view::npos;
}

void add_field(std::string& link, std::string_view name, std::string_view value) {
  if (!link.empty()) link += '&';
  link += name;
  link += '=';
  for (const char c : value) {
    if (stands_for_itself(c))
      link += c;
    else
      link += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
}

/// Of regions or of entities.
template <class Which>
std::string ids_of(const trace_store& trace, const std::vector<Which>& in_order) {
  std::string ids;
  for (const Which& one : in_order)
    ids += (ids.empty() ? "" : ",") + trace.id_of(one);
  return ids;
}

template <class Which>
std::string ids_of(const trace_store& trace, const std::unordered_set<Which>& some) {
  std::vector<Which> ordered(some.begin(), some.end());
  std::sort(ordered.begin(), ordered.end());
  return ids_of(trace, ordered);
}

// An address that is much longer is cut by those who pass it on.
constexpr std::size_t most_of_notes = 1500;
constexpr char before_text = '~'; // in no spelling of what a note is on

void add_notes(std::string& link, std::span<const placed_note> notes) {
  const std::size_t most = link.size() + most_of_notes;
  for (const placed_note& one : notes) {
    std::string longer = link;
    add_field(longer, "note", one.what.on + before_text + one.what.text);
    if (one.place && longer.size() <= most) link = std::move(longer);
  }
}

// ---- Reading ----

/// Nothing where a sign is cut off or is none.
std::optional<std::string> unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    unsigned code = 0;
    if (i + 2 >= text.size()) return {};
    const char* const end = text.data() + i + 3;
    if (std::from_chars(text.data() + i + 1, end, code, 16).ptr != end) return {};
    plain += static_cast<char>(code);
    i += 2;
  }
  return plain;
}

/// Calls `visit` for each part between separators.
template <class Visit> void for_each_part(std::string_view text, char separator, Visit visit) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) visit(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

template <std::unsigned_integral Number> std::optional<Number> number(std::string_view text) {
  Number found{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, found);
  if (error != std::errc() || stop != end || text.empty()) return {};
  return found;
}

/// As JSON has them: the browser's standard library reads no real numbers, and others follow the locale.
std::optional<double> real_number(std::string_view text) {
  const auto found = nlohmann::json::parse(text, nullptr, false);
  if (!found.is_number()) return {};
  return found.get<double>();
}

/// As many numbers as are asked for, or nothing.
template <std::size_t Count>
std::optional<std::array<double, Count>> numbers(std::string_view text) {
  std::array<double, Count> found{};
  std::size_t count = 0;
  bool well = true;
  for_each_part(text, ',', [&](std::string_view part) {
    const auto one = real_number(part);
    well = well && one && std::isfinite(*one) && count < Count;
    if (well) found[count++] = *one;
  });
  if (!well || count != Count) return {};
  return found;
}

class follower {
public:
  explicit follower(const document& open) : open_(open) {
    done_.view.cursor = end_of(open.trace);
    done_.view.cursor_time = open.trace.last_time();
    done_.view.window =
        confined({-0.03 * open.duration(), 1.03 * open.duration()}, open.duration());
  }

  void follow(std::string_view field) {
    const std::size_t equals = std::min(field.find('='), field.size());
    const std::string_view name = field.substr(0, equals);
    const auto value = unescaped(field.substr(std::min(equals + 1, field.size())));
    if (!value || !set(name, *value))
      complain(fmt::format("“{}” is nothing that a link can say here.", field));
  }

  followed_link finish() {
    if (!subject_said_) done_.view.subject = done_.view.selected.who;
    return std::move(done_);
  }

private:
  void complain(const std::string& sentence) {
    if (done_.complaint.empty())
      done_.complaint = "The link was followed only in part: " + sentence;
  }

  /// None, with a complaint, where the trace has no such thing.
  entity whom(std::string_view id) {
    const entity found = open_.trace.find(id);
    if (!found) complain(fmt::format("this trace has no “{}”.", id));
    return found;
  }

  void fold(std::unordered_set<region_index>& folded, std::string_view ids) {
    for_each_part(ids, ',', [&](std::string_view id) {
      if (const auto region = whom(id).as<region_index>()) folded.insert(region);
    });
  }

  void pin(std::string_view ids) {
    std::vector<entity>& pinned = done_.view.pinned_lanes;
    for_each_part(ids, ',', [&](std::string_view id) {
      const entity who = whom(id);
      if (who && std::find(pinned.begin(), pinned.end(), who) == pinned.end())
        pinned.push_back(who);
    });
  }

  void hide(std::string_view ids) {
    for_each_part(ids, ',', [&](std::string_view id) {
      if (const entity who = whom(id)) done_.view.hidden_lanes.insert(who);
    });
  }

  bool take_note(std::string_view value) {
    const std::size_t at = value.find(before_text);
    if (at == std::string_view::npos || at == 0 || at + 1 == value.size()) return false;
    done_.notes.push_back({std::string(value.substr(0, at)), std::string(value.substr(at + 1))});
    return true;
  }

  bool set_event(std::string_view value) {
    const auto count = number<std::uint64_t>(value);
    if (!count) return false;
    const std::uint64_t happened = std::min<std::uint64_t>(*count, open_.trace.event_count());
    if (happened < *count)
      complain(fmt::format("this trace has only {} events.", open_.trace.event_count()));
    done_.view.cursor = happened == 0
                            ? moment{}
                            : moment::after(event_index{static_cast<std::uint32_t>(happened - 1)});
    done_.view.cursor_time = time_of(open_.trace, done_.view.cursor);
    return true;
  }

  /// Between the cursor's event and the next one, the cursor may stand anywhere.
  bool set_time(std::string_view value) {
    const auto t = number<std::uint64_t>(value);
    if (!t) return false;
    const std::uint64_t within = std::min(*t, open_.trace.last_time());
    if (!event_said_) done_.view.cursor = moment_at(open_.trace, within);
    done_.view.cursor_time = std::max(within, time_of(open_.trace, done_.view.cursor));
    return true;
  }

  bool set(std::string_view name, const std::string& value) {
    view_state& view = done_.view;
    if (name == "event") return event_said_ = set_event(value);
    if (name == "t") return set_time(value);
    if (name == "sel") {
      view.selected.who = whom(value);
    } else if (name == "selevent") {
      const auto event = number<std::uint32_t>(value);
      if (!event || *event >= open_.trace.event_count()) return false;
      view.selected.event = event_index{*event};
    } else if (name == "why") {
      subject_said_ = true;
      view.subject = value.empty() ? entity{} : whom(value);
    } else if (name == "zoom") {
      const auto range = numbers<2>(value);
      if (!range || (*range)[0] >= (*range)[1]) return false;
      view.window = confined({(*range)[0], (*range)[1]}, open_.duration());
    } else if (name == "marked") {
      const auto range = numbers<2>(value);
      if (!range || (*range)[0] > (*range)[1]) return false;
      view.marked = time_range{(*range)[0], (*range)[1]};
    } else if (name == "tree") {
      view.filter.text = value;
    } else if (name == "only") {
      bool known = true;
      for_each_part(value, ',', [&](std::string_view kind) {
        view.filter.only_cancelled |= kind == "cancelled";
        view.filter.only_alive |= kind == "alive";
        known = known && (kind == "cancelled" || kind == "alive");
      });
      return known;
    } else if (name == "folded") {
      fold(view.folded_branches, value);
    } else if (name == "lanes") {
      fold(view.folded_lanes, value);
    } else if (name == "pinned") {
      pin(value);
    } else if (name == "hidden") {
      hide(value);
    } else if (name == "note") {
      return take_note(value);
    } else if (name == "panel") {
      view.lower = value;
    } else if (name == "slots") {
      const auto* const kind = std::find_if(slot_kinds.begin(), slot_kinds.end(),
                                            [&](const auto& one) { return one.second == value; });
      if (kind == slot_kinds.end()) return false;
      view.slots = kind->first;
    } else if (name == "filter") {
      view.event_filter = value;
    } else if (name == "sizes") {
      const auto sizes = parse_layout(value);
      if (!sizes) return false;
      view.sizes = *sizes;
    } else {
      return false;
    }
    return true;
  }

  const document& open_;
  followed_link done_;
  bool event_said_ = false;
  bool subject_said_ = false;
};

} // namespace

std::string link_of(const document& open, const view_state& view,
                    std::span<const placed_note> notes) {
  const trace_store& trace = open.trace;
  const view_state usual;
  std::string link;
  add_field(link, "event", std::to_string(view.cursor.event_count()));
  if (view.cursor_time != time_of(trace, view.cursor))
    add_field(link, "t", std::to_string(view.cursor_time));
  if (view.selected.who) add_field(link, "sel", trace.id_of(view.selected.who));
  if (view.selected.event) add_field(link, "selevent", std::to_string(view.selected.event.value()));
  if (view.subject != view.selected.who)
    add_field(link, "why", view.subject ? trace.id_of(view.subject) : std::string());
  add_field(link, "zoom", fmt::format("{},{}", view.window.begin, view.window.end));
  if (view.marked)
    add_field(link, "marked", fmt::format("{},{}", view.marked->begin, view.marked->end));
  if (!view.filter.text.empty()) add_field(link, "tree", view.filter.text);
  const std::string_view only[] = {"", "cancelled", "alive", "cancelled,alive"};
  if (const unsigned kinds =
          (view.filter.only_cancelled ? 1U : 0U) | (view.filter.only_alive ? 2U : 0U))
    add_field(link, "only", only[kinds]);
  if (!view.folded_branches.empty()) add_field(link, "folded", ids_of(trace, view.folded_branches));
  if (!view.folded_lanes.empty()) add_field(link, "lanes", ids_of(trace, view.folded_lanes));
  if (!view.pinned_lanes.empty()) add_field(link, "pinned", ids_of(trace, view.pinned_lanes));
  if (!view.hidden_lanes.empty()) add_field(link, "hidden", ids_of(trace, view.hidden_lanes));
  add_field(link, "panel", view.lower);
  if (view.slots != usual.slots) {
    for (const auto& [kind, name] : slot_kinds)
      if (kind == view.slots) add_field(link, "slots", name);
  }
  if (!view.event_filter.empty()) add_field(link, "filter", view.event_filter);
  if (view.sizes != usual.sizes) add_field(link, "sizes", text_of(view.sizes));
  add_notes(link, notes);
  return link;
}

followed_link follow_link(const document& open, std::string_view link) {
  follower one(open);
  for_each_part(link, '&', [&](std::string_view field) { one.follow(field); });
  return one.finish();
}

} // namespace cancelscope::ui
