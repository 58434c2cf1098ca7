// What replays a run in the lab: a number that its choices were drawn from, or the choices themselves.
//
// At each step the lab has candidates, in the order in which current_thread would take them. Choices name the steps
// at which another than the first was taken, and which: none at all is the order of current_thread. Written
// as text, a seed stands in the trace's header, and `cancelscope run --seed` takes it.
//
//     0x2a                 drawn from 42
//     choices:3=1,7=2      at step 3 the second candidate, at step 7 the third, else the first
//
// Threading: values. Failure: text that is none says what it should have been.
#pragma once

#include "trace-format/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cancelscope {

struct lab_choice {
  std::size_t step = 0;  ///< counted from 0
  std::size_t index = 0; ///< of the candidates there, counted from 0

  friend auto operator<=>(const lab_choice&, const lab_choice&) = default;
};

/// In rising order of steps; steps that are not named take the first candidate.
using lab_choices = std::vector<lab_choice>;

using lab_seed = std::variant<std::uint64_t, lab_choices>;

std::string to_string(const lab_seed& seed);
trace::result<lab_seed> parse_lab_seed(std::string_view text);

} // namespace cancelscope
