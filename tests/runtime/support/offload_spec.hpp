// What holds of `offload` on every executor that has other threads. To be included after conformance.hpp, whose executors
// it is held against.
//
// A function that is to be cancelled first says that it runs: time passes while it does, on a virtual clock at once.
#pragma once

#include "tests/runtime/support/conformance.hpp"

#include <future>
#include <stop_token>
#include <thread>

namespace cancelscope {
namespace {

/// Runs until it is told to stop.
struct until_stopped {
  std::promise<void>& begun;
  std::atomic<bool>& returned;

  void operator()(const std::stop_token& stop) const {
    begun.set_value();
    std::promise<void> told;
    const std::stop_callback tell{stop, [&told] { told.set_value(); }};
    told.get_future().wait();
    returned = true;
  }
};

TYPED_TEST(the_runtime, gives_the_value_of_a_function_that_ran_on_another_thread) {
  std::thread::id there;
  static_cast<void>(this->runtime().run("root", [&](region) -> task<void> {
    const std::thread::id here = std::this_thread::get_id();
    const auto compute = [&there] {
      there = std::this_thread::get_id();
      return 42;
    };
    const int computed = co_await offload("compute", compute);
    EXPECT_EQ(computed, 42);
    EXPECT_NE(there, here);
  }));
}

TYPED_TEST(the_runtime, throws_on_what_an_offloaded_function_throws) {
  const auto ended = this->runtime().run("root", [&](region) -> task<void> {
    const auto broken = [] { throw std::runtime_error("the disk is gone"); };
    co_await offload("read the disk", broken);
  });
  ASSERT_TRUE(ended.is_panicked());
  EXPECT_EQ(ended.panicked().message, "the disk is gone");
}

TYPED_TEST(the_runtime, runs_offloaded_functions_at_the_same_time) {
  std::promise<int> asked;
  std::promise<int> answered;
  const auto ask = [&]() -> task<int> {
    const auto call = [&] {
      asked.set_value(20);
      return answered.get_future().get();
    };
    co_return co_await offload("ask", call);
  };
  const auto reply = [&]() -> task<int> {
    const auto listen = [&] {
      answered.set_value(asked.get_future().get() + 1);
      return 0;
    };
    co_return co_await offload("reply", listen);
  };
  static_cast<void>(this->runtime().run("root", [&](region r) -> task<void> {
    const auto asking = r.spawn("asking", ask());
    const auto replying = r.spawn("replying", reply());
    const auto got = co_await asking.join();
    EXPECT_EQ(*got, 21);
    static_cast<void>(co_await replying.join());
  }));
}

TYPED_TEST(the_runtime, tells_an_offloaded_function_of_a_request_and_ends_when_it_has_returned) {
  std::promise<void> begun;
  std::atomic<bool> returned = false;
  const auto parked = [&]() -> task<void> {
    const until_stopped work{begun, returned};
    co_await offload("work", work);
    ADD_FAILURE() << "the request ends the body at the await";
  };
  static_cast<void>(this->runtime().run("root", [&](region r) -> task<void> {
    const auto h = r.spawn("parked", parked());
    co_await yield();
    begun.get_future().wait();
    h.cancel("enough");
    const auto ended = co_await h.join();
    EXPECT_EQ(ended.why().message(), "enough");
    EXPECT_TRUE(returned);
  }));
}

TYPED_TEST(the_runtime, closes_no_region_before_an_offloaded_function_has_returned) {
  std::promise<void> begun;
  std::atomic<bool> returned = false;
  static_cast<void>(this->runtime().run("root", [&](region) -> task<void> {
    const auto work = [&]() -> task<void> {
      const until_stopped wait{begun, returned};
      co_await offload("work", wait);
    };
    const auto ended = co_await timeout("at most", 1ms, work());
    EXPECT_EQ(ended.why().root().kind(), cancel_kind::timeout);
    EXPECT_TRUE(returned);
  }));
}

TYPED_TEST(the_runtime, stops_a_task_whose_clean_up_took_too_long_when_its_function_has_returned) {
  std::promise<void> begun;
  std::promise<void> goes_on;
  std::atomic<bool> returned = false;
  const auto deaf = [&]() -> task<void> {
    const auto work = [&] { // heeds no token
      begun.set_value();
      goes_on.get_future().wait();
      returned = true;
    };
    co_await offload("deaf", work);
  };
  static_cast<void>(this->runtime().run(
      "root", {.cleanup = 5ms, .policy = on_failure::keep_going}, [&](region r) -> task<void> {
        const auto h = r.spawn("deaf", deaf());
        co_await yield();
        begun.get_future().wait();
        h.cancel("enough");
        co_await sleep(50ms);
        EXPECT_FALSE(returned);
        EXPECT_FALSE(h.is_over());
        goes_on.set_value();
        const auto ended = co_await h.join();
        EXPECT_TRUE(returned);
        EXPECT_EQ(ended.panicked().message, "clean-up budget exhausted");
      }));
  EXPECT_EQ(this->trace.template all<trace::violation>().size(), 1U);
}

TYPED_TEST(the_runtime, masks_requests_to_an_offloaded_function_under_a_shield) {
  std::promise<void> begun;
  std::promise<void> goes_on;
  const auto careful = [&]() -> task<void> {
    const auto save = [&](const std::stop_token& stop) {
      begun.set_value();
      goes_on.get_future().wait();
      EXPECT_FALSE(stop.stop_requested());
    };
    const auto saving = [&]() -> task<void> { co_await offload("save", save); };
    co_await shield(saving());
    co_await checkpoint();
    ADD_FAILURE() << "the request is seen at the next checkpoint";
  };
  static_cast<void>(this->runtime().run("root", [&](region r) -> task<void> {
    const auto h = r.spawn("careful", careful());
    co_await yield();
    begun.get_future().wait();
    h.cancel("enough");
    co_await yield();
    goes_on.set_value();
    const auto ended = co_await h.join();
    EXPECT_TRUE(ended.is_cancelled());
  }));
}

TYPED_TEST(the_runtime, traces_an_offloaded_function_as_a_wait_with_its_name) {
  static_cast<void>(this->runtime().run("root", [&](region) -> task<void> {
    co_await offload("checksum", [] {});
    co_await offload([] {});
  }));
  std::vector<std::string> labels;
  for (const auto& wait : this->trace.template all<trace::task_wait>())
    labels.emplace_back(wait.label.value_or(""));
  EXPECT_THAT(labels, ElementsAre("checksum", "a function on another thread"));
}

} // namespace
} // namespace cancelscope
