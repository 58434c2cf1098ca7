#include "trace-format/recording/event_merger.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace cancelscope::trace::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct merging {
  event_merger merger;
  event_merger::source a;
  event_merger::source b;
  std::vector<std::string> written; ///< "label@t", and "+late" where there is

  void add(event_merger::source& from, std::uint64_t t, text label, std::uint64_t lost_before = 0) {
    const event e{.t = t, .body = mark{.label = label}};
    const auto& body = std::get<mark>(e.body);
    std::vector<std::byte> record(record_bound(e, body));
    record.resize(put_record(record.data(), e, body, lost_before));
    merger.add(from, record.data(), record.size());
  }
  void note(const event& e) {
    std::string line;
    if (const auto* lost = std::get_if<dropped_events>(&e.body))
      line = "lost " + std::to_string(lost->count);
    if (const auto* note = std::get_if<mark>(&e.body)) line = std::string(note->label);
    line += "@" + std::to_string(e.t);
    for (const extra_field& extra : e.extra)
      line += "+" + std::string(extra.key) + std::string(extra.json);
    written.push_back(line);
  }
  std::vector<std::string> round() {
    written.clear();
    merger.end_round([this](const event& e) { note(e); });
    return written;
  }
  std::vector<std::string> all() {
    written.clear();
    merger.release_all([this](const event& e) { note(e); });
    return written;
  }
};

TEST(EventMerger, HoldsEventsBackForOneRound) {
  merging m;
  m.add(m.a, 10, "x");
  EXPECT_THAT(m.round(), IsEmpty());
  EXPECT_THAT(m.round(), ElementsAre("x@10"));
}

TEST(EventMerger, PutsAnEventThatCameOneRoundLaterInItsExactPlace) {
  merging m;
  m.add(m.a, 10, "effect");
  EXPECT_THAT(m.round(), IsEmpty());
  m.add(m.b, 5, "cause");
  EXPECT_THAT(m.round(), ElementsAre("cause@5", "effect@10"));
}

TEST(EventMerger, GivesAnEventThatCameStillLaterTheTimeOfTheOneBeforeItAndSaysSo) {
  merging m;
  m.add(m.a, 10, "x");
  m.round();
  m.round();
  m.add(m.b, 4, "late");
  EXPECT_THAT(m.round(), ElementsAre("late@10+late6"));
}

TEST(EventMerger, KeepsLateEventsAmongThemselvesInTheOrderOfTheirTimes) {
  merging m;
  m.add(m.a, 10, "x");
  m.round();
  m.round();
  m.add(m.b, 6, "second");
  m.add(m.a, 10, "third");
  event_merger::source c;
  m.add(c, 4, "first");
  EXPECT_THAT(m.round(), ElementsAre("first@10+late6", "second@10+late4", "third@10"));
}

TEST(EventMerger, KeepsAThreadsOwnOrderEvenWhenItsTimesFall) {
  merging m;
  m.add(m.a, 10, "x");
  m.add(m.a, 7, "y");
  EXPECT_THAT(m.all(), ElementsAre("x@10", "y@10+late3"));
}

TEST(EventMerger, LeavesEqualTimesOfAThreadInTheirOrder) {
  merging m;
  for (const text label : {"1", "2", "3", "4", "5"})
    m.add(m.a, 10, label);
  EXPECT_THAT(m.all(), ElementsAre("1@10", "2@10", "3@10", "4@10", "5@10"));
}

TEST(EventMerger, PutsALossBeforeTheEventThatFollowedIt) {
  merging m;
  m.add(m.a, 10, "x");
  m.add(m.a, 20, "y", 3);
  m.add(m.a, 30, "z", 3);
  EXPECT_THAT(m.all(), ElementsAre("x@10", "lost 3@20", "y@20", "z@30"));
}

TEST(EventMerger, ReportsALossThatNoEventFollowed) {
  merging m;
  m.add(m.a, 10, "x", 1);
  m.merger.add_lost(m.a, 4);
  m.merger.add_lost(m.a, 4);
  EXPECT_THAT(m.all(), ElementsAre("lost 1@10", "x@10", "lost 3@10"));
}

TEST(EventMerger, WaitsForNothingAtTheEnd) {
  merging m;
  m.add(m.b, 20, "y");
  m.add(m.a, 10, "x");
  EXPECT_THAT(m.all(), ElementsAre("x@10", "y@20"));
  EXPECT_THAT(m.all(), IsEmpty());
}

} // namespace
} // namespace cancelscope::trace::testing
