#include "runtime/executor/host.hpp"

namespace cancelscope {

void host::shutdown(std::string_view message, const std::source_location& where) {
  const runtime_entry entry;
  cancel_spec spec = asked_by_current(*this, message, where);
  spec.kind = cancel_kind::shutdown;
  static_cast<void>(core().cancel(running_, spec));
}

} // namespace cancelscope
