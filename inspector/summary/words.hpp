// The parts that sentences are made of. Used within inspector/summary alone.
#pragma once

#include "inspector/attribution/explain.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::inspector::words {

/// What the request was, as seen from whom it stopped: "by a timeout of 250 ms on region `checkout`", "by its
/// own timeout of 5 ms", "because it lost a race".
std::string reason(const trace_store& trace, cancel_index cancel, entity stopped);

/// Who asked, where the reason does not say it: ", asked for by `deadline guard`".
std::string asker(const trace_store& trace, cancel_index cancel);

/// What was said with it: " (“SIGTERM”)". Empty where it says no more than the kind and the target's name do: "the
/// deadline of 'order 7' passed" of a timeout on it.
std::string message(const trace_store& trace, cancel_index cancel);

/// How the clean-up went and how it ended: "; it drained for 3.1 ms of its 5 ms and ended *cancelled*".
std::string clean_up(const trace_store& trace, const explanation& why);

/// " It left 1 lease behind: `stock`."
std::string left_behind(const trace_store& trace, const explanation& why);

/// A timeout's length, where the target's own deadline tells it.
std::optional<std::uint64_t> timeout_length(const trace_store& trace, cancel_index cancel);

/// "`a`, `b` and 3 more".
std::string list(const std::vector<std::string>& items, std::size_t most = 4);

} // namespace cancelscope::inspector::words
