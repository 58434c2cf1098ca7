// Exploration: a program under every schedule that can make a difference.
//
// After each run the explorer looks for *races*: two steps of different actors, one right after the other as far as
// causes go, that are not independent, where the later could have come first. For each it plans a run that
// goes the same way up to the earlier step and lets the other side go first.
//
//   Which runs are enough: dynamic partial-order reduction (C. Flanagan, P. Godefroid: "Dynamic Partial-Order
//   Reduction for Model Checking Software", POPL 2005), in the form with source sets (P. Abdulla, S. Aronis,
//   B. Jonsson, K. Sagonas: "Optimal Dynamic Partial Order Reduction", POPL 2014).
//   Which runs repeat: sleep sets (P. Godefroid: "Partial-Order Methods for the Verification of Concurrent
//   Systems", LNCS 1032, 1996).
//   Which run comes next: the one that departs least often from the order of current_thread, in the spirit of iterative
//   context bounding (M. Musuvathi, S. Qadeer: "Iterative Context Bounding for Systematic Testing of
//   Multithreaded Programs", PLDI 2007): most errors need few departures, and are found so with few schedules.
//
// What it assumes is said in docs/lab.md: above all that tasks share nothing but the runtime's objects and what they
// tell by `touches`. `reduction::none` assumes nothing and runs every order.
//
// Threading: one call at a time.
// Failure:   in the answer: a schedule under which something is broken, or a program that did not do the same again.
//
//     const exploration found = explore(program, {.schedules = 1000});
//     if (found.failure) replay(to_string(lab_seed{found.failure->choices}));
#pragma once

#include "runtime/lab/program.hpp"

namespace cancelscope {

enum class reduction : std::uint8_t { partial_order, none };

struct exploration_options {
  std::size_t schedules = 1000; ///< at most so many runs
  reduction reduced_by = reduction::partial_order;
  lab_limits limits{};
  /// Told of every run that was not broken, as it ends.
  std::function<void(const lab_run&)> after_run{};
};

struct failing_schedule {
  lab_choices choices;
  std::size_t steps = 0;
  std::vector<broken_promise> broken;
};

struct exploration {
  std::size_t run = 0; ///< schedules run, the failing one included
  /// Alternatives at the steps of these schedules that were not taken, because each could only have repeated one of
  /// them.
  std::size_t pruned = 0;
  std::size_t redundant = 0; ///< of the schedules run: those that turned out to repeat another
  bool complete = false;     ///< nothing is left that could make a difference
  std::optional<failing_schedule> failure;
  /// The program did not do the same again under the same schedule; says where.
  std::optional<std::string> not_repeatable;
};

exploration explore(const lab_program& program, const exploration_options& options = {});

} // namespace cancelscope
