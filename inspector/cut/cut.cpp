#include "inspector/cut/cut.hpp"

#include "inspector/answers/json_writer.hpp"
#include "inspector/cut/causal_cone.hpp"
#include "inspector/cut/redaction.hpp"

#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace cancelscope::inspector {

namespace {

/// Leaves out of events whom the cone does not hold. Those that a line cannot do without are always held.
class reference_stripper {
public:
  reference_stripper(const trace_store& trace, const causal_cone& cone)
      : trace_(trace), cone_(cone) {}

  void strip(trace::event_body& body) const {
    std::visit(
        [this](auto& b) {
          std::apply([&](const auto&... field) { (strip_field(b.*field.member, field.name), ...); },
                     b.fields());
        },
        body);
  }

private:
  template <class Value> void strip_field(Value&, std::string_view) const {}
  template <trace::entity_kind Kind>
  void strip_field(trace::maybe<trace::typed_id<Kind>>& id, std::string_view) const {
    if (id && !cone_.holds(trace_.find(trace::entity_id(*id)))) id.reset();
  }
  void strip_field(trace::maybe<trace::entity_id>& id, std::string_view) const {
    if (id && !cone_.holds(trace_.find(*id))) id.reset();
  }
  // A cause that is not in the trace says where the chain is cut, and stays.
  void strip_field(trace::maybe<trace::cancel_id>& id, std::string_view) const {
    const cancel_index cancel = id ? trace_.find(*id) : cancel_index{};
    if (cancel && !cone_.holds(cancel)) id.reset();
  }
  // Of texts only what a wait was for can be an id.
  void strip_field(trace::maybe<trace::text>& text, std::string_view field) const {
    if (!text || field != "what") return;
    const entity named = trace_.find(*text);
    if (named && !cone_.holds(named)) text.reset();
  }

  const trace_store& trace_;
  const causal_cone& cone_;
};

std::string cut_note(const trace_store& trace, entity asked, std::size_t kept) {
  json_writer json;
  json.open('{').key("for").text(trace.id_of(asked)).key("events").number(kept);
  json.key("of").number(trace.event_count()).close('}');
  return std::move(json).take();
}

class cutter {
public:
  cutter(const trace_store& trace, entity asked, const cut_options& options)
      : trace_(trace), asked_(asked), options_(options), cone_(trace, asked),
        stripper_(trace, cone_) {}

  std::size_t write(trace::sink& to) {
    if (options_.redacted) {
      redaction_.learn(header());
      each_event([this](trace::event& e) { redaction_.learn(e); });
    }
    write_header(to);
    std::uint64_t last = 0;
    each_event([&](trace::event& e) {
      if (options_.redacted) redaction_.apply(e);
      last = e.t;
      to.write(e);
    });
    return cone_.events().size() + write_last_moment(to, last);
  }

private:
  [[nodiscard]] trace::event header() const {
    return {.body = trace_.header().value_or(trace::header{})};
  }

  template <class Visit> void each_event(Visit visit) {
    std::vector<trace::extra_field> extra;
    for (const event_index i : cone_.events()) {
      trace::event e = trace_.event_at(i, extra);
      e.t = trace_.time_of(i); // as it counts, where it had gone back
      stripper_.strip(e.body);
      visit(e);
    }
  }

  void write_header(trace::sink& to) {
    trace::event e = header();
    if (options_.redacted) redaction_.apply(e);
    const std::string note = cut_note(trace_, asked_, cone_.events().size());
    const trace::extra_field extra[] = {{"cut", note}};
    e.extra = extra;
    to.write(e);
  }

  /// How long something went on that was not over is told by the last moment of a trace that was cut off.
  std::size_t write_last_moment(trace::sink& to, std::uint64_t last) {
    if (trace_.ended_in_order() || last == trace_.last_time()) return 0;
    to.write({.t = trace_.last_time(),
              .body = trace::mark{.label = "the trace that this was cut from breaks off here"}});
    return 1;
  }

  const trace_store& trace_;
  entity asked_;
  cut_options options_;
  causal_cone cone_;
  reference_stripper stripper_;
  redaction redaction_;
};

} // namespace

std::size_t write_cut(const trace_store& trace, entity asked, const cut_options& options,
                      trace::sink& to) {
  return cutter(trace, asked, options).write(to);
}

} // namespace cancelscope::inspector
