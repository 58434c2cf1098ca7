// A bare condition to wait for, as people write it by hand: it wakes whoever waits at that moment and remembers nothing.
//
// Threading: that of the executor. Failure: none of its own; what is made of it may have some.
#pragma once

#include "runtime/executor/waits.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace cancelscope::samples {

class condition {
public:
  class [[nodiscard]] wait_op final : public cancelscope::wait_op {
  public:
    explicit wait_op(condition& of) : of_(of) {}
    void await_resume() const noexcept {}
    bool abandon() noexcept override {
      touches(&of_);
      std::erase(of_.waiting_, this);
      return true;
    }

  private:
    bool begin() override {
      touches(&of_);
      of_.waiting_.push_back(this);
      return false;
    }
    [[nodiscard]] wait_fact fact() const override { return {.label = "condition"}; }

    condition& of_;
  };

  condition() = default;
  condition(const condition&) = delete;
  condition& operator=(const condition&) = delete;
  ~condition() { forgets(this); }

  [[nodiscard]] wait_op wait() { return wait_op{*this}; }
  void notify_all() noexcept {
    touches(this);
    for (wait_op* const each : std::exchange(waiting_, {}))
      each->complete();
  }

private:
  std::vector<wait_op*> waiting_;
};

} // namespace cancelscope::samples
