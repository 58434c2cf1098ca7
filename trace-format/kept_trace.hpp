// A sink that keeps every event in memory, with its text, so that whoever ran a program can ask what its trace says: tests, samples, the lab.
//
// Threading: one writer; ask when it does not write. Failure: none but memory.
//
//     kept_trace trace;
//     { current_thread runtime{clock, {.sink = &trace}}; … }
//     for (const auto& end : trace.all<task_end>()) …
#pragma once

#include "trace-format/events.hpp"

#include <deque>
#include <string>
#include <vector>

namespace cancelscope::trace {

class kept_trace final : public sink {
public:
  void write(const event& e) override {
    event kept = e;
    if (kept.src) kept.src = keep(*kept.src);
    std::visit([this](auto& body) { keep_texts(body); }, kept.body);
    events_.push_back(std::move(kept));
  }

  [[nodiscard]] const std::vector<event>& events() const { return events_; }

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

  [[nodiscard]] task_id task_named(std::string_view name) const {
    for (const auto& spawned : all<task_spawn>())
      if (spawned.name == name) return spawned.task;
    return {};
  }
  [[nodiscard]] region_id region_named(std::string_view name) const {
    for (const auto& opened : all<region_open>())
      if (opened.name == name) return opened.region;
    return {};
  }
  /// The requests for one target, in order.
  [[nodiscard]] std::vector<cancel_request> requests_for(entity_id target) const {
    return all<cancel_request>([&](const auto& c) { return c.target == target; });
  }
  [[nodiscard]] std::vector<region_state> states_of(region_id region) const {
    std::vector<region_state> states;
    for (const auto& moved : all<region_moved>())
      if (moved.region == region) states.push_back(moved.state);
    return states;
  }
  [[nodiscard]] std::vector<cancel_phase_name> phases_of(entity_id target) const {
    std::vector<cancel_phase_name> phases;
    for (const auto& reached : all<cancel_phase>())
      if (reached.target == target) phases.push_back(reached.phase);
    return phases;
  }
  [[nodiscard]] maybe<outcome_kind> outcome_of(task_id task) const {
    for (const auto& ended : all<task_end>())
      if (ended.task == task) return ended.outcome;
    return std::nullopt;
  }

private:
  text keep(text borrowed) { return texts_.emplace_back(borrowed); }
  void keep_one(text& borrowed) { borrowed = keep(borrowed); }
  void keep_one(maybe<text>& borrowed) {
    if (borrowed) borrowed = keep(*borrowed);
  }
  void keep_one(maybe<producer_info>& producer) {
    if (!producer) return;
    keep_one(producer->name);
    keep_one(producer->version);
    keep_one(producer->language);
  }
  template <class Other> void keep_one(Other&) {}
  template <class Body> void keep_texts(Body& body) {
    std::apply([&](const auto&... each) { (keep_one(body.*(each.member)), ...); }, Body::fields());
  }

  std::vector<event> events_;
  std::deque<std::string> texts_;
};

} // namespace cancelscope::trace
