#include "inspector/compare/compare.hpp"

#include "inspector/attribution/explain.hpp"
#include "inspector/compare/alignment.hpp"
#include "inspector/summary/sentence.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "inspector/timeline/certainty.hpp"
#include "inspector/timeline/state.hpp"
#include "trace-format/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace cancelscope::inspector {

std::string_view to_string(difference_kind kind) {
  static constexpr std::array<std::string_view, 8> names{
      "cancelled-in-a", "cancelled-in-b", "cause",     "outcome",
      "unfinished",     "obligation",     "only-in-a", "only-in-b"};
  return names[static_cast<std::size_t>(kind)];
}

namespace {

/// What counts of an event when two runs are compared: words that are the same in both, without ids and times.
class history_words {
public:
  explicit history_words(const trace_store& trace) : trace_(trace) {}

  /// The next event of `who` that counts, from a place in its list on; none at the end.
  event_index next(entity who, std::span<const event_index> events, std::size_t& at) const {
    while (at < events.size()) {
      const event_index e = events[at++];
      if (trace_.subject_of(e) == who && counts(trace_.kind_of(e))) return e;
    }
    return {};
  }

  [[nodiscard]] std::string of(event_index e) const {
    std::vector<trace::extra_field> extra;
    return std::visit([this](const auto& body) { return words(body); },
                      trace_.event_at(e, extra).body);
  }

private:
  static bool counts(event_kind kind) {
    switch (kind) {
    case event_kind::region_open:
    case event_kind::region_state:
    case event_kind::task_spawn:
    case event_kind::cancel:
    case event_kind::cancel_phase:
    case event_kind::task_end:
    case event_kind::task_join:
    case event_kind::obligation:
    case event_kind::obligation_end:
    case event_kind::finalizer:
    case event_kind::violation:
      return true;
    default:
      return false;
    }
  }

  template <class Body> std::string words(const Body&) const { return std::string(Body::ev); }
  std::string words(const trace::unknown_event& e) const { return std::string(e.ev); }
  std::string words(const trace::region_moved& e) const {
    return fmt::format("{} {}", to_string(e.state), word(e.outcome));
  }
  std::string words(const trace::cancel_request& e) const {
    return fmt::format("cancel {} {}", trace::kind_name(e),
                       to_string(e.effect.value_or(trace::cancel_effect::applied)));
  }
  std::string words(const trace::cancel_phase& e) const { return std::string(to_string(e.phase)); }
  std::string words(const trace::task_end& e) const {
    return fmt::format("end {}", to_string(e.outcome));
  }
  std::string words(const trace::obligation_end& e) const {
    return fmt::format("end {}", to_string(e.how));
  }
  std::string words(const trace::finalizer_ran& e) const {
    return fmt::format("finalizer {} {}", e.label.value_or(""), word(e.outcome));
  }
  std::string words(const trace::violation& e) const {
    return fmt::format("violation {}", e.oracle);
  }

  static std::string_view word(std::optional<trace::outcome_kind> outcome) {
    return outcome ? to_string(*outcome) : std::string_view{};
  }

  const trace_store& trace_;
};

event_index introduction_of(const trace_store& trace, entity who) {
  if (const auto region = who.as<region_index>()) return trace[region].opened;
  if (const auto task = who.as<task_index>()) return trace[task].spawned;
  if (const auto obligation = who.as<obligation_index>()) return trace[obligation].opened;
  return {};
}

/// How it went with a region or task.
struct ending {
  cancel_index root; ///< the last cancel known of the chain; none where it was never cancelled
  bool over = false;
  std::optional<trace::outcome_kind> outcome;

  [[nodiscard]] bool cancelled() const { return static_cast<bool>(root); }
};

class comparer {
public:
  comparer(const trace_store& a, const trace_store& b)
      : a_(a), b_(b), both_(a, b), words_a_(a), words_b_(b), chain_ends_a_(chain_ends(a)),
        chain_ends_b_(chain_ends(b)) {}

  run_comparison run() {
    for (const aligned& pair : both_.pairs()) {
      if (pair.a && pair.b) {
        count(pair.a);
        compare_pair(pair);
      } else {
        note_only(pair);
      }
    }
    std::stable_sort(found_.differences.begin(), found_.differences.end(),
                     [](const difference& x, const difference& y) { return x.kind < y.kind; });
    if (parting_) {
      parting_->place = parting_->a ? place_of(a_, parting_->a) : place_of(b_, parting_->b);
      found_.first_divergence = parting_;
    }
    return std::move(found_);
  }

private:
  void count(entity who) {
    if (who.type() == entity_type::region) ++found_.regions;
    if (who.type() == entity_type::task) ++found_.tasks;
    if (who.type() == entity_type::obligation) ++found_.obligations;
  }

  void add(difference_kind kind, const aligned& pair, std::string message) {
    found_.differences.push_back({kind, pair.a, pair.b,
                                  pair.a ? place_of(a_, pair.a) : place_of(b_, pair.b),
                                  std::move(message)});
  }

  void compare_pair(const aligned& pair) {
    find_parting(pair);
    if (pair.a.type() == entity_type::obligation)
      compare_obligations(pair);
    else
      compare_ends(pair, ending_of(a_, chain_ends_a_, pair.a),
                   ending_of(b_, chain_ends_b_, pair.b));
  }

  /// The most telling difference of a pair, not each that follows from it.
  void compare_ends(const aligned& pair, const ending& in_a, const ending& in_b) {
    if (in_a.cancelled() != in_b.cancelled())
      add_both(in_a.cancelled() ? difference_kind::cancelled_in_a : difference_kind::cancelled_in_b,
               pair);
    else if (in_a.cancelled() && !same_cause(in_a.root, in_b.root))
      add_both(difference_kind::cause, pair);
    else if (in_a.over != in_b.over)
      add_both(difference_kind::unfinished, pair);
    else if (in_a.outcome != in_b.outcome)
      add_both(difference_kind::outcome, pair);
  }

  static ending ending_of(const trace_store& trace, const std::vector<cancel_index>& chain_ends,
                          entity who) {
    ending end;
    const cancel_index in_effect = cancel_in_effect(trace, who, end_of(trace));
    if (in_effect) end.root = chain_ends[in_effect.value()];
    end.over = static_cast<bool>(phases_of(trace, who).completed);
    end.outcome = outcome_at(trace, who, end_of(trace));
    return end;
  }

  /// What is to be said of it in either run.
  void add_both(difference_kind kind, const aligned& pair) {
    const auto told = [](const trace_store& trace, entity who) {
      std::string text = sentence(trace, explain(trace, who));
      if (text.starts_with("Region ")) text.front() = 'r';
      return text;
    };
    add(kind, pair, fmt::format("In A {} In B {}", told(a_, pair.a), told(b_, pair.b)));
  }

  /// By the kind of the request that began it, whom it was made of, and whether that is known.
  [[nodiscard]] bool same_cause(cancel_index root_a, cancel_index root_b) const {
    const cancel_row& row_a = a_[root_a];
    const cancel_row& row_b = b_[root_b];
    const bool known_a = row_a.cut == chain_cut::whole;
    const bool known_b = row_b.cut == chain_cut::whole;
    return known_a == known_b && row_a.kind == row_b.kind &&
           a_.text(row_a.kind_name) == b_.text(row_b.kind_name) &&
           both_.in_b(row_a.target) == row_b.target;
  }

  void compare_obligations(const aligned& pair) {
    const obligation_row& row_a = a_[pair.a.as<obligation_index>()];
    const obligation_row& row_b = b_[pair.b.as<obligation_index>()];
    if (row_a.fate == row_b.fate) return;
    const auto fate = [](const obligation_row& row) {
      return row.fate ? to_string(*row.fate) : std::string_view("never resolved");
    };
    const auto lost = [](const trace_store& trace, entity who) {
      return static_cast<bool>(fate_unknown_since(trace, who.as<obligation_index>()));
    };
    // Of one that both have in common one fate is known, or they would not differ.
    constexpr std::string_view half_known =
        "The {} was {} in {}; what became of it in {} is not known: events are missing.";
    const std::string name = titled(a_, pair.a);
    add(difference_kind::obligation, pair,
        lost(a_, pair.a) ? fmt::format(half_known, name, fate(row_b), "B", "A")
        : lost(b_, pair.b)
            ? fmt::format(half_known, name, fate(row_a), "A", "B")
            : fmt::format("The {} was {} in A and {} in B.", name, fate(row_a), fate(row_b)));
  }

  void note_only(const aligned& pair) {
    const bool in_a = static_cast<bool>(pair.a);
    const trace_store& trace = in_a ? a_ : b_;
    const entity who = in_a ? pair.a : pair.b;
    std::string message = titled(trace, who);
    if (const auto region = who.as<region_index>())
      if (const std::uint64_t below = tasks_below(trace, region))
        message += fmt::format(", with {} in it,", counted(below, "task"));
    add(in_a ? difference_kind::only_in_a : difference_kind::only_in_b, pair,
        fmt::format("The {} is only in {}.", message, in_a ? "A" : "B"));
    propose(pair, in_a ? introduction_of(a_, pair.a) : event_index{},
            in_a ? event_index{} : introduction_of(b_, pair.b));
  }

  static std::uint64_t tasks_below(const trace_store& trace, region_index region) {
    std::uint64_t count = 0;
    std::vector<region_index> ahead{region};
    while (!ahead.empty()) {
      const region_index next = ahead.back();
      ahead.pop_back();
      count += trace.tasks_of(next).size();
      const auto children = trace.children_of(next);
      ahead.insert(ahead.end(), children.begin(), children.end());
    }
    return count;
  }

  // ---- Where they part ways ----

  void find_parting(const aligned& pair) {
    const auto events_a = a_.events_of(pair.a);
    const auto events_b = b_.events_of(pair.b);
    std::size_t at_a = 0;
    std::size_t at_b = 0;
    for (;;) {
      const event_index e_a = words_a_.next(pair.a, events_a, at_a);
      const event_index e_b = words_b_.next(pair.b, events_b, at_b);
      if (!e_a && !e_b) return;
      if (e_a && e_b && words_a_.of(e_a) == words_b_.of(e_b)) continue;
      propose(pair, e_a, e_b);
      return;
    }
  }

  void propose(const aligned& pair, event_index in_a, event_index in_b) {
    const parting next{pair.a, pair.b, in_a, in_b, {}};
    if (!parting_ || key(next) < key(*parting_)) parting_ = next;
  }

  /// Earlier in time, then earlier in the file.
  [[nodiscard]] std::tuple<std::uint64_t, event_index, event_index> key(const parting& p) const {
    constexpr std::uint64_t never = ~std::uint64_t{0};
    const std::uint64_t t =
        std::min(p.in_a ? a_.time_of(p.in_a) : never, p.in_b ? b_.time_of(p.in_b) : never);
    return {t, p.in_a, p.in_b};
  }

  const trace_store& a_;
  const trace_store& b_;
  alignment both_;
  history_words words_a_;
  history_words words_b_;
  std::vector<cancel_index> chain_ends_a_;
  std::vector<cancel_index> chain_ends_b_;
  run_comparison found_;
  std::optional<parting> parting_;
};

} // namespace

run_comparison compare(const trace_store& a, const trace_store& b) {
  return comparer(a, b).run();
}

} // namespace cancelscope::inspector
