#include "inspector/report/html.hpp"
#include "inspector/report/pictures.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "inspector/timeline/segments.hpp"
#include "inspector/timeline/state.hpp"
#include "trace-format/names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cancelscope::inspector {

namespace {

constexpr int lane_height = 50;
constexpr int bar_top = 22;
constexpr int bar_height = 12;

std::string state_css(std::string_view state) {
  return fmt::format("s-{}", state);
}

/// The stretch of time that is drawn: from before the root request to after the end of the clean-up.
struct stretch {
  std::uint64_t from = 0;
  std::uint64_t to = 1;
  std::uint64_t zero = 0; ///< the root request

  [[nodiscard]] double share(std::uint64_t t) const {
    const auto place = static_cast<double>(std::clamp(t, from, to) - from);
    return place / static_cast<double>(to - from);
  }
  [[nodiscard]] std::string place(std::uint64_t t) const { return percent(share(t)); }
};

class painter {
public:
  painter(const trace_store& trace, const explanation& why) : trace_(trace), why_(why) {
    links_.assign(why.chain.links.rbegin(), why.chain.links.rend());
    choose_stretch();
  }

  std::string paint() {
    paint_lanes();
    const int height = y_ + 22;
    return fmt::format(
        R"(<svg class="picture chain" width="100%" height="{}" role="img" aria-label="{}">)"
        R"(<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">)"
        R"(<path class="arrowhead" d="M0 0L8 4L0 8Z"/></marker></defs>{}{}{}</svg>)",
        height,
        html::escaped(fmt::format("The chain of {} over time", titled(trace_, why_.target))),
        ticks(), lanes_, arrows_ + titles_);
  }

private:
  void choose_stretch() {
    const std::uint64_t asked = trace_.time_of(trace_[links_.front()].requested);
    const event_index over = why_.phases.completed;
    std::uint64_t end = std::max(asked, over ? trace_.time_of(over) : trace_.last_time());
    const auto deadline = trace_[links_.back()].deadline;
    if (deadline && *deadline > end && *deadline - asked < 2 * (end - asked)) end = *deadline;
    const std::uint64_t length = std::max<std::uint64_t>(end - asked, 1000);
    time_.zero = asked;
    time_.from = asked - std::min(asked, length * 3 / 10);
    time_.to = end + std::max<std::uint64_t>(length / 4, 100); // room for the outcome
    deadline_ = deadline && *deadline <= time_.to ? deadline : std::nullopt;
  }

  /// Of a very long chain both ends.
  void paint_lanes() {
    constexpr std::size_t most = 8;
    const std::size_t left_out = links_.size() > most ? links_.size() - most : 0;
    for (std::size_t i = 0; i < links_.size(); ++i) {
      if (left_out > 0 && i == most / 2) {
        lanes_ += fmt::format(R"(<text class="muted" x="0" y="{}">… {} …</text>)", y_ + 18,
                              counted(left_out, "more request"));
        y_ += 30;
        i += left_out;
      }
      paint_lane(links_[i]);
    }
    if (deadline_)
      lanes_ += fmt::format(
          R"(<line class="deadline" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/><text class="tick" x="{0}" dx="{3}" y="{4}" text-anchor="{5}">clean-up deadline</text>)",
          time_.place(*deadline_), y_ - lane_height + bar_top - 6, y_ - 4,
          time_.share(*deadline_) > 0.6 ? -5 : 5, y_ - lane_height + bar_top + bar_height + 14,
          time_.share(*deadline_) > 0.6 ? "end" : "start");
  }

  void paint_lane(cancel_index cancel) {
    const cancel_row& row = trace_[cancel];
    paint_title(row.target);
    if (const auto task = row.target.as<task_index>())
      segments_of(trace_, task, {time_.from, time_.to}, [this](const task_segment& s) {
        if (s.state == task_state::completed) return;
        const bool parked = static_cast<bool>(s.wait) && s.state == task_state::waiting;
        paint_bar(state_css(to_string(s.state)), s.from, s.to, parked);
      });
    else
      segments_of(trace_, row.target.as<region_index>(), {time_.from, time_.to},
                  [this](const region_segment& s) {
                    if (s.state == trace::region_state::closed) return;
                    const std::string_view state = to_string(s.state);
                    paint_bar(state_css(s.state == trace::region_state::open ? "region" : state),
                              s.from, s.to, false);
                  });
    paint_outcome(row.target);
    paint_request(cancel);
    y_ += lane_height;
  }

  void paint_title(entity who) {
    const std::string_view name = trace_.name_of(who);
    const std::string_view sort = who.type() == entity_type::region ? "region" : "task";
    titles_ +=
        fmt::format(R"(<text class="title" x="0" y="{}"><tspan class="muted">{}</tspan> )"
                    R"(<tspan class="name">{}</tspan><tspan class="id" dx="8">{}</tspan></text>)",
                    y_ + 14, sort, html::escaped(name), trace_.id_of(who));
  }

  /// Behind the end of its bar, where that is in the picture.
  void paint_outcome(entity who) {
    const auto region = who.as<region_index>();
    const event_index over =
        region ? trace_[region].closed() : trace_[who.as<task_index>()].completed();
    const auto outcome = outcome_at(trace_, who, end_of(trace_));
    if (!over || !outcome || trace_.time_of(over) >= time_.to) return;
    titles_ += fmt::format(R"(<text class="outcome {0}" x="{1}" dx="7" y="{2}">{0}</text>)",
                           to_string(*outcome), time_.place(trace_.time_of(over)),
                           y_ + bar_top + bar_height - 2);
  }

  void paint_bar(const std::string& css, std::uint64_t from, std::uint64_t to, bool thin) {
    if (from >= time_.to || to < time_.from) return;
    const double left = time_.share(from);
    const double right = time_.share(to);
    lanes_ += fmt::format(R"(<rect class="{}" x="{}" width="{}" y="{}" height="{}"/>)", css,
                          percent(left), percent(right - left), y_ + bar_top + (thin ? 4 : 0),
                          thin ? bar_height - 8 : bar_height);
  }

  void paint_request(cancel_index cancel) {
    const cancel_row& row = trace_[cancel];
    const double share = time_.share(trace_.time_of(row.requested));
    const int middle = y_ + bar_top + bar_height / 2;
    const bool label_left = share > 0.7;
    const std::string_view kind =
        row.kind == trace::cancel_kind::other ? trace_.text(row.kind_name) : to_string(row.kind);
    if (last_middle_ > 0)
      arrows_ += fmt::format(
          R"svg(<line class="arrow" x1="{}" y1="{}" x2="{}" y2="{}" marker-end="url(#arrow)"/>)svg",
          percent(last_share_), last_middle_ + 6, percent(share), middle - 6);
    arrows_ +=
        fmt::format(R"(<circle class="request" cx="{}" cy="{}" r="4.5"/>)", percent(share), middle);
    arrows_ +=
        fmt::format(R"(<text class="kind" x="{}" dx="{}" y="{}" text-anchor="{}">{} {}</text>)",
                    percent(share), label_left ? -9 : 9, middle + 19, label_left ? "end" : "start",
                    html::escaped(kind), trace_.id_of(cancel));
    last_share_ = share;
    last_middle_ = middle;
  }

  [[nodiscard]] std::string ticks() const {
    std::string text;
    const std::uint64_t step = tick_step(time_.to - time_.zero);
    for (std::uint64_t t = 0; t <= time_.to - time_.zero; t += step) {
      const double share = time_.share(time_.zero + t);
      const std::string_view anchor = share < 0.04 ? "start" : share > 0.93 ? "end" : "middle";
      text += fmt::format(R"(<line class="grid" x1="{0}" x2="{0}" y1="2" y2="{1}"/>)",
                          percent(share), y_);
      text +=
          fmt::format(R"(<text class="tick" x="{}" y="{}" text-anchor="{}">{}</text>)",
                      percent(share), y_ + 16, anchor, t == 0 ? "request" : "+" + duration_text(t));
    }
    return text;
  }

  const trace_store& trace_;
  const explanation& why_;
  std::vector<cancel_index> links_; ///< root first
  stretch time_;
  std::optional<std::uint64_t> deadline_;
  std::string lanes_;
  std::string arrows_; ///< above the lanes
  std::string titles_; ///< above the arrows
  int y_ = 0;
  double last_share_ = 0;
  int last_middle_ = 0;
};

} // namespace

std::string chain_picture(const trace_store& trace, const explanation& why) {
  return why.cancelled() ? painter(trace, why).paint() : std::string{};
}

} // namespace cancelscope::inspector
