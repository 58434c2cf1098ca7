#include "runtime/combinators/retry.hpp"

namespace cancelscope::detail {

std::string retry_note(std::string_view name, unsigned attempt, const retry_options& options,
                       const failure& why) {
  std::string note{name};
  note += ": attempt " + std::to_string(attempt) + " of " + std::to_string(options.attempts);
  note += why.kind() == outcome_kind::cancelled ? " was cancelled" : " failed";
  if (const auto message = why.message(); !message.empty()) note += ": " + std::string{message};
  return note;
}

} // namespace cancelscope::detail
