// scale_check: makes traces of growing size, asks every command about them, compares the answers with what the generator
// knows, and says how long each took and how much memory. Each command runs in a process of its own.
//
//     scale_check FOLDER [EVENTS…]        a thousand, a million and ten million where no sizes are given
#include "bench/generator/trace_generator.hpp"
#include "inspector/command_line/command_line.hpp"
#include "trace-format/binary/binary_writer.hpp"
#include "trace-format/jsonl_writer.hpp"

#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace cancelscope;
using json = nlohmann::json;

struct cost {
  double seconds = 0;   ///< of processor time
  double megabytes = 0; ///< at most resident
  bool right = false;
};

/// Runs it in a process of its own, which says whether the answer was right.
cost measure(const std::function<bool()>& run) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) _exit(run() ? 0 : 1);
  int status = 0;
  rusage used{};
  if (child < 0 || wait4(child, &status, 0, &used) != child) return {};
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return {.seconds = seconds(used.ru_utime) + seconds(used.ru_stime),
          .megabytes = static_cast<double>(used.ru_maxrss) / 1024,
          .right = WIFEXITED(status) && WEXITSTATUS(status) == 0};
}

std::string answer_of(const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  inspector::console io{.out = out, .err = err};
  inspector::run(arguments, inspector::inspector_commands(), io);
  if (!err.str().empty()) std::printf("  %s", err.str().c_str());
  return out.str();
}

/// An empty object where the answer is none: that is a wrong answer, not the end of this process.
json json_of(const std::vector<std::string>& arguments) {
  json answer = json::parse(answer_of(arguments), nullptr, false);
  return answer.is_discarded() ? json::object() : answer;
}

bool stats_are_right(const std::string& trace, const bench::known_answers& known) {
  const json said = json_of({"stats", trace, "--json"});
  for (const auto& [name, count] : known.outcomes)
    if (said.value(json::json_pointer("/outcomes/" + name), std::uint64_t{0}) != count)
      return false;
  return said.value("events", std::uint64_t{0}) == known.events &&
         said.value("duration_ns", std::uint64_t{0}) == known.duration &&
         said.value("regions", std::uint64_t{0}) == known.regions &&
         said.value("tasks", std::uint64_t{0}) == known.tasks &&
         said.value("cancels", std::uint64_t{0}) == known.cancels &&
         said.value("obligations", std::uint64_t{0}) == known.obligations &&
         said.value("max_depth", std::uint64_t{0}) == known.max_depth &&
         said.value("by_kind", json::object()) == json(known.by_kind);
}

bool explain_is_right(const std::string& trace, const bench::known_chain& known) {
  const json said = json_of({"explain", trace, known.task, "--json"});
  std::vector<std::string> cancels;
  std::vector<std::string> kinds;
  for (const json& link : said.value("chain", json::array())) {
    cancels.push_back(link.value("cancel", ""));
    kinds.push_back(link.value("kind", ""));
  }
  return said.value("complete", false) && cancels == known.cancels && kinds == known.kinds &&
         said.value(json::json_pointer("/root_cause/message"), "") == known.root_message;
}

bool check_is_right(const std::string& trace, const bench::known_answers& known) {
  const json said = json_of({"check", trace, "--json"});
  std::map<std::string, std::uint64_t> found;
  for (const json& finding : said.value("findings", json::array()))
    ++found[finding.value("code", "")];
  return found == known.findings && said.value("anomalies", json::array({0})).empty();
}

/// In the middle, the service and its orders are there; none but these.
bool tree_is_right(const std::string& trace, const bench::known_answers& known) {
  const json said = json_of({"tree", trace, "--at", std::to_string(known.duration / 2), "--json"});
  const json roots = said.value("roots", json::array());
  return roots.size() == 1 && roots[0].value("name", "") == "service" &&
         roots[0].value("children", json::array()).size() <= 64;
}

bool slots_are_right(const std::string& trace, const bench::known_answers& known) {
  const json said = json_of({"slots", trace, "--json"});
  std::uint64_t tenancies = 0;
  for (const json& slot : said.value("tasks", json::array()))
    tenancies += slot.value("tenancies", json::array()).size();
  return tenancies == known.tasks && said.value("lifo_breaks", json::array({0})).empty();
}

bool events_are_right(const std::string& trace, const bench::known_answers& known) {
  const std::string said = answer_of({"events", trace, "ev:cancel kind:timeout"});
  const auto lines = static_cast<std::uint64_t>(std::count(said.begin(), said.end(), '\n'));
  const auto wanted = known.by_kind.find("timeout");
  return lines == (wanted == known.by_kind.end() ? 0 : wanted->second) + 1; // and the count below
}

/// Piece by piece, so that what is measured is the command and not the comparison.
bool same_bytes(const std::string& one, const std::string& other) {
  std::ifstream first(one, std::ios::binary);
  std::ifstream second(other, std::ios::binary);
  std::vector<char> a(std::size_t{1} << 16U);
  std::vector<char> b(a.size());
  do {
    first.read(a.data(), static_cast<std::streamsize>(a.size()));
    second.read(b.data(), static_cast<std::streamsize>(b.size()));
    if (first.gcount() != second.gcount() || a != b) return false;
  } while (first && second);
  return first.eof() && second.eof() && first.gcount() == second.gcount();
}

/// There and back is the same, byte for byte.
bool convert_is_right(const std::string& trace, const std::string& other) {
  answer_of({"convert", trace, other + ".back.cst"});
  answer_of({"convert", other + ".back.cst", other + ".back.jsonl"});
  const bool same = same_bytes(other + ".back.jsonl", other + ".jsonl");
  std::remove((other + ".back.cst").c_str());
  std::remove((other + ".back.jsonl").c_str());
  return same;
}

/// What begins is what there is, each ends, and as an async event of its own id.
bool chrome_trace_is_right(const std::string& trace, const std::string& base,
                           const bench::known_answers& known) {
  const std::string path = base + ".chrome.json";
  answer_of({"convert", trace, path});
  std::uint64_t tasks = 0;
  std::uint64_t regions = 0;
  std::int64_t open = 0;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const bool begins = line.starts_with(R"({"ph":"b")");
    open += begins ? 1 : line.starts_with(R"({"ph":"e")") ? -1 : 0;
    if (!begins || line.find(R"("args":{"id":")") == std::string::npos) continue;
    tasks += line.starts_with(R"({"ph":"b","cat":"task")") ? 1 : 0;
    regions += line.starts_with(R"({"ph":"b","cat":"region")") ? 1 : 0;
  }
  std::remove(path.c_str());
  return open == 0 && tasks == known.tasks && regions == known.regions;
}

/// The cut alone says what the whole says.
bool cut_is_right(const std::string& trace, const std::string& base,
                  const bench::known_chain& known) {
  const std::string path = base + ".cut.jsonl";
  answer_of({"cut", trace, known.task, "-o", path});
  const bool right = explain_is_right(path, known);
  std::remove(path.c_str());
  return right;
}

/// Every code that was found is on the page.
bool report_is_right(const std::string& trace, const std::string& base,
                     const bench::known_answers& known) {
  const std::string path = base + ".html";
  answer_of({"report", trace, "-o", path});
  std::ifstream file(path);
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  std::remove(path.c_str());
  return page.ends_with("</html>\n") && std::ranges::all_of(known.findings, [&](const auto& found) {
           return page.find(found.first) != std::string::npos;
         });
}

/// The encodings do not differ.
bool diff_is_right(const std::string& trace, const std::string& other) {
  return json_of({"diff", trace, other, "--json"}).value("same", false);
}

/// Against a run with another seed: of those in both, as many more are cancelled as the generator knows.
bool diff_of_seeds_is_right(const std::string& trace, const bench::known_answers& known,
                            const std::string& other, const bench::known_answers& others) {
  const json said = json_of({"diff", trace, other, "--json"});
  std::int64_t only_here = 0;
  for (const json& one : said.value("differences", json::array())) {
    const auto is_task = [&one](const char* side) {
      return one.value(json::json_pointer(std::string("/") + side + "/id"), "").starts_with("t");
    };
    if (one.value("kind", "") == "cancelled-in-a" && is_task("a")) ++only_here;
    if (one.value("kind", "") == "cancelled-in-b" && is_task("b")) --only_here;
  }
  const auto cancelled = [](const bench::known_answers& of) {
    const auto found = of.outcomes.find("cancelled");
    return found == of.outcomes.end() ? std::int64_t{0} : static_cast<std::int64_t>(found->second);
  };
  // One run may have a few orders more; of these it is not known how many were cancelled.
  const auto [fewer, more] = std::minmax(known.tasks, others.tasks);
  const std::int64_t not_paired = static_cast<std::int64_t>(more - fewer);
  const std::int64_t expected = cancelled(known) - cancelled(others);
  return !said.value("same", true) &&
         said.value(json::json_pointer("/aligned/tasks"), std::uint64_t{0}) == fewer &&
         std::abs(only_here - expected) <= not_paired;
}

bench::known_answers write_traces(const std::string& base, const bench::trace_plan& plan) {
  std::ofstream lines(base + ".jsonl", std::ios::binary);
  std::ofstream binary(base + ".cst", std::ios::binary);
  trace::jsonl_writer as_lines;
  trace::binary_writer as_binary;
  std::string bytes;
  const auto put = [&bytes](std::ofstream& to) {
    to.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.clear();
  };
  auto known = bench::generate(plan, [&](const trace::event& e) {
    as_lines.append(e, bytes);
    put(lines);
    as_binary.append(e, bytes);
    put(binary);
  });
  as_binary.finish(bytes);
  put(binary);
  return known;
}

/// Asks everything about traces of that size; false when an answer was wrong.
bool check_size(const std::string& folder, std::uint64_t events) {
  const std::string base = folder + "/" + std::to_string(events);
  const bench::known_answers known = write_traces(base, {.events = events});
  const std::string seed = base + ".seed2";
  const bench::known_answers of_seed = write_traces(seed, {.events = events, .seed = 2});
  bool all_right = true;
  const auto ask = [&](const std::string& what, const std::function<bool()>& run) {
    const cost c = measure(run);
    std::printf("%12llu  %-22s %8.3f s %8.0f ns/event %7.0f MB  %s\n",
                static_cast<unsigned long long>(events), what.c_str(), c.seconds,
                c.seconds * 1e9 / static_cast<double>(events), c.megabytes,
                c.right ? "right" : "WRONG");
    all_right &= c.right;
  };
  for (const std::string extension : {".jsonl", ".cst"}) {
    const std::string trace = base + extension;
    ask("stats " + extension, [&] { return stats_are_right(trace, known); });
    ask("check " + extension, [&] { return check_is_right(trace, known); });
    ask("tree --at " + extension, [&] { return tree_is_right(trace, known); });
    ask("slots " + extension, [&] { return slots_are_right(trace, known); });
    ask("events " + extension, [&] { return events_are_right(trace, known); });
    ask("convert " + extension, [&] { return convert_is_right(trace, base); });
    ask("convert .json " + extension, [&] { return chrome_trace_is_right(trace, base, known); });
    ask("report " + extension, [&] { return report_is_right(trace, base, known); });
    for (const std::size_t which :
         {std::size_t{0}, known.chains.size() / 2, known.chains.size() - 1})
      if (which < known.chains.size())
        ask("explain " + known.chains[which].task + " " + extension,
            [&] { return explain_is_right(trace, known.chains[which]); });
    ask("cut " + extension,
        [&] { return cut_is_right(trace, base, known.chains[known.chains.size() / 2]); });
    ask("diff, a seed " + extension,
        [&] { return diff_of_seeds_is_right(trace, known, seed + extension, of_seed); });
  }
  ask("diff, encodings", [&] { return diff_is_right(base + ".jsonl", base + ".cst"); });
  for (const std::string& name : {base, seed}) {
    std::remove((name + ".jsonl").c_str());
    std::remove((name + ".cst").c_str());
  }
  return all_right;
}

} // namespace

int main(int argc, char** argv) {
  constexpr const char* usage = "Usage: scale_check FOLDER [EVENTS…]\n\n"
                                "Makes traces of so many events in FOLDER (a thousand, a million "
                                "and ten million where none are given), asks\n"
                                "every command about them, and compares the answers with what the "
                                "generator knows. Status 1 when one is wrong.\n";
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (first == "--help" || first == "-h") {
    std::fputs(usage, stdout);
    return 0;
  }
  if (first.empty() || first.starts_with('-')) {
    std::fputs(usage, stderr);
    return 2;
  }
  std::vector<std::uint64_t> sizes;
  for (const std::string_view size : std::span(argv, static_cast<std::size_t>(argc)).subspan(2)) {
    std::uint64_t events = 0;
    const auto read = std::from_chars(size.data(), size.data() + size.size(), events);
    if (read.ec != std::errc{} || read.ptr != size.data() + size.size() || events == 0) {
      std::fprintf(stderr, "scale_check: “%s” is no number of events.\n", size.data());
      return 2;
    }
    sizes.push_back(events);
  }
  if (sizes.empty()) sizes = {1000, 1'000'000, 10'000'000};
  bool all_right = true;
  for (const std::uint64_t events : sizes)
    all_right &= check_size(argv[1], events);
  return all_right ? 0 : 1;
}
