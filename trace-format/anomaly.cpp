#include "trace-format/anomaly.hpp"

#include "trace-format/names.hpp"

namespace cancelscope::trace {

std::string_view to_string(anomaly_code code) {
  return names_of<anomaly_code>[static_cast<std::size_t>(code)];
}

} // namespace cancelscope::trace
