// semaphore: so many may at once; the others wait their turn, first come, first served.
//
// A permit is an obligation of the holder's region. Giving it back in the ordinary way commits it;
// one that is given back because its holder was cancelled or failed counts as aborted. A cancelled
// waiter takes nothing: a permit that was handed to it before it could run goes to the next.
//
// Threading: used from tasks of one executor. It must outlive its permits.
// Failure:   cancellation unwinds the waiting body, as at every await.
//
//     semaphore connections{"db connections", 4};
//     permit held = co_await connections.acquire();
#pragma once

#include "runtime/channels/wait_queue.hpp"
#include "runtime/executor/region.hpp"

#include <string>

namespace cancelscope {

class semaphore;

/// The right to be one of them, until it is released or dropped.
class [[nodiscard]] permit {
public:
  permit(semaphore& from, obligation duty) noexcept : from_(&from), duty_(std::move(duty)) {}
  permit(permit&& other) noexcept
      : from_(std::exchange(other.from_, nullptr)), duty_(std::move(other.duty_)) {}
  permit& operator=(permit&& other) noexcept {
    std::swap(from_, other.from_);
    std::swap(duty_, other.duty_);
    return *this;
  }
  ~permit() { release(); }

  void release() noexcept;

private:
  semaphore* from_;
  obligation duty_;
};

class [[nodiscard]] acquire_op : public queued_wait {
public:
  explicit acquire_op(semaphore& from) : from_(from) {}

  permit await_resume();
  bool abandon() noexcept final;

private:
  bool begin() final;
  [[nodiscard]] wait_fact fact() const final;

  semaphore& from_;
};

class semaphore {
public:
  semaphore(std::string name, std::size_t permits) : name_(std::move(name)), available_(permits) {}
  semaphore(const semaphore&) = delete;
  semaphore& operator=(const semaphore&) = delete;

  [[nodiscard]] acquire_op acquire() { return acquire_op{*this}; }
  [[nodiscard]] std::size_t available() const noexcept {
    const runtime_entry entry;
    touches(&waiting_, access::reads);
    return available_;
  }
  [[nodiscard]] std::size_t waiting() const noexcept {
    const runtime_entry entry;
    touches(&waiting_, access::reads);
    return waiting_.size();
  }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

private:
  friend class permit;
  friend class acquire_op;
  bool take() noexcept;
  void give_back() noexcept;

  std::string name_;
  std::size_t available_;
  wait_queue waiting_;
};

} // namespace cancelscope
