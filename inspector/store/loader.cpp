#include "inspector/store/loader.hpp"

#include "inspector/store/trace_data.hpp"
#include "inspector/store/tracker.hpp"
#include "trace-format/jsonl_reader.hpp"

#include <utility>
#include <vector>

namespace cancelscope::inspector {

namespace {

/// Hands what the reader finds to the tracker.
class intake final : public trace::trace_handler {
public:
  explicit intake(trace_data& data) : tracker_(data) {}

  void on_event(const trace::event& e, std::uint64_t line) override {
    if (const auto* header = std::get_if<trace::header>(&e.body))
      tracker_.take_header(*header);
    else
      tracker_.take(e, line);
  }
  void on_anomaly(const trace::anomaly& found) override { tracker_.take(found); }

private:
  tracker tracker_;
};

/// The reader's sentence about "this", said of a name.
trace::failure named(const std::string& name, std::string sentence) {
  constexpr std::string_view subject = "This is ";
  if (sentence.starts_with(subject)) return {name + " is " + sentence.substr(subject.size())};
  if (sentence.starts_with("This ")) sentence.front() = 't';
  return {name + ": " + sentence};
}

} // namespace

struct loader::state {
  explicit state(std::string name) : taking(*store.data_), reader(taking) {
    store.data_->name = std::move(name);
  }

  trace_store store;
  intake taking;
  trace::jsonl_reader reader;
  std::uint64_t bytes = 0;
  std::optional<trace::failure> refusal;
};

loader::loader(std::string name) : state_(std::make_unique<state>(std::move(name))) {}
loader::loader(loader&&) noexcept = default;
loader& loader::operator=(loader&&) noexcept = default;
loader::~loader() = default;

trace::result<load_progress> loader::feed(std::string_view bytes) {
  if (!state_->refusal && !state_->reader.feed(bytes)) end_reading();
  if (state_->refusal) return *state_->refusal;
  state_->bytes += bytes.size();
  return progress();
}

/// The reader says why it refuses, too, when it is told that this was all.
void loader::end_reading() {
  const auto read = state_->reader.finish();
  if (!read) state_->refusal = named(state_->store.name(), read.error().message);
}

trace::result<trace_store> loader::finish() {
  if (!state_->refusal) end_reading();
  if (state_->refusal) return *state_->refusal;
  return std::move(state_->store);
}

const trace_store& loader::so_far() const {
  return state_->store;
}

load_progress loader::progress() const {
  return {.bytes = state_->bytes, .total_bytes = {}, .events = state_->store.event_count()};
}

trace::result<trace_store> load(source& from, const progress_handler& on_progress) {
  loader reading(from.name());
  std::vector<char> buffer(std::size_t{256} * 1024);
  for (;;) {
    const auto size = from.read(buffer);
    if (!size) return size.error();
    if (*size == 0) return reading.finish();
    auto progress = reading.feed({buffer.data(), *size});
    if (!progress) return progress.error();
    progress->total_bytes = from.size();
    if (on_progress && !on_progress(*progress))
      return trace::failure{from.name() + " was not loaded: cancelled."};
  }
}

trace::result<trace_store> load_bytes(std::string name, std::string_view bytes) {
  loader reading(std::move(name));
  if (const auto fed = reading.feed(bytes); !fed) return fed.error();
  return reading.finish();
}

trace::result<trace_store> load_file(const std::string& path, const progress_handler& on_progress) {
  const auto file = open_source(path);
  if (!file) return file.error();
  return load(**file, on_progress);
}

} // namespace cancelscope::inspector
