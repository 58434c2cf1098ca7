#include "ui/program/lab_programs.hpp"

#include "samples/faulty/faulty.hpp"
#include "trace-format/kept_trace.hpp"

#include <algorithm>
#include <memory>

namespace cancelscope::ui {

namespace {

std::optional<std::string> first_that_fails(const samples::stage& on) {
  if (on.proofs().empty()) return "the sample proved nothing";
  const auto fails = std::ranges::find(on.proofs(), false, &samples::proof::holds);
  if (fails == on.proofs().end()) return std::nullopt;
  return "it does not hold that " + fails->what;
}

lab_program program_of(const samples::sample& shown, std::uint64_t sample_seed) {
  const auto kept = std::make_shared<std::unique_ptr<trace::kept_trace>>();
  return {.name = std::string{shown.name},
          .run = [&shown, kept, sample_seed](host& on) -> std::optional<std::string> {
            samples::stage stage{on, **kept, sample_seed};
            shown.run(stage);
            return first_that_fails(stage);
          },
          .shows = meant_by(shown),
          .recorded_by =
              [kept] {
                *kept = std::make_unique<trace::kept_trace>();
                return kept->get();
              }};
}

} // namespace

std::vector<std::string> meant_by(const samples::sample& shown) {
  std::vector<std::string> oracles;
  for (const std::string_view code : shown.findings) {
    if (code == "leaked-obligation") oracles.emplace_back("obligations resolved");
    if (code == "violation") oracles.emplace_back("clean-up budget");
  }
  return oracles;
}

std::optional<named_program> find_lab_program(std::string_view name, std::uint64_t sample_seed) {
  if (const samples::sample* const shown = samples::find_sample(name))
    return named_program{program_of(*shown, sample_seed), shown->shows};
  if (const samples::faulty_program* const faulty = samples::find_faulty_program(name))
    return named_program{lab_program_of(std::string{faulty->name}, {}, faulty->wrong),
                         faulty->shows};
  return std::nullopt;
}

} // namespace cancelscope::ui
