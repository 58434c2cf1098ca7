// A sample: a small program on the runtime that shows one thing, and proves it as it runs.
//
// A sample takes what it runs on from its stage and asks nothing about it: the command line runs it on the current
// thread, the lab under every schedule it can think of. So what it proves must hold whatever comes first.
//
// Threading: one stage, one thread. Failure: a proof that does not hold, and nothing else.
//
//     void run(stage& on) {
//       const auto ended = on.runtime().run("work", [](region) -> task<int> { co_return 7; });
//       on.prove(ended.is_ok(), "the task ended well");
//     }
#pragma once

#include "runtime/executor/host.hpp"
#include "trace-format/kept_trace.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::samples {

struct proof {
  bool holds = false;
  std::string what; ///< a sentence
};

/// What a sample runs on, and where it says what it proved.
class stage {
public:
  /// `recorded` is where the host's events go; all three outlive the stage.
  stage(host& runs_on, const trace::kept_trace& recorded, std::uint64_t seed)
      : runtime_(runs_on), trace_(recorded), seed_(seed) {}
  stage(const stage&) = delete;
  stage& operator=(const stage&) = delete;

  [[nodiscard]] host& runtime() noexcept { return runtime_; }
  [[nodiscard]] kernel& core() noexcept { return runtime_.core(); }
  /// Everything that has been recorded so far.
  [[nodiscard]] const trace::kept_trace& trace() const noexcept { return trace_; }
  /// What the sample's own choices are drawn from, where it makes any.
  [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }

  /// The sample claims `what`, a sentence; it was measured to hold or not.
  void prove(bool holds, std::string what) { proofs_.push_back({holds, std::move(what)}); }
  /// Claims that two measured numbers are one; the sentence says both when they are not.
  void prove_equal(std::uint64_t measured, std::uint64_t expected, std::string what);
  /// Claims that nothing lives any more: counted by the kernel, and from the trace.
  void prove_nothing_left();

  [[nodiscard]] const std::vector<proof>& proofs() const noexcept { return proofs_; }
  /// It proved something, and all of it holds.
  [[nodiscard]] bool holds() const;

private:
  host& runtime_;
  const trace::kept_trace& trace_;
  std::uint64_t seed_;
  std::vector<proof> proofs_;
};

struct sample {
  std::string_view name;    ///< as the command line takes it: words and hyphens
  int exhibit = 0;          ///< its number in the list of exhibits
  std::string_view shows{}; ///< one line
  /// Codes of what `cancelscope check` finds in its trace, each once or more; as a rule nothing.
  std::vector<std::string_view> findings{};
  void (*run)(stage&) = nullptr;
  bool measures_time = false; ///< it needs the machine's clock: no two of its runs are alike
};

/// All samples, by exhibit.
std::span<const sample> all_samples();
/// The one of that name, or null.
const sample* find_sample(std::string_view name);

} // namespace cancelscope::samples
