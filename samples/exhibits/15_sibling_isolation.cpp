// Exhibit 15: four siblings are closed one by one; after each the living are probed, and answer.
#include "runtime/cancelscope.hpp"
#include "samples/exhibits/exhibits.hpp"

#include <algorithm>
#include <random>

namespace cancelscope::samples {

namespace {

using namespace std::chrono_literals;

/// A probe: who is asked sends its number back.
using probe = oneshot_sender<std::size_t>;

struct sibling {
  std::size_t number = 0;
  region here;
  mpsc_sender<probe> ask;
};

class family {
public:
  explicit family(stage& on) : on_(on) {}

  task<> live(region r) {
    std::vector<join_handle<void>> holders;
    for (std::size_t number = 0; number < count; ++number)
      holders.push_back(r.spawn("holds " + name_of(number), hold(number)));
    co_await sleep(1ms);
    std::vector<std::size_t> order{0, 1, 2, 3};
    std::ranges::shuffle(order, std::mt19937_64{on_.seed()});
    co_await probe_all(order);
    while (!order.empty()) {
      const std::size_t last = order.back();
      order.pop_back();
      by_number(last).here.cancel("closed one by one");
      co_await sleep(1ms);
      on_.prove(!on_.core().is_live(by_number(last).here.handle()), name_of(last) + " is closed");
      co_await probe_all(order);
    }
    for (const auto& each : holders)
      co_await value_of(each.join());
  }

private:
  static constexpr std::size_t count = 4;
  static std::string name_of(std::size_t number) { return "sibling " + std::to_string(number); }

  const sibling& by_number(std::size_t number) const {
    return *std::ranges::find(siblings_, number, &sibling::number);
  }

  task<> hold(std::size_t number) {
    const std::string name = name_of(number);
    const auto body = [this, number](region here) -> task<> {
      auto [ask, asked] = mpsc<probe>("probes of " + name_of(number), 1);
      siblings_.push_back({number, here, std::move(ask)});
      return answer(number, std::move(asked));
    };
    static_cast<void>(co_await with_region(name, body));
  }

  static task<> answer(std::size_t number, mpsc_receiver<probe> asked) {
    while (auto who = co_await asked.receive())
      static_cast<void>(std::move(*who).send(number));
  }

  task<> probe_all(const std::vector<std::size_t>& living) {
    std::size_t answered = 0;
    for (const std::size_t number : living) {
      auto [reply, answered_with] = oneshot<std::size_t>("reply");
      co_await value_of(by_number(number).ask.send(std::move(reply)));
      const auto got = co_await answered_with.receive();
      const bool untouched = !on_.core().cancellation_of(by_number(number).here.handle());
      answered += got && *got == number && untouched;
    }
    on_.prove_equal(answered, living.size(),
                    std::to_string(living.size()) +
                        " living siblings answer, none under a request");
  }

  stage& on_;
  std::vector<sibling> siblings_;
};

void run_sibling_isolation(stage& on) {
  family four{on};
  const auto ended = on.runtime().run("family", [&](region r) { return four.live(r); });
  on.prove(ended.is_ok(), "the family's own region is none the worse for it");
  const auto requests = on.trace().all<trace::cancel_request>(
      [](const auto& c) { return c.target.kind == entity_kind::region; });
  on.prove_equal(requests.size(), 4,
                 "in the trace four regions were cancelled, each by its own request");
  on.prove(std::ranges::none_of(requests, [](const auto& c) { return c.cause.has_value(); }),
           "and none because of another");
  on.prove_nothing_left();
}

} // namespace

sample sibling_isolation() {
  return {.name = "sibling-isolation",
          .exhibit = 15,
          .shows =
              "four siblings are closed one by one; the living are probed after each, and answer",
          .run = run_sibling_isolation};
}

} // namespace cancelscope::samples
