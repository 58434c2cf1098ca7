#include "samples/tutorial/threads.hpp"

#include "runtime/cancelscope.hpp"

#include <cstdint>
#include <stop_token>

namespace tutorial {

using namespace std::chrono_literals;
using namespace cancelscope;

namespace {

bool is_prime(std::uint64_t number) {
  for (std::uint64_t by = 2; by * by <= number; ++by)
    if (number % by == 0) return false;
  return number > 1;
}

std::uint64_t count_primes(std::uint64_t below, const std::stop_token& stop) {
  std::uint64_t found = 0;
  for (std::uint64_t number = 0; number < below && !stop.stop_requested(); ++number)
    found += is_prime(number) ? 1 : 0;
  return found;
}

task<std::uint64_t> primes(std::uint64_t below) {
  const auto count = [below](const std::stop_token& stop) { return count_primes(below, stop); };
  co_return co_await offload("count primes", count);
}

} // namespace

outcome<void> offloading(host& runtime, std::string& log) {
  return runtime.run("numbers", [&log](region) -> task<> {
    log += std::to_string(co_await primes(1000)) + " primes below 1000\n";
    auto too_many = co_await timeout("patience", 5ms, primes(1'000'000'000'000));
    if (!too_many) log += std::string{too_many.message()} + "\n";
  });
}

} // namespace tutorial
