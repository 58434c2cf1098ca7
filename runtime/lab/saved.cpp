#include "runtime/lab/saved.hpp"

#include "trace-format/jsonl_reader.hpp"
#include "trace-format/jsonl_writer.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace cancelscope {

namespace {

class header_finder final : public trace::trace_handler {
public:
  void on_event(const trace::event& e, std::uint64_t /*line*/) override {
    if (const auto* header = std::get_if<trace::header>(&e.body)) {
      found = true;
      if (header->seed) seed = std::string{*header->seed};
    }
  }
  void on_anomaly(const trace::anomaly& /*found*/) override {}

  bool found = false;
  std::optional<std::string> seed;
};

struct file_closer {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

} // namespace

trace::result<lab_run> save_run(const lab_program& program, const lab_seed& seed,
                                const std::string& path, const lab_limits& limits) {
  auto file = trace::file_output::create(path);
  if (!file) return file.error();
  trace::jsonl_sink written{*std::move(file)};
  lab_run done = run_in_lab(program, seed, &written, limits);
  written.flush();
  if (written.error()) return *written.error();
  return done;
}

trace::result<lab_seed> seed_of_trace(const std::string& path) {
  const std::unique_ptr<std::FILE, file_closer> file{std::fopen(path.c_str(), "rb")};
  if (file == nullptr) return trace::failure{path + ": " + std::strerror(errno)};
  header_finder header;
  trace::jsonl_reader reader{header};
  std::string piece(std::size_t{64} * 1024, '\0');
  while (!header.found) {
    const std::size_t size = std::fread(piece.data(), 1, piece.size(), file.get());
    if (size == 0 || !reader.feed({piece.data(), size})) break;
  }
  if (!header.found) {
    const auto refused = reader.finish();
    return trace::failure{path + ": " + (refused ? "no header" : refused.error().message)};
  }
  if (!header.seed)
    return trace::failure{path + ": this trace names no seed, so nothing replays it"};
  auto seed = parse_lab_seed(*header.seed);
  if (!seed) return trace::failure{path + ": " + seed.error().message};
  return seed;
}

} // namespace cancelscope
