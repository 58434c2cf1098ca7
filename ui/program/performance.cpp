#include "ui/program/performance.hpp"

#include "inspector/findings/finding.hpp"
#include "inspector/store/loader.hpp"
#include "runtime/executor/current_thread.hpp"
#include "trace-format/jsonl_writer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <set>

namespace cancelscope::ui {

namespace {

std::string as_lines(const trace::kept_trace& kept) {
  trace::jsonl_writer writer;
  std::string lines;
  for (const trace::event& e : kept.events())
    writer.append(e, lines);
  return lines;
}

using codes = std::set<std::string_view>;

std::string listed(const codes& found) {
  return found.empty() ? "nothing" : fmt::format("{}", fmt::join(found, ", "));
}

/// On the machine's clock a drain is as slow as whatever else the machine does; that says nothing of the sample.
constexpr inspector::finding_limits limits_in_real_time{
    .slow_drain_ns = std::numeric_limits<std::uint64_t>::max()};

/// The inspector reads the trace as it would anybody's.
samples::proof checked(const samples::sample& shown, const std::string& lines,
                       const inspector::finding_limits& limits) {
  const auto loaded = inspector::load_bytes("the trace of " + std::string{shown.name}, lines);
  if (!loaded) return {false, loaded.error().message};
  if (const auto anomalies = loaded->anomalies(); !anomalies.empty())
    return {false, fmt::format("the trace has {} anomalies", anomalies.size())};
  codes found;
  for (const auto& each : inspector::find_all(*loaded, limits))
    found.insert(inspector::to_string(each.code));
  const codes meant(shown.findings.begin(), shown.findings.end());
  if (found != meant)
    return {false, fmt::format("`check` finds {} in the trace where it is meant to find {}",
                               listed(found), listed(meant))};
  const bool all_judged = limits.slow_drain_ns == inspector::finding_limits{}.slow_drain_ns;
  return {true,
          fmt::format("`check` finds {} in the trace{}{}", listed(found),
                      found.empty() ? "" : ", as it is meant to",
                      all_judged ? "" : " (on the machine's clock, slow clean-up does not count)")};
}

} // namespace

bool performance::holds() const {
  return std::ranges::all_of(proofs, &samples::proof::holds);
}

performance perform(const samples::sample& shown, const performance_options& options) {
  trace::kept_trace kept;
  performance done;
  const auto show_on = [&](host& runtime) {
    samples::stage stage{runtime, kept, options.seed};
    shown.run(stage);
    done.proofs = stage.proofs();
    if (done.proofs.empty()) done.proofs.push_back({false, "the sample proved nothing"});
  };
  const bool real_time = options.real_time || shown.measures_time;
  if (real_time) {
    real_clock clock;
    current_thread runtime{
        clock, {.name = shown.name, .seed = fmt::format("{:#x}", options.seed), .sink = &kept}};
    show_on(runtime);
  } else {
    const auto picks = scheduler_of(options.schedule);
    lab runtime{*picks, {.program = {.name = shown.name, .sink = &kept}, .shows = meant_by(shown)}};
    show_on(runtime);
    runtime.compare();
    for (const broken_promise& each : runtime.broken())
      done.proofs.push_back({false, each.oracle + ": " + each.message});
  }
  done.events = kept.events().size();
  done.trace = as_lines(kept);
  done.proofs.push_back(
      checked(shown, done.trace, real_time ? limits_in_real_time : inspector::finding_limits{}));
  return done;
}

performance perform(const named_program& shown, const performance_options& options) {
  trace::kept_trace kept;
  performance done;
  for (const broken_promise& each : run_in_lab(shown.program, options.schedule, &kept).broken)
    done.proofs.push_back({false, each.oracle + ": " + each.message});
  if (done.proofs.empty())
    done.proofs.push_back({true, "nothing is broken when things happen in this order"});
  done.events = kept.events().size();
  done.trace = as_lines(kept);
  return done;
}

} // namespace cancelscope::ui
