// Writing, reading, loading and seeking in a trace of a million events, beside the least that could do the same: rows 6,
// 7, 7b and 10 of docs/performance.md.
#include "bench/generator/trace_generator.hpp"
#include "bench/passes.hpp"
#include "inspector/store/loader.hpp"
#include "inspector/timeline/tree.hpp"
#include "trace-format/binary/binary_reader.hpp"
#include "trace-format/binary/binary_writer.hpp"
#include "trace-format/jsonl_reader.hpp"
#include "trace-format/jsonl_writer.hpp"
#include "trace-format/recording/record.hpp"

#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace cancelscope;
using namespace cancelscope::trace;

constexpr std::uint64_t million = 1'000'000;

/// The same trace for all: as events in memory, as lines, and in the binary encoding.
struct material {
  std::vector<std::byte> records; ///< one after the other
  std::string lines;
  std::string binary;
  std::unique_ptr<inspector::trace_store> store;

  material() {
    jsonl_writer as_lines;
    binary_writer as_binary;
    bench::generate({.events = million}, [&](const event& e) {
      as_lines.append(e, lines);
      as_binary.append(e, binary);
      if (std::holds_alternative<header>(e.body)) return;
      std::visit(
          [&](const auto& body) {
            const std::size_t at = records.size();
            records.resize(at + record_bound(e, body));
            records.resize(at + put_record(records.data() + at, e, body, 0));
          },
          e.body);
    });
    as_binary.finish(binary);
    auto loaded = inspector::load_bytes("generated", binary);
    store = std::make_unique<inspector::trace_store>(std::move(*loaded));
  }
};

const material& made() {
  static const material once;
  return once;
}

/// Calls `use(event)` for each event of the trace.
template <class Use> void each_event(Use use) {
  const std::vector<std::byte>& records = made().records;
  std::vector<extra_field> extras;
  for (std::size_t at = 0; at < records.size();) {
    std::uint32_t size = 0;
    std::memcpy(&size, records.data() + at, sizeof size);
    use(event_of(records.data() + at, extras));
    at += size;
  }
}

using outcome_of_pass = std::optional<std::string>;

/// Keeps the compiler from seeing that nobody reads it.
template <class Value> void keep(const Value& value) {
  asm volatile("" : : "r"(&value) : "memory");
}

/// What each way of writing pays before it begins.
outcome_of_pass take_events() {
  each_event([](const event& e) { keep(e.t); });
  return {};
}

// ---- Row 6: writing ----

/// The least of a binary form: kind, time and the two numbers of an id, as they are.
outcome_of_pass floor_binary() {
  static std::string out;
  out.clear();
  each_event([](const event& e) {
    struct packed {
      std::uint64_t kind, t, slot, generation;
    } record{e.body.index(), e.t, 0, 0};
    if (const auto* run = std::get_if<task_run>(&e.body)) {
      record.slot = run->task.slot;
      record.generation = run->task.generation;
    }
    out.append(reinterpret_cast<const char*>(&record), sizeof record);
  });
  keep(out);
  return {};
}

/// The least of a line: a name, a time and an id, put together by hand.
outcome_of_pass floor_line() {
  static std::string out;
  out.clear();
  each_event([](const event& e) {
    char line[128];
    char* at = line;
    const auto put = [&at](std::string_view piece) {
      std::memcpy(at, piece.data(), piece.size());
      at += piece.size();
    };
    put(R"({"ev":")");
    put(name_of(e));
    put(R"(","t":)");
    at = std::to_chars(at, at + 20, e.t).ptr;
    put(R"(,"task":"t)");
    at = std::to_chars(at, at + 20, e.t & 1023U).ptr;
    put(R"(.1","region":"r3.1","th":3})");
    *at++ = '\n';
    out.append(line, at);
  });
  keep(out);
  return {};
}

template <class Writer> outcome_of_pass write() {
  static std::string out;
  out.clear();
  Writer writer;
  each_event([&writer](const event& e) { writer.append(e, out); });
  writer.finish(out);
  keep(out);
  return {};
}

// ---- Rows 7 and 7b: reading ----

struct counter final : trace_handler {
  std::uint64_t events = 0;
  void on_event(const event&, std::uint64_t) override { ++events; }
  void on_anomaly(const anomaly&) override {}
};

/// A parser that does nothing but parse: finds every key and every value, and reads the numbers.
outcome_of_pass floor_parse() {
  const std::string& lines = made().lines;
  std::uint64_t sum = 0;
  for (const char *at = lines.data(), *end = at + lines.size(); at != end;) {
    const char* const newline =
        static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    while (at < newline) {
      if (*at == '"') {
        const char* const begin = ++at;
        while (*at != '"')
          at += *at == '\\' ? 2 : 1;
        sum += static_cast<std::uint64_t>(at++ - begin);
      } else if (*at >= '0' && *at <= '9') {
        std::uint64_t number = 0;
        for (; *at >= '0' && *at <= '9'; ++at)
          number = number * 10 + static_cast<std::uint64_t>(*at - '0');
        sum += number;
      } else {
        ++at;
      }
    }
    at = newline + 1;
  }
  keep(sum);
  return {};
}

/// The least that keeps an event: 64 bytes of it.
outcome_of_pass floor_copy() {
  static const std::vector<char> from(million * 64, 'x');
  const std::vector<char> to(from);
  keep(to);
  return {};
}

template <class Reader, std::string material::* Bytes> outcome_of_pass read() {
  counter counted;
  Reader reader{counted};
  reader.feed(made().*Bytes);
  if (!reader.finish() || counted.events != million + 1) return "the reader lost events";
  return {};
}

template <std::string material::* Bytes> outcome_of_pass load() {
  const auto store = inspector::load_bytes("generated", made().*Bytes);
  if (!store || store->event_count() != million) return "the store lost events";
  return {};
}

// ---- Row 10: the state as of any moment ----

constexpr std::uint64_t seeks = 20;

outcome_of_pass seek() {
  static std::mt19937_64 random{1};
  const inspector::trace_store& store = *made().store;
  for (std::uint64_t i = 0; i < seeks; ++i) {
    const auto tree =
        inspector::tree_at(store, inspector::moment_at(store, random() % store.last_time()));
    if (tree.nodes.empty()) return "there is no tree";
    keep(tree);
  }
  return {};
}

} // namespace

int main(int argc, char** argv) {
  std::vector<bench::pass> passes;
  const auto add = [&passes](const char* title, const char* name, outcome_of_pass (*run)(),
                             const char* floor, std::uint64_t items = million) {
    passes.push_back({title, name, floor, items, run});
  };
  add("(an event taken from memory: part of all writing)", "take", take_events, "");
  add("floor: 32 bytes an event", "floor_binary", floor_binary, "");
  add("6   write an event: binary", "write_binary", write<binary_writer>, "floor_binary");
  add("floor: a line by hand", "floor_line", floor_line, "");
  add("6   write an event: a line of JSON", "write_line", write<jsonl_writer>, "floor_line");
  add("floor: keys, values, numbers of a line", "floor_parse", floor_parse, "");
  add("    read a line of JSON", "read_line", read<jsonl_reader, &material::lines>, "floor_parse");
  add("7   read it into the store", "load_line", load<&material::lines>, "floor_parse");
  add("floor: 64 bytes copied", "floor_copy", floor_copy, "");
  add("    read an event of the binary form", "read_binary", read<binary_reader, &material::binary>,
      "floor_copy");
  add("7b  read it into the store", "load_binary", load<&material::binary>, "floor_copy");
  add("10  the region tree as of any moment", "seek", seek, "", seeks);
  made();
  const int status = bench::print_passes(argc, argv, passes);
  std::printf("a million events: %.1f bytes an event as lines, %.2f binary\n",
              static_cast<double>(made().lines.size()) / million,
              static_cast<double>(made().binary.size()) / million);
  return status;
}
