#include "ui/program/sample_commands.hpp"

#include "inspector/answers/json_writer.hpp"
#include "inspector/command_line/style.hpp"
#include "samples/faulty/faulty.hpp"
#include "trace-format/output.hpp"
#include "ui/program/lab_programs.hpp"
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
    for (const samples::faulty_program& each : samples::faulty_programs())
      rows.row({look.text(tone::dim, "wrong"), look.text(tone::heading, each.name),
                look.text(each.shows)});
    rows.print(io.out);
  }
  static void print_json(console& io) {
    json_writer json;
    json.open('{').key("samples").open('[');
    for (const samples::sample& each : samples::all_samples()) {
      json.new_line().open('{').key("name").text(each.name);
      json.key("exhibit").number(static_cast<std::uint64_t>(each.exhibit));
      json.key("shows").text(each.shows).key("findings").open('[');
      for (const std::string_view code : each.findings)
        json.text(code);
      json.close(']').close('}');
    }
    json.close(']').key("wrong_on_purpose").open('[');
    for (const samples::faulty_program& each : samples::faulty_programs()) {
      json.new_line().open('{').key("name").text(each.name).key("shows").text(each.shows);
      json.key("breaks").text(each.breaks).close('}');
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
    options
        .add_option("--seed", seed_,
                    "A number, from which the order of things and the sample's own choices are "
                    "drawn; or the order itself, as `explore` says it: choices:3=1,7=2")
        ->type_name("SEED");
    options.add_option("-o,--output", output_, "Write the trace to this file")->type_name("OUT");
    options.add_flag("--real-time", options_.real_time,
                     "Wait as long as the sample says, instead of on virtual time");
    options.add_flag("--json", json_, "Answer in JSON");
  }
  trace::result<exit_status> run(console& io) override {
    if (auto failed = take_seed()) return *std::move(failed);
    std::string_view shows;
    performance done;
    if (const samples::sample* const shown = samples::find_sample(name_)) {
      shows = shown->shows;
      done = perform(*shown, options_);
    } else if (const auto faulty = find_lab_program(name_)) {
      shows = faulty->shows;
      done = perform(*faulty, options_);
    } else {
      return no_sample(name_);
    }
    if (!output_.empty())
      if (auto failed = write(done)) return *std::move(failed);
    if (json_)
      print_json(done, io);
    else
      print(shows, done, io);
    return done.holds() ? exit_status::well : exit_status::bad_news;
  }

private:
  std::optional<trace::failure> take_seed() {
    if (seed_.empty()) return std::nullopt;
    auto seed = parse_lab_seed(seed_);
    if (!seed) return seed.error();
    options_.schedule = *std::move(seed);
    if (const auto* number = std::get_if<std::uint64_t>(&options_.schedule))
      options_.seed = *number;
    return std::nullopt;
  }
  [[nodiscard]] std::optional<trace::failure> write(const performance& done) const {
    auto file = trace::file_output::create(output_);
    if (!file) return file.error();
    return (*file)->write(done.trace);
  }

  void print(std::string_view shows, const performance& done, console& io) const {
    const inspector::style look(io);
    io.out << look.text(tone::heading, name_) << "  " << look.text(shows) << '\n';
    for (const samples::proof& each : done.proofs)
      io.out << "  "
             << look.text(each.holds ? tone::good : tone::bad, each.holds ? "holds" : "FAILS")
             << "  " << look.text(each.what) << '\n';
    io.out << look.text(tone::dim, fmt::format("{} events{}", done.events,
                                               output_.empty() ? "" : " in " + output_))
           << '\n';
  }

  void print_json(const performance& done, console& io) const {
    json_writer json;
    json.open('{').key("sample").text(name_).key("seed").number(options_.seed);
    json.key("schedule").text(to_string(options_.schedule));
    json.key("holds").boolean(done.holds()).key("proofs").open('[');
    for (const samples::proof& each : done.proofs)
      json.open('{').key("holds").boolean(each.holds).key("what").text(each.what).close('}');
    json.close(']').key("events").number(done.events);
    json.key("trace").text_or_null(output_).close('}');
    io.out << std::move(json).take() << '\n';
  }

  std::string name_;
  std::string output_;
  std::string seed_;
  performance_options options_;
  bool json_ = false;
};

} // namespace

trace::failure no_sample(const std::string& name) {
  return {"There is no sample “" + name + "”; `cancelscope samples` lists them."};
}

std::unique_ptr<inspector::command> samples_command() {
  return std::make_unique<list_of_samples>();
}

std::unique_ptr<inspector::command> run_command() {
  return std::make_unique<run_of_sample>();
}

} // namespace cancelscope::ui
