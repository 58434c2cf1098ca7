#include "ui/panels/timeline_paint.hpp"

#include "inspector/attribution/explain.hpp"
#include "inspector/summary/sentence.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "inspector/timeline/certainty.hpp"
#include "inspector/timeline/segments.hpp"
#include "trace-format/names.hpp"
#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"
#include "ui/view/words.hpp"
#include "ui/widgets/strip.hpp"
#include "ui/widgets/text.hpp"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace cancelscope::ui {
namespace {

using namespace inspector;

constexpr float bar_half = 6;
constexpr float thin_half = 1.5F;
constexpr int folded_tasks_drawn = 4000;
constexpr std::size_t arrows_drawn = 1200;

ImDrawList& canvas() {
  return *ImGui::GetWindowDrawList();
}

float label_x(const timeline_geometry& where, const lane_row& lane) {
  return where.lanes_min.x + 8 + static_cast<float>(std::min(lane.depth, 8U)) * 9;
}

// What is under cancellation stands before what runs, and that before what waits.
strip_piece piece_of(const task_segment& segment) {
  const ImU32 color = color_of(segment.state);
  switch (segment.state) {
  case task_state::running:
    return {0, 0, faded(color, 0.85F), bar_half, 2};
  case task_state::waiting:
    return {0, 0, color, thin_half, 1};
  case task_state::requested:
    return {0, 0, color, bar_half, 4};
  case task_state::draining:
    return {0, 0, color, bar_half, 5};
  case task_state::finalizing:
    return {0, 0, color, bar_half, 3};
  case task_state::completed:
    return {0, 0, colors().grid, 0.5F, 0};
  }
  return {};
}

const char* word_of(task_state state) {
  switch (state) {
  case task_state::requested:
    return "requested";
  case task_state::draining:
    return "draining";
  case task_state::finalizing:
    return "finalizing";
  default:
    return nullptr;
  }
}

} // namespace

float fold_mark_right(const timeline_geometry& where, const lane_row& lane) {
  return label_x(where, lane) + 12;
}

timeline_painter::timeline_painter(const panel_context& context, const lane_list& lanes,
                                   const timeline_geometry& where)
    : context_(context), lanes_(lanes), where_(where), scale_(where.scale(context.view.window)) {
  if (context.view.subject) chain_ = explain(context.open.trace, context.view.subject).chain;
}

// ---- The whole trace ----

void timeline_painter::paint_overview() const {
  ImDrawList& list = canvas();
  const ImVec2 min = where_.overview_min;
  const ImVec2 max = where_.overview_max;
  list.AddRectFilled(min, max, colors().background);
  const density& activity = context_.open.activity;
  const auto columns = static_cast<int>((max.x - min.x) / 2);
  const std::size_t stretches = activity.events.size();
  for (int i = 0; i < columns; ++i) {
    // Of a trace that grows, the strip is longer than what was counted.
    const auto stretch_at = [&](int column) {
      const double share = static_cast<double>(column) / columns;
      const double counted = share * std::max(1.0, context_.open.duration()) / activity.until;
      return static_cast<std::size_t>(counted * static_cast<double>(stretches));
    };
    const std::size_t from = stretch_at(i);
    const std::size_t to = std::max(from + 1, stretch_at(i + 1));
    std::uint32_t events = 0;
    std::uint32_t cancels = 0;
    for (std::size_t s = from; s < std::min(to, stretches); ++s) {
      events = std::max(events, activity.events[s]);
      cancels = std::max(cancels, activity.cancels[s]);
    }
    if (events == 0) continue;
    // A root, so that quiet stretches stay visible beside busy ones.
    const auto height_of = [&](std::uint32_t n) {
      return std::sqrt(static_cast<float>(n) / static_cast<float>(activity.most_events)) *
             (max.y - min.y - 8);
    };
    const float x = min.x + static_cast<float>(i) * 2;
    const float bottom = max.y - 2;
    list.AddRectFilled({x, bottom - std::max(1.0F, height_of(events))}, {x + 1.5F, bottom},
                       mixed(colors().background, colors().running, 0.8F));
    if (cancels > 0) {
      list.AddRectFilled({x, bottom - std::max(4.0F, height_of(cancels))}, {x + 1.5F, bottom},
                         colors().cancelled);
    }
  }
  const time_scale whole{{0, std::max(1.0, context_.open.duration())}, min.x, max.x - min.x};
  const float left = std::max(min.x, whole.x_of(context_.view.window.begin));
  const float right = std::min(max.x, std::max(left + 3, whole.x_of(context_.view.window.end)));
  list.AddRectFilled(min, {left, max.y}, faded(colors().background, 0.62F));
  list.AddRectFilled({right, min.y}, max, faded(colors().background, 0.62F));
  list.AddRect({left, min.y}, {right, max.y}, faded(colors().accent, 0.6F), 2);
  const float cursor = std::floor(whole.x_of(static_cast<double>(context_.view.cursor_time)));
  list.AddRectFilled({cursor, min.y}, {cursor + 1, max.y}, colors().accent);
}

// ---- Time ----

void timeline_painter::paint_axis() const {
  ImDrawList& list = canvas();
  list.AddRectFilled({where_.lanes_min.x, where_.axis_min.y},
                     {where_.axis_max.x + 20, where_.axis_max.y}, colors().panel);
  list.PushClipRect(where_.axis_min, {where_.axis_max.x, where_.lanes_max.y}, true);
  const cursor_tag tag = tag_of_cursor();
  for (const tick& one : ticks(scale_)) {
    const float x = std::floor(scale_.x_of(one.t));
    const float y = where_.axis_max.y;
    list.AddRectFilled({x, y - (one.labelled ? 7.0F : 4.0F)}, {x + 1, y}, colors().border);
    if (!one.labelled) continue;
    const float left = x + 5;
    const float right = left + text_width(fonts().small, one.label);
    // A label half covered reads as another number.
    const bool covered = tag.visible && right > tag.left - 2 && left < tag.right + 2;
    if (covered || right > where_.axis_max.x) continue;
    draw_text_middle(list, fonts().small, left, where_.axis_min.y + 10, colors().faint, one.label);
  }
  list.PopClipRect();
  list.AddRectFilled({where_.lanes_min.x, where_.axis_max.y - 1}, where_.axis_max, colors().border);
}

timeline_painter::cursor_tag timeline_painter::tag_of_cursor() const {
  cursor_tag tag;
  tag.x = std::floor(scale_.x_of(static_cast<double>(context_.view.cursor_time)));
  tag.visible = tag.x >= where_.track_left && tag.x <= where_.lanes_max.x;
  tag.label = time_text(context_.view.cursor_time);
  const float width = std::ceil(text_width(fonts().small, tag.label)) + 12;
  const float most = std::max(where_.track_left, where_.lanes_max.x - width);
  tag.left = std::floor(std::clamp(tag.x - width / 2, where_.track_left, most));
  tag.right = tag.left + width;
  return tag;
}

void timeline_painter::paint_cursor() const {
  const cursor_tag tag = tag_of_cursor();
  if (!tag.visible) return;
  ImDrawList& list = canvas();
  const float top = where_.axis_min.y + 1;
  list.AddRectFilled({tag.x, top + 5}, {tag.x + 1, where_.lanes_max.y}, colors().accent);
  list.AddRectFilled({tag.left, top}, {tag.right, top + 18}, colors().accent, 4);
  draw_text_middle(list, fonts().small, tag.left + 6, top + 9, colors().background, tag.label);
  context_.shown.add("timeline", "cursor", "", tag.label, {tag.left, top}, {tag.right, top + 18});
}

void timeline_painter::paint_marked() const {
  if (!context_.view.marked) return;
  const time_range& marked = *context_.view.marked;
  const float left =
      std::floor(std::clamp(scale_.x_of(marked.begin), where_.track_left, where_.lanes_max.x));
  const float right =
      std::floor(std::clamp(scale_.x_of(marked.end), where_.track_left, where_.lanes_max.x));
  ImDrawList& list = canvas();
  const ImVec2 corner{left, where_.lanes_min.y};
  const ImVec2 end{right, where_.lanes_max.y};
  list.AddRectFilled(corner, end, faded(colors().accent, 0.12F));
  for (const float edge : {left, right})
    list.AddRectFilled({edge, corner.y}, {edge + 1, end.y}, faded(colors().accent, 0.7F));
  const std::string label = marked_text(context_.open.trace, marked);
  const float width = text_width(fonts().small, label) + 12;
  const float x =
      std::floor(std::clamp((left + right - width) / 2, where_.track_left + 2,
                            std::max(where_.track_left + 2, where_.lanes_max.x - width)));
  list.AddRectFilled({x, end.y - 24}, {x + width, end.y - 6}, colors().raised, 4);
  list.AddRect({x, end.y - 24}, {x + width, end.y - 6}, faded(colors().accent, 0.7F), 4);
  draw_text_middle(list, fonts().small, x + 6, end.y - 15, colors().text, label);
  context_.shown.add("timeline", "marked", "", label, {x, end.y - 24}, {x + width, end.y - 6});
}

// ---- Lanes ----

void timeline_painter::paint_lanes() const {
  ImDrawList& list = canvas();
  const int count = static_cast<int>(lanes_.rows().size());
  const int first = std::max(where_.pinned, where_.row_at(where_.scrolled_top()));
  const int last = std::min(count - 1, where_.row_at(where_.lanes_max.y));
  list.PushClipRect(where_.lanes_min, where_.lanes_max, true);
  for (const tick& one : ticks(scale_)) {
    if (!one.labelled) continue;
    const float x = std::floor(scale_.x_of(one.t));
    if (x > where_.track_left)
      list.AddRectFilled({x, where_.lanes_min.y}, {x + 1, where_.lanes_max.y}, colors().grid);
  }
  list.PushClipRect({where_.lanes_min.x, where_.scrolled_top()}, where_.lanes_max, true);
  for (int row = first; row <= last; ++row)
    paint_lane(row);
  list.PopClipRect();
  for (int row = 0; row < where_.pinned; ++row)
    paint_lane(row);
  if (where_.pinned > 0) {
    const float y = where_.scrolled_top();
    list.AddRectFilled({where_.lanes_min.x, y - 1}, {where_.lanes_max.x, y}, colors().border);
  }
  list.AddRectFilled({where_.track_left - 1, where_.lanes_min.y},
                     {where_.track_left, where_.lanes_max.y}, colors().border);
  list.PopClipRect();
  if (count > 0) return;
  draw_text(list, fonts().body, {where_.track_left + 16, where_.lanes_min.y + 16}, colors().faint,
            "Nothing lived in this stretch of time. F shows the whole trace.");
}

void timeline_painter::paint_lane(int row) const {
  const lane_row& lane = lanes_.rows()[static_cast<std::size_t>(row)];
  const trace_store& trace = context_.open.trace;
  const view_state& view = context_.view;
  const float middle = std::floor(where_.row_middle(row)) + 0.5F;
  const float half = timeline_geometry::row_height / 2;
  const ImVec2 min{where_.lanes_min.x, middle - half};
  const ImVec2 max{where_.lanes_max.x, middle + half};
  ImDrawList& list = canvas();
  const bool selected = view.subject == lane.who || view.selected.who == lane.who;
  if (selected)
    list.AddRectFilled(min, max, faded(colors().accent_soft, 0.75F));
  else if (view.hovered == lane.who)
    list.AddRectFilled(min, max, faded(colors().raised, 0.8F));

  list.PushClipRect({where_.track_left, where_.lanes_min.y}, where_.lanes_max, true);
  const bool pinned = row < lanes_.pinned();
  bool all_drawn = true;
  if (lane.folded)
    all_drawn = paint_folded(lane, middle);
  else if (const auto task = lane.who.as<task_index>())
    paint_task(task, middle);
  else
    paint_region(lane.who.as<region_index>(), middle);
  if (lane.who.type() == entity_type::region) paint_unknown(lane.who, middle);
  paint_requests(lane.who, middle);
  list.PopClipRect();
  paint_label(lane, middle, selected, all_drawn, pinned);
  context_.shown.add("timeline", "lane", trace.id_of(lane.who), display_name(trace, lane.who), min,
                     max);
}

void timeline_painter::paint_label(const lane_row& lane, float middle, bool selected,
                                   bool all_drawn, bool pinned) const {
  const trace_store& trace = context_.open.trace;
  ImDrawList& list = canvas();
  float x = label_x(where_, lane);
  if (lane.foldable) {
    draw_glyph(list, lane.folded ? glyph::folded : glyph::unfolded, {x + 4, middle}, 8,
               colors().faint);
  }
  if (pinned) draw_glyph(list, glyph::pin, {x + 5, middle}, 10, colors().accent);
  x += 14;
  const bool is_region = lane.who.type() == entity_type::region;
  std::string name = display_name(trace, lane.who);
  if (lane.folded) {
    const auto under = context_.open.lanes[lane.lane].subtree_end - lane.lane - 1;
    name += fmt::format("  +{}", under);
    if (!all_drawn) {
      name += fmt::format(", {} drawn", folded_tasks_drawn);
      context_.shown.add("timeline", "note", trace.id_of(lane.who), name,
                         {where_.lanes_min.x, middle - 1}, {where_.track_left, middle + 1});
    }
  }
  draw_text_middle(list, is_region ? fonts().strong : fonts().body, x, middle,
                   selected || is_region ? colors().text : colors().muted, name,
                   where_.track_left - x - 8);
}

void timeline_painter::paint_task(task_index task, float middle) const {
  const trace_store& trace = context_.open.trace;
  ImDrawList& list = canvas();
  const inspector::time_window window{
      static_cast<std::uint64_t>(std::max(0.0, context_.view.window.begin)),
      static_cast<std::uint64_t>(std::max(0.0, context_.view.window.end))};
  {
    strip bars(list, middle, where_.track_left, where_.lanes_max.x);
    segments_of(trace, task, window, [&](const task_segment& segment) {
      strip_piece piece = piece_of(segment);
      piece.from = scale_.x_of(static_cast<double>(segment.from));
      piece.to = scale_.x_of(static_cast<double>(segment.to));
      bars.add(piece);
      const char* word = word_of(segment.state);
      if (word == nullptr || piece.to - piece.from < 64) return;
      const float x = std::max(piece.from, where_.track_left) + 5;
      draw_text_middle(list, fonts().small, x, middle, colors().background, word, piece.to - x - 4);
    });
  }
  paint_unknown(task, middle);
  const event_index over = trace[task].completed();
  if (!over) return;
  const auto outcome = trace[task].outcome.value_or(trace::outcome_kind::ok);
  const float x = scale_.x_of(static_cast<double>(trace.time_of(over)));
  if (x < where_.track_left - 8 || x > where_.lanes_max.x + 8) return;
  list.AddCircleFilled({x, middle}, 7, colors().panel);
  draw_glyph(list, glyph_of(outcome), {x, middle}, 10, ui::color_of(outcome));
}

// Over what would look like a state: where events are missing, nobody knows.
void timeline_painter::paint_unknown(entity who, float middle) const {
  ImDrawList& list = canvas();
  const trace_store& trace = context_.open.trace;
  unknown_stretches_of(trace, who, [&](inspector::time_window stretch) {
    const float from = std::max(where_.track_left, scale_.x_of(static_cast<double>(stretch.from)));
    const float to = std::min(where_.lanes_max.x,
                              std::max(scale_.x_of(static_cast<double>(stretch.to)), from + 2));
    if (to <= from) return;
    const ImVec2 min{from, middle - bar_half};
    const ImVec2 max{to, middle + bar_half};
    list.AddRectFilled(min, max, colors().panel);
    list.PushClipRect(min, max, true);
    constexpr float between = 6;
    const float height = max.y - min.y;
    for (float x = std::floor((from - height) / between) * between; x < to; x += between)
      list.AddLine({x, max.y}, {x + height, min.y}, colors().unknown, 1.5F);
    list.PopClipRect();
    if (to - from > 70)
      draw_text_middle(list, fonts().small, from + 6, middle, colors().muted, "unknown",
                       to - from - 8);
    context_.shown.add("timeline", "unknown", trace.id_of(who), "unknown", min, max);
  });
}

void timeline_painter::paint_region(region_index region, float middle) const {
  const trace_store& trace = context_.open.trace;
  const inspector::time_window window{
      static_cast<std::uint64_t>(std::max(0.0, context_.view.window.begin)),
      static_cast<std::uint64_t>(std::max(0.0, context_.view.window.end))};
  strip bars(canvas(), middle, where_.track_left, where_.lanes_max.x);
  segments_of(trace, region, window, [&](const region_segment& segment) {
    if (segment.state == trace::region_state::closed) return;
    const bool is_open = segment.state == trace::region_state::open;
    const ImU32 color =
        is_open ? mixed(colors().panel, colors().muted, 0.32F) : color_of(segment.state);
    bars.add({scale_.x_of(static_cast<double>(segment.from)),
              scale_.x_of(static_cast<double>(segment.to)), color, 2.5F,
              static_cast<int>(segment.state)});
  });
}

// Everything under the region on one line, cancellations in front. False: there is more than is drawn.
bool timeline_painter::paint_folded(const lane_row& lane, float middle) const {
  paint_region(lane.who.as<region_index>(), middle);
  const trace_store& trace = context_.open.trace;
  const auto& lanes = context_.open.lanes;
  const std::uint32_t end = lanes[lane.lane].subtree_end;
  const inspector::time_window window{
      static_cast<std::uint64_t>(std::max(0.0, context_.view.window.begin)),
      static_cast<std::uint64_t>(std::max(0.0, context_.view.window.end))};
  int left = folded_tasks_drawn;
  for (std::uint32_t i = lane.lane + 1; i < end; ++i) {
    const auto task = lanes[i].who.as<task_index>();
    if (!task) continue;
    if (left-- == 0) return false;
    strip bars(canvas(), middle, where_.track_left, where_.lanes_max.x);
    segments_of(trace, task, window, [&](const task_segment& segment) {
      if (segment.state == task_state::completed || segment.state == task_state::waiting) return;
      strip_piece piece = piece_of(segment);
      piece.half_height = 3.5F;
      piece.from = scale_.x_of(static_cast<double>(segment.from));
      piece.to = scale_.x_of(static_cast<double>(segment.to));
      bars.add(piece);
    });
  }
  return true;
}

void timeline_painter::paint_requests(entity target, float middle) const {
  const trace_store& trace = context_.open.trace;
  float last_x = -1e9F;
  for (const cancel_index cancel : trace.cancels_on(target)) {
    const cancel_row& row = trace[cancel];
    const float x = scale_.x_of(static_cast<double>(trace.time_of(row.requested)));
    const bool chosen = context_.view.selected.who == entity(cancel);
    if (!chosen && x - last_x < 3) continue;
    last_x = x;
    if (chosen) draw_glyph(canvas(), glyph::cancel, {x, middle}, 16, colors().accent);
    draw_glyph(canvas(), glyph::cancel, {x, middle}, chosen ? 11.0F : 8.0F,
               row.took_effect() ? colors().cancelled : colors().faint);
  }
}

// ---- Arrows ----

void timeline_painter::paint_arrows() const {
  const trace_store& trace = context_.open.trace;
  ImDrawList& list = canvas();
  list.PushClipRect({where_.track_left, where_.lanes_min.y}, where_.lanes_max, true);
  // Cancels stand in the order of their times.
  const auto cancels = trace.cancels();
  const auto time_of_cancel = [&](const cancel_row& row) {
    return static_cast<double>(trace.time_of(row.requested));
  };
  const auto first =
      std::partition_point(cancels.begin(), cancels.end(), [&](const cancel_row& row) {
        return time_of_cancel(row) < context_.view.window.begin;
      });
  const auto last = std::partition_point(first, cancels.end(), [&](const cancel_row& row) {
    return time_of_cancel(row) <= context_.view.window.end;
  });
  const ImU32 background = faded(colors().cancelled, chain_.links.empty() ? 0.4F : 0.16F);
  const auto in_view = static_cast<std::size_t>(last - first);
  const bool all = in_view <= arrows_drawn;
  if (all) {
    for (auto row = first; row != last; ++row) {
      paint_arrow(cancel_index{static_cast<std::uint32_t>(row - cancels.begin())}, background, 1);
    }
  }
  for (const cancel_index link : chain_.links)
    paint_arrow(link, colors().cancelled, 1.8F);
  list.PopClipRect();
  if (!all) say_that_arrows_are_left_out(in_view);
}

void timeline_painter::say_that_arrows_are_left_out(std::size_t in_view) const {
  const std::string words = fmt::format(
      "{} requests in view: arrows of the selected chain only; zoom in to see all", in_view);
  const float width = std::ceil(text_width(fonts().small, words)) + 16;
  const ImVec2 max{where_.lanes_max.x - 8, where_.lanes_max.y - 8};
  const ImVec2 min{std::max(where_.track_left + 8, max.x - width), max.y - 22};
  canvas().AddRectFilled(min, max, faded(colors().raised, 0.95F), 4);
  draw_text_middle(canvas(), fonts().small, min.x + 8, (min.y + max.y) / 2, colors().muted, words,
                   max.x - min.x - 12);
  context_.shown.add("timeline", "note", "", words, min, max);
}

void timeline_painter::paint_arrow(cancel_index cancel, ImU32 color, float thickness) const {
  const trace_store& trace = context_.open.trace;
  const cancel_row& effect = trace[cancel];
  if (!effect.cause) return;
  const cancel_row& cause = trace[effect.cause];
  const int from_row = lanes_.row_of(trace, cause.target);
  const int to_row = lanes_.row_of(trace, effect.target);
  if (from_row < 0 || to_row < 0 || from_row == to_row) return;
  // What has scrolled away under the pinned lanes is pointed at from their edge.
  const auto level = [this](int row) {
    const float y = where_.row_middle(row);
    return where_.scrolls(row) ? std::max(y, where_.scrolled_top()) : y;
  };
  const bool both_away =
      std::max(where_.row_middle(from_row), where_.row_middle(to_row)) < where_.scrolled_top() &&
      where_.scrolls(from_row) && where_.scrolls(to_row);
  if (both_away) return;
  const ImVec2 from{scale_.x_of(static_cast<double>(trace.time_of(cause.requested))),
                    level(from_row)};
  const ImVec2 to{scale_.x_of(static_cast<double>(trace.time_of(effect.requested))) - 6,
                  level(to_row)};
  const float top = std::min(from.y, to.y);
  const float bottom = std::max(from.y, to.y);
  if (bottom < where_.lanes_min.y || top > where_.lanes_max.y) return;
  const float run = to.x - from.x;
  // Cascades happen at one moment: without room to the right the arrow swings out to the left.
  const float swing = run > 40 ? run * 0.5F : -(16 + std::min(44.0F, (bottom - top) * 0.12F));
  const ImVec2 out{from.x + swing, from.y};
  const ImVec2 in{run > 40 ? to.x - swing : std::min(from.x, to.x) + swing, to.y};
  ImDrawList& list = canvas();
  list.AddBezierCubic(from, out, in, {to.x - 4, to.y}, color, thickness);
  list.AddTriangleFilled({to.x, to.y}, {to.x - 6, to.y - 3.5F}, {to.x - 6, to.y + 3.5F}, color);
}

// ---- Words ----

void show_lane_tooltip(const panel_context& context, entity who, double t) {
  if (t < 0 || t > context.open.duration()) return;
  const trace_store& trace = context.open.trace;
  const auto at = static_cast<std::uint64_t>(t);
  std::string words;
  if (const event_index lost = unknown_since(trace, who, moment_at(trace, at))) {
    words = fmt::format("not known since {}: events were dropped", time_text(trace.time_of(lost)));
  } else if (const auto task = who.as<task_index>()) {
    segments_of(trace, task, {at, at}, [&](const task_segment& segment) {
      if (segment.state == task_state::completed) {
        const auto outcome = trace[task].outcome;
        words = outcome ? "ended " + std::string(trace::to_string(*outcome)) : "completed";
        return;
      }
      words = fmt::format("{} for {}", to_string(segment.state),
                          duration_text(segment.to - segment.from));
      if (!segment.wait) return;
      const wait_row& wait = trace[segment.wait];
      words += fmt::format(" · on {} {}", trace::to_string(wait.on), trace.text(wait.label));
    });
  } else if (const auto region = who.as<region_index>()) {
    segments_of(trace, region, {at, at}, [&](const region_segment& segment) {
      words = fmt::format("{} for {}", trace::to_string(segment.state),
                          duration_text(segment.to - segment.from));
    });
  }
  if (words.empty()) return;
  const std::string name = display_name(trace, who);
  const std::string id = trace.id_of(who);
  tooltip(fmt::format("{}{}\n{}", name, name == id ? "" : "  " + id, words));
}

} // namespace cancelscope::ui
