// Numbers, events and columns as people read them.
#include "inspector/command_line/style.hpp"
#include "inspector/query/values.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "tests/inspector/support.hpp"

namespace cancelscope::inspector::testing {
namespace {

TEST(a_duration, has_at_most_three_figures_and_the_unit_that_fits) {
  EXPECT_EQ(duration_text(0), "0 ns");
  EXPECT_EQ(duration_text(870), "870 ns");
  EXPECT_EQ(duration_text(3'100), "3.1 µs");
  EXPECT_EQ(duration_text(3'100'000), "3.1 ms");
  EXPECT_EQ(duration_text(250'000'000), "250 ms");
  EXPECT_EQ(duration_text(2'054'000'000), "2.05 s");
  EXPECT_EQ(duration_text(12'340'000), "12.3 ms");
  EXPECT_EQ(duration_text(100'000'000), "100 ms");
  EXPECT_EQ(duration_text(250'000'000'000), "4 min 10 s");
  EXPECT_EQ(duration_text(7'500'000'000'000), "2 h 5 min");
  EXPECT_EQ(duration_text(~std::uint64_t{0}), "5124095 h 34 min");
}

TEST(a_duration, that_would_round_to_a_thousand_is_one_of_the_next_unit) {
  EXPECT_EQ(duration_text(999'400), "999 µs");
  EXPECT_EQ(duration_text(999'600), "1 ms");
  EXPECT_EQ(duration_text(9'999), "10 µs");
  EXPECT_EQ(duration_text(59'960'000'000), "60 s");
}

TEST(a_time, is_exact_to_the_microsecond) {
  EXPECT_EQ(time_text(12'480'000), "12.480 ms");
  EXPECT_EQ(time_text(870), "870 ns");
  EXPECT_EQ(time_text(1'250), "1.250 µs");
  EXPECT_EQ(time_text(3'000'001'000), "3.000001 s");
}

TEST(counts, have_their_thousands_apart) {
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(4211), "4,211");
  EXPECT_EQ(count_text(1'000'000), "1,000,000");
  EXPECT_EQ(counted(1, "task"), "1 task");
  EXPECT_EQ(counted(0, "task"), "0 tasks");
  EXPECT_EQ(counted(2, "anomaly", "anomalies"), "2 anomalies");
  EXPECT_EQ(bytes_text(1), "1 byte");
  EXPECT_EQ(bytes_text(1'234'567), "1.23 MB");
}

TEST(times_that_are_typed, may_have_units) {
  const auto ns = [](std::string_view text) {
    const auto parsed = parse_duration(text);
    return parsed ? std::to_string(*parsed) : parsed.error().message;
  };
  EXPECT_EQ(ns("1250"), "1250");
  EXPECT_EQ(ns("1.5ms"), "1500000");
  EXPECT_EQ(ns("250 ms"), "250000000");
  EXPECT_EQ(ns("3µs"), "3000");
  EXPECT_EQ(ns("18446744073709551615"), "18446744073709551615");
  const std::string expected = "expected a time such as 1250, 1.5ms or 3s";
  for (const char* wrong : {"", "ms", "1.2.3ms", "5 parsecs", "-1", "99999999999999999999s"})
    EXPECT_EQ(ns(wrong), expected) << wrong;
}

TEST(an_event, is_described_in_a_few_words) {
  const auto trace = load_text(read_file(data_path("every-event.jsonl")));
  const auto said = [&](std::uint64_t line) {
    for (std::uint32_t i = 0; i < trace.event_count(); ++i)
      if (trace.line_of(event_index{i}) == line) return describe(trace, event_index{i});
    return std::string();
  };
  EXPECT_EQ(said(2), "`page 0.9` was refused by `runtime 1.0`: the consumer's version is too old");
  EXPECT_EQ(said(4), "opened, a root");
  EXPECT_EQ(said(6), "opened in region `service` by task `supervisor`, 970 ns to its deadline, 64 "
                     "polls, cost up to 5,000");
  EXPECT_EQ(said(12), "waits for a permit `warehouse` of permit `send slot`");
  EXPECT_EQ(said(19), "c1, timeout: “deadline of request 7”, asked for by task `supervisor`");
  EXPECT_EQ(said(26), "0 ns left of its deadline budget: exhausted");
  EXPECT_EQ(said(44), "stale handle t1.1 refused for join, presented by task `supervisor`; the "
                      "slot is at generation 2 now");
  EXPECT_EQ(said(46), "3 events are missing here");
}

TEST(a_table, lines_up_columns_by_what_is_shown) {
  table rows("  ");
  rows.align_right({1});
  rows.row({"\x1b[1mµs\x1b[0m", "7"});
  rows.row({"longer", "123"});
  std::ostringstream out;
  rows.print(out);
  EXPECT_EQ(out.str(), "  \x1b[1mµs\x1b[0m        7\n  longer  123\n");
}

TEST(text_for_a_terminal, carries_no_control_characters_of_the_trace) {
  std::ostringstream out;
  const console io{.out = out, .err = out, .out_is_terminal = true};
  EXPECT_EQ(shown_width(style(io).text("a\x1b[31mb\xc2\x9b"
                                       "c")),
            9U);
  const console plain_io{.out = out, .err = out};
  EXPECT_EQ(style(plain_io).text("a\x1b[31m\nb"), "a\uFFFD[31m\uFFFDb");
}

} // namespace
} // namespace cancelscope::inspector::testing
