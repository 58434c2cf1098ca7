#include "inspector/timeline/segments.hpp"

#include <algorithm>
#include <array>

namespace cancelscope::inspector {

namespace {

bool touches(std::uint64_t from, std::uint64_t to, time_window window) {
  return from <= window.to && to >= window.from;
}

/// Where the piece that begins at an event ends: at the next event of a list of possible ones.
std::uint64_t end_time(const trace_store& trace, event_index end) {
  return end ? trace.time_of(end) : trace.last_time();
}

event_index earlier(event_index a, event_index b) {
  return a < b ? a : b; // none is later than any
}

/// A task's life cut at the phases of its cancellation; the first piece, before any request, is `running`.
struct stage {
  event_index from;
  event_index to;
  task_state state{};
};

class task_painter {
public:
  task_painter(const trace_store& trace, task_index task, time_window window,
               const std::function<void(const task_segment&)>& draw)
      : trace_(trace), waits_(trace.waits_of(task)), window_(window), draw_(draw) {}

  void paint(const stage& s) {
    if (!touches(trace_.time_of(s.from), end_time(trace_, s.to), window_)) return;
    const auto first = first_wait(s.from);
    event_index at =
        first == waits_.begin() ? s.from : std::max(s.from, trace_[*(first - 1)].ended);
    for (auto w = first; w != waits_.end(); ++w) {
      const wait_row& wait = trace_[*w];
      if (wait.began >= s.to || trace_.time_of(wait.began) > window_.to) break;
      const event_index began = std::max(wait.began, s.from);
      const event_index ended = earlier(wait.ended, s.to);
      emit(at, began, s.state, {});
      emit(began, ended, s.state == task_state::running ? task_state::waiting : s.state, *w);
      at = ended;
      if (!at) return; // it waits to the end of the trace
    }
    emit(at, s.to, s.state, {});
  }

private:
  using wait_iterator = std::span<const wait_index>::iterator;

  /// The first that is not over at the stage's beginning, nor at the window's.
  wait_iterator first_wait(event_index from) {
    return std::partition_point(waits_.begin(), waits_.end(), [&](wait_index w) {
      const event_index ended = trace_[w].ended;
      return ended && (ended <= from || trace_.time_of(ended) < window_.from);
    });
  }

  void emit(event_index from, event_index to, task_state state, wait_index wait) {
    if (from == to) return;
    const task_segment piece{trace_.time_of(from), end_time(trace_, to), state, wait};
    if (touches(piece.from, piece.to, window_)) draw_(piece);
  }

  const trace_store& trace_;
  std::span<const wait_index> waits_;
  time_window window_;
  const std::function<void(const task_segment&)>& draw_;
};

constexpr time_window whole_life{0, ~std::uint64_t{0}};

} // namespace

void segments_of(const trace_store& trace, task_index task, time_window window,
                 const std::function<void(const task_segment&)>& draw) {
  const task_row& row = trace[task];
  const event_index completed = row.completed();
  task_painter painter(trace, task, window, draw);
  const std::array<stage, 5> stages{{{row.spawned, {}, task_state::running},
                                     {row.requested, {}, task_state::requested},
                                     {row.phases[0], {}, task_state::draining},
                                     {row.phases[1], {}, task_state::finalizing},
                                     {completed, {}, task_state::completed}}};
  // Each stage that came about lasts to the first that came about of the later ones.
  for (std::size_t i = 0; i < stages.size(); ++i) {
    stage s = stages[i];
    s.to = row.released;
    bool overtaken = false;
    for (std::size_t later = i + 1; later < stages.size(); ++later) {
      s.to = earlier(s.to, stages[later].from);
      overtaken |= stages[later].from < s.from;
    }
    if (!s.from || overtaken) continue;
    if (s.state == task_state::completed) {
      const task_segment piece{trace.time_of(s.from), end_time(trace, s.to), s.state, {}};
      if (touches(piece.from, piece.to, window)) draw(piece);
    } else {
      painter.paint(s);
    }
  }
}

void segments_of(const trace_store& trace, region_index region, time_window window,
                 const std::function<void(const region_segment&)>& draw) {
  const region_row& row = trace[region];
  event_index from = row.opened;
  auto state = trace::region_state::open;
  const auto emit = [&](event_index to) {
    const region_segment piece{trace.time_of(from), end_time(trace, to), state};
    if (from != to && touches(piece.from, piece.to, window)) draw(piece);
  };
  for (std::size_t step = 0; step < row.moved.size(); ++step) {
    const event_index moved = row.moved[step];
    if (!moved) continue;
    emit(moved);
    from = moved;
    state = static_cast<trace::region_state>(step + 1);
  }
  emit(row.released);
}

std::vector<task_segment> segments_of(const trace_store& trace, task_index task) {
  std::vector<task_segment> all;
  segments_of(trace, task, whole_life, [&all](const task_segment& s) { all.push_back(s); });
  return all;
}

std::vector<region_segment> segments_of(const trace_store& trace, region_index region) {
  std::vector<region_segment> all;
  segments_of(trace, region, whole_life, [&all](const region_segment& s) { all.push_back(s); });
  return all;
}

void runs_of(const trace_store& trace, task_index task, time_window window,
             const std::function<void(const run_segment&)>& draw) {
  const auto events = trace.events_of(task);
  const auto begin = [&](event_index e) { return trace.time_of(e); };
  auto e = std::partition_point(events.begin(), events.end(),
                                [&](event_index i) { return begin(i) < window.from; });
  // Runs do not overlap, so only the last one that began before the window can reach into it.
  for (auto before = e; before != events.begin();) {
    --before;
    if (trace.kind_of(*before) != event_kind::task_run) continue;
    e = before;
    break;
  }
  for (; e != events.end() && begin(*e) <= window.to; ++e) {
    if (trace.kind_of(*e) != event_kind::task_run) continue;
    const run_segment run{begin(*e), begin(*e) + trace.body_at<trace::task_run>(*e).dur};
    if (touches(run.from, run.to, window)) draw(run);
  }
}

} // namespace cancelscope::inspector
