#include "bench/generator/order_script.hpp"

namespace cancelscope::bench {

namespace {

constexpr std::uint64_t slow = 150'000'000; ///< longer than `check` lets a clean-up take

enum class fate : std::uint8_t { ok, deadline, user, fail_fast };

fate fate_of(std::uint64_t number) {
  if (number % 16 == 5) return fate::deadline;
  if (number % 64 == 9) return fate::user;
  if (number % 50 == 7) return fate::fail_fast;
  return fate::ok;
}

class writer {
public:
  writer(std::uint64_t number, const std::function<std::uint64_t(std::uint64_t)>& below)
      : number_(number), below_(below) {}

  std::vector<planned_step> write() {
    work();
    const fate ends = fate_of(number_);
    if (ends == fate::ok)
      end_well();
    else
      end_cancelled(ends);
    add(step_kind::close);
    add(step_kind::release_region);
    return std::move(steps_);
  }

private:
  planned_step& add(step_kind what, std::size_t task = 0) {
    constexpr std::uint64_t usual_gap = 60'000;
    return steps_.emplace_back(planned_step{.what = what, .task = task, .gap = below_(usual_gap)});
  }

  void work() {
    add(step_kind::open);
    for (std::size_t task = 0; task < tasks_of_order; ++task) {
      add(step_kind::spawn, task);
      add(step_kind::run, task);
      add(step_kind::wait, task);
    }
    add(step_kind::reserve);
    for (std::uint64_t rounds = 2 + below_(6); rounds > 0; --rounds) {
      const std::size_t task = static_cast<std::size_t>(below_(tasks_of_order));
      add(step_kind::run, task);
      add(step_kind::wait, task);
    }
  }

  void settle_permit() {
    const bool leaks = number_ % 211 == 4;
    add(leaks ? step_kind::leak : step_kind::resolve).finding = leaks ? "leaked-obligation" : "";
    add(step_kind::release_permit);
  }

  void finish_task(std::size_t task, bool joined) {
    if (joined) add(step_kind::join, task);
    add(step_kind::release_task, task).finding = joined ? "" : "unjoined-task";
  }

  void end_well() {
    settle_permit();
    for (std::size_t task = 0; task < tasks_of_order; ++task) {
      add(step_kind::run, task);
      add(step_kind::end_ok, task);
      finish_task(task, task != 2 || number_ % 199 != 3);
    }
    if (number_ % 97 == 2) add(step_kind::use_stale, 1).finding = "stale-handle";
  }

  void end_cancelled(fate why) {
    std::size_t first = 0;
    if (why == fate::fail_fast) {
      settle_permit();
      add(step_kind::run);
      add(step_kind::end_err);
      first = 1;
    }
    add(why == fate::deadline ? step_kind::request_deadline
        : why == fate::user   ? step_kind::request_user
                              : step_kind::request_fail_fast);
    add(step_kind::region_drains);
    for (std::size_t task = first; task < tasks_of_order; ++task)
      add(step_kind::pass_on, task);
    for (std::size_t task = first; task < tasks_of_order; ++task)
      add(step_kind::drain, task);
    if (first == 0) settle_permit();
    for (std::size_t task = first; task < tasks_of_order; ++task) {
      add(step_kind::run, task);
      planned_step& end = add(step_kind::end_cancelled, task);
      if (task + 1 < tasks_of_order || number_ % 13 != 0) continue;
      end.gap = slow;
      end.finding = "slow-drain";
    }
    for (std::size_t task = 0; task < tasks_of_order; ++task)
      finish_task(task, true);
  }

  std::uint64_t number_;
  const std::function<std::uint64_t(std::uint64_t)>& below_;
  std::vector<planned_step> steps_;
};

} // namespace

std::vector<planned_step> script_of(std::uint64_t number,
                                    const std::function<std::uint64_t(std::uint64_t)>& below) {
  return writer{number, below}.write();
}

} // namespace cancelscope::bench
