// What `explore` and `run` take by name, as programs for the lab: the exhibits, and those that are wrong on purpose.
//
// Threading: a program is run by one thread at a time. Failure: an absent one.
#pragma once

#include "runtime/lab/program.hpp"
#include "samples/sample.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cancelscope::ui {

struct named_program {
  lab_program program;
  std::string_view shows; ///< one line
};

/// What `check` is meant to find in the sample's trace, as the oracles that find it in the lab.
std::vector<std::string> meant_by(const samples::sample& shown);

/// `sample_seed` is what the sample draws its own choices from, not the lab.
std::optional<named_program> find_lab_program(std::string_view name, std::uint64_t sample_seed = 1);

} // namespace cancelscope::ui
