#include "runtime/lab/shrink.hpp"

#include <algorithm>

namespace cancelscope {

namespace {

class shrinking {
public:
  shrinking(const lab_program& program, const failing_schedule& failing, const lab_limits& limits)
      : program_(program), limits_(limits), best_{failing} {}

  shrunk_schedule run() {
    // As it was replayed, each choice is one that was there.
    if (best_.schedule.broken.empty() || !keep_if_broken(best_.schedule.choices)) return best_;
    take_away();
    move_to_front();
    return best_;
  }

private:
  [[nodiscard]] const lab_choices& choices() const { return best_.schedule.choices; }

  bool keep_if_broken(const lab_choices& tried) {
    lab_run done = run_in_lab(program_, lab_seed{tried}, nullptr, limits_);
    ++best_.tried;
    const std::string& wanted = best_.schedule.broken.front().oracle;
    if (std::ranges::find(done.broken, wanted, &broken_promise::oracle) == done.broken.end())
      return false;
    // The one that is looked for stands first, whatever else is broken now.
    std::ranges::stable_partition(
        done.broken, [&](const broken_promise& each) { return each.oracle == wanted; });
    best_.schedule = {std::move(done.choices), done.steps, std::move(done.broken)};
    return true;
  }

  void take_away() {
    for (std::size_t group = choices().size(); group > 0; group /= 2)
      for (std::size_t from = 0; from < choices().size();)
        if (!keep_if_broken(without(from, group))) from += group;
    // Taking the last away may have freed one before it.
    for (std::size_t from = 0; from < choices().size();)
      from = keep_if_broken(without(from, 1)) ? 0 : from + 1;
  }
  [[nodiscard]] lab_choices without(std::size_t from, std::size_t count) const {
    lab_choices rest = choices();
    const auto first = rest.begin() + static_cast<std::ptrdiff_t>(from);
    rest.erase(first, first + static_cast<std::ptrdiff_t>(std::min(count, rest.size() - from)));
    return rest;
  }

  void move_to_front() {
    for (std::size_t at = 0; at < choices().size(); ++at)
      for (std::size_t index = 1; at < choices().size() && index < choices()[at].index; ++index) {
        lab_choices tried = choices();
        tried[at].index = index;
        if (keep_if_broken(tried)) break;
      }
  }

  const lab_program& program_;
  const lab_limits& limits_;
  shrunk_schedule best_;
};

} // namespace

shrunk_schedule shrink(const lab_program& program, const failing_schedule& failing,
                       const lab_limits& limits) {
  return shrinking{program, failing, limits}.run();
}

} // namespace cancelscope
