#include "samples/faulty/faulty.hpp"

#include <algorithm>
#include <array>

namespace cancelscope::samples {

std::span<const faulty_program> faulty_programs() {
  static const std::array all{lost_wakeup(), leak_on_cancel(), loser_not_drained(), double_join(),
                              lock_held_across_cancel()};
  return all;
}

const faulty_program* find_faulty_program(std::string_view name) {
  const auto all = faulty_programs();
  const auto found = std::ranges::find(all, name, &faulty_program::name);
  return found == all.end() ? nullptr : &*found;
}

} // namespace cancelscope::samples
