// What was written is what is read: over the traces written by hand, and over random events.
#include "tests/trace-format/support.hpp"
#include "trace-format/recorder.hpp"
#include "trace-format/recording/record.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <deque>
#include <random>

namespace cancelscope::trace::testing {
namespace {

using ::testing::IsEmpty;

/// Random events: each field there or not, each value anything it may be.
class event_maker {
public:
  explicit event_maker(std::uint64_t seed) : random_(seed) {}

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
  void fill(cancel_id& id) { id.number = 1 + below(1000); }
  void fill(entity_id& id) {
    constexpr entity_kind kinds[] = {entity_kind::region, entity_kind::task,
                                     entity_kind::obligation};
    id = {kinds[below(3)], below(1000), 1 + below(9)};
  }
  template <entity_kind Kind> void fill(typed_id<Kind>& id) { id = {below(1000), 1 + below(9)}; }
  template <class Value> void fill(maybe<Value>& value) {
    if (below(2) == 0) fill(value.emplace());
  }
  template <class Value> void fill(nullable<Value>& value) { fill(value.value); }
  void fill(budget_limits& limits) { fill_all(limits); }
  void fill(producer_info& producer) { fill_all(producer); }

  std::mt19937_64 random_;
  std::deque<std::string> texts_; ///< what the events borrow
  std::vector<extra_field> extras_;
  const std::vector<std::string> pieces_{"a", "Z", " ",  "\"",  "\\", "\n", std::string(1, '\0'),
                                         "é", "€", "😀", "\x7f"};
  const std::vector<std::string> names_{"heap", "x-y", "größe", "a\"b"};
  const std::vector<std::string> json_{"null",  "1.50", R"({"a":[1,{}]})", R"("text \u0007")", "[]",
                                       "-3e-7", "true"};
};

TEST(RoundTrip, OfRandomEventsLosesNothing) {
  event_maker maker{20260101};
  for (int i = 0; i < 3000; ++i) {
    std::string line;
    jsonl_writer{}.append(maker.make(), line);
    reading read;
    read_into(read, std::string(header_line) + line);
    ASSERT_EQ(read.events.size(), 2U) << line << read.last_message();
    ASSERT_EQ(read.events[1] + "\n", line);
  }
}

TEST(RoundTrip, OfARecordFitsIntoTheRoomThatWasReserved) {
  event_maker maker{31};
  std::vector<extra_field> extras;
  for (int i = 0; i < 3000; ++i) {
    const event e = maker.make();
    std::visit(
        [&](const auto& body) {
          std::vector<std::byte> record(record_bound(e, body));
          const std::uint64_t lost = i % 2 == 0 ? 0 : 5;
          const std::size_t size =
              put_record(record.data(), e, body, lost); // beyond the room: AddressSanitizer
          ASSERT_LE(size, record.size()) << body.ev;
          EXPECT_EQ(lost_of(record.data()), lost);
          std::string before;
          std::string after;
          jsonl_writer{}.append(e, before);
          jsonl_writer{}.append(event_of(record.data(), extras), after);
          EXPECT_EQ(before, after);
        },
        e.body);
  }
}

TEST(RoundTrip, ThroughTheRecorderIsTheSame) {
  event_maker maker{7};
  std::string direct(header_line);
  std::string recorded;
  recorder trace{std::make_unique<string_output>(recorded),
                 std::make_unique<jsonl_writer>(),
                 {.background = false}};
  for (std::uint64_t t = 1; t <= 1000; ++t) {
    event e = maker.make();
    if (std::holds_alternative<end_of_trace>(e.body)) continue;
    e.t = t;
    jsonl_writer{}.append(e, direct);
    trace.write(e);
  }
  trace.flush();
  EXPECT_EQ(recorded, direct);
}

TEST(RoundTrip, OfTracesWrittenByHandChangesNothing) {
  for (const char* name : {"asyncio.jsonl", "go-context.jsonl", "unknown.jsonl",
                           "every-event.jsonl", "strengthening.jsonl"}) {
    const std::string written = data_file(name);
    reading once;
    read_into(once, written);
    EXPECT_THAT(once.anomalies, IsEmpty()) << name;
    std::size_t line = 0;
    for (std::size_t at = 0; at < written.size();) {
      const std::size_t end = written.find('\n', at);
      auto before = nlohmann::json::parse(written.substr(at, end - at));
      const auto after = nlohmann::json::parse(once.events.at(line++));
      // A field that is null is a field that is absent; where the model knows it, that is how it is written back.
      for (auto field = before.begin(); field != before.end();) {
        if (field->is_object() && field.key() == "budget") {
          for (auto limit = field->begin(); limit != field->end();)
            limit = limit->is_null() || *limit == 0 ? field->erase(limit) : std::next(limit);
        }
        if (field->is_object() && field.key() == "producer") {
          for (auto part = field->begin(); part != field->end();)
            part = part->is_null() ? field->erase(part) : std::next(part);
        }
        field = field->is_null() && !after.contains(field.key()) ? before.erase(field)
                                                                 : std::next(field);
      }
      EXPECT_EQ(before, after) << name << " line " << line;
      at = end + 1;
    }
    EXPECT_EQ(line, once.events.size()) << name;
  }
}

} // namespace
} // namespace cancelscope::trace::testing
