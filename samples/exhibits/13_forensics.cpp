// Exhibit 13: every kind of cancellation, each with its whole chain; and one chain too long to be kept whole.
#include "runtime/cancelscope.hpp"
#include "samples/exhibits/exhibits.hpp"

#include <algorithm>

namespace cancelscope::samples {

namespace {

using namespace std::chrono_literals;

task<> rest() {
  co_await sleep(1h);
}
task<> give_up_after(nanoseconds pause, std::string why) {
  co_await sleep(pause);
  co_await fail(std::move(why));
}
task<> be_quick() {
  co_await sleep(1ms);
}
task<> spend_for_ever() {
  for (;;)
    co_await spend(1);
}

class investigation {
public:
  explicit investigation(stage& on) : on_(on) {}

  task<> look_into_all(region r) {
    co_await user_case(r);
    co_await timeout_case();
    co_await budget_case();
    co_await fail_fast_case();
    co_await race_case();
    co_await long_chain_case(r);
  }

  task<> be_shut_down() {
    auto how = co_await outcome_of(rest());
    expect(how.why(), cancel_kind::parent, cancel_kind::shutdown, "the machine goes down");
    co_await value_of(std::move(how));
  }

private:
  void expect(const cancellation& why, cancel_kind kind, cancel_kind root,
              std::string_view message) {
    const bool whole = why && !why.root().truncated() && why.kind() == kind &&
                       why.root().kind() == root && why.root_message() == message;
    on_.prove(whole, "kind " + std::string{to_string(root)} + ": the chain of " +
                         std::to_string(why ? why.depth() : 0) + " is whole and ends at “" +
                         std::string{message} + "”");
  }
  void expect_origin(const cancellation& why, std::string_view who) {
    const auto by = why.root().origin_task();
    on_.prove(by && *by == on_.trace().task_named(who),
              "and names who asked for it: `" + std::string{who} + "`");
  }

  task<> user_case(region r) {
    const auto h = r.spawn("asked to stop", rest());
    h.cancel("the customer left");
    const auto ended = co_await h.join();
    expect(ended.why(), cancel_kind::user, cancel_kind::user, "the customer left");
    expect_origin(ended.why(), "investigation");
  }
  task<> timeout_case() {
    const auto ended = co_await timeout("payment", 5ms, rest());
    expect(ended.why(), cancel_kind::parent, cancel_kind::timeout,
           "the deadline of 'payment' passed");
    expect_origin(ended.why(), "investigation");
  }
  task<> budget_case() {
    const auto body = [](region) { return spend_for_ever(); };
    const auto ended = co_await with_region("purse", {.cost = 3}, body);
    expect(ended.why(), cancel_kind::parent, cancel_kind::budget, "'purse' has used up its cost");
    expect_origin(ended.why(), "purse");
  }
  task<> fail_fast_case() {
    const auto body = [](region r) -> task<> {
      const auto sibling = r.spawn("sibling", rest());
      const auto failing = r.spawn("stock", give_up_after(1ms, "no lamps left"));
      static_cast<void>(co_await shield(join_all(sibling, failing)));
      co_await checkpoint();
    };
    const auto ended = co_await with_region("order", body);
    expect(ended.why(), cancel_kind::parent, cancel_kind::fail_fast, "stock failed: no lamps left");
    expect_origin(ended.why(), "stock");
  }
  task<> race_case() {
    cancellation lost;
    const auto loser = [&lost]() -> task<> {
      auto how = co_await outcome_of(rest());
      lost = how.why();
      co_await value_of(std::move(how));
    };
    static_cast<void>(co_await race(named("backup", be_quick()), named("primary", loser())));
    expect(lost, cancel_kind::race_lost, cancel_kind::race_lost, "'backup' ended first");
    expect_origin(lost, "backup");
  }

  /// Dominoes: each, as it falls, cancels the next, and so is its cause.
  task<> long_chain_case(region r) {
    constexpr std::size_t count = 40;
    std::vector<join_handle<void>> dominoes;
    const auto domino = [&dominoes](std::size_t number) -> task<> {
      auto how = co_await outcome_of(rest());
      if (number + 1 < dominoes.size()) dominoes[number + 1].cancel("the one before fell");
      co_await value_of(std::move(how));
    };
    for (std::size_t i = 0; i < count; ++i)
      dominoes.push_back(r.spawn("domino " + std::to_string(i), domino(i)));
    co_await sleep(1ms);
    dominoes.front().cancel("pushed");
    std::size_t whole = 0;
    cancellation last;
    for (const auto& each : dominoes) {
      const outcome<void> ended = co_await each.join();
      last = ended.why();
      whole += !last.root().truncated();
    }
    on_.prove_equal(whole, kernel_limits{}.chain_depth,
                    "of 40 falling dominoes those within the set depth know their whole chain");
    on_.prove(last.root().truncated() && !last.root().cause(),
              "the chain of the last one is cut, and says so");
  }

  stage& on_;
};

void run_forensics(stage& on) {
  investigation all{on};
  const auto ended = on.runtime().run("investigation", {.policy = on_failure::keep_going},
                                      [&](region r) { return all.look_into_all(r); });
  on.prove(ended.is_ok(), "all cases were looked into");
  const auto stopped = on.runtime().run("machine", [&](region r) -> task<> {
    const auto running = r.spawn("service", all.be_shut_down());
    co_await sleep(1ms);
    on.runtime().shutdown("the machine goes down");
    static_cast<void>(co_await shield(join_all(running)));
  });
  static_cast<void>(stopped);
  const auto requests = on.trace().all<trace::cancel_request>();
  for (const auto kind :
       {cancel_kind::user, cancel_kind::timeout, cancel_kind::budget, cancel_kind::fail_fast,
        cancel_kind::race_lost, cancel_kind::parent, cancel_kind::shutdown})
    on.prove(std::ranges::any_of(requests, [&](const auto& c) { return c.kind == kind; }),
             "the trace holds a request of kind " + std::string{to_string(kind)});
  on.prove(std::ranges::all_of(requests,
                               [](const auto& c) {
                                 return c.kind != cancel_kind::parent || c.cause || c.truncated;
                               }),
           "and none of kind parent without its cause");
  on.prove_nothing_left();
}

} // namespace

sample forensics() {
  return {.name = "forensics",
          .exhibit = 13,
          .shows = "each kind of cancellation with its full chain, and one chain that is cut",
          .findings = {"truncated-chain"},
          .run = run_forensics};
}

} // namespace cancelscope::samples
