// The inspector's commands, one file each; and what several of them need.
#pragma once

#include "inspector/command_line/command_line.hpp"
#include "inspector/store/trace_store.hpp"
#include "trace-format/result.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cancelscope::inspector {

std::unique_ptr<command> explain_command();
std::unique_ptr<command> tree_command();
std::unique_ptr<command> check_command();
std::unique_ptr<command> stats_command();
std::unique_ptr<command> slots_command();
std::unique_ptr<command> events_command();
std::unique_ptr<command> convert_command();
std::unique_ptr<command> diff_command();
std::unique_ptr<command> cut_command();
std::unique_ptr<command> report_command();
std::unique_ptr<command> serve_command(); ///< native only

/// A command that answers about one trace: `TRACE`, `--json`, loading with progress.
class trace_command : public command {
public:
  void declare(CLI::App& options) final;
  trace::result<exit_status> run(console& io) final;

protected:
  virtual void declare_more(CLI::App&) {}
  /// Why it cannot be done, as far as that is known before the trace is read.
  [[nodiscard]] virtual std::optional<trace::failure>
  objection(const std::string& /*trace*/) const {
    return std::nullopt;
  }
  virtual trace::result<exit_status> answer(const trace_store& trace, console& io) = 0;
  [[nodiscard]] bool as_json() const { return json_; }

private:
  std::string path_;
  bool json_ = false;
};

/// Refuses an output that is the trace itself, by whichever name: writing it would destroy what is read.
std::optional<trace::failure> refuse_trace_as_output(const std::string& trace,
                                                     const std::string& output);

/// Creates or replaces a file with these bytes; why not, where it cannot.
std::optional<trace::failure> write_file(const std::string& path, std::string_view bytes);

/// The region, task, cancel or obligation of that id or name; a name that several bear is refused with their ids.
trace::result<entity> find_one(const trace_store& trace, const std::string& id_or_name);

} // namespace cancelscope::inspector
