// trace_generator: writes a trace of any size and, beside it, what is true of it.
#include "bench/generator/trace_generator.hpp"

#include "trace-format/binary/binary_writer.hpp"
#include "trace-format/jsonl_writer.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>

namespace {

using namespace cancelscope;

int fail(const std::string& why) {
  fmt::print(stderr, "trace_generator: {}\n", why);
  return 2;
}

int write(const bench::trace_plan& plan, const std::string& path) {
  auto file = trace::file_output::create(path);
  auto beside = trace::file_output::create(path + ".answers.json");
  if (!file) return fail(file.error().message);
  if (!beside) return fail(beside.error().message);

  std::unique_ptr<trace::encoder> encoder = std::make_unique<trace::jsonl_writer>();
  if (path.ends_with(".cst")) encoder = std::make_unique<trace::binary_writer>();
  std::string bytes;
  std::optional<trace::failure> wrong;
  const auto answers = bench::generate(plan, [&](const trace::event& e) {
    constexpr std::size_t piece = std::size_t{1} << 20U;
    encoder->append(e, bytes);
    if (bytes.size() < piece) return;
    if (!wrong) wrong = (*file)->write(bytes);
    bytes.clear();
  });
  encoder->finish(bytes);
  if (!wrong) wrong = (*file)->write(bytes);
  if (!wrong) wrong = (*beside)->write(bench::to_json(answers));
  return wrong ? fail(wrong->message) : 0;
}

} // namespace

int main(int argc, char** argv) {
  bench::trace_plan plan;
  std::string path;
  CLI::App app{
      "Writes a trace of any size and, beside it in FILE.answers.json, what is true of it."};
  app.add_option("FILE", path, "the trace to write: .jsonl or .cst")->required();
  app.add_option("--events", plan.events, "how many events")->capture_default_str();
  app.add_option("--seed", plan.seed, "another seed gives another trace")->capture_default_str();
  app.add_option("--in-flight", plan.in_flight, "orders handled at a time")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return write(plan, path);
}
