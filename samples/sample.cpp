#include "samples/sample.hpp"

#include "samples/exhibits/exhibits.hpp"

#include <algorithm>

namespace cancelscope::samples {

namespace {

/// What the trace says is still there at its end.
std::size_t left_in(const trace::kept_trace& recorded) {
  std::size_t introduced = 0;
  std::size_t released = 0;
  for (const trace::event& e : recorded.events()) {
    introduced += std::holds_alternative<trace::region_open>(e.body) ||
                  std::holds_alternative<trace::task_spawn>(e.body) ||
                  std::holds_alternative<trace::obligation_open>(e.body);
    released += std::holds_alternative<trace::slot_release>(e.body);
  }
  return introduced - released;
}

} // namespace

void stage::prove_equal(std::uint64_t measured, std::uint64_t expected, std::string what) {
  const bool holds = measured == expected;
  if (!holds)
    what +=
        " (expected " + std::to_string(expected) + ", measured " + std::to_string(measured) + ")";
  prove(holds, std::move(what));
}

void stage::prove_nothing_left() {
  const kernel_counts counts = core().counts();
  prove_equal(counts.regions + counts.tasks + counts.obligations, 0,
              "the kernel counts no region, task or obligation that still lives");
  prove_equal(left_in(trace_), 0, "the trace releases every one that it introduces");
}

bool stage::holds() const {
  return !proofs_.empty() && std::ranges::all_of(proofs_, &proof::holds);
}

std::span<const sample> all_samples() {
  return exhibits();
}

const sample* find_sample(std::string_view name) {
  const auto all = all_samples();
  const auto found = std::ranges::find(all, name, &sample::name);
  return found == all.end() ? nullptr : &*found;
}

} // namespace cancelscope::samples
