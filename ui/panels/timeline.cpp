#include "ui/panels/timeline.hpp"

#include "inspector/text/units.hpp"
#include "ui/panels/timeline_notes.hpp"
#include "ui/panels/timeline_paint.hpp"
#include "ui/panels/tracks.hpp"
#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"
#include "ui/view/words.hpp"
#include "ui/widgets/controls.hpp"
#include "ui/widgets/text.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

namespace cancelscope::ui {
namespace {

using namespace inspector;

constexpr float overview_height = 36;
constexpr float axis_height = 24;
constexpr float click_slack = 4;

std::uint64_t time_in(const document& open, double t) {
  return static_cast<std::uint64_t>(std::clamp(t, 0.0, open.duration()));
}

} // namespace

void timeline_panel::draw_header(const panel_context& context, float width) {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const with_font small(fonts().small);
  const std::string length =
      duration_text(static_cast<std::uint64_t>(std::max(0.0, context.view.window.length()))) +
      " in view";
  const float fit = text_width(fonts().small, "Fit");
  const float zoom = text_width(fonts().small, "Zoom to selection");
  const float needed = text_width(fonts().small, length) + fit + zoom + 32;
  const float y = corner.y + (measure::panel_header - ImGui::GetTextLineHeight()) / 2;
  ImGui::SetCursorScreenPos({corner.x, y});
  const float left = draw_hidden(context, width);
  if (left + needed > width) return;
  ImGui::SetCursorScreenPos({corner.x + width - needed, y});
  colored_text(colors().faint, length);
  ImGui::SameLine(0, 16);
  if (link("Fit")) context.want(intent::fit_window{});
  tooltip("The whole trace (F)");
  ImGui::SameLine(0, 16);
  if (link("Zoom to selection")) context.want(intent::zoom_to_selection{});
  tooltip("The selection's life and what cancelled it (Z)");
}

// What is not there must not be missed in silence. The width it took.
float timeline_panel::draw_hidden(const panel_context& context, float width) const {
  if (lanes_.hidden() == 0) return 0;
  std::string words = counted(lanes_.hidden(), "lane") + " hidden: show";
  if (text_width(fonts().small, words) > width) words = "show hidden";
  if (link(words, "hidden")) context.want(intent::show_hidden_lanes{});
  tooltip("Show all lanes (Shift+H)");
  context.shown.add("timeline", "hidden", "", words, ImGui::GetItemRectMin(),
                    ImGui::GetItemRectMax());
  return text_width(fonts().small, words) + 16;
}

timeline_geometry timeline_panel::lay_out() {
  const ImVec2 corner = ImGui::GetWindowPos();
  const ImVec2 size = ImGui::GetWindowSize();
  const float right = corner.x + size.x - track_margin;
  timeline_geometry where;
  where.overview_min = corner;
  where.overview_max = {corner.x + size.x, corner.y + overview_height};
  where.track_left = corner.x + label_column(size.x);
  where.axis_min = {where.track_left, corner.y + overview_height};
  where.axis_max = {right, where.axis_min.y + axis_height};
  where.lanes_min = {corner.x, where.axis_max.y};
  where.lanes_max = {right, corner.y + size.y};
  where.scroll = scroll_;
  // At least half of the room scrolls, whatever is pinned.
  const float room = where.lanes_max.y - where.lanes_min.y;
  const auto most = static_cast<int>(std::max(0.0F, room / 2) / timeline_geometry::row_height);
  where.pinned = std::min(lanes_.pinned(), most);
  return where;
}

// Rows come and go with the window: the anchor's row stays under the eye.
void timeline_panel::keep_in_place(const panel_context& context, const timeline_geometry& where) {
  const float room = where.lanes_max.y - where.lanes_min.y;
  const float all = static_cast<float>(lanes_.rows().size()) * timeline_geometry::row_height;
  const int row = anchor_ ? lanes_.row_of(context.open.trace, anchor_) : -1;
  if (row >= 0 && where.scrolls(row)) {
    scroll_ += where.row_middle(row) - anchor_y_ - where.lanes_min.y;
  }
  scroll_ = std::floor(std::clamp(scroll_, 0.0F, std::max(0.0F, all - room)));
}

void timeline_panel::reveal_selection(const panel_context& context, timeline_geometry& where) {
  if (revealed_ == context.view.reveal) return;
  // Its lane may be there only once the window is.
  if (context.view.to_come == 0) revealed_ = context.view.reveal;
  const entity who = context.view.selected.who;
  const int row = who ? lanes_.row_of(context.open.trace, who) : -1;
  if (row < 0 || !where.scrolls(row)) return;
  const float y = where.row_middle(row);
  const float margin = timeline_geometry::row_height * 1.5F;
  if (y - margin < where.scrolled_top() || y + margin > where.lanes_max.y) {
    const float room = where.lanes_max.y - where.lanes_min.y;
    const float all = static_cast<float>(lanes_.rows().size()) * timeline_geometry::row_height;
    const float before = scroll_;
    scroll_ += y - where.scrolled_top() - room * 0.4F;
    scroll_ = std::floor(std::clamp(scroll_, 0.0F, std::max(0.0F, all - room)));
    where.scroll = scroll_;
    if (context.view.to_come > 0)
      glide_ += (scroll_ - before) / static_cast<float>(context.view.to_come);
  }
}

// Down and up as the window goes to and fro: on the way, lanes are drawn where they pass.
void timeline_panel::glide(const panel_context& context, timeline_geometry& where) {
  if (context.view.to_come == 0) glide_ = 0;
  where.scroll = std::floor(scroll_ - glide_ * static_cast<float>(context.view.to_come));
}

void timeline_panel::draw(const panel_context& context) {
  if (revision_ != context.open.revision) {
    revision_ = context.open.revision;
    anchor_ = {};
    scroll_ = 0;
  }
  lanes_.derive(context.open, context.view);
  timeline_geometry where = lay_out();
  keep_in_place(context, where);
  where.scroll = scroll_;
  reveal_selection(context, where);
  glide(context, where);

  // Before what lies under them, so that the mouse is theirs.
  const std::vector<note_flag> flags = take_note_flags(context, lanes_, where);
  handle_overview(context, where);
  handle_axis(context, where);
  handle_lanes(context, where);

  const timeline_painter painter{context, lanes_, where};
  painter.paint_lanes();
  painter.paint_arrows();
  painter.paint_marked();
  painter.paint_axis();
  painter.paint_cursor();
  painter.paint_overview();
  paint_note_flags(context, where, flags);
  draw_scrollbar(where);

  where.scroll = scroll_;
  const auto& rows = lanes_.rows();
  const int selected = lanes_.row_of(context.open.trace, context.view.selected.who);
  const int top = std::clamp(where.row_at(where.scrolled_top() + timeline_geometry::row_height), 0,
                             std::max(0, static_cast<int>(rows.size()) - 1));
  const float selected_y = selected < 0 ? 0 : where.row_middle(selected);
  const bool in_sight = selected >= 0 && where.scrolls(selected) &&
                        selected_y > where.scrolled_top() && selected_y < where.lanes_max.y;
  const int anchor = in_sight ? selected : top;
  anchor_ = rows.empty() ? entity{} : rows[static_cast<std::size_t>(anchor)].who;
  anchor_y_ = where.row_middle(anchor) - where.lanes_min.y;
}

void timeline_panel::handle_overview(const panel_context& context, const timeline_geometry& where) {
  ImGui::SetCursorScreenPos(where.overview_min);
  ImGui::InvisibleButton("overview",
                         {where.overview_max.x - where.overview_min.x, overview_height});
  const time_scale whole{{0, std::max(1.0, context.open.duration())},
                         where.overview_min.x,
                         where.overview_max.x - where.overview_min.x};
  context.offer_menu({.t = time_in(context.open, whole.time_at(ImGui::GetIO().MousePos.x))});
  if (!ImGui::IsItemActive()) return;
  const double middle = whole.time_at(ImGui::GetIO().MousePos.x);
  const double half = context.view.window.length() / 2;
  context.want(intent::show_window{{middle - half, middle + half}});
}

void timeline_panel::handle_axis(const panel_context& context, const timeline_geometry& where) {
  ImGui::SetCursorScreenPos(where.axis_min);
  ImGui::InvisibleButton("axis",
                         {std::max(1.0F, where.axis_max.x - where.axis_min.x), axis_height});
  if (ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  const double t = where.scale(context.view.window).time_at(ImGui::GetIO().MousePos.x);
  context.offer_menu({.t = time_in(context.open, t)});
  if (!ImGui::IsItemActive()) return;
  const std::uint64_t wanted = time_in(context.open, t);
  if (wanted != context.view.cursor_time) context.want(intent::seek{wanted});
}

void timeline_panel::handle_lanes(const panel_context& context, const timeline_geometry& where) {
  const ImVec2 size{where.lanes_max.x - where.lanes_min.x, where.lanes_max.y - where.lanes_min.y};
  if (size.y < 1) return;
  ImGui::SetCursorScreenPos(where.lanes_min);
  ImGui::InvisibleButton("lanes", size);
  const ImGuiIO& io = ImGui::GetIO();
  if (ImGui::IsItemActivated()) {
    travelled_ = 0;
    marks_from_.reset();
    if (io.KeyShift && io.MousePos.x >= where.track_left)
      marks_from_ = where.scale(context.view.window).time_at(io.MousePos.x);
  }
  if (ImGui::IsItemActive() && marks_from_) {
    mark_time(context, where);
  } else if (ImGui::IsItemActive()) {
    travelled_ += std::fabs(io.MouseDelta.x) + std::fabs(io.MouseDelta.y);
    if (travelled_ > click_slack) {
      const double by =
          -static_cast<double>(io.MouseDelta.x) * where.scale(context.view.window).per_pixel();
      if (by != 0) context.want(intent::show_window{panned(context.view.window, by)});
      scroll_ -= io.MouseDelta.y;
      anchor_y_ += io.MouseDelta.y;
    }
  }
  if (ImGui::IsItemDeactivated() && travelled_ <= click_slack && !marks_from_)
    click_lane(context, where);
  offer_menu(context, where);
  if (!ImGui::IsItemHovered()) return;
  handle_wheel(context, where);
  const int row = where.row_at(io.MousePos.y);
  if (row < 0 || row >= static_cast<int>(lanes_.rows().size())) return;
  const entity who = lanes_.rows()[static_cast<std::size_t>(row)].who;
  context.under_mouse = who;
  if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) context.want(intent::zoom_to_selection{});
  if (!ImGui::IsItemActive() && io.MousePos.x > where.track_left) {
    show_lane_tooltip(context, who, where.scale(context.view.window).time_at(io.MousePos.x));
  }
}

// From where the button went down to where the mouse is; no stretch at all unmarks.
void timeline_panel::mark_time(const panel_context& context, const timeline_geometry& where) {
  const float x = std::clamp(ImGui::GetIO().MousePos.x, where.track_left, where.lanes_max.x);
  const time_scale scale = where.scale(context.view.window);
  const auto inside = [&context](double t) { return std::clamp(t, 0.0, context.open.duration()); };
  const double from = inside(*marks_from_);
  const double to = inside(scale.time_at(x));
  const bool wide = std::fabs(scale.x_of(to) - scale.x_of(from)) > click_slack;
  context.want(intent::mark_time{wide ? std::optional(time_range{std::floor(std::min(from, to)),
                                                                 std::ceil(std::max(from, to))})
                                      : std::nullopt});
}

void timeline_panel::handle_wheel(const panel_context& context, const timeline_geometry& where) {
  const ImGuiIO& io = ImGui::GetIO();
  const time_scale scale = where.scale(context.view.window);
  if (io.MouseWheelH != 0) {
    const double by = -static_cast<double>(io.MouseWheelH) * context.view.window.length() * 0.08;
    context.want(intent::show_window{panned(context.view.window, by)});
  }
  if (io.MouseWheel == 0) return;
  if (io.MousePos.x < where.track_left || io.KeyShift) {
    const float by = io.MouseWheel * timeline_geometry::row_height * 3;
    scroll_ -= by;
    anchor_y_ += by;
    return;
  }
  const double factor = std::pow(0.82, static_cast<double>(io.MouseWheel));
  context.want(
      intent::show_window{zoomed(context.view.window, scale.time_at(io.MousePos.x), factor)});
}

// Of the lane, and of the moment where the mouse is on its track.
void timeline_panel::offer_menu(const panel_context& context,
                                const timeline_geometry& where) const {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  menu_subject about;
  const int row = where.row_at(mouse.y);
  if (row >= 0 && row < static_cast<int>(lanes_.rows().size()))
    about.who = lanes_.rows()[static_cast<std::size_t>(row)].who;
  if (mouse.x >= where.track_left)
    about.t = time_in(context.open, where.scale(context.view.window).time_at(mouse.x));
  if (about.who || about.t) context.offer_menu(about);
}

void timeline_panel::click_lane(const panel_context& context, const timeline_geometry& where) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const int row = where.row_at(mouse.y);
  const double t = where.scale(context.view.window).time_at(mouse.x);
  const bool on_track = mouse.x >= where.track_left;
  if (row < 0 || row >= static_cast<int>(lanes_.rows().size())) {
    if (on_track) context.want(intent::seek{time_in(context.open, t)});
    return;
  }
  const lane_row& lane = lanes_.rows()[static_cast<std::size_t>(row)];
  if (lane.foldable && mouse.x < fold_mark_right(where, lane)) {
    context.want(intent::fold_lanes{lane.who.as<region_index>(), !lane.folded});
    return;
  }
  if (!on_track) {
    context.want_selected(lane.who);
    return;
  }
  context.want(intent::select{
      {lane.who, {}}, false, moment_at(context.open.trace, time_in(context.open, t))});
  context.want(intent::seek{time_in(context.open, t)});
}

void timeline_panel::draw_scrollbar(const timeline_geometry& where) {
  const float room = where.lanes_max.y - where.lanes_min.y;
  const float all = static_cast<float>(lanes_.rows().size()) * timeline_geometry::row_height;
  if (all <= room || room < 40) return;
  const float length = std::max(24.0F, room * room / all);
  const float top = where.lanes_min.y + (room - length) * scroll_ / (all - room);
  ImGui::SetCursorScreenPos({where.lanes_max.x, where.lanes_min.y});
  ImGui::InvisibleButton("scrollbar", {track_margin, room});
  if (ImGui::IsItemActive()) {
    const float by = ImGui::GetIO().MouseDelta.y * (all - room) / std::max(1.0F, room - length);
    scroll_ += by;
    anchor_y_ -= by;
  }
  const ImU32 ink = ImGui::IsItemHovered() || ImGui::IsItemActive()
                        ? mixed(colors().border, colors().text, 0.2F)
                        : colors().border;
  ImGui::GetWindowDrawList()->AddRectFilled({where.lanes_max.x + 1, top},
                                            {where.lanes_max.x + 7, top + length}, ink, 3);
}

} // namespace cancelscope::ui
