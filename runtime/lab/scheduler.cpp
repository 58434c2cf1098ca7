#include "runtime/lab/scheduler.hpp"

#include <algorithm>

namespace cancelscope {

std::size_t recorded_scheduler::pick(std::span<const lab_actor> candidates) {
  const std::size_t step = step_++;
  if (next_ == choices_.size() || choices_[next_].step != step) return 0;
  return std::min(choices_[next_++].index, candidates.size() - 1);
}

std::unique_ptr<scheduler> scheduler_of(const lab_seed& seed) {
  if (const auto* number = std::get_if<std::uint64_t>(&seed))
    return std::make_unique<seeded_scheduler>(*number);
  return std::make_unique<recorded_scheduler>(std::get<lab_choices>(seed));
}

} // namespace cancelscope
