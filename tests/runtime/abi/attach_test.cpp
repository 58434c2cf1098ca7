// A consumer attaches before anything else, and one that does not fit is refused with the reason and changes nothing.
#include "tests/runtime/abi/consumer.hpp"

#include <functional>
#include <utility>

namespace cancelscope {
namespace attach_test {

using abi::boundary;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::fitting_now;

/// Every call of the interface but cs_attach, with arguments that would mean something.
std::vector<std::pair<std::string, std::function<cs_status(boundary&)>>> all_calls() {
  static std::uint64_t wide = 0;
  static std::uint32_t number = 0;
  static const char* text = nullptr;
  static constexpr cs_region_spec region_spec{};
  static constexpr cs_task_spec task_spec{};
  static constexpr cs_cancel_spec cancel_spec{};
  static constexpr cs_obligation_spec obligation_spec{};
  static cs_notice notice{};
  static cs_outcome outcome{};
  static cs_cancellation link{};
  static cs_counts counts{};
  return {
      {"time", [](boundary& b) { return b.time(5); }},
      {"expire", [](boundary& b) { return b.expire(); }},
      {"next_deadline", [](boundary& b) { return b.next_deadline(&wide); }},
      {"open_region", [](boundary& b) { return b.open_region(&region_spec, "r", &wide); }},
      {"close_region", [](boundary& b) { return b.close_region(0); }},
      {"on_close", [](boundary& b) { return b.on_close(0, "f", 1); }},
      {"region_state", [](boundary& b) { return b.region_state(0, &number); }},
      {"spawn", [](boundary& b) { return b.spawn(&task_spec, "t", &wide); }},
      {"task_state", [](boundary& b) { return b.task_state(0, &number); }},
      {"checkpoint", [](boundary& b) { return b.checkpoint(0); }},
      {"task_ran", [](boundary& b) { return b.task_ran(0, 5); }},
      {"task_waits", [](boundary& b) { return b.task_waits(0, CS_WAIT_TIMER, 0, "w"); }},
      {"task_waits_for_region", [](boundary& b) { return b.task_waits_for_region(0, 0); }},
      {"spend", [](boundary& b) { return b.spend(0, 1); }},
      {"shield", [](boundary& b) { return b.shield(0); }},
      {"unshield", [](boundary& b) { return b.unshield(0); }},
      {"on_exit", [](boundary& b) { return b.on_exit(0, "e"); }},
      {"finalize", [](boundary& b) { return b.finalize(0); }},
      {"exit_ran", [](boundary& b) { return b.exit_ran(0, CS_RETURNED, {}); }},
      {"end_task", [](boundary& b) { return b.end_task(0, CS_RETURNED, {}); }},
      {"join", [](boundary& b) { return b.join(0, 0); }},
      {"stop_joining", [](boundary& b) { return b.stop_joining(0); }},
      {"cancel", [](boundary& b) { return b.cancel(&cancel_spec, "why", &wide); }},
      {"why", [](boundary& b) { return b.why(0); }},
      {"reserve", [](boundary& b) { return b.reserve(&obligation_spec, "o", &wide); }},
      {"commit", [](boundary& b) { return b.commit(0, 0); }},
      {"abort", [](boundary& b) { return b.abort(0, 0); }},
      {"take_notice", [](boundary& b) { return b.take_notice(&notice); }},
      {"read_outcome", [](boundary& b) { return b.read_outcome(&outcome); }},
      {"read_chain", [](boundary& b) { return b.read_chain(0, &link); }},
      {"read_counts", [](boundary& b) { return b.read_counts(&counts); }},
      {"place_of", [](boundary& b) { return b.place_of("f.js", 3, &number); }},
      {"mark", [](boundary& b) { return b.mark(0, 0, "m"); }},
      {"take_trace", [](boundary& b) { return b.take_trace(&text, &number); }},
      {"end_trace", [](boundary& b) { return b.end_trace(); }},
  };
}

/// What a consumer that fits finds: everything it could tell a used boundary from a fresh one by.
std::string as_found(boundary& b) {
  const cs_attachment with = fitting_now();
  EXPECT_EQ(b.attach(&with, "next"), CS_OK) << b.message();
  std::uint64_t region = 0;
  const cs_region_spec spec{};
  EXPECT_EQ(b.open_region(&spec, "first", &region), CS_OK);
  std::uint32_t place = 0;
  EXPECT_EQ(b.place_of("f.js", 1, &place), CS_OK);
  cs_counts counts{};
  EXPECT_EQ(b.read_counts(&counts), CS_OK);
  const char* lines = nullptr;
  std::uint32_t bytes = 0;
  EXPECT_EQ(b.take_trace(&lines, &bytes), CS_OK);
  return std::string{lines, bytes} + "\nregion " + std::to_string(region) + " place " +
         std::to_string(place) + " refused " + std::to_string(counts.refused) + " regions " +
         std::to_string(counts.regions);
}

std::string as_found_fresh() {
  boundary fresh;
  return as_found(fresh);
}

TEST(attaching, every_call_before_it_is_refused_and_changes_nothing) {
  for (const auto& [name, call] : all_calls()) {
    boundary b;
    EXPECT_EQ(call(b), CS_NOT_ATTACHED) << name;
    EXPECT_THAT(b.message(), HasSubstr("before cs_attach")) << name;
    EXPECT_EQ(as_found(b), as_found_fresh()) << name;
  }
}

TEST(attaching, a_consumer_that_fits_is_accepted_and_the_trace_begins) {
  tests::consumer c;
  const auto lines = c.lines();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0]["ev"], "trace");
  EXPECT_EQ(lines[0]["producer"]["name"], "test");
  EXPECT_EQ(lines[0]["producer"]["language"], "JavaScript");
  EXPECT_EQ(lines[0]["abi"].get<std::string>().size(), 16U);
}

struct misfit {
  std::string name;
  void (*spoil)(cs_attachment&);
  cs_status refused_as;
  std::string why;
};

TEST(attaching, one_that_does_not_fit_is_refused_with_the_reason_and_changes_nothing) {
  const std::vector<misfit> misfits{
      {"an older major", [](cs_attachment& a) { a.major = CS_MAJOR - 1; }, CS_OTHER_MAJOR,
       "one release"},
      {"a newer major", [](cs_attachment& a) { a.major = CS_MAJOR + 1; }, CS_OTHER_MAJOR,
       "one release"},
      {"a newer minor", [](cs_attachment& a) { a.minor = CS_MINOR + 1; }, CS_NEWER_MINOR,
       "a newer runtime"},
      {"another build", [](cs_attachment& a) { a.fingerprint ^= 1; }, CS_OTHER_FINGERPRINT,
       "one build"},
  };
  for (const auto& [name, spoil, refused_as, why] : misfits) {
    boundary b;
    cs_attachment with = fitting_now();
    spoil(with);
    EXPECT_EQ(b.attach(&with, "misfit"), refused_as) << name;
    EXPECT_THAT(b.message(), HasSubstr(why)) << name;
    EXPECT_FALSE(b.is_attached()) << name;
    EXPECT_EQ(as_found(b), as_found_fresh()) << name;
  }
}

TEST(attaching, happens_once) {
  tests::consumer c;
  const cs_attachment again = fitting_now();
  EXPECT_EQ(c.b.attach(&again, "second"), CS_ALREADY_ATTACHED);
  EXPECT_EQ(c.lines().size(), 1U);
}

TEST(attaching, untraced_records_nothing) {
  boundary b;
  cs_attachment with = fitting_now();
  with.traced = 0;
  ASSERT_EQ(b.attach(&with, {}), CS_OK);
  const cs_region_spec spec{};
  std::uint64_t region = 0;
  ASSERT_EQ(b.open_region(&spec, "r", &region), CS_OK);
  const char* lines = nullptr;
  std::uint32_t bytes = 0;
  EXPECT_EQ(b.take_trace(&lines, &bytes), CS_NOTHING);
}

} // namespace attach_test
} // namespace cancelscope
