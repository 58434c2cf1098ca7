#include "inspector/command_line/commands.hpp"
#include "inspector/text/units.hpp"
#include "trace-format/output.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>
#include <vector>

namespace cancelscope::inspector {

void trace_command::declare(CLI::App& options) {
  options.add_option("TRACE", path_, "the trace file, or - for standard input")->required();
  options.add_flag("--json", json_, "answer as JSON");
  declare_more(options);
}

trace::result<exit_status> trace_command::run(console& io) {
  if (auto objected = objection(path_)) return *objected;
  const auto trace = load_with_progress(path_, io);
  if (!trace) return trace.error();
  return answer(*trace, io);
}

std::optional<trace::failure> refuse_trace_as_output(const std::string& trace,
                                                     const std::string& output) {
  std::error_code ignored; // what is not there yet is not the trace
  if (!std::filesystem::equivalent(trace, output, ignored)) return std::nullopt;
  return trace::failure{output + " is the trace itself; give the output another name."};
}

std::optional<trace::failure> write_file(const std::string& path, std::string_view bytes) {
  auto file = trace::file_output::create(path);
  if (!file) return file.error();
  return (*file)->write(bytes);
}

namespace {

/// "1 region and 2 tasks": what they are that bear one name.
std::string counted_by_type(const std::vector<entity>& all) {
  constexpr std::array kinds{
      std::pair{entity_type::region, "region"}, std::pair{entity_type::task, "task"},
      std::pair{entity_type::cancel, "cancel"}, std::pair{entity_type::obligation, "obligation"}};
  std::vector<std::string> counts;
  for (const auto& [type, word] : kinds)
    if (const auto count = std::ranges::count(all, type, &entity::type); count > 0)
      counts.push_back(counted(static_cast<std::uint64_t>(count), word));
  return fmt::format("{}", fmt::join(counts, " and "));
}

} // namespace

trace::result<entity> find_one(const trace_store& trace, const std::string& id_or_name) {
  if (const entity who = trace.find(id_or_name)) return who;
  const auto named = trace.find_named(id_or_name);
  if (named.size() == 1) return named.front();
  if (named.empty())
    return trace::failure{
        fmt::format("{} has no region, task, cancel or obligation with the id or name “{}”.",
                    trace.name(), id_or_name)};
  constexpr std::size_t most = 20;
  std::string ids;
  for (std::size_t i = 0; i < named.size() && i < most; ++i)
    ids += (i == 0 ? "" : ", ") + trace.id_of(named[i]);
  if (named.size() > most) ids += fmt::format(" and {} more", count_text(named.size() - most));
  return trace::failure{fmt::format("“{}” is the name of {} in {}; say which by its id: {}.",
                                    id_or_name, counted_by_type(named), trace.name(), ids)};
}

} // namespace cancelscope::inspector
