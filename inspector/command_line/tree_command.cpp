#include "inspector/answers/answers.hpp"
#include "inspector/command_line/commands.hpp"
#include "inspector/command_line/style.hpp"
#include "inspector/query/values.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "inspector/timeline/certainty.hpp"
#include "inspector/timeline/state.hpp"
#include "inspector/timeline/tree.hpp"
#include "trace-format/names.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <ostream>

namespace cancelscope::inspector {

namespace {

class tree_printer {
public:
  tree_printer(const trace_store& trace, const region_tree& tree, console& io)
      : trace_(trace), tree_(tree), out_(io.out), style_(io) {}

  void print() {
    for (std::uint32_t i = 0; i < tree_.nodes.size(); ++i) {
      const tree_node& node = tree_.nodes[i];
      path_.resize(node.depth);
      path_.push_back(i);
      out_ << style_.text(tone::dim, branch()) << line(node) << '\n';
    }
  }

private:
  /// Whether nothing of the same parent comes after it.
  [[nodiscard]] bool is_last(std::size_t level) const {
    const std::uint32_t parent_end = tree_.nodes[path_[level - 1]].subtree_end;
    return tree_.nodes[path_[level]].subtree_end == parent_end;
  }

  /// The lines that lead to a node; of a very deep one the last of them, so that a line stays a line.
  [[nodiscard]] std::string branch() const {
    constexpr std::size_t most = 32;
    const std::size_t depth = path_.size() - 1;
    std::string text = depth > most ? fmt::format("… {} ", depth) : std::string{};
    for (std::size_t level = depth > most ? depth - most : 1; level <= depth; ++level) {
      if (level < depth)
        text += is_last(level) ? "   " : "│  ";
      else
        text += is_last(level) ? "└─ " : "├─ ";
    }
    return text;
  }

  [[nodiscard]] std::string line(const tree_node& node) const {
    std::string text = style_.text(titled(trace_, node.who));
    if (!trace_.name_of(node.who).empty())
      text += " " + style_.text(tone::dim, trace_.id_of(node.who));
    const std::string_view state = state_of(node.who);
    if (const event_index lost = unknown_since(trace_, node.who, tree_.as_of))
      return text + "  " +
             style_.text(tone::dim, fmt::format("unknown since {} (it was {})",
                                                time_text(trace_.time_of(lost)), state));
    text += "  " + style_.text(tone_of(state), state);
    if (const auto outcome = outcome_at(trace_, node.who, tree_.as_of))
      text += " " + style_.text(fmt::format("*{}*", to_string(*outcome)));
    if (const auto task = node.who.as<task_index>())
      text += waiting(task);
    else if (node.counts.total() > 0)
      text += "  " + style_.text(tone::dim, rolled_up(node.counts));
    return text;
  }

  [[nodiscard]] std::string_view state_of(entity who) const {
    if (const auto task = who.as<task_index>())
      return to_string(*state_at(trace_, task, tree_.as_of));
    const auto state = state_at(trace_, who.as<region_index>(), tree_.as_of);
    return state ? to_string(*state) : "released";
  }

  [[nodiscard]] std::string waiting(task_index task) const {
    const wait_index wait = wait_at(trace_, task, tree_.as_of);
    if (!wait) return {};
    const wait_row& row = trace_[wait];
    std::string text = fmt::format(" on {}", to_string(row.on));
    if (row.label) text += fmt::format(" “{}”", trace_.text(row.label));
    return style_.text(tone::dim, text);
  }

  static std::string rolled_up(const task_counts& counts) {
    std::string text = counted(counts.total(), "task");
    if (counts.cancelling > 0)
      text += fmt::format(", {} being cancelled", count_text(counts.cancelling));
    if (counts.cancelled > 0) text += fmt::format(", {} cancelled", count_text(counts.cancelled));
    return text;
  }

  const trace_store& trace_;
  const region_tree& tree_;
  std::ostream& out_;
  style style_;
  std::vector<std::uint32_t> path_; ///< from the root to the node at hand
};

class show_tree final : public trace_command {
public:
  [[nodiscard]] std::string_view name() const override { return "tree"; }
  [[nodiscard]] std::string_view summary() const override {
    return "the region tree as of a moment";
  }

private:
  void declare_more(CLI::App& options) override {
    options.add_option("--at", at_, "the moment: ns, or with a unit as 12.5ms (default: the end)");
  }

  trace::result<exit_status> answer(const trace_store& trace, console& io) override {
    std::uint64_t t = trace.last_time();
    if (!at_.empty()) {
      const auto asked = parse_duration(at_);
      if (!asked)
        return trace::failure{fmt::format("--at cannot be “{}”: {}.", at_, asked.error().message)};
      t = *asked;
    }
    const moment m = moment_at(trace, t);
    if (as_json()) {
      io.out << tree_json(trace, t, m) << '\n';
      return exit_status::well;
    }
    const region_tree tree = tree_at(trace, m);
    io.out << style(io).text(tone::heading, "As of " + time_text(t)) << '\n';
    if (tree.nodes.empty()) io.out << "Nothing is there at that moment.\n";
    tree_printer(trace, tree, io).print();
    return exit_status::well;
  }

  std::string at_;
};

} // namespace

std::unique_ptr<command> tree_command() {
  return std::make_unique<show_tree>();
}

} // namespace cancelscope::inspector
