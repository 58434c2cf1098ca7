// What all channel states share: whoever explores schedules is told when one is used.
//
// Threading: that of the executor. Failure: none.
#pragma once

#include "runtime/executor/touches.hpp"

namespace cancelscope::detail {

class shared_state {
public:
  shared_state() = default;
  shared_state(const shared_state&) = delete;
  shared_state& operator=(const shared_state&) = delete;
  ~shared_state() { forgets(this); }

  /// Before it is used for anything that another task could see.
  void touch() const noexcept { touches(this); }
};

} // namespace cancelscope::detail
