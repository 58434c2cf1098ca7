// Cancelscope's runtime: structured concurrency that can say why. Everything a program needs, in
// one include.
//
// Every task is owned by a region; closing a region leaves nothing behind. Cancelling is asking:
// the task sees the request at its next await, cleans up, and ends with an outcome that carries the
// whole chain of who asked, and why. Everything that happens becomes an event of a trace.
//
//     task<int> fetch(int id) {
//       co_await sleep(2ms);                              // every await sees cancellation
//       if (id < 0) co_return error{"no such item"};      // an expected failure is a value
//       co_return id * 10;
//     }
//
//     task<int> total(region r) {
//       auto first = r.spawn("first", fetch(1));          // runs beside us; r owns it
//       auto second = co_await timeout("second", 50ms, fetch(2));
//       if (!second) co_return std::move(second).failed();
//       co_return *second + co_await value_of(first.join());
//     }
//
//     virtual_clock clock;                                // or real_clock: the program cannot tell
//     current_thread runtime{clock, {.name = "example", .sink = &sink}};     // or a thread_pool
//     outcome<int> sum = runtime.run("totals", {.deadline = 1s}, total);
//
// How a body is cancelled: at an await its frames are destroyed from the innermost outwards,
// destructors running, until one is awaited through `outcome_of`, or until the task is over. No
// exception is thrown. Clean-up that awaits is written where the outcome is seen; there, awaits
// work again, paid from the clean-up budget (`region_options::cleanup`):
//
//     outcome<receipt> paid = co_await outcome_of(charge(card));
//     if (!paid) co_await gateway.void_authorization(card);
//     co_return paid;
//
// With g++ 12: it destroys some temporaries of a `co_await` expression twice, namely closures and
// braced aggregates whose members have destructors. Name such a thing before the `co_await`:
//
//     const auto leave = [shared] { shared->leave(); };    // not as a temporary in the next line
//     co_await on_exit("leave", leave);
//
// Closures that capture by reference, and the types of this runtime, are not affected. And it compiles a `co_await` that
// is a loop's condition wrongly when its result has no name: the loop does not end. Name that, too:
//
//     while (std::optional<order> next = co_await inbox.receive()) ...       // not: while (co_await inbox.receive())
//
// Where to look:  task.hpp      task<T>, outcome_of, value_of, fail
//                 region.hpp    region, join_handle        obligation.hpp  leases and other duties
//                 scope.hpp     with_region, region_options
//                 waits.hpp     sleep, yield, checkpoint, spend, shield, on_exit, this_region
//                 offload.hpp   offload: a plain function on another thread
//                 combinators/  timeout, race, first_ok, join_all, retry
//                 channels/     mpsc, oneshot, broadcast, watch, semaphore, mutex
//                 io/           io_thread, tcp_listener, tcp_stream, signal_set: a library of its own, not included here
//                 kernel/       what it all stands on; for everybody: outcome.hpp, cancellation.hpp
//
// Threading: a `current_thread` and all on it belong to the thread that calls `run`. On a `thread_pool` tasks run in
//            parallel, and use regions, handles and channels from all its threads.
// Failure:   in outcomes; a broken invariant aborts.
#pragma once

#include "runtime/channels/broadcast.hpp"
#include "runtime/channels/mpsc.hpp"
#include "runtime/channels/mutex.hpp"
#include "runtime/channels/oneshot.hpp"
#include "runtime/channels/semaphore.hpp"
#include "runtime/channels/watch.hpp"
#include "runtime/combinators/join_all.hpp"
#include "runtime/combinators/race.hpp"
#include "runtime/combinators/retry.hpp"
#include "runtime/combinators/timeout.hpp"
#include "runtime/executor/current_thread.hpp"
#ifdef __EMSCRIPTEN__ // a page has one thread, and an event loop
#include "runtime/executor/event_loop.hpp"
#else
#include "runtime/executor/offload.hpp"
#include "runtime/executor/thread_pool.hpp"
#endif
#include "trace-format/names.hpp"
