// The language of the event filter, the search and the break conditions.
#include "inspector/query/fields.hpp"
#include "inspector/query/query.hpp"
#include "tests/inspector/support.hpp"

#include <gmock/gmock.h>

#include <array>
#include <random>
#include <tuple>
#include <variant>

namespace cancelscope::inspector::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class queries : public ::testing::Test {
protected:
  std::vector<std::uint64_t> lines(std::string_view text) const {
    const auto asked = query::parse(text);
    if (!asked) {
      ADD_FAILURE() << asked.error().message;
      return {};
    }
    std::vector<std::uint64_t> found;
    for (const event_index e : asked->matches_in(trace))
      found.push_back(trace.line_of(e));
    return found;
  }

  trace_store trace = load_text(read_file(data_path("every-event.jsonl")));
};

TEST_F(queries, without_words_match_everything) {
  EXPECT_EQ(lines("").size(), trace.event_count());
  EXPECT_EQ(lines("  \t ").size(), trace.event_count());
  EXPECT_TRUE(query().matches_everything());
}

TEST_F(queries, find_words_in_names_and_texts_whatever_their_case) {
  EXPECT_THAT(lines("\"No Printer\""), ElementsAre(47));
  EXPECT_THAT(lines("REPORT ev:task_spawn"), ElementsAre(43));
  EXPECT_THAT(lines("text ~ printer"), ElementsAre(47));
}

TEST_F(queries, ask_for_kinds_states_phases_and_outcomes) {
  EXPECT_THAT(lines("kind:timeout"), ElementsAre(19));
  EXPECT_THAT(lines("kind:lease"), ElementsAre(10));
  EXPECT_THAT(lines("state:closed"), ElementsAre(41, 54));
  EXPECT_THAT(lines("phase:draining"), ElementsAre(24, 25));
  EXPECT_THAT(lines("outcome:panicked"), ElementsAre(32, 41));
  EXPECT_THAT(lines("on:timer"), ElementsAre(13));
  EXPECT_THAT(lines("how:leaked"), ElementsAre(49));
  EXPECT_THAT(lines("effect:absorbed"), IsEmpty());
  EXPECT_THAT(lines("th:2"), ElementsAre(43));
}

TEST_F(queries, compare_in_the_order_of_the_format) {
  EXPECT_THAT(lines("outcome > ok and ev = task_end"), ElementsAre(30, 32, 47));
  EXPECT_THAT(lines("outcome<=err ev=task_end"), ElementsAre(47, 50)) << "spaces are not needed";
  EXPECT_THAT(lines("phase < completed"), ElementsAre(24, 25, 27));
  EXPECT_THAT(lines("state >= finalizing"), ElementsAre(39, 41, 54));
  EXPECT_THAT(lines("kind < parent"), ElementsAre(19));
  EXPECT_THAT(lines("left > 0"), ElementsAre(18));
  EXPECT_THAT(lines("dur >= 5"), ElementsAre(9, 28));
}

TEST_F(queries, ask_of_a_kind_that_nobody_knows_by_its_name_alone) {
  const auto odd =
      load_lines({R"({"ev":"region_open","t":0,"region":"r0.1","parent":null})",
                  R"({"ev":"cancel","t":1,"cancel":"c1","kind":"brownout","target":"r0.1"})"});
  const auto matched = [&odd](std::string_view text) {
    return (*query::parse(text)).matches_in(odd).size();
  };
  EXPECT_EQ(matched("kind = brownout"), 1U);
  EXPECT_EQ(matched("kind ~ OUT"), 1U);
  EXPECT_EQ(matched("kind >= user"), 0U);
}

TEST_F(queries, are_only_about_events_that_have_the_field) {
  EXPECT_THAT(lines("resource != polls"), ElementsAre(26));
  EXPECT_THAT(lines("kind != lease"), ElementsAre(11, 19, 20, 21, 45)) << "of whichever sort";
  EXPECT_THAT(lines("not resource = polls"), SizeIs(trace.event_count() - 1));
  EXPECT_THAT(lines("label !~ stock"), ElementsAre(11, 12, 13, 17, 40));
}

TEST_F(queries, ask_whom_an_event_names) {
  EXPECT_THAT(lines("cancel:c3"), ElementsAre(21, 25, 32));
  EXPECT_THAT(lines("id:o1.1"), ElementsAre(11, 12, 15, 16));
  EXPECT_THAT(lines("o1.1"), ElementsAre(11, 12, 15, 16)) << "the bare id asks the same";
  EXPECT_THAT(lines("task:report"), ElementsAre(43, 45, 47, 48));
  EXPECT_THAT(lines("id:t77.1"), IsEmpty());
  EXPECT_THAT(lines("what = o1.1"), ElementsAre(12));
  EXPECT_THAT(lines("by = r0.1"), ElementsAre(51));
  EXPECT_THAT(lines("cause = c1"), ElementsAre(20, 21));
  EXPECT_THAT(lines("target != \"charge card\" and ev = cancel_phase"), ElementsAre(24, 27, 31));
  EXPECT_THAT(lines("obligation ~ slot"), ElementsAre(11, 12, 15, 16));
}

TEST_F(queries, ask_for_a_region_or_all_that_is_under_it) {
  EXPECT_THAT(lines("region:r1.1 ev:task_end"), ElementsAre(30, 32));
  EXPECT_THAT(lines("under:r0.1 ev:task_end"), ElementsAre(30, 32, 47, 50));
  EXPECT_THAT(lines("under:\"request 7\" ev:task_end"), ElementsAre(30, 32));
  EXPECT_THAT(lines("region under r1.1 and ev = task_end"), ElementsAre(30, 32));
  EXPECT_THAT(lines("under supervisor and ev = task_end"), ElementsAre(30, 32, 50))
      << "it, and what is in the region that it opened";
}

TEST_F(queries, ask_for_all_that_a_cancel_led_to) {
  EXPECT_THAT(lines("cancel under c1 and ev = cancel"), ElementsAre(19, 20, 21));
  EXPECT_THAT(lines("cancel under c3"), ElementsAre(21, 25, 32));
}

TEST_F(queries, ask_for_times_and_lines) {
  EXPECT_THAT(lines("t:1000"), ElementsAre(19, 20, 21));
  EXPECT_THAT(lines("t:1.3us.."), ElementsAre(53, 54, 55, 56));
  EXPECT_THAT(lines("t >= 1.3 us"), ElementsAre(53, 54, 55, 56));
  EXPECT_THAT(lines("t:..20ns"), ElementsAre(2, 3, 4, 5));
  EXPECT_THAT(lines("line:7..8"), ElementsAre(7, 8));
  EXPECT_THAT(lines("event in (1, 55)"), ElementsAre(2, 56));
}

TEST_F(queries, can_ask_for_the_opposite) {
  EXPECT_THAT(lines("t:1000 -kind:timeout"), ElementsAre(20, 21));
  EXPECT_THAT(lines("t:1000 -\"charge card\""), ElementsAre(19, 20));
  EXPECT_THAT(lines("t = 1000 and not (kind = timeout or target = t1.1)"), ElementsAre(21));
  EXPECT_THAT(lines("t=1000 !kind=timeout"), ElementsAre(20, 21));
}

TEST_F(queries, bind_and_tighter_than_or) {
  EXPECT_THAT(lines("how = leaked or ev = task_end and outcome = ok"), ElementsAre(49, 50));
  EXPECT_THAT(lines("(how = leaked or ev = task_end) and t > 1270"), ElementsAre(50));
  EXPECT_THAT(lines("HOW OR how = leaked AND th = 2"), IsEmpty()) << "keywords in capitals, too";
}

TEST_F(queries, take_values_as_they_are) {
  EXPECT_THAT(lines(R"(name = "charge card" ev = task_spawn)"), ElementsAre(8));
  EXPECT_THAT(lines(R"(name:"a \" quote")"), IsEmpty());
  EXPECT_THAT(lines("name:fetch(a)"), IsEmpty()) << "brackets that match are part of the word";
  EXPECT_THAT(lines("(name:report ev:task_end)"), ElementsAre(47));
}

TEST(a_query_that_is_none, is_refused_at_the_place) {
  const auto why = [](std::string_view text) {
    const auto parsed = query::parse(text);
    return parsed ? std::string("parsed") : parsed.error().message;
  };
  EXPECT_EQ(why("charge kidn:timeout"),
            "There is no field `kidn`, at character 8; perhaps `kind` is meant.");
  EXPECT_THAT(why("wobblywobbly = 3"), HasSubstr("the fields are ev, kind, effect,"));
  EXPECT_EQ(why("é \"open"), "The quote that opens at character 3 is not closed.");
  EXPECT_EQ(why("kind: x"), "`kind:` has no value at character 6.");
  EXPECT_EQ(why("kind ="), "`kind =` has no value at character 7.");
  EXPECT_EQ(
      why("outcome:fine"),
      "`outcome:` cannot be “fine”, at character 9: expected one of ok, err, cancelled, panicked.");
  EXPECT_EQ(why("t:soon"),
            "`t:` cannot be “soon”, at character 3: expected a time such as 1250, 1.5ms or 3s.");
  EXPECT_EQ(why("name < a"), "`name <` cannot be “a”, at character 8: text has no order: compare "
                             "it with =, !=, ~ or !~.");
  EXPECT_THAT(why("task > t1.1"), HasSubstr("ids and names have no order"));
  EXPECT_THAT(why("kind under r0.1"), HasSubstr("only whom an event names can be under somebody"));
  EXPECT_THAT(why("exhausted = yes"), HasSubstr("expected true or false"));
  EXPECT_EQ(why("ev = cancel and"), "Something is missing at the end, at character 16.");
  EXPECT_EQ(why("or th = 1"), "Something is missing before `or`, at character 1.");
  EXPECT_EQ(why("(th = 1"), "The bracket that opens at character 1 is not closed.");
  EXPECT_EQ(why("th = 1)"), "The bracket that closes at character 7 was never opened.");
  EXPECT_EQ(why("kind in ()"), "There is nothing to choose from in the brackets at character 9.");
  EXPECT_EQ(why("= 3"), "`=` has no field before it at character 1.");
  EXPECT_EQ(why("kind = = timeout"), "`=` stands where a value should, at character 8.");
  EXPECT_EQ(why("kind != !=x"), "`!=` stands where a value should, at character 9.");
  EXPECT_EQ(why("t < > 3"), "`>` stands where a value should, at character 5.");
  EXPECT_EQ(why("name = <none>"), "parsed") << "a text may begin like that";
  EXPECT_EQ(why("T > 1ms"), "There is no field `T`, at character 1; perhaps `t` is meant.");
  EXPECT_THAT(why("Knid = user"), HasSubstr("perhaps `kind` is meant"));
}

TEST_F(queries, under_somebody_whom_nobody_knows_say_so) {
  const auto unknown = [this](std::string_view text) {
    return query::parse(text)->unknown_in(trace);
  };
  EXPECT_THAT(unknown("region under r99.1 or under nosuch"), ElementsAre("r99.1", "nosuch"));
  EXPECT_THAT(unknown("region under r0.1 and not under \"charge card\""), ElementsAre());
  EXPECT_THAT(run_command({"events", data_path("every-event.jsonl"), "under nosuch"}).out,
              HasSubstr("every-event.jsonl has the id or name “nosuch”."));
  EXPECT_THAT(run_command({"events", data_path("every-event.jsonl"), "under nosuch", "--json"}).out,
              HasSubstr(R"("matched":0,"of":55,"unknown":["nosuch"],)"));
}

TEST(a_query_that_is_none, is_pointed_at) {
  const auto pointed = [](std::string_view text) {
    query_fault fault;
    EXPECT_FALSE(query::parse(text, fault));
    return "\n" + pointed_at(text, fault);
  };
  EXPECT_EQ(pointed("é and kidn = x"), "\né and kidn = x\n      ^^^^");
  EXPECT_EQ(pointed("outcome = fine th = 1"), "\noutcome = fine th = 1\n          ^^^^");
  EXPECT_EQ(pointed("kind ="), "\nkind =\n^^^^^^");
  EXPECT_EQ(pointed("a and"), "\na and \n     ^");
  const std::string far = std::string(200, 'x') + " kidn = 1";
  EXPECT_THAT(pointed(far), HasSubstr("x kidn = 1\n")) << "of a long one, the part that matters";
  EXPECT_LT(pointed(far).size(), far.size());
}

TEST(a_query_that_is_none, may_be_nested_however_deep) {
  const std::string deep(100'000, '(');
  EXPECT_FALSE(query::parse(deep + "x" + std::string(100'000, ')')));
  EXPECT_FALSE(query::parse(deep));
  std::string nots;
  for (int i = 0; i < 100'000; ++i)
    nots += "not ";
  EXPECT_FALSE(query::parse(nots + "x"));
  EXPECT_TRUE(query::parse(std::string(90, '(') + "x" + std::string(90, ')')));
}

// The same laws that tests/fuzz/query_fuzz.cpp holds, on texts made of the language's own pieces.
TEST_F(queries, of_any_words_are_refused_at_a_place_or_have_an_opposite) {
  static constexpr std::array pieces{
      "kind",      "=",    "!=",      "<=",       "t",         "region",  "under", "r1.1",
      "(",         ")",    "and",     "or",       "not",       "-",       "!",     "\"",
      "\\",        "in",   ",",       "1ms..2ms", "ev:",       "name",    "~",     "!~",
      "timeout",   "x",    "é",       "250",      "ms",        "under:",  "c1",    "cancel",
      "exhausted", "true", "outcome", ">=",       "cancelled", "\"a b\"", "task",  "contains"};
  std::mt19937 random(42);
  int parsed = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (auto size = random() % 9; size > 0; --size) {
      text += pieces[random() % pieces.size()];
      if (random() % 3 != 0) text += ' ';
    }
    query_fault fault;
    const auto asked = query::parse(text, fault);
    if (!asked) {
      ASSERT_EQ(fault.message, asked.error().message) << text;
      ASSERT_LT(fault.from, fault.to) << text;
      ASSERT_LE(fault.to, text.size() + 1) << text;
      ASSERT_NE(pointed_at(text, fault).find('^'), std::string::npos) << text;
      continue;
    }
    if (asked->matches_everything()) continue;
    ++parsed;
    const auto opposite = query::parse("not (" + text + " )");
    ASSERT_TRUE(opposite) << text;
    ASSERT_EQ(asked->matches_in(trace).size() + opposite->matches_in(trace).size(),
              trace.event_count())
        << text;
  }
  EXPECT_GT(parsed, 500);
}

TEST(every_field_of_the_format, can_be_asked_for) {
  const auto missing_of = []<class Body>(const Body*) {
    std::vector<std::string> missing;
    std::apply(
        [&](const auto&... field) {
          ((find_field(field.name) == nullptr ? missing.emplace_back(field.name) : std::string()),
           ...);
        },
        Body::fields());
    return missing;
  };
  const auto check = [&]<class... Body>(const std::variant<trace::header, Body...>*) {
    std::vector<std::string> all;
    for (const auto& missing : {missing_of(static_cast<const Body*>(nullptr))...})
      all.insert(all.end(), missing.begin(), missing.end());
    return all;
  };
  EXPECT_THAT(check(static_cast<const trace::event_body*>(nullptr)),
              ElementsAre("budget", "budget"))
      << "of regions and tasks: limits, not a value";
  for (const query_field& f : query_fields())
    EXPECT_THAT(query::help(), HasSubstr("  " + std::string(f.name)));
}

TEST_F(queries, of_the_document_find_what_it_says) {
  std::istringstream document(read_file(std::string(CANCELSCOPE_SOURCE_DIR) + "/docs/query.md"));
  int examples = 0;
  bool among_them = false;
  for (std::string line; std::getline(document, line);) {
    if (line.starts_with("## ")) among_them = line == "## Examples";
    if (!among_them || !line.starts_with("| `")) continue;
    const std::size_t end = line.find("` | ");
    ASSERT_NE(end, std::string::npos) << line;
    std::istringstream expected(line.substr(end + 4, line.find(" | ", end + 4) - end - 4));
    std::vector<std::uint64_t> wanted;
    for (std::uint64_t number = 0; expected >> number;)
      wanted.push_back(number);
    EXPECT_EQ(lines(line.substr(3, end - 3)), wanted) << line;
    ++examples;
  }
  EXPECT_GT(examples, 10);
}

} // namespace
} // namespace cancelscope::inspector::testing
