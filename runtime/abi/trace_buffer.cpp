#include "runtime/abi/trace_buffer.hpp"

#include <utility>

namespace cancelscope::abi {

void trace_buffer::write(const trace::event& e) {
  if (ended_) return;
  if (waiting_.size() >= room_ && !waiting_.empty()) {
    ++dropped_;
    ++untold_;
    return;
  }
  tell_dropped(e.t);
  writer_.append(e, waiting_);
}

void trace_buffer::end(std::uint64_t t) {
  if (std::exchange(ended_, true)) return;
  tell_dropped(t);
  writer_.append({.t = t, .body = trace::end_of_trace{}}, waiting_);
}

void trace_buffer::tell_dropped(std::uint64_t t) {
  if (untold_ == 0) return;
  writer_.append({.t = t, .body = trace::dropped_events{.count = std::exchange(untold_, 0)}},
                 waiting_);
}

const std::string& trace_buffer::take() {
  taken_.clear();
  std::swap(taken_, waiting_);
  return taken_;
}

} // namespace cancelscope::abi
