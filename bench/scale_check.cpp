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
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>
#include <string>
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

json json_of(const std::vector<std::string>& arguments) {
  return json::parse(answer_of(arguments), nullptr, false);
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

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// There and back is the same, byte for byte.
bool convert_is_right(const std::string& trace, const std::string& other) {
  answer_of({"convert", trace, other + ".back.cst"});
  answer_of({"convert", other + ".back.cst", other + ".back.jsonl"});
  const bool same = bytes_of(other + ".back.jsonl") == bytes_of(other + ".jsonl");
  std::remove((other + ".back.cst").c_str());
  std::remove((other + ".back.jsonl").c_str());
  return same;
}

bench::known_answers write_traces(const std::string& base, std::uint64_t events) {
  std::ofstream lines(base + ".jsonl", std::ios::binary);
  std::ofstream binary(base + ".cst", std::ios::binary);
  trace::jsonl_writer as_lines;
  trace::binary_writer as_binary;
  std::string bytes;
  const auto put = [&bytes](std::ofstream& to) {
    to.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.clear();
  };
  auto known = bench::generate({.events = events}, [&](const trace::event& e) {
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
  const bench::known_answers known = write_traces(base, events);
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
    for (const std::size_t which :
         {std::size_t{0}, known.chains.size() / 2, known.chains.size() - 1})
      if (which < known.chains.size())
        ask("explain " + known.chains[which].task + " " + extension,
            [&] { return explain_is_right(trace, known.chains[which]); });
  }
  std::remove((base + ".jsonl").c_str());
  std::remove((base + ".cst").c_str());
  return all_right;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "Usage: scale_check FOLDER [EVENTS…]\n");
    return 2;
  }
  std::vector<std::uint64_t> sizes;
  for (int i = 2; i < argc; ++i)
    sizes.push_back(std::stoull(argv[i]));
  if (sizes.empty()) sizes = {1000, 1'000'000, 10'000'000};
  bool all_right = true;
  for (const std::uint64_t events : sizes)
    all_right &= check_size(argv[1], events);
  return all_right ? 0 : 1;
}
