#include "inspector/store/tracker.hpp"

#include "inspector/store/mentions.hpp"

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
  const std::uint64_t before = times.empty() ? 0 : times.back();
  now_ = event_index{static_cast<std::uint32_t>(times.size())};
  line_ = line;
  t_ = std::max(e.t, before);
  subject_ = {};

  const verdict refused = std::visit([this](const auto& body) { return apply(body); }, e.body);
  if (refused) {
    notice(refused->code, refused->message, refused->target);
    return;
  }
  if (e.t < before) {
    notice(trace::anomaly_code::time_went_back,
           fmt::format("The time went back from {} to {}; the event counts at {}.", before, e.t,
                       before),
           subject_);
  }
  data_.events.add(data_.pool, e, t_, line, subject_);
  index_mentions(e);
}

void tracker::index_mentions(const trace::event& e) {
  const auto mention = [this](entity who) {
    if (!who) return;
    const auto known = data_.events_of.of(who);
    if (known.empty() || known.back() != now_) data_.events_of.add(who, now_);
  };
  for_each_mentioned(e.body, [&](const auto& id) { mention(data_.find(id)); });
}

void tracker::notice(trace::anomaly_code code, std::string message, entity target) {
  data_.anomalies.push_back({{line_, code, std::move(message)}, target, t_});
}

entity tracker::optional(std::string_view field, std::optional<trace::entity_id> id) {
  if (!id) return {};
  const entity who = data_.find(*id);
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
