// mutex: a value that one task at a time may touch. There is no way to the value but through the lock.
//
// Those who wait are served in turn. The lock is an obligation of the holder's region, as every permit: when the
// holder is cancelled its frame goes, and the lock with it.
//
// Threading: used from tasks of one executor. It must outlive its locks.
// Failure:   cancellation unwinds the waiting body, as at every await.
//
//     mutex<ledger> book{"book", ledger{}};
//     locked<ledger> mine = co_await book.lock();
//     mine->add(entry);
#pragma once

#include "runtime/channels/semaphore.hpp"

namespace cancelscope {

template <class Value> class mutex;

/// The value, for as long as this lives.
template <class Value> class [[nodiscard]] locked {
public:
  locked(Value& value, permit held) noexcept : value_(&value), held_(std::move(held)) {}

  [[nodiscard]] Value& operator*() const noexcept { return *value_; }
  [[nodiscard]] Value* operator->() const noexcept { return value_; }

private:
  Value* value_;
  permit held_;
};

template <class Value> class [[nodiscard]] lock_op final : public acquire_op {
public:
  lock_op(semaphore& turn, Value& value) : acquire_op(turn), value_(value) {}

  locked<Value> await_resume() { return {value_, acquire_op::await_resume()}; }

private:
  Value& value_;
};

template <class Value> class mutex {
public:
  mutex(std::string name, Value value) : turn_(std::move(name), 1), value_(std::move(value)) {}

  [[nodiscard]] lock_op<Value> lock() { return lock_op<Value>{turn_, value_}; }
  [[nodiscard]] bool is_locked() const noexcept { return turn_.available() == 0; }
  [[nodiscard]] std::size_t waiting() const noexcept { return turn_.waiting(); }

private:
  semaphore turn_;
  Value value_;
};

} // namespace cancelscope
