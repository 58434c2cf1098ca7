// Programs that are wrong on purpose, each beside the one that is right. In the order of current_thread all of them
// seem to work; exploration finds what is wrong with the first of each pair, and nothing with the second.
//
// To add one: its file, a line here, a line in faulty.cpp.
//
// Threading: one lab, one thread. Failure: what each is there to show.
#pragma once

#include "runtime/executor/scope.hpp"
#include "runtime/executor/waits.hpp"

#include <span>
#include <string_view>

namespace cancelscope::samples {

struct faulty_program {
  std::string_view name;   ///< as the command line takes it
  std::string_view shows;  ///< one line
  std::string_view breaks; ///< the guarantee that it breaks, by the oracle's name
  task<void> (*wrong)(region) = nullptr;
  task<void> (*right)(region) = nullptr;
};

std::span<const faulty_program> faulty_programs();
/// The one of that name, or null.
const faulty_program* find_faulty_program(std::string_view name);

faulty_program lost_wakeup();
faulty_program leak_on_cancel();
faulty_program loser_not_drained();
faulty_program double_join();
faulty_program lock_held_across_cancel();

} // namespace cancelscope::samples
