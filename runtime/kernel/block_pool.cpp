#include "runtime/kernel/block_pool.hpp"

namespace cancelscope::detail {

thread_local constinit block_pool::list block_pool::lists_[block_pool::sizes] = {};
thread_local constinit bool block_pool::over_ = false;

struct block_pool::at_thread_end {
  at_thread_end() = default;
  at_thread_end(const at_thread_end&) = delete;
  at_thread_end& operator=(const at_thread_end&) = delete;
  ~at_thread_end() {
    over_ = true;
    for (list& each : lists_) {
      while (block* const first = each.first) {
        each.first = first->next;
        ::operator delete(first);
      }
      each.kept = 0;
    }
  }
};

void* block_pool::fresh(std::size_t at) {
  return ::operator new((at + 1) * step);
}

void block_pool::free_at_thread_end() {
  static thread_local at_thread_end cleaner;
  static_cast<void>(cleaner);
}

} // namespace cancelscope::detail
