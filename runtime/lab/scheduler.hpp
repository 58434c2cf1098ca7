// Who says, in the lab, what happens next.
//
// Threading: that of its lab. Failure: none; a scheduler that names no candidate is a broken invariant.
#pragma once

#include "runtime/lab/accesses.hpp"
#include "runtime/lab/seed.hpp"

#include <memory>
#include <random>
#include <span>
#include <string>

namespace cancelscope {

class scheduler {
public:
  scheduler() = default;
  scheduler(const scheduler&) = delete;
  scheduler& operator=(const scheduler&) = delete;
  virtual ~scheduler() = default;

  /// The index of what happens next. Timers that are due come first, then deadlines, then the tasks that are ready,
  /// by priority and by how long they have been: always taking the first is what current_thread does.
  virtual std::size_t pick(std::span<const lab_actor> candidates) = 0;
  /// Nothing could happen any more at the time it was, and now it is later; or a program begins.
  virtual void time_passed() {}
  /// What was picked has happened, and used that.
  virtual void stepped(access_set /*used*/) {}
  /// `stepped` is wanted; finding out costs something.
  [[nodiscard]] virtual bool wants_accesses() const { return false; }
  /// What replays this, as it will stand in the trace's header; nothing when that is not known beforehand.
  [[nodiscard]] virtual std::string seed() const { return {}; }
};

/// Picks by chance, the same from the same number on every machine.
class seeded_scheduler final : public scheduler {
public:
  explicit seeded_scheduler(std::uint64_t seed) : seed_(seed), random_(seed) {}

  std::size_t pick(std::span<const lab_actor> candidates) override {
    // Not a std::uniform_int_distribution, which differs from library to library.
    return candidates.size() == 1 ? 0 : static_cast<std::size_t>(random_() % candidates.size());
  }
  [[nodiscard]] std::string seed() const override { return to_string(lab_seed{seed_}); }

private:
  std::uint64_t seed_;
  std::mt19937_64 random_;
};

/// Picks what was picked before. A choice that is no longer there becomes the last that is.
class recorded_scheduler final : public scheduler {
public:
  explicit recorded_scheduler(lab_choices choices) : choices_(std::move(choices)) {}

  std::size_t pick(std::span<const lab_actor> candidates) override;
  [[nodiscard]] std::string seed() const override { return to_string(lab_seed{choices_}); }

private:
  lab_choices choices_;
  std::size_t next_ = 0;
  std::size_t step_ = 0;
};

std::unique_ptr<scheduler> scheduler_of(const lab_seed& seed);

} // namespace cancelscope
