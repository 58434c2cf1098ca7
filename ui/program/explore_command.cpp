#include "inspector/answers/json_writer.hpp"
#include "inspector/command_line/style.hpp"
#include "runtime/lab/saved.hpp"
#include "runtime/lab/shrink.hpp"
#include "ui/program/lab_programs.hpp"
#include "ui/program/sample_commands.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <ostream>

namespace cancelscope::ui {

namespace {

using inspector::console;
using inspector::exit_status;
using inspector::json_writer;
using inspector::tone;

std::string counted(std::size_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

struct explored {
  exploration found;
  std::optional<shrunk_schedule> small{};
  std::string trace{}; ///< where the failing run was written

  [[nodiscard]] std::string replay(std::string_view sample) const {
    return fmt::format("cancelscope run {} --seed {}", sample,
                       to_string(lab_seed{small->schedule.choices}));
  }
};

class exploration_of_sample final : public inspector::command {
public:
  [[nodiscard]] std::string_view name() const override { return "explore"; }
  [[nodiscard]] std::string_view summary() const override {
    return "run a sample under every schedule that makes a difference; 1 when one breaks it";
  }
  void declare(CLI::App& options) override {
    options.add_option("sample", name_, "Its name; `cancelscope samples` lists them")
        ->type_name("SAMPLE")
        ->required();
    options.add_option("--schedules", options_.schedules, "Run so many at most")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    options.add_flag("--all-orders", all_orders_,
                     "Leave nothing out, not even what can make no difference");
    options
        .add_option("-o,--output", output_, "Write the trace of a failing schedule to this file")
        ->type_name("OUT");
    options.add_flag("--json", json_, "Answer in JSON");
  }
  trace::result<exit_status> run(console& io) override {
    auto chosen = find_lab_program(name_);
    if (!chosen) return no_sample(name_);
    if (all_orders_) options_.reduced_by = reduction::none;
    explored answer{.found = explore(chosen->program, options_)};
    if (answer.found.not_repeatable)
      return trace::failure{"“" + name_ + "” cannot be explored: " + *answer.found.not_repeatable +
                            "."};
    if (answer.found.failure) {
      answer.small = shrink(chosen->program, *answer.found.failure, options_.limits);
      answer.trace = output_.empty() ? name_ + ".failure.jsonl" : output_;
      auto saved =
          save_run(chosen->program, answer.small->schedule.choices, answer.trace, options_.limits);
      if (!saved) return saved.error();
    }
    if (json_)
      print_json(answer, io);
    else
      print(*chosen, answer, io);
    return answer.found.failure ? exit_status::bad_news : exit_status::well;
  }

private:
  void print(const named_program& shown, const explored& answer, console& io) const {
    const inspector::style look(io);
    const exploration& found = answer.found;
    io.out << look.text(tone::heading, name_) << "  " << look.text(shown.shows) << '\n';
    io.out << "  " << counted(found.run, "schedule") << " run, "
           << counted(found.pruned, "alternative") << " pruned\n";
    if (!answer.small) {
      io.out << "  "
             << look.text(tone::good, found.complete
                                          ? "holds under every schedule that makes a difference"
                                          : "holds under these; there are more")
             << '\n';
      return;
    }
    const failing_schedule& broken = answer.small->schedule;
    for (const broken_promise& each : broken.broken)
      io.out << "  " << look.text(tone::bad, "BROKEN") << "  "
             << look.text(each.oracle + ": " + each.message) << '\n';
    io.out << "  shrunk to " << counted(broken.choices.size(), "choice") << " in "
           << counted(broken.steps, "step") << ", trying "
           << counted(answer.small->tried, "schedule") << '\n';
    io.out << "  trace   " << answer.trace << '\n';
    io.out << "  replay  " << answer.replay(name_) << '\n';
  }

  void print_json(const explored& answer, console& io) const {
    const exploration& found = answer.found;
    json_writer json;
    json.open('{').key("sample").text(name_).key("run").number(found.run);
    json.key("pruned").number(found.pruned).key("redundant").number(found.redundant);
    json.key("complete").boolean(found.complete).key("holds").boolean(!found.failure);
    json.key("broken").open('[');
    if (answer.small)
      for (const broken_promise& each : answer.small->schedule.broken) {
        json.open('{').key("oracle").text(each.oracle).key("message").text(each.message);
        json.key("target").text_or_null(each.target ? to_string(*each.target) : std::string{});
        json.close('}');
      }
    json.close(']').key("trace").text_or_null(answer.trace).key("seed");
    if (answer.small)
      json.text(to_string(lab_seed{answer.small->schedule.choices}));
    else
      json.null();
    json.key("replay").text_or_null(answer.small ? answer.replay(name_) : std::string{});
    json.close('}');
    io.out << std::move(json).take() << '\n';
  }

  std::string name_;
  std::string output_;
  exploration_options options_;
  bool all_orders_ = false;
  bool json_ = false;
};

} // namespace

std::unique_ptr<inspector::command> explore_command() {
  return std::make_unique<exploration_of_sample>();
}

} // namespace cancelscope::ui
