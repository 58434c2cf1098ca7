// The later parts of an explanation: how it came to its end, what was held, what it led to.
#include "inspector/attribution/effects.hpp"
#include "inspector/command_line/explanation_printer.hpp"
#include "inspector/summary/shutdown.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "inspector/timeline/certainty.hpp"
#include "inspector/timeline/state.hpp"
#include "trace-format/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <utility>

namespace cancelscope::inspector {

namespace {

/// Effects of one cancel that are shown before the rest is counted.
constexpr std::size_t most_beside = 8;

/// "3 requests, 2 regions, 4 tasks (1 not done)": what a branch reached.
std::string reached(const effect_counts& counts) {
  std::string text = counts.requests > 0 ? counted(counts.requests, "request") : std::string{};
  const auto add = [&text](std::uint32_t n, std::string_view what) {
    if (n > 0) text += (text.empty() ? "" : ", ") + counted(n, what);
  };
  add(counts.regions, "region");
  add(counts.tasks, "task");
  if (counts.not_done > 0) text += fmt::format(" ({} not done)", count_text(counts.not_done));
  if (counts.unknown > 0)
    text += fmt::format(" (of {} it is not known)", count_text(counts.unknown));
  return text;
}

/// The forward tree, a line a request; of many side by side the first few, and what the rest reached.
class effects_printer {
public:
  effects_printer(const trace_store& trace, std::vector<effect_node> tree, const style& look,
                  std::ostream& out)
      : trace_(trace), tree_(std::move(tree)), look_(look), out_(out) {}

  void print() {
    open_.push_back({});
    std::uint32_t i = 1;
    while (i < tree_.size()) {
      const effect_node& node = tree_[i];
      while (open_.size() > node.depth)
        close();
      level& beside = open_.back();
      if (beside.shown == most_beside || lines_ == most_lines) {
        add(beside.left_out, node.counts);
        i = node.subtree_end;
        continue;
      }
      ++beside.shown;
      ++lines_;
      line(node);
      open_.push_back({});
      ++i;
    }
    while (!open_.empty())
      close();
  }

private:
  static constexpr std::size_t most_lines = 60;
  struct level {
    std::size_t shown = 0;
    effect_counts left_out;
  };

  static void add(effect_counts& to, const effect_counts& more) {
    to.requests += more.requests + 1;
    to.regions += more.regions;
    to.tasks += more.tasks;
    to.not_done += more.not_done;
    to.unknown += more.unknown;
  }

  void close() {
    const level done = open_.back();
    if (done.left_out.requests > 0)
      out_ << indent(open_.size())
           << look_.text(tone::dim, fmt::format("and {}", reached(done.left_out))) << '\n';
    open_.pop_back();
  }

  void line(const effect_node& node) {
    const cancel_row& row = trace_[node.cancel];
    const std::string_view kind =
        row.kind == trace::cancel_kind::other ? trace_.text(row.kind_name) : to_string(row.kind);
    std::string text = look_.text(tone::dim, trace_.id_of(node.cancel)) + "  " + look_.text(kind);
    if (row.effect != trace::cancel_effect::applied)
      text += " " + look_.text(to_string(row.effect));
    text += "  " + look_.text(titled_with_id(trace_, row.target));
    if (node.counts.requests > 0)
      text += "  " + look_.text(tone::dim, "→ " + reached(node.counts));
    else if (node.counts.not_done > 0)
      text += "  " + look_.text(tone::bad, "not done");
    out_ << indent(node.depth) << text << '\n';
  }

  /// Two spaces a level; of a very deep one its number instead.
  static std::string indent(std::size_t depth) {
    constexpr std::size_t deepest = 24;
    if (depth <= deepest) return std::string(2 * depth, ' ');
    return std::string(2 * deepest, ' ') + fmt::format("… {} ", depth);
  }

  const trace_store& trace_;
  std::vector<effect_node> tree_;
  const style& look_;
  std::ostream& out_;
  std::vector<level> open_;
  std::size_t lines_ = 0;
};

} // namespace

/// In order of time; of a long one the longest steps, so that what matters stays.
void explanation_printer::print_path(const shutdown& end) {
  if (end.path.size() < 2) return; // the sentence has told it
  heading(fmt::format("Critical path, {} in all", duration_text(end.length())));
  std::vector<std::uint64_t> lengths;
  for (const path_step& s : end.path)
    lengths.push_back(s.length());
  std::uint64_t least = 0;
  if (lengths.size() > most_rows) {
    std::nth_element(lengths.begin(), lengths.end() - most_rows, lengths.end());
    least = *(lengths.end() - most_rows);
  }
  table rows("  ");
  rows.align_right({0, 1});
  std::size_t shown = 0;
  std::size_t left_out = 0;
  std::uint64_t left_out_for = 0;
  const auto tell_left_out = [&] {
    if (left_out > 0)
      rows.row({"", style_.text(tone::dim, "+ " + duration_text(left_out_for)),
                style_.text(tone::dim, counted(left_out, "shorter step"))});
    left_out = 0;
    left_out_for = 0;
  };
  for (const path_step& s : end.path) {
    if (s.length() < least || shown == most_rows) {
      ++left_out;
      left_out_for += s.length();
      continue;
    }
    tell_left_out();
    ++shown;
    rows.row(
        {style_.text(tone::dim, time_text(s.from)), "+ " + duration_text(s.length()),
         style_.text(describe(trace_, s)) +
             style_.text(tone::dim, trace_.name_of(s.who).empty() ? std::string{}
                                                                  : "  " + trace_.id_of(s.who))});
  }
  tell_left_out();
  rows.print(out_);
}

void explanation_printer::print_held(const shutdown& end) {
  if (end.held.empty()) return;
  heading(trace_.kind_of(end.began) == event_kind::cancel ? "Held when the request came"
                                                          : "Held when it began to close");
  table rows("  ");
  for (std::size_t i = 0; i < end.held.size() && i < most_rows; ++i) {
    const obligation_row& row = trace_[end.held[i]];
    const bool lost = static_cast<bool>(fate_unknown_since(trace_, end.held[i]));
    const std::string_view fate = row.fate ? to_string(*row.fate)
                                  : lost   ? "unknown"
                                           : "never resolved";
    const entity holder = row.task ? entity{row.task} : entity{row.region};
    const std::string later =
        row.ended ? duration_text(trace_.time_of(row.ended) - end.from) + " later" : std::string{};
    rows.row({style_.text(titled_with_id(trace_, end.held[i])),
              holder == why_.target ? std::string{}
                                    : style_.text("by " + titled_with_id(trace_, holder)),
              style_.text(row.fate ? tone_of(fate)
                          : lost   ? tone::dim
                                   : tone::bad,
                          fate),
              style_.text(tone::dim, later)});
  }
  if (end.held.size() > most_rows)
    rows.row({fmt::format("and {} more", count_text(end.held.size() - most_rows))});
  rows.print(out_);
}

void explanation_printer::print_left_behind() {
  std::vector<obligation_index> later;
  for (const obligation_index o : why_.leaked_obligations)
    if (!why_.phases.requested || trace_[o].opened > why_.phases.requested) later.push_back(o);
  if (later.empty()) return;
  heading("Left behind");
  table rows("  ");
  for (std::size_t i = 0; i < later.size() && i < most_rows; ++i)
    rows.row({style_.text(titled_with_id(trace_, later[i])),
              style_.text(tone::bad, trace_[later[i]].fate ? "leaked" : "never resolved")});
  rows.print(out_);
}

void explanation_printer::print_not_done(const shutdown& end) {
  if (end.ended || end.not_done.empty() || end.target.type() != entity_type::region) return;
  heading(fmt::format("Not done: {}", counted(end.not_done.size(), "task")));
  table rows("  ");
  const moment last = end_of(trace_);
  for (std::size_t i = 0; i < end.not_done.size() && i < most_rows; ++i) {
    const task_index task = end.not_done[i];
    const bool lost = static_cast<bool>(unknown_since(trace_, task, last));
    const auto state = state_at(trace_, task, last);
    const std::string_view word = lost ? "unknown" : state ? to_string(*state) : "released";
    const wait_index wait = wait_at(trace_, task, last);
    rows.row({style_.text(titled_with_id(trace_, task)),
              style_.text(lost ? tone::dim : tone_of(word), word),
              wait && !lost ? style_.text("waiting for " + awaited(trace_, wait)) : std::string{}});
  }
  if (end.not_done.size() > most_rows)
    rows.row({fmt::format("and {} more", count_text(end.not_done.size() - most_rows))});
  rows.print(out_);
}

void explanation_printer::print_effects() {
  if (!why_.cancelled()) return;
  auto tree = effect_tree_of(trace_, why_.chain.links.front());
  if (tree.size() < 2) return;
  heading(fmt::format("What {} led to: {}", trace_.id_of(tree.front().cancel),
                      reached(tree.front().counts)));
  effects_printer(trace_, std::move(tree), style_, out_).print();
}

} // namespace cancelscope::inspector
