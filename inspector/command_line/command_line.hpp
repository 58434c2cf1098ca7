// The command line as a library: main hands over its arguments and the commands it wants, and gets an
// exit status. A command is one object in a list; a program adds its own beside the inspector's.
//
// Exit status: 0 well; 1 answered, and the answer is bad news; 2 could not do it, said in one sentence on
// `err`.
// Threading: one call at a time. Failure: as above; nothing is thrown, no exit() is called.
//
//     auto commands = inspector_commands();
//     commands.push_back(std::make_unique<view_command>());
//     console io = standard_console();
//     return run(arguments, commands, io);
#pragma once

#include "inspector/store/loader.hpp"
#include "inspector/store/trace_store.hpp"
#include "trace-format/result.hpp"

#include <cstdio>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace cancelscope::inspector {

/// Where a command writes, and whether a person reads along.
struct console {
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false; ///< colour is wanted
  bool err_is_terminal = false; ///< progress is wanted
};

/// Standard output and error of this process. NO_COLOR in the environment turns colour off.
console standard_console();

enum class exit_status : int { well = 0, bad_news = 1, failed = 2 };

class command {
public:
  command() = default;
  command(const command&) = delete;
  command& operator=(const command&) = delete;
  virtual ~command() = default;

  [[nodiscard]] virtual std::string_view name() const = 0;
  /// One line for the list of commands.
  [[nodiscard]] virtual std::string_view summary() const = 0;
  /// Declares options and arguments, to be kept in members until run.
  virtual void declare(CLI::App& options) = 0;
  /// A failure ends as exit status 2 with its sentence on `err`.
  virtual trace::result<exit_status> run(console& io) = 0;
};

using command_list = std::vector<std::unique_ptr<command>>;

/// explain, tree, check, stats, slots, events, convert, diff, cut, report, and natively serve.
command_list inspector_commands();

/// The arguments without the program's name.
int run(std::span<const std::string> arguments, const command_list& commands, console& io);

/// Loads a file or `-`, with progress on `err` where a person reads along and it takes more than a second.
trace::result<trace_store> load_with_progress(const std::string& path, console& io);

/// Shows how far the reading of `name` has come, by the rules of load_with_progress; empty where nobody reads along.
progress_handler progress_shown_on(console& io, const std::string& name);

} // namespace cancelscope::inspector
