// A race written by hand: it asks the loser to end, and returns without waiting until it has.
#include "samples/faulty/faulty.hpp"

namespace cancelscope::samples {

namespace {

task<int> ask(int pauses, int answer) {
  for (int i = 0; i < pauses; ++i)
    co_await yield();
  co_return answer;
}

void cancel_loser(const join_handle<int>& loser, const join_handle<int>& winner) {
  kernel& core = loser.running().runs_on().core();
  static_cast<void>(core.cancel(loser.handle(), {.kind = cancel_kind::race_lost,
                                                 .message = "'quick' ended first",
                                                 .origin_region = core.region_of(loser.handle()),
                                                 .origin_task = winner.handle()}));
}

task<void> race_by_hand(region r, bool drains) {
  const auto quick = r.spawn("quick", ask(2, 1));
  const auto slow = r.spawn("slow", ask(1, 2));
  static_cast<void>(co_await quick.join());
  if (!slow.is_over()) cancel_loser(slow, quick);
  if (drains) static_cast<void>(co_await slow.join());
  r.mark("uses what the race decided");
  if (!drains) static_cast<void>(co_await slow.join());
}

} // namespace

faulty_program loser_not_drained() {
  return {.name = "loser-not-drained",
          .shows = "a race returns while the loser still cleans up",
          .breaks = "losers of a race drained",
          .wrong = [](region r) { return race_by_hand(r, false); },
          .right = [](region r) { return race_by_hand(r, true); }};
}

} // namespace cancelscope::samples
