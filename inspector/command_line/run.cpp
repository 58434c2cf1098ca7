#include "inspector/command_line/command_line.hpp"
#include "inspector/command_line/commands.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <ostream>

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

int run_chosen(const std::vector<std::pair<CLI::App*, command*>>& known, console& io) {
  for (const auto& [options, command] : known) {
    if (!options->parsed()) continue;
    const auto status = command->run(io);
    io.out.flush();
    if (!status) return refuse(io, status.error().message);
    // Whoever reads along may have gone away; then nobody is told anything.
    return finish(*status);
  }
  return finish(exit_status::well);
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

} // namespace cancelscope::inspector
