// The specification's table of events and the event model say the same: the order of an event's fields is the layout of
// the binary encoding, so a field that moves or is put between others would make old traces unreadable.
#include "tests/trace-format/support.hpp"
#include "trace-format/events.hpp"
#include "trace-format/names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace cancelscope::trace {
namespace specification_test {

using names = std::vector<std::string>;

/// What stands between backquotes, in order.
names quoted_in(std::string_view text) {
  names found;
  for (;;) {
    const std::size_t begin = text.find('`');
    if (begin == std::string_view::npos) return found;
    const std::size_t end = text.find('`', begin + 1);
    if (end == std::string_view::npos) return found;
    found.emplace_back(text.substr(begin + 1, end - begin - 1));
    text.remove_prefix(end + 1);
  }
}

/// Of each event, what its row quotes in the column of fields: their names, and names of values between them.
std::map<std::string, names> rows_of_the_table() {
  std::ifstream file(std::string(CANCELSCOPE_SOURCE_DIR) + "/trace-format/SPEC.md");
  std::map<std::string, names> rows;
  bool in_table = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) in_table = line == "## Events";
    if (!in_table || !line.starts_with("| `")) continue;
    const std::size_t first = line.find('|', 1);
    const std::size_t second = line.find(" |", first + 1);
    rows[quoted_in(line.substr(0, first)).at(0)] = quoted_in(line.substr(first, second - first));
  }
  return rows;
}

template <class Body> names fields_of() {
  names found;
  std::apply([&](const auto&... field) { (found.emplace_back(field.name), ...); }, Body::fields());
  return found;
}

bool is_subsequence(const names& wanted, const names& of) {
  auto next = wanted.begin();
  for (const std::string& one : of)
    if (next != wanted.end() && *next == one) ++next;
  return next == wanted.end();
}

template <class Body> void expect_the_row_of(const std::map<std::string, names>& rows) {
  if constexpr (!std::is_same_v<Body, header> && !std::is_same_v<Body, unknown_event>) {
    const std::string ev(name_of(event{.body = Body{}}));
    const auto row = rows.find(ev);
    ASSERT_NE(row, rows.end()) << ev << " is not in the table";
    EXPECT_TRUE(is_subsequence(fields_of<Body>(), row->second))
        << ev << " has the fields " << ::testing::PrintToString(fields_of<Body>())
        << ", its row quotes " << ::testing::PrintToString(row->second);
  }
}

TEST(the_table_of_the_specification, lists_the_fields_of_every_event_in_the_order_of_the_model) {
  const auto rows = rows_of_the_table();
  const auto check = [&]<class... Body>(const std::variant<Body...>*) {
    (expect_the_row_of<Body>(rows), ...);
  };
  check(static_cast<const event_body*>(nullptr));
}

// Within version 1 an optional field may be added, at the end. Whoever adds one adds it here.
TEST(the_fields_of_version_1, are_where_they_always_were) {
  EXPECT_EQ(fields_of<region_open>(), (names{"region", "parent", "name", "budget", "by"}));
  EXPECT_EQ(fields_of<region_moved>(), (names{"region", "state", "cancel", "outcome"}));
  EXPECT_EQ(fields_of<task_spawn>(), (names{"task", "region", "name", "by", "budget"}));
  EXPECT_EQ(fields_of<task_run>(), (names{"task", "dur"}));
  EXPECT_EQ(fields_of<task_wait>(), (names{"task", "on", "what", "label"}));
  EXPECT_EQ(fields_of<cancel_request>(),
            (names{"cancel", "kind", "target", "cause", "origin_region", "origin_task", "message",
                   "truncated", "effect", "deadline"}));
  EXPECT_EQ(fields_of<cancel_phase>(), (names{"target", "cancel", "phase"}));
  EXPECT_EQ(fields_of<task_end>(), (names{"task", "outcome", "cancel", "error"}));
  EXPECT_EQ(fields_of<task_join>(), (names{"task", "by"}));
  EXPECT_EQ(fields_of<obligation_open>(), (names{"obligation", "kind", "region", "task", "label"}));
  EXPECT_EQ(fields_of<obligation_end>(), (names{"obligation", "how", "cancel"}));
  EXPECT_EQ(fields_of<finalizer_ran>(), (names{"region", "task", "label", "dur", "outcome"}));
  EXPECT_EQ(fields_of<budget_left>(), (names{"target", "resource", "left", "exhausted"}));
  EXPECT_EQ(fields_of<slot_release>(), (names{"id"}));
  EXPECT_EQ(fields_of<stale_use>(), (names{"id", "live", "op", "by"}));
  EXPECT_EQ(fields_of<handshake>(), (names{"accepted", "consumer", "producer", "reason"}));
  EXPECT_EQ(fields_of<violation>(), (names{"oracle", "message", "target"}));
  EXPECT_EQ(fields_of<mark>(), (names{"label", "task", "region", "level"}));
  EXPECT_EQ(fields_of<dropped_events>(), (names{"count"}));
  EXPECT_EQ(fields_of<end_of_trace>(), (names{}));
}

} // namespace specification_test
} // namespace cancelscope::trace
