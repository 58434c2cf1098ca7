#include "ui/program/sample_commands.hpp"

#include "inspector/answers/json_writer.hpp"
#include "inspector/command_line/style.hpp"
#include "trace-format/output.hpp"
#include "ui/program/performance.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <ostream>

namespace cancelscope::ui {

namespace {

using inspector::console;
using inspector::exit_status;
using inspector::json_writer;
using inspector::tone;

class list_of_samples final : public inspector::command {
public:
  [[nodiscard]] std::string_view name() const override { return "samples"; }
  [[nodiscard]] std::string_view summary() const override {
    return "the exhibits that `run` runs, and what each shows";
  }
  void declare(CLI::App& options) override { options.add_flag("--json", json_, "Answer in JSON"); }
  trace::result<exit_status> run(console& io) override {
    if (json_)
      print_json(io);
    else
      print(io);
    return exit_status::well;
  }

private:
  static void print(console& io) {
    const inspector::style look(io);
    inspector::table rows;
    rows.align_right({0});
    for (const samples::sample& each : samples::all_samples())
      rows.row({look.text(tone::dim, std::to_string(each.exhibit)),
                look.text(tone::heading, each.name), look.text(each.shows)});
    rows.print(io.out);
  }
  static void print_json(console& io) {
    json_writer json;
    json.open('{').key("samples").open('[');
    for (const samples::sample& each : samples::all_samples()) {
      json.open('{').key("name").text(each.name);
      json.key("exhibit").number(static_cast<std::uint64_t>(each.exhibit));
      json.key("shows").text(each.shows).key("findings").open('[');
      for (const std::string_view code : each.findings)
        json.text(code);
      json.close(']').close('}').new_line();
    }
    json.close(']').close('}');
    io.out << std::move(json).take() << '\n';
  }

  bool json_ = false;
};

class run_of_sample final : public inspector::command {
public:
  [[nodiscard]] std::string_view name() const override { return "run"; }
  [[nodiscard]] std::string_view summary() const override {
    return "run an exhibit: what it proves, and its trace; 1 when something does not hold";
  }
  void declare(CLI::App& options) override {
    options.add_option("sample", name_, "Its name; `cancelscope samples` lists them")
        ->type_name("SAMPLE")
        ->required();
    options.add_option("--seed", options_.seed, "What the sample's choices are drawn from")
        ->capture_default_str();
    options.add_option("-o,--output", output_, "Write the trace to this file")->type_name("OUT");
    options.add_flag("--real-time", options_.real_time,
                     "Wait as long as the sample says, instead of on virtual time");
    options.add_flag("--json", json_, "Answer in JSON");
  }
  trace::result<exit_status> run(console& io) override {
    const samples::sample* const shown = samples::find_sample(name_);
    if (shown == nullptr)
      return trace::failure{"There is no sample “" + name_ +
                            "”; `cancelscope samples` lists them."};
    const performance done = perform(*shown, options_);
    if (!output_.empty())
      if (auto failed = write(done)) return *std::move(failed);
    if (json_)
      print_json(*shown, done, io);
    else
      print(*shown, done, io);
    return done.holds() ? exit_status::well : exit_status::bad_news;
  }

private:
  [[nodiscard]] std::optional<trace::failure> write(const performance& done) const {
    auto file = trace::file_output::create(output_);
    if (!file) return file.error();
    return (*file)->write(done.trace);
  }

  void print(const samples::sample& shown, const performance& done, console& io) const {
    const inspector::style look(io);
    io.out << look.text(tone::heading, shown.name) << "  " << look.text(shown.shows) << '\n';
    for (const samples::proof& each : done.proofs)
      io.out << "  "
             << look.text(each.holds ? tone::good : tone::bad, each.holds ? "holds" : "FAILS")
             << "  " << look.text(each.what) << '\n';
    io.out << look.text(tone::dim, fmt::format("{} events{}", done.events,
                                               output_.empty() ? "" : " in " + output_))
           << '\n';
  }

  void print_json(const samples::sample& shown, const performance& done, console& io) const {
    json_writer json;
    json.open('{').key("sample").text(shown.name).key("seed").number(options_.seed);
    json.key("holds").boolean(done.holds()).key("proofs").open('[');
    for (const samples::proof& each : done.proofs)
      json.open('{').key("holds").boolean(each.holds).key("what").text(each.what).close('}');
    json.close(']').key("events").number(done.events);
    json.key("trace").text_or_null(output_).close('}');
    io.out << std::move(json).take() << '\n';
  }

  std::string name_;
  std::string output_;
  performance_options options_;
  bool json_ = false;
};

} // namespace

std::unique_ptr<inspector::command> samples_command() {
  return std::make_unique<list_of_samples>();
}

std::unique_ptr<inspector::command> run_command() {
  return std::make_unique<run_of_sample>();
}

} // namespace cancelscope::ui
