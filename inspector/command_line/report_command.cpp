#include "inspector/answers/json_writer.hpp"
#include "inspector/command_line/commands.hpp"
#include "inspector/report/report.hpp"
#include "inspector/text/units.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <ostream>

namespace cancelscope::inspector {

namespace {

class report final : public trace_command {
public:
  [[nodiscard]] std::string_view name() const override { return "report"; }
  [[nodiscard]] std::string_view summary() const override {
    return "one page to attach to a bug: findings, the worst chains, pictures";
  }

private:
  void declare_more(CLI::App& options) override {
    options
        .add_option("-o,--output", output_, "the page to write (.html), or - for standard output")
        ->required();
  }

  [[nodiscard]] std::optional<trace::failure> objection(const std::string& trace) const override {
    return refuse_trace_as_output(trace, output_);
  }

  trace::result<exit_status> answer(const trace_store& trace, console& io) override {
    const std::string page = report_html(trace, {.version = CANCELSCOPE_VERSION, .limits = {}});
    if (output_ == "-") {
      io.out << page;
      return exit_status::well;
    }
    if (const auto failed = write_file(output_, page)) return *failed;
    if (as_json()) {
      json_writer json;
      json.open('{').key("output").text(output_).key("bytes").number(page.size()).close('}');
      io.out << std::move(json).take() << '\n';
    } else {
      io.out << fmt::format("{}: {}, complete in itself.\n", output_, bytes_text(page.size()));
    }
    return exit_status::well;
  }

  std::string output_;
};

} // namespace

std::unique_ptr<command> report_command() {
  return std::make_unique<report>();
}

} // namespace cancelscope::inspector
