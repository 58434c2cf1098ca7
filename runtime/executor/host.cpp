#include "runtime/executor/host.hpp"

namespace cancelscope {

void host::shutdown(std::string_view message, const std::source_location& where) {
  cancel_spec spec = asked_by_current(*this, message, where);
  spec.kind = cancel_kind::shutdown;
  static_cast<void>(core().cancel(running_, spec));
}

} // namespace cancelscope
