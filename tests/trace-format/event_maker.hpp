// Random events for tests that compare what was written with what is read.
//
// Threading: an object is used by one thread. Failure: none. The same seed gives the same events.
#pragma once

#include "trace-format/events.hpp"
#include "trace-format/names.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace cancelscope::trace::testing {

/// From how many ids those of events are chosen: from few, and one event speaks of another's.
struct id_range {
  std::size_t slots = 1000;
  std::size_t generations = 9;
  std::size_t cancels = 1000;
};

/// Random events: each field there or not, each value anything it may be.
class event_maker {
public:
  explicit event_maker(std::uint64_t seed, id_range ids = {}) : random_(seed), ids_(ids) {}

  event make() {
    event e;
    fill(e.t);
    fill(e.th);
    fill(e.src);
    make_body(e.body, 1 + below(std::variant_size_v<event_body> - 1)); // any but the header
    for (extras_.clear(); extras_.size() < 3 && below(4) == 0;)
      extras_.push_back({names_[below(names_.size())], json_[below(json_.size())]});
    e.extra = extras_;
    return e;
  }

private:
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }

  template <std::size_t Index = 0> void make_body(event_body& body, std::size_t index) {
    if constexpr (Index < std::variant_size_v<event_body>) {
      if (index != Index) return make_body<Index + 1>(body, index);
      auto& alternative = body.emplace<Index>();
      fill_all(alternative);
      finish(alternative);
    }
  }

  template <class Body> void finish(Body&) {}
  void finish(unknown_event& body) { body.ev = names_[below(names_.size())]; }
  void finish(cancel_request& body) {
    if (body.kind == cancel_kind::other) body.kind_name = "quota";
  }
  void finish(finalizer_ran& body) {
    if (!body.task) body.region = region_id{1, 1};
  }

  template <class Object> void fill_all(Object& object) {
    std::apply(
        [&](const auto&... fields) {
          (..., (fill(object.*fields.member), limit(object.*fields.member, fields.scope)));
        },
        Object::fields());
  }
  template <class Value> void limit(Value&, id_scope) {}
  void limit(entity_id& id, id_scope scope) {
    if (scope == id_scope::region_or_task && id.kind == entity_kind::obligation)
      id.kind = entity_kind::task;
  }
  void limit(maybe<entity_id>& id, id_scope scope) {
    if (id) limit(*id, scope);
  }

  void fill(std::uint64_t& value) { value = below(3) == 0 ? random_() : below(1000); }
  void fill(std::uint8_t& value) { value = static_cast<std::uint8_t>(random_()); }
  void fill(bool& value) { value = below(2) == 0; }
  void fill(text& value) {
    std::string& made = texts_.emplace_back();
    for (const std::size_t length = below(below(4) == 0 ? 300 : 20); made.size() < length;)
      made += pieces_[below(pieces_.size())];
    value = made;
  }
  template <named_enum Enum> void fill(Enum& value) {
    const auto first = static_cast<std::size_t>(first_on_wire<Enum>);
    value = static_cast<Enum>(first + below(names_of<Enum>.size() - first));
  }
  void fill(cancel_id& id) { id.number = 1 + below(ids_.cancels); }
  void fill(entity_id& id) {
    constexpr entity_kind kinds[] = {entity_kind::region, entity_kind::task,
                                     entity_kind::obligation};
    id = {kinds[below(3)], below(ids_.slots), 1 + below(ids_.generations)};
  }
  template <entity_kind Kind> void fill(typed_id<Kind>& id) {
    id = {below(ids_.slots), 1 + below(ids_.generations)};
  }
  template <class Value> void fill(maybe<Value>& value) {
    if (below(2) == 0) fill(value.emplace());
  }
  template <class Value> void fill(nullable<Value>& value) { fill(value.value); }
  void fill(budget_limits& limits) { fill_all(limits); }
  void fill(producer_info& producer) { fill_all(producer); }

  std::mt19937_64 random_;
  id_range ids_;
  std::deque<std::string> texts_; ///< what the events borrow
  std::vector<extra_field> extras_;
  const std::vector<std::string> pieces_{"a", "Z", " ",  "\"",  "\\", "\n", std::string(1, '\0'),
                                         "é", "€", "😀", "\x7f"};
  const std::vector<std::string> names_{"heap", "x-y", "größe", "a\"b"};
  const std::vector<std::string> json_{"null",  "1.50", R"({"a":[1,{}]})", R"("text \u0007")", "[]",
                                       "-3e-7", "true"};
};

} // namespace cancelscope::trace::testing
