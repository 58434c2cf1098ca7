#include "inspector/query/fields.hpp"

#include "inspector/query/values.hpp"
#include "inspector/query/whom.hpp"
#include "inspector/query/wire_fields.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/spelling.hpp"
#include "trace-format/ids.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace cancelscope::inspector {

namespace {

using made = trace::result<question>;

/// A question whose answer needs nothing looked up beforehand.
template <class Holds> question plain_question(Holds holds) {
  return [holds = std::move(holds)](const trace_store& trace) {
    return predicate([&trace, holds](event_index e) { return holds(trace, e); });
  };
}

template <class Say> made about_text(comparison how, std::string_view value, Say say) {
  auto test = text_test(how, value);
  if (!test) return test.error();
  return plain_question([test = std::move(*test), say](const trace_store& trace, event_index e) {
    return test(say(trace, e));
  });
}

template <class Number>
made about_number(comparison how, std::string_view value, number_parser parse, Number number) {
  auto test = number_test(how, value, parse);
  if (!test) return test.error();
  return plain_question([test = std::move(*test), number](const trace_store& trace, event_index e) {
    return test(number(trace, e));
  });
}

template <auto Of, entity_type Type> made whom(comparison how, std::string_view value) {
  return ask_whom(Of, Type, how, value);
}

made event_name_is(comparison how, std::string_view value) {
  // Whole names: `ev:task` would else find seven of them.
  return about_text(how == comparison::shorthand ? comparison::equal : how, value, event_name);
}

made name_is(comparison how, std::string_view value) {
  return about_text(how, value, [](const trace_store& trace, event_index e) {
    const entity subject = trace.subject_of(e);
    return subject.type() == entity_type::cancel ? std::string_view{} : trace.name_of(subject);
  });
}

bool says_somewhere(const trace_store& trace, event_index e, std::string_view text) {
  const entity subject = trace.subject_of(e);
  return contains_ignoring_case(event_name(trace, e), text) ||
         contains_ignoring_case(trace.name_of(subject), text) ||
         contains_ignoring_case(trace.id_of(subject), text) ||
         contains_ignoring_case(describe(trace, e), text);
}

made text_is(comparison how, std::string_view value) {
  if (how != comparison::contains && how != comparison::lacks && how != comparison::shorthand)
    return trace::failure{"ask with ~ or !~ whether it stands in the event"};
  return plain_question([text = std::string(value),
                         yes = how != comparison::lacks](const trace_store& trace, event_index e) {
    return says_somewhere(trace, e, text) == yes;
  });
}

made source_is(comparison how, std::string_view value) {
  auto test = text_test(how, value);
  if (!test) return test.error();
  return plain_question([test = std::move(*test)](const trace_store& trace, event_index e) {
    std::vector<trace::extra_field> extra;
    const auto src = trace.event_at(e, extra).src;
    return src && test(*src);
  });
}

made thread_is(comparison how, std::string_view value) {
  auto test = number_test(how, value, parse_count);
  if (!test) return test.error();
  return plain_question([test = std::move(*test)](const trace_store& trace, event_index e) {
    std::vector<trace::extra_field> extra;
    const auto thread = trace.event_at(e, extra).th;
    return thread && test(*thread);
  });
}

made time_is(comparison how, std::string_view value) {
  return about_number(how, value, parse_duration,
                      [](const trace_store& trace, event_index e) { return trace.time_of(e); });
}
made line_is(comparison how, std::string_view value) {
  return about_number(how, value, parse_count,
                      [](const trace_store& trace, event_index e) { return trace.line_of(e); });
}
made number_is(comparison how, std::string_view value) {
  return about_number(how, value, parse_count, [](const trace_store&, event_index e) {
    return std::uint64_t{e.value()} + 1;
  });
}

template <std::size_t Name> made whom_in(comparison how, std::string_view value) {
  static constexpr std::array<std::string_view, 5> names{"target", "parent", "cause",
                                                         "origin_region", "origin_task"};
  return ask_whom(roles::in_field(names[Name]), entity_type::none, how, value);
}

constexpr std::string_view whoever = "ID or NAME";

constexpr std::array fields{
    query_field{"ev", "NAME", "the event's name: task_wait, cancel", event_name_is},
    query_field{"kind", "KIND",
                "a cancel's, weakest < strongest, or an obligation's: timeout, lease", nullptr},
    query_field{"effect", "EFFECT", "what a cancel did: applied, strengthened, absorbed", nullptr},
    query_field{"outcome", "OUTCOME", "how it ended: ok < err < cancelled < panicked", nullptr},
    query_field{"phase", "PHASE", "of a clean-up: draining < finalizing < completed", nullptr},
    query_field{"state", "STATE", "of a region: closing < draining < finalizing < closed", nullptr},
    query_field{"on", "REASON", "what a task waits for: timer, channel, join, io, permit, other",
                nullptr},
    query_field{"how", "FATE", "an obligation's: committed, aborted, leaked", nullptr},

    query_field{"id", whoever, "whoever the event names, in any role",
                whom<roles::anyone, entity_type::none>},
    query_field{"region", whoever, "the region it is about or that it happened in",
                whom<roles::regions, entity_type::region>},
    query_field{"task", whoever, "a task that it names", whom<roles::tasks, entity_type::task>},
    query_field{"cancel", "ID", "a cancel that it names; `cancel under c1`: c1 and all it led to",
                whom<roles::cancels, entity_type::cancel>},
    query_field{"obligation", whoever, "an obligation that it names",
                whom<roles::obligations, entity_type::obligation>},
    query_field{"target", whoever, "whom a cancel, a phase, a budget or a violation is about",
                whom_in<0>},
    query_field{"by", whoever, "who did it: spawned, joined, opened, asked for the cancel",
                whom<roles::makers, entity_type::none>},
    query_field{"what", whoever, "what a task waits for, where the trace says it",
                whom<roles::awaited, entity_type::none>},
    query_field{"parent", whoever, "the region that a region was opened in", whom_in<1>},
    query_field{"cause", "ID", "the cancel that a cancel came from", whom_in<2>},
    query_field{"origin_region", whoever, "where a cancel was asked for", whom_in<3>},
    query_field{"origin_task", whoever, "who asked for a cancel", whom_in<4>},

    query_field{"name", "TEXT", "the name of whom the event is about", name_is},
    query_field{"text", "TEXT", "anything that the event says", text_is},
    query_field{"message", "TEXT", "a cancel's or a violation's", nullptr},
    query_field{"error", "TEXT", "what a task ended with", nullptr},
    query_field{"label", "TEXT", "a wait's, an obligation's, a finalizer's, a mark's", nullptr},
    query_field{"level", "TEXT", "a mark's", nullptr},
    query_field{"op", "TEXT", "what an old handle was presented for", nullptr},
    query_field{"oracle", "TEXT", "the guarantee that a violation is about", nullptr},
    query_field{"reason", "TEXT", "why a consumer was refused", nullptr},
    query_field{"consumer", "TEXT", "who attached, or was refused", nullptr},
    query_field{"producer", "TEXT", "whom a consumer attached to", nullptr},
    query_field{"src", "TEXT", "the place in the source: file.cpp:120", source_is},

    query_field{"t", "TIME", "when: 1250 (ns), 1.5ms, 3s; a range: 1ms..2ms, 3s..", time_is},
    query_field{"dur", "TIME", "how long a task ran, or a finalizer", nullptr},
    query_field{"deadline", "TIME", "when the clean-up of a cancel must be over", nullptr},
    query_field{"resource", "NAME", "of a budget: polls, cost, deadline", nullptr},
    query_field{"left", "NUMBER", "what is left of a budget", nullptr},
    query_field{"exhausted", "true, false", "whether a budget ran out", nullptr},
    query_field{"truncated", "true, false", "whether the producer cut the chain", nullptr},
    query_field{"accepted", "true, false", "whether a consumer was let in", nullptr},
    query_field{"live", "NUMBER", "the generation in a slot when an old handle came", nullptr},
    query_field{"count", "NUMBER", "how many events are missing", nullptr},
    query_field{"th", "NUMBER", "the thread", thread_is},
    query_field{"event", "NUMBER", "the event's place in the trace, from 1", number_is},
    query_field{"line", "NUMBER", "the event's line in the file; the header is line 1", line_is},
};

} // namespace

std::span<const query_field> query_fields() {
  return fields;
}

const query_field* find_field(std::string_view name) {
  const auto* const found =
      std::find_if(fields.begin(), fields.end(), [name](const auto& f) { return f.name == name; });
  return found == fields.end() ? nullptr : found;
}

std::string_view nearest_field(std::string_view name) {
  std::array<std::string_view, fields.size()> names;
  std::ranges::transform(fields, names.begin(), &query_field::name);
  return nearest_word(name, names);
}

trace::result<question> ask(const query_field& field, comparison how, std::string_view value) {
  if (field.make != nullptr) return field.make(how, value);
  if (how == comparison::under)
    return trace::failure{"only whom an event names can be under somebody"};
  return ask_wire_field(field.name, how, value);
}

trace::result<question> ask_under(std::string_view value) {
  const auto whom_it_is_about = [](const trace_store& trace, event_index e,
                                   std::vector<entity>& found) {
    if (const entity subject = trace.subject_of(e)) found.push_back(subject);
    roles::cancels(trace, e, found);
  };
  return ask_whom(whom_it_is_about, entity_type::none, comparison::under, value);
}

question says(std::string_view text) {
  if (trace::parse_entity_id(text) || trace::parse_cancel_id(text))
    return *ask_whom(roles::anyone, entity_type::none, comparison::equal, text);
  return plain_question([text = std::string(text)](const trace_store& trace, event_index e) {
    return says_somewhere(trace, e, text);
  });
}

} // namespace cancelscope::inspector
