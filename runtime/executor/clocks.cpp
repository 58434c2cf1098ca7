#include "runtime/executor/clocks.hpp"

#include <thread>

namespace cancelscope {

std::chrono::nanoseconds executor_clock::machine_time_until(time_ns at) const {
  const auto when = machine_time(at);
  if (!when) return {};
  const auto now = std::chrono::steady_clock::now();
  return *when > now ? std::chrono::nanoseconds{*when - now} : std::chrono::nanoseconds{};
}

real_clock::real_clock()
    : origin_(std::chrono::steady_clock::now()),
      start_unix_ns_(static_cast<std::uint64_t>(
          std::chrono::nanoseconds{std::chrono::system_clock::now().time_since_epoch()}.count())) {}

time_ns real_clock::now() const {
  return static_cast<time_ns>(
      std::chrono::nanoseconds{std::chrono::steady_clock::now() - origin_}.count());
}

void real_clock::wait_until(time_ns at) {
  std::this_thread::sleep_until(origin_ + std::chrono::nanoseconds{at});
}

} // namespace cancelscope
