// Any text: it is a query or it is refused at a place within it; a query neither crashes nor hangs, and its opposite
// matches exactly what it does not.
#include "inspector/query/query.hpp"
#include "inspector/store/loader.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace cancelscope::inspector;

constexpr std::string_view text = R"({"ev":"trace","format":"cancelscope","version":1}
{"ev":"region_open","t":0,"region":"r0.1","parent":null,"name":"shop"}
{"ev":"region_open","t":10,"region":"r1.1","parent":"r0.1","name":"order 7"}
{"ev":"task_spawn","t":20,"task":"t1.1","region":"r1.1","name":"charge card","src":"a.cpp:12"}
{"ev":"obligation","t":30,"obligation":"o1.1","kind":"lease","task":"t1.1","label":"stock"}
{"ev":"task_wait","t":40,"task":"t1.1","on":"join","what":"r1.1","th":2}
{"ev":"cancel","t":1000,"cancel":"c1","kind":"timeout","target":"r1.1","message":"too late"}
{"ev":"cancel","t":1000,"cancel":"c2","kind":"parent","target":"t1.1","cause":"c1","origin_region":"r1.1"}
{"ev":"cancel_phase","t":1010,"target":"t1.1","cancel":"c2","phase":"draining"}
{"ev":"budget","t":1020,"target":"t1.1","resource":"polls","left":0,"exhausted":true}
{"ev":"task_end","t":2000,"task":"t1.1","outcome":"panicked","error":"é"}
{"ev":"dropped","t":2001,"count":3}
)";

const trace_store& small_trace() {
  static const trace_store trace = [] {
    auto loaded = load_bytes("small.jsonl", text);
    if (!loaded) std::abort();
    return std::move(*loaded);
  }();
  return trace;
}

void require(bool held, const char* what) {
  if (held) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string asked(reinterpret_cast<const char*>(data), size);
  query_fault fault;
  const auto parsed = query::parse(asked, fault);
  if (!parsed) {
    require(!fault.message.empty() && fault.message == parsed.error().message, "a sentence");
    require(fault.from < fault.to && fault.from <= size && fault.to <= size + 1, "a place");
    require(!pointed_at(asked, fault).empty(), "something to point at");
    return 0;
  }
  const trace_store& trace = small_trace();
  const auto opposite = query::parse("not (" + asked + " )");
  if (parsed->matches_everything() || !opposite)
    return 0; // nothing, or nested too deeply, within brackets
  const auto holds = parsed->on(trace);
  const auto fails = opposite->on(trace);
  for (std::uint32_t i = 0; i < trace.event_count(); ++i)
    require(holds(event_index{i}) != fails(event_index{i}), "the opposite is the opposite");
  return 0;
}
