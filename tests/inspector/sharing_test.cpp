// What is made to be handed on: a trace cut down to one cancellation, a trace for another viewer, a page for a
// bug.
#include "inspector/answers/answers.hpp"
#include "inspector/attribution/effects.hpp"
#include "inspector/convert/chrome_trace.hpp"
#include "inspector/cut/cut.hpp"
#include "inspector/report/html.hpp"
#include "inspector/report/report.hpp"
#include "tests/inspector/support.hpp"
#include "trace-format/jsonl_writer.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <map>
#include <regex>
#include <set>

namespace cancelscope::inspector::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// Traces that were written by hand, of programs that share nothing.
const char* const hand_written[] = {"asyncio",   "go-context", "every-event", "strengthening",
                                    "anomalies", "unknown",    "cut-off",     "first"};

trace_store load_data(const std::string& name) {
  return load_text(read_file(data_path(name + ".jsonl")));
}

// ---- cut ----

class kept_lines final : public trace::sink {
public:
  void write(const trace::event& e) override { trace::jsonl_writer{}.append(e, lines); }
  std::string lines;
};

std::string cut_of(const trace_store& trace, entity asked, bool redacted = false) {
  kept_lines kept;
  write_cut(trace, asked, {.redacted = redacted}, kept);
  return kept.lines;
}

/// Every region, task, cancel and obligation.
std::vector<entity> everybody_in(const trace_store& trace) {
  std::vector<entity> all;
  for (std::uint32_t i = 0; i < trace.regions().size(); ++i)
    all.emplace_back(region_index{i});
  for (std::uint32_t i = 0; i < trace.tasks().size(); ++i)
    all.emplace_back(task_index{i});
  for (std::uint32_t i = 0; i < trace.cancels().size(); ++i)
    all.emplace_back(cancel_index{i});
  for (std::uint32_t i = 0; i < trace.obligations().size(); ++i)
    all.emplace_back(obligation_index{i});
  return all;
}

TEST(a_cut_trace, explains_the_same_whoever_it_was_cut_for) {
  for (const char* name : hand_written) {
    const trace_store whole = load_data(name);
    for (const entity who : everybody_in(whole)) {
      SCOPED_TRACE(std::string(name) + " " + whole.id_of(who));
      const trace_store cut = load_text(cut_of(whole, who));
      EXPECT_EQ(explain_json(cut, explain(cut, cut.find(whole.id_of(who)))),
                explain_json(whole, explain(whole, who)));
    }
  }
}

TEST(a_cut_trace, has_no_anomaly_but_those_that_belong_to_the_answer) {
  for (const char* name : hand_written) {
    const trace_store whole = load_data(name);
    for (const entity who : everybody_in(whole)) {
      const trace_store cut = load_text(cut_of(whole, who));
      for (const noticed_anomaly& a : cut.anomalies())
        EXPECT_TRUE(a.what.code == trace::anomaly_code::cut_off ||
                    a.what.code == trace::anomaly_code::cause_cycle)
            << name << " " << whole.id_of(who) << ": " << a.what.message;
    }
  }
}

TEST(a_cut_trace, accuses_nobody_who_was_innocent_before) {
  for (const char* name : {"asyncio", "go-context", "every-event"}) {
    const trace_store whole = load_data(name);
    std::set<std::string> before;
    for (const finding& f : find_all(whole))
      before.insert(std::string(to_string(f.code)) + " " + f.target_id);
    for (const entity who : everybody_in(whole)) {
      const trace_store cut = load_text(cut_of(whole, who));
      for (const finding& f : find_all(cut))
        EXPECT_TRUE(before.contains(std::string(to_string(f.code)) + " " + f.target_id))
            << name << " " << whole.id_of(who) << ": " << f.message;
    }
  }
}

TEST(a_cut_trace, holds_the_chain_and_nobody_else) {
  const trace_store whole = load_data("asyncio");
  const trace_store cut = load_text(cut_of(whole, whole.find("t5.1")));
  EXPECT_LT(cut.event_count(), whole.event_count() / 2);
  for (const char* kept : {"t5.1", "r3.1", "r2.1", "r1.1", "c1", "c2"})
    EXPECT_TRUE(cut.find(kept)) << kept;
  for (const char* gone : {"t4.1", "t2.1", "c3", "c4"})
    EXPECT_FALSE(cut.find(gone)) << gone;
}

TEST(a_cut_trace, keeps_what_is_held_by_those_who_were_over_before) {
  const trace_store whole = load_lines(
      {R"({"ev":"region_open","t":0,"region":"r0.1","parent":null,"name":"order"})",
       R"({"ev":"region_open","t":0,"region":"r1.1","parent":"r0.1","name":"reserve"})",
       R"({"ev":"task_spawn","t":1,"task":"t0.1","region":"r0.1","name":"stock"})",
       R"({"ev":"task_spawn","t":1,"task":"t1.1","region":"r1.1","name":"van"})",
       R"({"ev":"obligation","t":2,"obligation":"o0.1","kind":"lease","task":"t0.1"})",
       R"({"ev":"obligation","t":2,"obligation":"o1.1","kind":"lease","task":"t1.1"})",
       R"({"ev":"task_end","t":3,"task":"t0.1","outcome":"ok"})",
       R"({"ev":"task_end","t":3,"task":"t1.1","outcome":"ok"})",
       R"({"ev":"region_state","t":4,"region":"r1.1","state":"closed"})",
       R"({"ev":"cancel","t":9,"cancel":"c1","kind":"user","target":"r0.1"})",
       R"({"ev":"obligation_end","t":10,"obligation":"o0.1","how":"aborted"})",
       R"({"ev":"region_state","t":11,"region":"r0.1","state":"closed","outcome":"cancelled"})",
       R"({"ev":"obligation_end","t":12,"obligation":"o1.1","how":"leaked"})",
       R"({"ev":"end","t":20})"});
  const std::string said = explain_json(whole, explain(whole, whole.find("r0.1")));
  EXPECT_THAT(said, HasSubstr("2 obligations were held"));
  const trace_store cut = load_text(cut_of(whole, whole.find("r0.1")));
  EXPECT_EQ(explain_json(cut, explain(cut, cut.find("r0.1"))), said);
}

TEST(a_cut_trace, says_in_its_header_what_it_was_cut_for) {
  const trace_store whole = load_data("asyncio");
  const std::string text = cut_of(whole, whole.find("t5.1"));
  const auto header = json::parse(text.substr(0, text.find('\n')));
  EXPECT_EQ(header["cut"]["for"], "t5.1");
  EXPECT_EQ(header["cut"]["of"], 37);
  EXPECT_EQ(header["producer"]["name"], "crawl.py");
}

TEST(a_cut_of_a_region, holds_what_its_cancellation_led_to) {
  const trace_store whole = load_data("go-context");
  for (std::uint32_t i = 0; i < whole.cancels().size(); ++i) {
    const cancel_index cancel{i};
    const trace_store cut = load_text(cut_of(whole, cancel));
    const auto counted = count_effects(cut, cut.find(whole.id_of(cancel)).as<cancel_index>());
    EXPECT_EQ(counted.requests, count_effects(whole, cancel).requests);
    EXPECT_EQ(counted.tasks, count_effects(whole, cancel).tasks);
    EXPECT_EQ(counted.not_done, count_effects(whole, cancel).not_done);
  }
}

TEST(a_cut_trace, keeps_a_slots_tenants_apart) {
  const trace_store whole = load_lines(
      {R"({"ev":"region_open","t":0,"region":"r0.1","parent":null})",
       R"({"ev":"task_spawn","t":1,"task":"t0.1","region":"r0.1","name":"first"})",
       R"({"ev":"task_end","t":2,"task":"t0.1","outcome":"err"})",
       R"({"ev":"cancel","t":3,"cancel":"c1","kind":"fail_fast","target":"r0.1","origin_task":"t0.1"})",
       R"({"ev":"release","t":4,"id":"t0.1"})",
       R"({"ev":"task_spawn","t":5,"task":"t0.2","region":"r0.1","name":"second"})",
       R"({"ev":"cancel","t":6,"cancel":"c2","kind":"parent","target":"t0.2","cause":"c1"})",
       R"({"ev":"end","t":7})"});
  const trace_store cut = load_text(cut_of(whole, whole.find("t0.2")));
  EXPECT_THAT(cut.anomalies(), IsEmpty());
  EXPECT_EQ(explain_json(cut, explain(cut, cut.find("t0.2"))),
            explain_json(whole, explain(whole, whole.find("t0.2"))));
}

/// All strings of a JSON value that are neither keys nor words of the format.
void collect_texts(const json& value, std::set<std::string>& texts) {
  static const std::set<std::string> worded{"ev",      "kind",     "effect", "phase",
                                            "outcome", "how",      "state",  "on",
                                            "clock",   "resource", "id",     "format"};
  for (const auto& [key, member] : value.items()) {
    if (member.is_structured())
      collect_texts(member, texts);
    else if (member.is_string() && !worded.contains(key))
      texts.insert(member.get<std::string>());
  }
}

std::set<std::string> texts_of(const std::string& lines) {
  std::set<std::string> texts;
  std::istringstream in(lines);
  static const std::regex id(R"([rto]\d+\.\d+|c\d+)");
  for (std::string line; std::getline(in, line);)
    if (const auto value = json::parse(line, nullptr, false); value.is_object())
      collect_texts(value, texts);
  std::erase_if(texts, [](const std::string& text) { return std::regex_match(text, id); });
  return texts;
}

TEST(a_redacted_cut, has_nothing_left_of_the_programs_own_words) {
  for (const char* name : hand_written) {
    const std::string original = read_file(data_path(std::string(name) + ".jsonl"));
    const std::set<std::string> before = texts_of(original);
    const trace_store whole = load_text(original);
    for (const entity who : everybody_in(whole))
      for (const std::string& text : texts_of(cut_of(whole, who, true)))
        EXPECT_FALSE(before.contains(text)) << name << " " << whole.id_of(who) << ": " << text;
  }
}

TEST(a_redacted_cut, calls_the_same_by_the_same_and_explains_as_before) {
  const trace_store whole = load_data("asyncio");
  const trace_store cut = load_text(cut_of(whole, whole.find("t5.1"), true));
  const auto before = json::parse(explain_json(whole, explain(whole, whole.find("t5.1"))));
  const auto after = json::parse(explain_json(cut, explain(cut, cut.find("t5.1"))));
  for (const char* field : {"target", "region", "outcome", "cancelled", "complete", "phases",
                            "open_obligations", "joined_by"})
    EXPECT_EQ(after[field], before[field]) << field;
  EXPECT_EQ(after["chain"].size(), before["chain"].size());
  EXPECT_THAT(after["summary"].get<std::string>(),
              AllOf(HasSubstr("was cancelled by a timeout of 250 ms"), HasSubstr("`name ")));
}

TEST(a_redacted_cut, never_uses_a_stand_in_that_was_a_name_before) {
  const trace_store whole = load_lines(
      {R"({"ev":"region_open","t":0,"region":"r0.1","parent":null,"name":"name 1"})",
       R"({"ev":"task_spawn","t":1,"task":"t0.1","region":"r0.1","name":"name 2"})",
       R"({"ev":"cancel","t":3,"cancel":"c1","kind":"user","target":"t0.1","message":"name 2"})",
       R"({"ev":"end","t":7})"});
  const trace_store cut = load_text(cut_of(whole, whole.find("t0.1"), true));
  EXPECT_EQ(cut.name_of(cut.find("r0.1")), "name 3");
  EXPECT_EQ(cut.name_of(cut.find("t0.1")), "name 4");
  EXPECT_EQ(cut.name_of(cut.find("c1")), "name 4");
}

TEST(cut, writes_a_file_and_says_what_it_holds) {
  const scratch_folder folder;
  const std::string out = folder.path() / "cut.jsonl";
  const answer given =
      run_command({"cut", data_path("asyncio.jsonl"), "read body of /b", "-o", out});
  EXPECT_EQ(given.status, 0) << given.err;
  EXPECT_THAT(given.out, AllOf(HasSubstr("timeout of 250 ms"), HasSubstr("of 37 events say so")));
  EXPECT_EQ(run_command({"check", out}).status, 0);
  EXPECT_EQ(run_command({"cut", data_path("asyncio.jsonl"), "t5.1", "-o", "-"}).out,
            read_file(out));
  const answer as_json =
      run_command({"cut", data_path("asyncio.jsonl"), "t5.1", "-o", out, "--json"});
  EXPECT_EQ(json::parse(as_json.out)["of"], 37);
}

TEST(cut, writes_the_binary_encoding_where_the_name_asks_for_it) {
  const scratch_folder folder;
  const std::string out = folder.path() / "cut.cst";
  EXPECT_EQ(run_command({"cut", data_path("asyncio.jsonl"), "t5.1", "-o", out}).status, 0);
  EXPECT_EQ(
      json::parse(run_command({"explain", out, "t5.1", "--json"}).out),
      json::parse(run_command({"explain", data_path("asyncio.jsonl"), "t5.1", "--json"}).out));
}

// ---- convert to Chrome trace events ----

std::string chrome_text(const trace_store& trace) {
  std::string text;
  trace::string_output out(text);
  EXPECT_FALSE(write_chrome_trace(trace, out));
  return text;
}

struct chrome_events {
  explicit chrome_events(const std::string& name)
      : events(json::parse(chrome_text(load_data(name)))["traceEvents"].get<std::vector<json>>()) {
    std::stable_sort(events.begin(), events.end(), [](const json& a, const json& b) {
      return a.value("ts", 0.0) < b.value("ts", 0.0);
    });
  }
  std::vector<json> events; ///< as a viewer takes them: by time, else in the order of the file
};

TEST(chrome_events_of_a_trace, end_every_lifetime_that_they_begin_properly_nested) {
  for (const char* name : hand_written) {
    SCOPED_TRACE(name);
    std::map<std::string, std::vector<std::string>> open;
    for (const json& e : chrome_events(name).events) {
      const std::string phase = e["ph"];
      EXPECT_THAT(phase, ::testing::AnyOf("b", "e", "n", "i", "M"));
      EXPECT_TRUE(e["pid"].is_number_unsigned()) << e.dump();
      EXPECT_TRUE(e["name"].is_string()) << e.dump();
      EXPECT_EQ(phase != "M", e.contains("ts") && e["ts"].is_number() && e["ts"] >= 0) << e.dump();
      if (phase != "b" && phase != "e") continue;
      auto& stack = open[e["cat"].get<std::string>() + " " + e["id"].get<std::string>()];
      if (phase == "b") {
        stack.push_back(e["name"]);
      } else {
        ASSERT_FALSE(stack.empty()) << e.dump();
        EXPECT_EQ(stack.back(), e["name"].get<std::string>()) << e.dump();
        stack.pop_back();
      }
    }
    for (const auto& [id, stack] : open)
      EXPECT_THAT(stack, IsEmpty()) << id;
  }
}

TEST(chrome_events_of_a_trace, have_an_id_of_its_own_for_every_tenant_of_a_slot) {
  for (const char* name : hand_written) {
    const trace_store trace = load_data(name);
    std::map<std::string, int> depth;
    std::map<std::string, int> lifetimes;
    for (const json& e : chrome_events(name).events) {
      const std::string phase = e["ph"];
      if (phase != "b" && phase != "e") continue;
      const std::string id = e["id"];
      if (phase == "b" && depth[id]++ == 0) ++lifetimes[id];
      if (phase == "e") --depth[id];
    }
    EXPECT_EQ(lifetimes.size(),
              trace.regions().size() + trace.tasks().size() + trace.obligations().size())
        << name;
    for (const auto& [id, count] : lifetimes)
      EXPECT_EQ(count, 1) << name << " " << id;
  }
}

TEST(chrome_events_of_a_trace, lead_an_arrow_from_every_cause_to_each_of_its_effects) {
  for (const char* name : hand_written) {
    const trace_store trace = load_data(name);
    std::map<std::string, double> out;
    std::multiset<std::string> in;
    for (const json& e : chrome_events(name).events) {
      if (!e.contains("bind_id")) continue;
      EXPECT_EQ(e["ph"], "n") << "an instant is a slice, and arrows bind to slices";
      const std::string id = e["bind_id"];
      if (e.contains("flow_out")) {
        EXPECT_TRUE(out.emplace(id, e["ts"]).second) << id << " begins twice";
      } else {
        ASSERT_TRUE(out.contains(id)) << id << " ends before it begins";
        in.insert(id);
      }
    }
    std::size_t caused = 0;
    for (std::uint32_t i = 0; i < trace.cancels().size(); ++i)
      if (const cancel_index cause = trace[cancel_index{i}].cause; cause && cause < cancel_index{i})
        ++caused;
    EXPECT_EQ(in.size(), caused) << name;
    for (const auto& [id, t] : out)
      EXPECT_TRUE(in.contains(id)) << name << ": " << id << " leads nowhere";
  }
}

TEST(chrome_events_of_a_trace, tell_the_whole_cause_in_their_args) {
  for (const json& e : chrome_events("asyncio").events) {
    if (e["ph"] != "n" || e["name"] != "parent c2") continue;
    const json& args = e["args"];
    EXPECT_EQ(args["cancel"], "c2");
    EXPECT_EQ(args["chain"].size(), 2U);
    EXPECT_THAT(args["root cause"].get<std::string>(), HasSubstr("timeout of 250 ms"));
    return;
  }
  FAIL() << "there is no c2";
}

/// A cancel of each of so many tasks, each the cause of the next.
std::string long_chain(int links) {
  std::string text = text_of({R"({"ev":"region_open","t":0,"region":"r0.1","parent":null})"});
  for (int i = 1; i <= links; ++i)
    text +=
        R"({"ev":"task_spawn","t":1,"task":"t)" + std::to_string(i) + ".1\",\"region\":\"r0.1\"}\n";
  for (int i = 1; i <= links; ++i)
    text += R"({"ev":"cancel","t":2,"cancel":"c)" + std::to_string(i) +
            R"(","kind":"parent","target":"t)" + std::to_string(i) + ".1\"" +
            (i == 1 ? "" : ",\"cause\":\"c" + std::to_string(i - 1) + "\"") + "}\n";
  return text + "{\"ev\":\"end\",\"t\":3}\n";
}

TEST(chrome_events_of_a_trace, tell_the_whole_cause_however_long_it_is) {
  constexpr int links = 3000; // too many to be written with each cancel
  std::map<std::string, json> args_of;
  std::size_t written = 0;
  const json written_trace = json::parse(chrome_text(load_text(long_chain(links))));
  for (const json& e : written_trace["traceEvents"]) {
    if (e["ph"] != "n" || !e.contains("args")) continue;
    args_of[e["args"]["cancel"]] = e["args"];
    written += e["args"]["chain"].size();
  }
  ASSERT_EQ(args_of.size(), static_cast<std::size_t>(links));
  EXPECT_LE(written, std::size_t{48} * links) << "it grows with the square of the chain";
  EXPECT_EQ(args_of["c300"]["chain"].size(), 300U) << "there is room for a chain as this";
  for (const int from : {1, 32, 33, 300, 1000, 2999, links}) {
    // Read as a person would: where the chain goes on elsewhere, there.
    int expected = from;
    std::string at = "c" + std::to_string(from);
    while (!at.empty()) {
      const json& args = args_of[at];
      for (const std::string link : args["chain"])
        EXPECT_THAT(link, ::testing::StartsWith("c" + std::to_string(expected--) + " parent on "));
      at.clear();
      if (!args.contains("chain goes on")) continue;
      EXPECT_EQ(args["chain goes on"]["further"], expected);
      at = args["chain goes on"]["in the args of"];
    }
    EXPECT_EQ(expected, 0) << "c" << from << " does not lead to the root";
  }
}

TEST(chrome_events_of_a_trace, have_no_arrow_that_leads_nowhere) {
  // The cause comes behind its effect: a viewer cannot draw that.
  const std::string text = chrome_text(load_lines(
      {R"({"ev":"region_open","t":0,"region":"r0.1","parent":null})",
       R"({"ev":"cancel","t":1,"cancel":"c2","kind":"user","target":"r0.1","cause":"c1"})",
       R"({"ev":"cancel","t":2,"cancel":"c1","kind":"user","target":"r0.1"})",
       R"({"ev":"end","t":3})"}));
  EXPECT_THAT(text, Not(HasSubstr("flow_out")));
  EXPECT_THAT(text, HasSubstr("\"chain\":[\"c2 user on r0.1\",\"c1 user on r0.1\"]"));
}

TEST(chrome_events_of_a_trace, have_times_in_microseconds_to_the_nanosecond) {
  const std::string text = chrome_text(load_lines(
      {R"({"ev":"region_open","t":9007199254740993001,"region":"r0.1","parent":null})",
       R"({"ev":"region_state","t":9007199254740993017,"region":"r0.1","state":"closed"})",
       R"({"ev":"end","t":9007199254740993017})"}));
  EXPECT_THAT(text, AllOf(HasSubstr("\"ts\":9007199254740993.001"),
                          HasSubstr("\"ts\":9007199254740993.017")));
}

TEST(chrome_events_of_a_trace, say_what_was_not_over_at_its_end) {
  const std::string text = chrome_text(load_data("cut-off"));
  EXPECT_THAT(text, HasSubstr("\"not over when the trace ended\":true"));
}

TEST(convert, writes_chrome_events_where_the_name_asks_for_them) {
  const scratch_folder folder;
  const std::string out = folder.path() / "asyncio.json";
  const answer given = run_command({"convert", data_path("asyncio.jsonl"), out});
  EXPECT_EQ(given.status, 0) << given.err;
  EXPECT_THAT(given.out, HasSubstr("37 events"));
  EXPECT_EQ(json::parse(read_file(out))["traceEvents"].size(),
            json::parse(chrome_text(load_data("asyncio")))["traceEvents"].size());
}

// ---- report ----

/// What does not close what it opens, in the order it is noticed.
std::vector<std::string> badly_nested(const std::string& page) {
  std::vector<std::string> open;
  std::vector<std::string> wrong;
  for (std::size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
    const std::size_t end = page.find('>', at);
    if (end == std::string::npos) return {"a tag without its end"};
    const std::string tag = page.substr(at + 1, end - at - 1);
    const bool closes = tag.starts_with('/');
    const std::string name =
        tag.substr(closes ? 1 : 0, tag.find_first_of(" >", 1) - (closes ? 1 : 0));
    if (tag.starts_with('!') || tag.ends_with('/') || name == "meta") continue;
    if (!closes)
      open.push_back(name);
    else if (!open.empty() && open.back() == name)
      open.pop_back();
    else
      wrong.push_back(name);
  }
  wrong.insert(wrong.end(), open.begin(), open.end());
  return wrong;
}

TEST(the_check_of_tags, notices_what_is_not_closed) {
  EXPECT_THAT(badly_nested("<!doctype html><p class=\"x\">a<b>b</b><meta x><line/></p>"),
              IsEmpty());
  EXPECT_THAT(badly_nested("<p><b></p></b>"), Not(IsEmpty()));
  EXPECT_THAT(badly_nested("<p>"), ElementsAre("p"));
}

TEST(a_report, is_well_formed_and_needs_nothing_from_elsewhere) {
  for (const char* name : hand_written) {
    SCOPED_TRACE(name);
    std::string page = report_html(load_data(name), {.version = "1", .limits = {}});
    EXPECT_THAT(badly_nested(page), IsEmpty());
    for (const char* outside : {"http:", "https:", "<script", "<link", "<img", "@import", "src="})
      EXPECT_THAT(page, Not(HasSubstr(outside))) << outside;
    for (std::size_t at = page.find("url("); at != std::string::npos;
         at = page.find("url(", at + 1))
      EXPECT_EQ(page[at + 4], '#');
    EXPECT_THAT(page, HasSubstr("prefers-color-scheme: dark"));
  }
}

TEST(a_report, tells_the_findings_and_the_worst_chain_as_check_and_explain_do) {
  const trace_store trace = load_data("every-event");
  const std::string page = report_html(trace, {.version = "1", .limits = {}});
  for (const finding& f : find_all(trace))
    EXPECT_THAT(page, HasSubstr(std::string(to_string(f.code))));
  EXPECT_THAT(page, AllOf(HasSubstr("class=\"picture chain\""), HasSubstr("cancelscope explain")));
  EXPECT_THAT(report_html(load_data("asyncio"), {}),
              HasSubstr("<code>read body of /b</code> was cancelled by a timeout of 250 ms"));
}

TEST(a_report, lets_no_text_become_markup) {
  const trace_store trace = load_lines(
      {R"({"ev":"region_open","t":0,"region":"r0.1","parent":null,"name":"</style><script>alert(1)</script>"})",
       R"({"ev":"task_spawn","t":1,"task":"t0.1","region":"r0.1","name":"\"><img src=x onerror=alert(1)>\u0007"})",
       R"({"ev":"cancel","t":3,"cancel":"c1","kind":"<b>","target":"t0.1","origin_region":"r0.1","message":"`<i>` *<u>* ”<s>"})",
       R"({"ev":"task_end","t":5,"task":"t0.1","outcome":"cancelled"})",
       R"({"ev":"mark","t":6,"label":"<mark>"})", R"({"ev":"end","t":7})"});
  const std::string page = report_html(trace, {.version = "<v>", .limits = {}});
  for (const char* hostile : {"<script", "<img", "<b>", "<i>", "<u>", "<s>", "<mark>", "<v>", "\a"})
    EXPECT_THAT(page, Not(HasSubstr(hostile))) << hostile;
  EXPECT_THAT(badly_nested(page), IsEmpty());
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

TEST(a_report, of_a_trace_with_nothing_in_it_says_so) {
  const std::string page = report_html(load_lines({R"({"ev":"end","t":0})"}), {});
  EXPECT_THAT(page, AllOf(HasSubstr("Nothing looks wrong."), HasSubstr("0 of 0 tasks")));
  EXPECT_THAT(badly_nested(page), IsEmpty());
}

TEST(a_report, of_a_long_chain_shows_both_ends) {
  std::string text(header_line);
  text +=
      "\n{\"ev\":\"region_open\",\"t\":0,\"region\":\"r0.1\",\"parent\":null}\n"
      "{\"ev\":\"task_spawn\",\"t\":0,\"task\":\"t0.1\",\"region\":\"r0.1\",\"name\":\"victim\"}\n";
  constexpr int length = 5'000;
  for (int i = 1; i <= length; ++i) {
    const bool last = i == length;
    text += "{\"ev\":\"cancel\",\"t\":" + std::to_string(i) + ",\"cancel\":\"c" +
            std::to_string(i) + "\",\"kind\":\"parent\",\"target\":\"" + (last ? "t0.1" : "r0.1") +
            "\",\"effect\":\"" + (last || i == 1 ? "applied" : "absorbed") + "\"" +
            (i == 1 ? "" : ",\"cause\":\"c" + std::to_string(i - 1) + "\"") + "}\n";
  }
  text += "{\"ev\":\"end\",\"t\":5001}\n";
  const trace_store trace = load_text(text);
  const std::string page = report_html(trace, {});
  EXPECT_LT(page.size(), 200'000U);
  EXPECT_THAT(page, HasSubstr("4,988 more requests"));
  EXPECT_LT(chrome_text(trace).size(), 2'000U * length) << "it does not grow with the square";
}

TEST(sentences, become_markup_by_their_marks_alone) {
  EXPECT_EQ(html::from_markdown("`a<b` ended *ok*"),
            R"(<code>a&lt;b</code> ended <em class="ok">ok</em>)");
  EXPECT_EQ(html::from_markdown("said “`x` *y*”"), "said <q>`x` *y*</q>");
  EXPECT_EQ(html::from_markdown("2 * 3 and ` alone"), "2 * 3 and ` alone");
  EXPECT_EQ(html::from_markdown("“never closed"), "<q>never closed</q>");
  EXPECT_EQ(html::escaped("\xff"
                          "a\x01\xc2\x85"),
            "\uFFFDa\uFFFD\uFFFD");
}

TEST(report, writes_a_file_or_to_standard_output_or_says_why_not) {
  const scratch_folder folder;
  const std::string out = folder.path() / "report.html";
  EXPECT_EQ(run_command({"report", data_path("asyncio.jsonl"), "-o", out}).status, 0);
  EXPECT_EQ(run_command({"report", data_path("asyncio.jsonl"), "-o", "-"}).out, read_file(out));
  const answer refused = run_command(
      {"report", data_path("asyncio.jsonl"), "-o", folder.path() / "no" / "folder.html"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, HasSubstr("folder.html"));
}

} // namespace
} // namespace cancelscope::inspector::testing
