#include "inspector/report/pictures.hpp"
#include "inspector/text/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace cancelscope::inspector {

namespace {

constexpr std::size_t columns = 240;
constexpr double area_height = 96;
constexpr double bars_height = 22;

/// How much of each column of time something covers, summed over all of it.
class coverage {
public:
  explicit coverage(std::uint64_t length) : column_ns_(static_cast<double>(length) / columns) {}

  void add(std::uint64_t from, std::uint64_t to) {
    const double first = static_cast<double>(from) / column_ns_;
    const double last = static_cast<double>(std::max(to, from)) / column_ns_;
    const std::size_t i = column(first);
    const std::size_t k = column(last);
    if (i == k) {
      parts_[i] += last - first;
      return;
    }
    parts_[i] += static_cast<double>(i + 1) - first;
    parts_[k] += last - static_cast<double>(k);
    whole_[i + 1] += 1;
    whole_[k] -= 1;
  }

  [[nodiscard]] std::array<double, columns> sums() const {
    std::array<double, columns> sums{};
    double running = 0;
    for (std::size_t i = 0; i < columns; ++i) {
      running += whole_[i];
      sums[i] = running + parts_[i];
    }
    return sums;
  }

  static std::size_t column(double place) {
    return std::min(static_cast<std::size_t>(std::max(place, 0.0)), columns - 1);
  }

private:
  double column_ns_;
  std::array<double, columns> parts_{};
  std::array<double, columns + 1> whole_{};
};

std::string area(std::string_view css_class, const std::array<double, columns>& values,
                 double top) {
  std::string path = fmt::format("M0 {}", area_height);
  for (std::size_t i = 0; i < columns; ++i) {
    const double y = area_height * (1 - values[i] / top);
    path += fmt::format("L{} {:.2f}L{} {:.2f}", i, y, i + 1, y);
  }
  return fmt::format(R"(<path class="{}" d="{}L{} {}Z"/>)", css_class, path, columns, area_height);
}

std::string request_bars(const trace_store& trace, double length) {
  std::array<std::uint64_t, columns> counts{};
  std::uint64_t most = 1;
  for (const cancel_row& row : trace.cancels()) {
    const double place = static_cast<double>(trace.time_of(row.requested)) / length * columns;
    most = std::max(most, ++counts[coverage::column(place)]);
  }
  std::string bars;
  for (std::size_t i = 0; i < columns; ++i) {
    if (counts[i] == 0) continue;
    // One request must be seen beside a hundred.
    const double height =
        bars_height * std::sqrt(static_cast<double>(counts[i]) / static_cast<double>(most));
    bars += fmt::format(R"(<rect x="{}" y="{:.2f}" width="0.8" height="{:.2f}"/>)", i,
                        bars_height - std::max(height, 2.0), std::max(height, 2.0));
  }
  return bars;
}

std::string ticks(std::uint64_t length) {
  std::string text;
  const std::uint64_t step = tick_step(length);
  for (std::uint64_t t = 0; t <= length; t += step) {
    const double share = static_cast<double>(t) / static_cast<double>(length);
    const std::string_view anchor = share < 0.03 ? "start" : share > 0.94 ? "end" : "middle";
    text +=
        fmt::format(R"(<line class="grid" x1="{0}" x2="{0}" y1="8" y2="134"/>)", percent(share));
    text += fmt::format(R"(<text class="tick" x="{}" y="150" text-anchor="{}">{}</text>)",
                        percent(share), anchor, t == 0 ? "0" : duration_text(t));
  }
  return text;
}

} // namespace

std::string percent(double share) {
  return fmt::format("{:.3f}%", share * 100);
}

std::uint64_t tick_step(std::uint64_t length) {
  std::uint64_t step = 1;
  for (;;) {
    for (const std::uint64_t factor : {1, 2, 5})
      if (length / (step * factor) <= 6) return step * factor;
    step *= 10;
  }
}

std::string overview_picture(const trace_store& trace) {
  const std::uint64_t length = std::max<std::uint64_t>(trace.last_time(), 1);
  coverage alive(length);
  coverage cancelling(length);
  for (const task_row& row : trace.tasks()) {
    const event_index over = row.completed();
    const std::uint64_t end = over ? trace.time_of(over) : length;
    alive.add(trace.time_of(row.spawned), end);
    if (row.requested) cancelling.add(trace.time_of(row.requested), end);
  }
  const auto alive_sums = alive.sums();
  const double top = std::max(1.0, *std::max_element(alive_sums.begin(), alive_sums.end()));
  return fmt::format(
      R"(<svg class="picture" width="100%" height="156" role="img" aria-label="Tasks alive over time, and when cancels were requested">)"
      R"({}<svg x="0" y="12" width="100%" height="{}" viewBox="0 0 {} {}" preserveAspectRatio="none">{}{}</svg>)"
      R"(<svg class="requests" x="0" y="112" width="100%" height="{}" viewBox="0 0 {} {}" preserveAspectRatio="none">{}</svg>)"
      R"(<text class="tick" x="4" y="22">{}</text></svg>)",
      ticks(length), area_height, columns, area_height, area("alive", alive_sums, top),
      area("cancelling", cancelling.sums(), top), bars_height, columns, bars_height,
      request_bars(trace, static_cast<double>(length)),
      fmt::format("{} at most", counted(static_cast<std::uint64_t>(std::lround(top)), "task")));
}

} // namespace cancelscope::inspector
