#include "runtime/io/io_thread.hpp"

namespace cancelscope {

bool io_thread::is_awaiting_outside() const noexcept {
  return outside.is_watching() || current_thread::is_awaiting_outside();
}

void io_thread::look_outside() {
  outside.look();
  current_thread::look_outside();
}

bool io_thread::wait_outside(std::optional<std::chrono::nanoseconds> at_most) {
  const bool happened = outside.wait(at_most);
  current_thread::look_outside();
  return happened;
}

} // namespace cancelscope
