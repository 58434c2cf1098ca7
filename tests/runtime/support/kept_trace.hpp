// A sink that keeps every event, with its text, so that a test can ask what the trace says.
#pragma once

#include "trace-format/events.hpp"

#include <deque>
#include <string>
#include <vector>

namespace cancelscope::tests {

class kept_trace final : public trace::sink {
public:
  void write(const trace::event& e) override {
    trace::event kept = e;
    if (kept.src) kept.src = keep(*kept.src);
    std::visit([this](auto& body) { keep_texts(body); }, kept.body);
    events_.push_back(std::move(kept));
  }

  [[nodiscard]] const std::vector<trace::event>& events() const { return events_; }

  /// All events of one kind, in order.
  template <class Body> [[nodiscard]] std::vector<Body> all() const {
    std::vector<Body> found;
    for (const auto& e : events_)
      if (const auto* body = std::get_if<Body>(&e.body)) found.push_back(*body);
    return found;
  }
  template <class Body, class Which> [[nodiscard]] std::vector<Body> all(const Which& which) const {
    std::vector<Body> found;
    for (const auto& body : all<Body>())
      if (which(body)) found.push_back(body);
    return found;
  }

  [[nodiscard]] trace::task_id task_named(std::string_view name) const {
    for (const auto& spawned : all<trace::task_spawn>())
      if (spawned.name == name) return spawned.task;
    return {};
  }
  [[nodiscard]] trace::region_id region_named(std::string_view name) const {
    for (const auto& opened : all<trace::region_open>())
      if (opened.name == name) return opened.region;
    return {};
  }
  /// The requests for one target, in order.
  [[nodiscard]] std::vector<trace::cancel_request> requests_for(trace::entity_id target) const {
    return all<trace::cancel_request>([&](const auto& c) { return c.target == target; });
  }
  [[nodiscard]] std::vector<trace::region_state> states_of(trace::region_id region) const {
    std::vector<trace::region_state> states;
    for (const auto& moved : all<trace::region_moved>())
      if (moved.region == region) states.push_back(moved.state);
    return states;
  }
  [[nodiscard]] std::vector<trace::cancel_phase_name> phases_of(trace::entity_id target) const {
    std::vector<trace::cancel_phase_name> phases;
    for (const auto& reached : all<trace::cancel_phase>())
      if (reached.target == target) phases.push_back(reached.phase);
    return phases;
  }
  [[nodiscard]] trace::maybe<trace::outcome_kind> outcome_of(trace::task_id task) const {
    for (const auto& ended : all<trace::task_end>())
      if (ended.task == task) return ended.outcome;
    return std::nullopt;
  }

private:
  trace::text keep(trace::text text) { return texts_.emplace_back(text); }
  void keep_one(trace::text& text) { text = keep(text); }
  void keep_one(trace::maybe<trace::text>& text) {
    if (text) text = keep(*text);
  }
  void keep_one(trace::maybe<trace::producer_info>& producer) {
    if (!producer) return;
    keep_one(producer->name);
    keep_one(producer->version);
    keep_one(producer->language);
  }
  template <class Other> void keep_one(Other&) {}
  template <class Body> void keep_texts(Body& body) {
    std::apply([&](const auto&... field) { (keep_one(body.*(field.member)), ...); },
               Body::fields());
  }

  std::vector<trace::event> events_;
  std::deque<std::string> texts_;
};

} // namespace cancelscope::tests
