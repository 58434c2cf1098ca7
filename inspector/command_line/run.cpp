#include "inspector/command_line/command_line.hpp"
#include "inspector/command_line/commands.hpp"
#include "inspector/text/spelling.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <ostream>
#include <utility>

namespace cancelscope::inspector {

namespace {

int finish(exit_status status) {
  return static_cast<int>(status);
}

int refuse(console& io, std::string sentence) {
  std::replace(sentence.begin(), sentence.end(), '\n', ' ');
  io.err << "cancelscope: " << sentence << '\n';
  return finish(exit_status::failed);
}

/// Every parse error in one sentence, with where to look.
std::string said(const CLI::Error& error, const CLI::App* used) {
  std::string sentence = error.what();
  while (!sentence.empty() && (sentence.back() == '.' || sentence.back() == '\n'))
    sentence.pop_back();
  const std::string name = used == nullptr ? "cancelscope" : "cancelscope " + used->get_name();
  return sentence + "; see " + name + " --help.";
}

/// Why the first argument is no command; nothing where it is one, or an option.
std::optional<std::string> unknown_command(std::span<const std::string> arguments,
                                           const command_list& commands) {
  if (arguments.empty() || arguments.front().starts_with('-')) return std::nullopt;
  const std::string& asked = arguments.front();
  std::vector<std::string_view> names;
  for (const auto& c : commands)
    names.push_back(c->name());
  if (std::ranges::find(names, asked) != names.end()) return std::nullopt;
  const std::string_view nearest = nearest_word(asked, names);
  return fmt::format("There is no command “{}”; {}.", asked,
                     nearest.empty() ? std::string("cancelscope --help lists them")
                                     : fmt::format("perhaps “{}” is meant", nearest));
}

int run_chosen(const std::vector<std::pair<CLI::App*, command*>>& known, console& io) {
  for (const auto& [options, command] : known) {
    if (!options->parsed()) continue;
    const auto status = command->run(io);
    return status ? finish(*status) : refuse(io, status.error().message);
  }
  return finish(exit_status::well);
}

int parse_and_run(std::span<const std::string> arguments, const command_list& commands,
                  console& io) {
  if (auto unknown = unknown_command(arguments, commands)) return refuse(io, std::move(*unknown));
  CLI::App app("Shows why concurrent work was cancelled, by whom, and what it left behind.",
               "cancelscope");
  app.set_version_flag("--version", "cancelscope " CANCELSCOPE_VERSION);
  app.require_subcommand(0, 1);
  app.get_formatter()->column_width(26);
  // What stands in capitals is said by the description; that it is needed, by the usage line.
  app.get_formatter()->label("TEXT", "");
  app.get_formatter()->label("INT", "");
  app.get_formatter()->label("REQUIRED", "");

  std::vector<std::pair<CLI::App*, command*>> known;
  for (const auto& c : commands) {
    CLI::App* options = app.add_subcommand(std::string(c->name()), std::string(c->summary()));
    c->declare(*options);
    known.emplace_back(options, c.get());
  }
  const auto chosen = [&app]() -> const CLI::App* {
    const auto used = app.get_subcommands();
    return used.empty() ? nullptr : used.front();
  };
  try {
    // CLI11 takes a vector from its end.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    io.out << app.help(); // of the chosen command, where one is
    return finish(exit_status::well);
  } catch (const CLI::CallForVersion& version) {
    io.out << version.what() << '\n';
    return finish(exit_status::well);
  } catch (const CLI::Error& error) {
    return refuse(io, said(error, chosen()));
  }
  if (chosen() == nullptr) {
    io.out << app.help();
    return finish(exit_status::well);
  }
  return run_chosen(known, io);
}

} // namespace

command_list inspector_commands() {
  command_list commands;
  commands.push_back(explain_command());
  commands.push_back(tree_command());
  commands.push_back(check_command());
  commands.push_back(stats_command());
  commands.push_back(slots_command());
  commands.push_back(events_command());
  commands.push_back(convert_command());
  commands.push_back(diff_command());
  commands.push_back(cut_command());
  commands.push_back(report_command());
#ifndef __EMSCRIPTEN__
  commands.push_back(serve_command());
#endif
  return commands;
}

int run(std::span<const std::string> arguments, const command_list& commands, console& io) {
  const int status = parse_and_run(arguments, commands, io);
  if (io.out.flush() || status == finish(exit_status::failed)) return status;
  return refuse(io,
                "The answer is not complete, for standard output could not be written: make room "
                "there, or send it elsewhere.");
}

} // namespace cancelscope::inspector
