// touches: what tasks share besides the runtime's own objects, told to whoever explores schedules.
//
// A lab changes the order of two steps only where that can matter: where both use one thing, and one of them changes
// it. What happens in the kernel it sees. Of a channel, a lock, or a variable that several tasks use, it
// has to be told; what is not told counts as not shared (docs/lab.md). Anywhere else than in a lab
// telling costs a look at a null pointer.
//
// Threading: tells the observer of the calling thread. Failure: none.
//
//     touches(&stock);                 // before reading it and writing it
//     touches(&stock, access::reads);
//     forgets(&stock);                 // in a destructor, where the address may be used again
#pragma once

#include "runtime/kernel/handles.hpp"

#include <cstdint>

namespace cancelscope {

/// How something shared is used. Two that read commute, and two that add; everything else does not.
enum class access : std::uint8_t {
  reads,
  adds, ///< changes it so that the order does not matter, as counting does
  changes,
};

class access_observer {
public:
  virtual void touched(const void* object, access how) noexcept = 0;
  virtual void touched(any_handle entity, access how) noexcept = 0;
  virtual void forgotten(const void* object) noexcept = 0;

protected:
  ~access_observer() = default;
};

namespace detail {
inline constinit thread_local access_observer* observer_of_accesses = nullptr;
} // namespace detail

inline void touches(const void* object, access how = access::changes) noexcept {
  if (detail::observer_of_accesses != nullptr) detail::observer_of_accesses->touched(object, how);
}
/// Of a task: whether it is over. Of a region: its state.
inline void touches(any_handle entity, access how) noexcept {
  if (detail::observer_of_accesses != nullptr) detail::observer_of_accesses->touched(entity, how);
}
/// The object is gone; what comes to stand at its address is another.
inline void forgets(const void* object) noexcept {
  if (detail::observer_of_accesses != nullptr) detail::observer_of_accesses->forgotten(object);
}

} // namespace cancelscope
