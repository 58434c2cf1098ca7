#include "inspector/report/worst_chains.hpp"

#include "inspector/attribution/explain.hpp"
#include "inspector/timeline/state.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>

namespace cancelscope::inspector {

namespace {

/// What a cancelled task has in common with others that went alike.
struct sort_of_chain {
  std::string kind; ///< of the root cause, or of the last cancel known
  std::string name;
  std::vector<finding_code> codes;
  auto operator<=>(const sort_of_chain&) const = default;
};

struct candidate {
  task_index victim;
  std::uint64_t took = 0; ///< ns from the request to the end
  std::uint64_t alike = 0;
  severity worst = severity::info;
  bool has_finding = false;
};

task_index concerned(const trace_store& trace, const finding& f) {
  if (const auto obligation = f.target.as<obligation_index>()) return trace[obligation].task;
  return f.target.as<task_index>();
}

class chooser {
public:
  chooser(const trace_store& trace, std::span<const finding> findings)
      : trace_(trace), chain_ends_(chain_ends(trace)) {
    for (const finding& f : findings)
      if (const task_index task = concerned(trace, f)) findings_[task].push_back(&f);
  }

  std::vector<told_chain> choose(std::size_t most) {
    for (std::uint32_t i = 0; i < trace_.tasks().size(); ++i)
      consider(task_index{i});
    std::vector<candidate> ranked;
    for (const auto& [sort, best] : best_)
      ranked.push_back(best);
    std::sort(ranked.begin(), ranked.end(), [](const candidate& a, const candidate& b) {
      const auto rank = [](const candidate& c) {
        return std::tuple(!c.has_finding, c.worst, ~c.took, c.victim);
      };
      return rank(a) < rank(b);
    });
    if (ranked.size() > most) ranked.resize(most);
    std::vector<told_chain> told;
    for (const candidate& c : ranked)
      told.push_back({c.victim, c.alike, findings_[c.victim]});
    return told;
  }

private:
  void consider(task_index task) {
    const task_row& row = trace_[task];
    const cancel_index in_effect = cancel_in_effect(trace_, task, end_of(trace_));
    if (!in_effect) return;
    candidate c{.victim = task, .alike = 1};
    const event_index over = row.completed();
    const std::uint64_t end = over ? trace_.time_of(over) : trace_.last_time();
    const std::uint64_t requested = trace_.time_of(row.requested);
    c.took = end > requested ? end - requested : 0;

    const cancel_row& root = trace_[chain_ends_[in_effect.value()]];
    sort_of_chain sort{.kind = std::string(root.kind == trace::cancel_kind::other
                                               ? trace_.text(root.kind_name)
                                               : std::to_string(static_cast<int>(root.kind))),
                       .name = std::string(trace_.name_of(task)),
                       .codes = {}};
    if (const auto found = findings_.find(task); found != findings_.end())
      for (const finding* f : found->second) {
        sort.codes.push_back(f->code);
        c.worst = std::min(c.worst, f->how_bad());
        c.has_finding = true;
      }
    auto [best, is_new] = best_.try_emplace(std::move(sort), c);
    if (is_new) return;
    c.alike = best->second.alike + 1;
    if (c.took > best->second.took)
      best->second = c;
    else
      best->second.alike = c.alike;
  }

  const trace_store& trace_;
  std::vector<cancel_index> chain_ends_;
  std::unordered_map<task_index, std::vector<const finding*>> findings_;
  std::map<sort_of_chain, candidate> best_;
};

} // namespace

std::vector<told_chain> worst_chains(const trace_store& trace, std::span<const finding> findings,
                                     std::size_t most) {
  return chooser(trace, findings).choose(most);
}

} // namespace cancelscope::inspector
