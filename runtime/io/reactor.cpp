#include "runtime/io/reactor.hpp"

#include "runtime/io/io_wait.hpp"

#include <asio/post.hpp>

namespace cancelscope {

reactor::reactor() : state_(std::make_shared<detail::reactor_state>()) {}
reactor::~reactor() = default;

bool reactor::is_watching() const noexcept {
  return state_->watched > 0;
}

bool reactor::wait(std::optional<std::chrono::nanoseconds> at_most) {
  asio::io_context& context = state_->context;
  const std::size_t happened = at_most ? context.run_one_for(*at_most) : context.run_one();
  context.poll(); // and what else is there
  return happened > 0;
}

void reactor::look() {
  state_->context.poll();
}

void reactor::knock() {
  asio::post(state_->context, [] {});
}

} // namespace cancelscope
