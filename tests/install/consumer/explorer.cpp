// Explores a program that loses an addition in one of its orders, and prints what was found.
#include <cancelscope/runtime/cancelscope.hpp>
#include <cancelscope/runtime/lab/explore.hpp>

#include <cstdio>

using namespace cancelscope;

static task<> add_one(int& sum) {
  touches(&sum);
  const int before = sum;
  co_await yield();
  touches(&sum);
  sum = before + 1;
}

static task<> add_two(region) {
  int sum = 0;
  const auto both = [&sum](region r) -> task<> {
    static_cast<void>(r.spawn("one", add_one(sum)));
    static_cast<void>(r.spawn("another", add_one(sum)));
    co_return;
  };
  co_await value_of(with_region("both", both));
  if (sum != 2) co_await fail("an addition is lost");
}

int main() {
  const exploration found = explore(lab_program_of("add two", {}, add_two));
  if (!found.failure) return 1;
  std::printf("%s\n", found.failure->broken.at(0).message.c_str());
}
