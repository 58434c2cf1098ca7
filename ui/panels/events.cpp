#include "ui/panels/events.hpp"

#include "inspector/summary/sentence.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"
#include "ui/view/words.hpp"
#include "ui/widgets/text.hpp"

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace cancelscope::ui {

using namespace inspector;

namespace {

constexpr float event_row = 21;

} // namespace

void events_panel::derive(const panel_context& context) {
  const std::string& wanted = context.view.event_filter;
  if (revision_ == context.open.revision && applied_ == wanted && marked_ == context.view.marked)
    return;
  marked_ = context.view.marked;
  const event_range range = marked_ ? events_in(context.open.trace, *marked_)
                                    : event_range{0, context.open.trace.event_count()};
  first_ = range.begin;
  count_ = range.end - range.begin;
  revision_ = context.open.revision;
  applied_ = wanted;
  followed_ = {};
  complaint_.clear();
  const auto parsed = query::parse(wanted);
  if (!parsed) {
    complaint_ =
        parsed.error().message; // what was found before stays while the text is being typed
    return;
  }
  filtered_ = !(*parsed).matches_everything();
  matches_ = filtered_ ? (*parsed).matches_in(context.open.trace) : std::vector<event_index>{};
  std::erase_if(matches_, [&range](event_index e) {
    return e.value() < range.begin || e.value() >= range.end;
  });
}

std::size_t events_panel::row_count() const {
  return filtered_ ? matches_.size() : count_;
}

event_index events_panel::row(std::size_t number) const {
  return filtered_ ? matches_[number] : event_index{static_cast<std::uint32_t>(first_ + number)};
}

void events_panel::draw_header(const panel_context& context, float width) {
  if (width < 160) return;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float field = std::min(360.0F, width - 10);
  ImGui::SetCursorScreenPos({std::floor(corner.x + width - field), std::floor(corner.y + 5)});
  ImGui::SetNextItemWidth(field);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2{8, 4});
  if (!complaint_.empty()) ImGui::PushStyleColor(ImGuiCol_Text, colors().error);
  std::string typed = context.view.event_filter;
  if (ImGui::InputTextWithHint("##query", "Filter: kind = timeout and under r3.1", &typed))
    context.want(intent::filter_events{std::move(typed)});
  if (!complaint_.empty()) ImGui::PopStyleColor();
  ImGui::PopStyleVar();
  derive(context);
  const std::string hint = complaint_.empty() ? query::examples() : complaint_;
  if (!ImGui::IsItemActive() || !complaint_.empty()) tooltip(hint);
}

void events_panel::follow_cursor(const panel_context& context) {
  if (followed_ == context.view.cursor) return;
  followed_ = context.view.cursor;
  const event_index e = context.view.cursor.last_event();
  if (!e) return;
  if (!filtered_ && (e.value() < first_ || e.value() >= first_ + count_)) return;
  std::size_t place = e.value() - first_;
  if (filtered_) {
    const auto after = std::upper_bound(matches_.begin(), matches_.end(), e);
    if (after == matches_.begin()) return;
    place = static_cast<std::size_t>(after - matches_.begin()) - 1;
  }
  const float y = static_cast<float>(place) * event_row;
  const float room = ImGui::GetWindowHeight();
  if (y < ImGui::GetScrollY() + event_row || y > ImGui::GetScrollY() + room - 2 * event_row) {
    ImGui::SetScrollY(std::max(0.0F, y - room / 2));
  }
}

void events_panel::draw(const panel_context& context) {
  derive(context);
  follow_cursor(context);
  const std::size_t rows = row_count();
  if (rows == 0) {
    ImGui::SetCursorPos({measure::padding, 12});
    colored_text(colors().faint, filtered_ ? "No event matches the filter."
                                 : marked_
                                     ? "Nothing happened in the stretch of time that is marked."
                                     : "The trace holds no events.");
    return;
  }
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{0, 0});
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(rows), event_row);
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      draw_row(context, row(static_cast<std::size_t>(i)));
    }
  }
  ImGui::PopStyleVar();
}

void events_panel::draw_row(const panel_context& context, event_index e) {
  const trace_store& trace = context.open.trace;
  const entity who = trace.subject_of(e);
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const ImVec2 end{corner.x + width, corner.y + event_row};
  ImGui::PushID(static_cast<int>(e.value()));
  if (ImGui::InvisibleButton("event", {width, event_row})) context.want(intent::select{{who, e}});
  context.offer_menu({.who = who, .event = e});
  ImGui::PopID();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const bool current = context.view.cursor.last_event() == e;
  const bool concerns = who && (who == context.view.selected.who || who == context.view.subject);
  if (current)
    list.AddRectFilled(corner, end, colors().accent_soft);
  else if (ImGui::IsItemHovered() || (who && who == context.view.hovered))
    list.AddRectFilled(corner, end, colors().raised);
  if (who && who == context.view.hovered)
    context.shown.add("events", "lit", trace.id_of(who), "", corner, end);
  if (current || concerns) list.AddRectFilled(corner, {corner.x + 2, end.y}, colors().accent);
  if (ImGui::IsItemHovered()) {
    context.under_mouse = who;
    tooltip(json_line(trace, e));
  }
  const float middle = corner.y + event_row / 2;
  const bool happened = context.view.cursor.counts(e);
  const float strength = happened ? 1.0F : 0.5F;
  const std::string time = time_text(trace.time_of(e));
  const float time_width = text_width(fonts().mono, time_text(trace.last_time()));
  float x = corner.x + measure::padding;
  draw_text_middle(list, fonts().mono,
                   x + std::max(0.0F, time_width - text_width(fonts().mono, time)), middle,
                   faded(colors().faint, strength), time);
  x += time_width + 18;
  const ImU32 ink = trace.kind_of(e) == event_kind::cancel ? colors().cancelled : colors().muted;
  draw_text_middle(list, fonts().mono, x, middle, faded(ink, strength), event_name(trace, e), 112);
  x += 118;
  const std::string id = trace.id_of(who);
  draw_text_middle(list, fonts().mono, x, middle, faded(colors().accent, strength), id, 62);
  x += 68;
  const std::string name = display_name(trace, who);
  const float room = end.x - x - measure::padding;
  const float used = name == id
                         ? 0
                         : draw_text_middle(list, fonts().body, x, middle,
                                            faded(colors().text, strength), name, room * 0.4F) +
                               10;
  draw_text_middle(list, fonts().body, x + used, middle, faded(colors().muted, strength),
                   plain(describe(trace, e)), room - used);
  context.shown.add("events", "row", id,
                    fmt::format("{}: {}", event_name(trace, e), plain(describe(trace, e))), corner,
                    end);
}

} // namespace cancelscope::ui
