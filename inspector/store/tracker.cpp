#include "inspector/store/tracker.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cancelscope::inspector {

namespace {

std::optional<trace::text> keep(pools& in, std::optional<trace::text> text) {
  if (!text) return text;
  return in.texts[in.texts.intern(*text)];
}

} // namespace

void tracker::take_header(const trace::header& header) {
  trace::header kept = header;
  kept.format = *keep(data_.pool, header.format);
  kept.seed = keep(data_.pool, header.seed);
  kept.abi = keep(data_.pool, header.abi);
  if (kept.producer) {
    kept.producer->name = keep(data_.pool, header.producer->name);
    kept.producer->version = keep(data_.pool, header.producer->version);
    kept.producer->language = keep(data_.pool, header.producer->language);
  }
  data_.header = kept;
}

void tracker::take(trace::anomaly found) {
  const auto& times = data_.events.times();
  data_.anomalies.push_back({std::move(found), {}, times.empty() ? 0 : times.back()});
}

void tracker::take(const trace::event& e, std::uint64_t line) {
  const auto& times = data_.events.times();
  now_ = event_index{static_cast<std::uint32_t>(times.size())};
  line_ = line;
  before_ = times.empty() ? 0 : times.back();
  t_ = std::max(e.t, before_);
  subject_ = {};
  std::visit([&](const auto& body) { take(e, body); }, e.body);
}

template <class Body> void tracker::take(const trace::event& e, const Body& body) {
  if (!apply(body)) return;
  if (e.t < before_) {
    notice(trace::anomaly_code::time_went_back,
           fmt::format("The time went back from {} to {}; the event counts at {}.", before_, e.t,
                       before_),
           subject_);
  }
  data_.events.add(data_.pool, e, body, t_, line_, subject_);
}

bool tracker::refuse(const refusal& why) {
  notice(why.code, why.message, why.target);
  return false;
}

void tracker::notice(trace::anomaly_code code, std::string message, entity target) {
  data_.anomalies.push_back({{line_, code, std::move(message)}, target, t_});
}

entity tracker::optional(std::string_view field, std::optional<trace::entity_id> id) {
  if (!id) return {};
  const entity who = data_.pool.ids.resolve(*id);
  if (!who) {
    notice(trace::anomaly_code::unknown_id,
           fmt::format("`{}` names `{}`, which was never introduced; the event is used without it.",
                       field, trace::to_string(*id)),
           {});
  }
  return who;
}

void tracker::optional_cancel(std::string_view field, std::optional<trace::cancel_id> id) {
  if (!id || data_.find(*id)) return;
  notice(trace::anomaly_code::unknown_id,
         fmt::format("`{}` names `{}`, which was never requested; the event is used without it.",
                     field, trace::to_string(*id)),
         {});
}

void tracker::stops_waiting(task_index task) {
  if (task.value() >= open_waits_.size()) return;
  wait_index& open = open_waits_[task.value()];
  if (!open) return;
  data_.waits[open.value()].ended = now_;
  open = {};
}

} // namespace cancelscope::inspector
