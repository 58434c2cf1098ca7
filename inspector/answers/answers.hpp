// Answers as JSON, the same for the command line, window.cancelscope and whoever asks next. Field names
// are a contract: added to, never renamed.
//
// Threading: reads the store only. Failure: none. Times are the trace's own, in ns.
#pragma once

#include "inspector/attribution/explain.hpp"
#include "inspector/compare/compare.hpp"
#include "inspector/findings/finding.hpp"
#include "inspector/store/trace_store.hpp"
#include "inspector/timeline/moment.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace cancelscope::inspector {

std::string explain_json(const trace_store& trace, const explanation& why);
/// The same for people, in Markdown: the sentence, the chain, the phases, what was left behind.
std::string explain_markdown(const trace_store& trace, const explanation& why);
std::string check_json(const trace_store& trace, std::span<const finding> findings);
/// `t` is the time asked for; the tree is as of the moment.
std::string tree_json(const trace_store& trace, std::uint64_t t, moment m);
std::string stats_json(const trace_store& trace);
std::string slots_json(const trace_store& trace);
/// Of two runs: what differs between `a` and `b`.
std::string diff_json(const trace_store& a, const trace_store& b, const run_comparison& found);
/// `unknown`: the ids and names of the query that nobody in the trace bears.
std::string events_json(const trace_store& trace, std::span<const event_index> events,
                        std::span<const std::string> unknown);

} // namespace cancelscope::inspector
