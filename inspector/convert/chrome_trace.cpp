#include "inspector/convert/chrome_trace.hpp"

#include "inspector/answers/json_writer.hpp"
#include "inspector/attribution/explain.hpp"
#include "inspector/summary/sentence.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "inspector/timeline/certainty.hpp"
#include "inspector/timeline/segments.hpp"
#include "inspector/timeline/state.hpp"
#include "trace-format/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

namespace cancelscope::inspector {

namespace {

/// The viewer groups tracks by process; a kind of entity is one.
struct track_group {
  std::string_view category;
  std::string_view title;
  std::uint64_t pid;
};
constexpr track_group region_group{"region", "regions", 1};
constexpr track_group task_group{"task", "tasks", 2};
constexpr track_group obligation_group{"obligation", "obligations", 3};
constexpr track_group note_group{"note", "marks and violations", 4};

/// µs, the ns as a fraction: exact, where a double would round.
std::string microseconds(std::uint64_t ns) {
  return fmt::format("{}.{:03}", ns / 1000, ns % 1000);
}

std::string unquoted(const trace_store& trace, entity who) {
  const std::string_view name = trace.name_of(who);
  return name.empty() ? trace.id_of(who) : std::string(name);
}

using write_args = std::function<void(json_writer&)>;

/// Pieces of JSON to an output; after a failure nothing more.
class event_stream {
public:
  explicit event_stream(trace::byte_output& out) : out_(out) {}

  void put(std::string_view text) {
    pending_ += text;
    constexpr std::size_t piece = std::size_t{256} * 1024;
    if (pending_.size() >= piece) flush();
  }

  /// An event of a track; `more` adds fields beside its args.
  void event(char phase, const track_group& group, std::string_view id, std::string_view name,
             std::uint64_t t, const write_args& args = {}, const write_args& more = {}) {
    json_writer json;
    json.open('{').key("ph").text({&phase, 1}).key("cat").text(group.category);
    json.key("name").text(name).key("pid").number(group.pid).key("ts").json(microseconds(t));
    if (!id.empty()) json.key("id").text(id);
    if (more) more(json);
    if (args) {
      args(json.key("args").open('{'));
      json.close('}');
    }
    json.close('}');
    put(first_ ? "\n" : ",\n");
    put(std::move(json).take());
    first_ = false;
  }

  void group_title(const track_group& group, std::string_view program) {
    json_writer json;
    json.open('{').key("ph").text("M").key("name").text("process_name");
    json.key("pid").number(group.pid).key("args").open('{').key("name");
    json.text(program.empty() ? std::string(group.title)
                              : fmt::format("{}: {}", program, group.title));
    json.close('}').close('}');
    put(first_ ? "\n" : ",\n");
    put(std::move(json).take());
    first_ = false;
  }

  std::optional<trace::failure> finish() {
    flush();
    return failed_;
  }

private:
  void flush() {
    if (!failed_) failed_ = out_.write(pending_);
    pending_.clear();
  }

  trace::byte_output& out_;
  std::string pending_;
  std::optional<trace::failure> failed_;
  bool first_ = true;
};

std::vector<time_window> unknown_stretches(const trace_store& trace, entity who) {
  std::vector<time_window> found;
  unknown_stretches_of(trace, who, [&found](time_window w) {
    if (w.from < w.to) found.push_back(w);
  });
  return found;
}

/// A piece of a life as far as it is known; without a segment it is not known.
template <class Segment> struct shown_piece {
  std::optional<Segment> known;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};

/// The segments of a life, and in place of what is not known of it the stretches.
template <class Segment>
std::vector<shown_piece<Segment>> as_far_as_known(const std::vector<Segment>& segments,
                                                  const std::vector<time_window>& stretches) {
  std::vector<shown_piece<Segment>> pieces;
  auto lost = stretches.begin();
  std::uint64_t shown = 0; // up to there
  for (const Segment& s : segments) {
    for (; lost != stretches.end() && lost->from < s.to; ++lost) {
      const std::uint64_t from = std::max(s.from, shown);
      if (from < lost->from) pieces.push_back({s, from, lost->from});
      pieces.push_back({{}, lost->from, lost->to});
      shown = lost->to;
    }
    if (shown <= s.from || shown < s.to) pieces.push_back({s, std::max(s.from, shown), s.to});
  }
  return pieces;
}

/// With each cancel its whole chain would grow with the square of a chain's length. Short ones are always whole; the
/// longer ones share as many links as make the whole linear.
class shared_links {
public:
  static constexpr std::size_t always = 32;

  explicit shared_links(std::size_t cancels) : left_(always / 2 * cancels) {}

  /// Whether a chain of that length may be whole.
  [[nodiscard]] bool take(std::size_t length) {
    if (length <= always) return true;
    if (length > left_) return false;
    left_ -= length;
    return true;
  }

private:
  std::size_t left_;
};

class exporter {
public:
  exporter(const trace_store& trace, trace::byte_output& out)
      : trace_(trace), stream_(out), chain_ends_(chain_ends(trace)),
        chain_lengths_(chain_lengths(trace)), written_links_(trace.cancels().size()),
        told_links_(trace.cancels().size()) {}

  std::optional<trace::failure> run() {
    stream_.put(R"({"displayTimeUnit":"ns","otherData":)" + other_data() + R"(,"traceEvents":[)");
    const auto& header = trace_.header();
    const std::string_view program =
        header && header->producer ? header->producer->name.value_or("") : std::string_view{};
    for (const track_group& group : {region_group, task_group, obligation_group, note_group})
      stream_.group_title(group, program);
    for (std::uint32_t i = 0; i < trace_.regions().size(); ++i)
      write_region(region_index{i});
    for (std::uint32_t i = 0; i < trace_.tasks().size(); ++i)
      write_task(task_index{i});
    for (std::uint32_t i = 0; i < trace_.obligations().size(); ++i)
      write_obligation(obligation_index{i});
    // A viewer takes what happens at one time in the order of the file: an arrow begins before it ends.
    for (std::uint32_t i = 0; i < trace_.cancels().size(); ++i)
      write_cancel(cancel_index{i});
    write_notes();
    stream_.put("\n]}\n");
    return stream_.finish();
  }

private:
  static constexpr std::string_view unknown = "unknown"; ///< a stretch after events went missing

  [[nodiscard]] std::string other_data() const {
    json_writer json;
    json.open('{').key("trace").text(trace_.name()).key("format").text("cancelscope 1");
    json.key("events").number(trace_.event_count()).key("anomalies");
    json.number(trace_.anomalies().size()).key("ended_in_order");
    json.boolean(trace_.ended_in_order()).close('}');
    return std::move(json).take();
  }

  // ---- Lifetimes. Outer before inner where they begin, inner before outer where they end. ----

  [[nodiscard]] std::uint64_t end_time(event_index e) const {
    return e ? trace_.time_of(e) : trace_.last_time();
  }

  void begin(const track_group& group, entity who, event_index from, const write_args& args) {
    stream_.event('b', group, trace_.id_of(who), unquoted(trace_, who), trace_.time_of(from), args);
  }

  void end(const track_group& group, entity who, event_index to, const write_args& args = {}) {
    const bool unfinished = !to;
    stream_.event('e', group, trace_.id_of(who), unquoted(trace_, who), end_time(to),
                  [&](json_writer& json) {
                    const event_index lost =
                        unfinished ? unknown_since(trace_, who, end_of(trace_)) : event_index{};
                    if (lost)
                      json.key("unknown since").text(time_text(trace_.time_of(lost)));
                    else if (unfinished)
                      json.key("not over when the trace ended").boolean(true);
                    if (args) args(json);
                  });
  }

  void nested(const track_group& group, entity who, std::string_view name, std::uint64_t from,
              std::uint64_t to, const std::function<void()>& within = {}) {
    const std::string id = trace_.id_of(who);
    stream_.event('b', group, id, name, from);
    if (within) within();
    stream_.event('e', group, id, name, to);
  }

  void write_region(region_index region) {
    const region_row& row = trace_[region];
    begin(region_group, region, row.opened, [&](json_writer& json) {
      json.key("id").text(trace_.id_of(region));
      json.key("parent").text_or_null(trace_.id_of(row.parent));
      if (row.opened_by) json.key("opened by").text(with_id(row.opened_by));
      write_limits(json, region);
      write_why(json, region);
    });
    for (const auto& piece :
         as_far_as_known(segments_of(trace_, region), unknown_stretches(trace_, region))) {
      using enum trace::region_state;
      if (piece.known && (piece.known->state == open || piece.known->state == closed)) continue;
      nested(region_group, region, piece.known ? to_string(piece.known->state) : unknown,
             piece.from, piece.to);
    }
    end(region_group, region, row.closed(),
        [&](json_writer& json) { write_outcome(json, row.outcome); });
  }

  void write_task(task_index task) {
    const task_row& row = trace_[task];
    begin(task_group, task, row.spawned, [&](json_writer& json) {
      json.key("id").text(trace_.id_of(task)).key("region").text(with_id(row.region));
      if (row.spawned_by) json.key("spawned by").text(with_id(row.spawned_by));
      write_limits(json, task);
      write_why(json, task);
    });
    write_states(task);
    end(task_group, task, row.completed(), [&](json_writer& json) {
      write_outcome(json, row.outcome);
      if (row.error) json.key("error").text(trace_.text(row.error));
      if (row.joined_by) json.key("joined by").text(with_id(row.joined_by));
    });
  }

  /// Phases, with the waits that fall into them nested; running has no piece of its own.
  void write_states(task_index task) {
    using piece = shown_piece<task_segment>;
    const auto pieces = as_far_as_known(segments_of(trace_, task), unknown_stretches(trace_, task));
    const auto is_phase = [](task_state s) {
      return s == task_state::requested || s == task_state::draining || s == task_state::finalizing;
    };
    const auto write_wait = [&](const piece& p) {
      if (p.known->wait) nested(task_group, task, wait_title(p.known->wait), p.from, p.to);
    };
    for (auto first = pieces.begin(); first != pieces.end();) {
      const auto after = std::find_if(first, pieces.end(), [&](const piece& p) {
        return p.known.has_value() != first->known.has_value() ||
               (p.known && p.known->state != first->known->state);
      });
      const auto waits = [&] { std::for_each(first, after, write_wait); };
      if (!first->known)
        nested(task_group, task, unknown, first->from, (after - 1)->to);
      else if (is_phase(first->known->state))
        nested(task_group, task, to_string(first->known->state), first->from, (after - 1)->to,
               waits);
      else if (first->known->state == task_state::waiting)
        waits();
      first = after;
    }
  }

  [[nodiscard]] std::string wait_title(wait_index wait) const {
    const wait_row& row = trace_[wait];
    std::string title = fmt::format("waits: {}", to_string(row.on));
    if (row.label) title += fmt::format(" {}", trace_.text(row.label));
    if (row.what) title += fmt::format(" {}", with_id(row.what));
    return title;
  }

  void write_obligation(obligation_index obligation) {
    const obligation_row& row = trace_[obligation];
    begin(obligation_group, obligation, row.opened, [&](json_writer& json) {
      json.key("id").text(trace_.id_of(obligation)).key("kind").text(to_string(row.kind));
      if (row.task) json.key("of task").text(with_id(row.task));
      if (row.region) json.key("of region").text(with_id(row.region));
    });
    end(obligation_group, obligation, row.ended, [&](json_writer& json) {
      if (row.fate) json.key("how").text(to_string(*row.fate));
    });
  }

  // ---- Cancels ----

  /// An instant on the target, and another from which arrows lead to its effects: an event has one flow only.
  void write_cancel(cancel_index cancel) {
    const cancel_row& row = trace_[cancel];
    const track_group& group = row.target.type() == entity_type::task ? task_group : region_group;
    const std::uint64_t t = trace_.time_of(row.requested);
    const std::string target = trace_.id_of(row.target);
    const std::string id = trace_.id_of(cancel);
    stream_.event(
        'n', group, target, fmt::format("{} {}", kind_of(row), id), t,
        [&](json_writer& json) { write_cause(json, cancel); },
        [&](json_writer& json) {
          if (row.cause && row.cause < cancel) write_flow(json, row.cause, "flow_in");
        });
    const auto led_to = trace_.effects_of(cancel);
    const auto effects =
        std::ranges::count_if(led_to, [cancel](cancel_index effect) { return effect > cancel; });
    if (effects == 0) return;
    stream_.event('n', group, target,
                  fmt::format("{} led to {}", id, counted(led_to.size(), "request")), t, {},
                  [&](json_writer& json) { write_flow(json, cancel, "flow_out"); });
  }

  /// A cancel's number is the number of the flow to all its effects.
  void write_flow(json_writer& json, cancel_index from, std::string_view direction) const {
    json.key("bind_id").text(fmt::format("{:#x}", trace_[from].id.number));
    json.key(direction).boolean(true);
  }

  [[nodiscard]] std::string_view kind_of(const cancel_row& row) const {
    return row.kind == trace::cancel_kind::other ? trace_.text(row.kind_name) : to_string(row.kind);
  }

  void write_cause(json_writer& json, cancel_index cancel) {
    const cancel_row& row = trace_[cancel];
    json.key("cancel").text(trace_.id_of(cancel)).key("kind").text(kind_of(row));
    json.key("effect").text(to_string(row.effect));
    if (row.message) json.key("message").text(trace_.text(row.message));
    if (row.origin_task) json.key("asked for by").text(with_id(row.origin_task));
    if (row.origin_region) json.key("asked for in").text(with_id(row.origin_region));
    write_chain(json, cancel);
    const cancel_index last = chain_ends_[cancel.value()];
    if (trace_[last].cut == chain_cut::whole)
      json.key("root cause").text(plain(sentence(trace_, last)));
    else
      json.key("chain is cut at").text(trace_.id_of(last));
  }

  /// From the effect towards the root. Of a chain that is not written whole a piece, and whose args go on.
  void write_chain(json_writer& json, cancel_index cancel) {
    const std::uint32_t length = chain_lengths_[cancel.value()];
    const std::size_t written = written_links_.take(length) ? length : shared_links::always;
    json.key("chain").open('[');
    for (std::size_t i = 0; i < written; ++i, cancel = trace_[cancel].cause) {
      const cancel_row& row = trace_[cancel];
      json.text(
          fmt::format("{} {} on {}", trace_.id_of(cancel), kind_of(row), with_id(row.target)));
    }
    json.close(']');
    if (written == length) return;
    json.key("chain goes on").open('{').key("in the args of").text(trace_.id_of(cancel));
    json.key("further").number(length - written).close('}');
  }

  void write_why(json_writer& json, entity who) {
    const cancel_index in_effect = cancel_in_effect(trace_, who, end_of(trace_));
    if (!in_effect) return;
    if (told_links_.take(chain_lengths_[in_effect.value()]))
      json.key("why").text(plain(sentence(trace_, explain(trace_, who))));
    else
      json.key("why").text("in the args of " + trace_.id_of(in_effect));
  }

  // ---- The rest ----

  void write_notes() {
    for (std::uint32_t i = 0; i < trace_.event_count(); ++i) {
      const event_index e{i};
      const event_kind kind = trace_.kind_of(e);
      if (kind != event_kind::mark && kind != event_kind::violation && kind != event_kind::stale &&
          kind != event_kind::dropped)
        continue;
      stream_.event(
          'i', note_group, {}, plain(describe(trace_, e)), trace_.time_of(e),
          [&](json_writer& json) {
            json.key("event").text(event_name(trace_, e));
            if (const entity who = trace_.subject_of(e)) json.key("of").text(with_id(who));
          },
          [](json_writer& json) { json.key("s").text("p"); });
    }
  }

  [[nodiscard]] std::string with_id(entity who) const {
    const std::string_view name = trace_.name_of(who);
    return name.empty() ? trace_.id_of(who) : fmt::format("{} ({})", name, trace_.id_of(who));
  }

  void write_limits(json_writer& json, entity who) const {
    const auto limits = trace_.limits_of(who);
    if (limits && limits->deadline) json.key("deadline").text(time_text(*limits->deadline));
  }

  static void write_outcome(json_writer& json, std::optional<trace::outcome_kind> outcome) {
    if (outcome) json.key("outcome").text(to_string(*outcome));
  }

  const trace_store& trace_;
  event_stream stream_;
  std::vector<cancel_index> chain_ends_; ///< of every cancel, the last known of its chain
  std::vector<std::uint32_t>
      chain_lengths_; ///< of every cancel, the links to there, itself the first
  shared_links written_links_;
  shared_links told_links_; ///< that a sentence was made of
};

} // namespace

std::optional<trace::failure> write_chrome_trace(const trace_store& trace,
                                                 trace::byte_output& out) {
  return exporter(trace, out).run();
}

} // namespace cancelscope::inspector
