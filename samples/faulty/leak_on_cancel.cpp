// Reserves a seat, lets go of the guard, and is cancelled before it commits.
#include "samples/faulty/faulty.hpp"

namespace cancelscope::samples {

namespace {

task<void> pay() {
  co_await yield();
}

task<void> book_wrong(region shop) {
  const obligation_handle seat = shop.reserve(obligation_kind::lease, "seat 12").detach();
  co_await pay();
  static_cast<void>(shop.runs_on().core().commit(seat));
}

task<void> book_right(region shop) {
  obligation seat = shop.reserve(obligation_kind::lease, "seat 12");
  co_await pay();
  seat.commit();
}

task<void> change_mind(const join_handle<void>& booking) {
  co_await yield();
  booking.cancel("changed my mind");
}

task<void> serve(region shop, task<void> (*book)(region)) {
  const auto booking = shop.spawn("book", book(shop));
  const auto customer = shop.spawn("customer", change_mind(booking));
  static_cast<void>(co_await customer.join());
  static_cast<void>(co_await booking.join());
}

} // namespace

faulty_program leak_on_cancel() {
  return {.name = "leak-on-cancel",
          .shows = "a task is cancelled between reserving and committing, and nobody gives back",
          .breaks = "obligations resolved",
          .wrong = [](region r) { return serve(r, book_wrong); },
          .right = [](region r) { return serve(r, book_right); }};
}

} // namespace cancelscope::samples
