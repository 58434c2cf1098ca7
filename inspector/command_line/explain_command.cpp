#include "inspector/answers/answers.hpp"
#include "inspector/attribution/explain.hpp"
#include "inspector/command_line/commands.hpp"
#include "inspector/command_line/explanation_printer.hpp"

#include <CLI/CLI.hpp>

#include <ostream>

namespace cancelscope::inspector {

namespace {

class explain_a_target final : public trace_command {
public:
  [[nodiscard]] std::string_view name() const override { return "explain"; }
  [[nodiscard]] std::string_view summary() const override {
    return "why it was cancelled, by whom, what it left";
  }

private:
  void declare_more(CLI::App& options) override {
    options.add_option("ID", id_, "an id such as t3.1, r0.1, c2, o4.1, or a name")->required();
    options.add_flag("--markdown", markdown_, "answer in Markdown, for a ticket or a chat");
  }

  trace::result<exit_status> answer(const trace_store& trace, console& io) override {
    const auto who = find_one(trace, id_);
    if (!who) return who.error();
    const explanation why = inspector::explain(trace, *who);
    if (as_json())
      io.out << explain_json(trace, why) << '\n';
    else if (markdown_)
      io.out << explain_markdown(trace, why);
    else
      explanation_printer(trace, why, io).print();
    return exit_status::well;
  }

  std::string id_;
  bool markdown_ = false;
};

} // namespace

std::unique_ptr<command> explain_command() {
  return std::make_unique<explain_a_target>();
}

} // namespace cancelscope::inspector
