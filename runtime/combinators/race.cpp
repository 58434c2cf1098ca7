#include "runtime/combinators/race.hpp"

#include <string>

namespace cancelscope::detail {

void cancel_losers(const std::vector<job*>& losers, const job& winner, std::string_view verb) {
  const runtime_entry entry;
  kernel& core = winner.runs_on().core();
  std::string message;
  message += '\'';
  message += core.name_of(winner.handle());
  message += "' ";
  message += verb;
  for (const job* loser : losers)
    static_cast<void>(
        core.cancel(loser->handle(), {.kind = cancel_kind::race_lost,
                                      .message = message,
                                      .origin_region = core.region_of(winner.handle()),
                                      .origin_task = winner.handle()}));
}

} // namespace cancelscope::detail
