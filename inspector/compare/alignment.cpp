#include "inspector/compare/alignment.hpp"

#include "inspector/text/describe.hpp"
#include "trace-format/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace cancelscope::inspector {

namespace {

/// A name and how many of that name came before it.
using nth_of_name = std::pair<std::string, std::size_t>;

/// Gives each in turn its name with its number among those of the same name.
template <class Name> class numbering {
public:
  explicit numbering(Name name) : name_(name) {}
  template <class Index> nth_of_name operator()(Index i) {
    std::string name = name_(i);
    const std::size_t number = counts_[name]++;
    return {std::move(name), number};
  }

private:
  Name name_;
  std::map<std::string, std::size_t> counts_;
};

/// Those that are told under the owner: one of a region and a task stands under the task.
std::vector<obligation_index> obligations_under(const trace_store& trace, entity owner) {
  const auto all = trace.obligations_of(owner);
  std::vector<obligation_index> found(all.begin(), all.end());
  if (owner.type() == entity_type::region)
    std::erase_if(found, [&trace](obligation_index o) { return static_cast<bool>(trace[o].task); });
  return found;
}

auto names_in(const trace_store& trace) {
  return [&trace](auto i) { return std::string(trace.name_of(i)); };
}
auto kinds_and_labels_in(const trace_store& trace) {
  return [&trace](obligation_index o) {
    return fmt::format("{} {}", to_string(trace[o].kind), trace.name_of(o));
  };
}

} // namespace

alignment::alignment(const trace_store& a, const trace_store& b) : a_(a), b_(b) {
  pair_up(a.roots(), b.roots(), names_in(a), names_in(b));
  // What is paired is appended, and looked at in its turn.
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    const aligned pair = pairs_[i];
    if (!pair.a || !pair.b) continue;
    in_b_.emplace(pair.a, pair.b);
    if (const auto region_a = pair.a.as<region_index>()) {
      const auto region_b = pair.b.as<region_index>();
      pair_up(a.tasks_of(region_a), b.tasks_of(region_b), names_in(a), names_in(b));
      pair_up(a.children_of(region_a), b.children_of(region_b), names_in(a), names_in(b));
    }
    pair_obligations(pair.a, pair.b);
  }
}

entity alignment::in_b(entity a) const {
  const auto found = in_b_.find(a);
  return found == in_b_.end() ? entity{} : found->second;
}

template <class Index, class NameA, class NameB>
void alignment::pair_up(std::span<const Index> in_a, std::span<const Index> in_b, NameA name_a,
                        NameB name_b) {
  std::map<nth_of_name, Index> waiting;
  numbering number_b(name_b);
  for (const Index i : in_b)
    waiting.emplace(number_b(i), i);
  numbering number_a(name_a);
  for (const Index i : in_a) {
    const auto found = waiting.find(number_a(i));
    pairs_.push_back({i, found == waiting.end() ? entity{} : entity{found->second}});
    if (found != waiting.end()) waiting.erase(found);
  }
  // What is left, in its own order.
  std::vector<Index> left;
  for (const auto& [name, i] : waiting)
    left.push_back(i);
  std::sort(left.begin(), left.end());
  for (const Index i : left)
    pairs_.push_back({entity{}, i});
}

void alignment::pair_obligations(entity owner_a, entity owner_b) {
  if (owner_a.type() == entity_type::obligation) return;
  const auto in_a = obligations_under(a_, owner_a);
  const auto in_b = obligations_under(b_, owner_b);
  pair_up(std::span(in_a), std::span(in_b), kinds_and_labels_in(a_), kinds_and_labels_in(b_));
}

namespace {

entity parent_of(const trace_store& trace, entity who) {
  if (const auto region = who.as<region_index>()) return trace[region].parent;
  if (const auto task = who.as<task_index>()) return trace[task].region;
  if (const auto obligation = who.as<obligation_index>()) {
    const obligation_row& row = trace[obligation];
    return row.task ? entity{row.task} : entity{row.region};
  }
  return {};
}

/// Which one it is of several siblings of that name: from 1; 0 where it is the only one, or there are too many
/// to count for each that is told.
template <class Index>
std::size_t number_among(const trace_store& trace, std::span<const Index> siblings, Index who) {
  constexpr std::size_t most = 10'000;
  if (siblings.size() > most) return 0;
  const std::string_view name = trace.name_of(who);
  std::size_t number = 0;
  std::size_t namesakes = 0;
  for (const Index i : siblings) {
    if (trace.name_of(i) != name) continue;
    ++namesakes;
    if (i == who) number = namesakes;
  }
  return namesakes > 1 ? number : 0;
}

std::size_t number_of(const trace_store& trace, entity who, entity parent) {
  if (const auto region = who.as<region_index>()) {
    const auto above = parent.as<region_index>();
    return number_among(trace, above ? trace.children_of(above) : trace.roots(), region);
  }
  if (const auto task = who.as<task_index>())
    return number_among(trace, trace.tasks_of(parent.as<region_index>()), task);
  if (const auto obligation = who.as<obligation_index>()) {
    const auto siblings = obligations_under(trace, parent);
    return number_among(trace, std::span(siblings), obligation);
  }
  return 0;
}

std::string_view word_for_unnamed(entity who) {
  switch (who.type()) {
  case entity_type::region:
    return "a region";
  case entity_type::task:
    return "a task";
  default:
    return "an obligation";
  }
}

} // namespace

std::string place_of(const trace_store& trace, entity who) {
  constexpr std::size_t most = 6;
  std::vector<std::string> names;
  while (who && names.size() < most) {
    const entity parent = parent_of(trace, who);
    const std::string_view name = trace.name_of(who);
    std::string step(name.empty() ? word_for_unnamed(who) : name);
    if (const std::size_t number = number_of(trace, who, parent))
      step += fmt::format(" #{}", number);
    names.push_back(std::move(step));
    who = parent;
  }
  std::string place = who ? "… / " : "";
  for (auto name = names.rbegin(); name != names.rend(); ++name)
    place += (name == names.rbegin() ? "" : " / ") + *name;
  return place;
}

} // namespace cancelscope::inspector
