#include "inspector/store/loader.hpp"

#include "inspector/store/trace_data.hpp"
#include "inspector/store/tracker.hpp"
#include "trace-format/trace_reader.hpp"

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
  explicit state(std::string name)
      : taking(*store.data_), reader(trace::trace_reader_of_any_encoding(taking)) {
    store.data_->name = std::move(name);
  }

  trace_store store;
  intake taking;
  std::unique_ptr<trace::trace_reader> reader;
  std::uint64_t bytes = 0;
  std::optional<trace::failure> refusal;
};

loader::loader(std::string name) : state_(std::make_unique<state>(std::move(name))) {}
loader::loader(loader&&) noexcept = default;
loader& loader::operator=(loader&&) noexcept = default;
loader::~loader() = default;

trace::result<load_progress> loader::feed(std::string_view bytes) {
  if (!state_->refusal && !state_->reader->feed(bytes)) end_reading();
  if (state_->refusal) return *state_->refusal;
  state_->bytes += bytes.size();
  return progress();
}

/// The reader says why it refuses, too, when it is told that this was all.
void loader::end_reading() {
  const auto read = state_->reader->finish();
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

trace_store loader::watch() const {
  return trace_store(state_->store.data_);
}

load_progress loader::progress() const {
  return {.bytes = state_->bytes, .total_bytes = {}, .events = state_->store.event_count()};
}

namespace {

/// Calls `feed(bytes)` for each piece of the source until it says false or there is no more.
template <class Feed> std::optional<trace::failure> each_piece(source& from, Feed feed) {
  std::vector<char> buffer(std::size_t{256} * 1024);
  for (;;) {
    const auto size = from.read(buffer);
    if (!size) return size.error();
    if (*size == 0 || !feed(std::string_view(buffer.data(), *size))) return std::nullopt;
  }
}

trace::failure cancelled(const source& from) {
  return {from.name() + " was not loaded: cancelled."};
}

/// Counts what a handler is given.
class counting final : public trace::trace_handler {
public:
  explicit counting(trace::trace_handler& to) : to_(to) {}
  void on_event(const trace::event& e, std::uint64_t line) override {
    ++events;
    to_.on_event(e, line);
  }
  void on_anomaly(const trace::anomaly& found) override { to_.on_anomaly(found); }

  std::uint64_t events = 0;

private:
  trace::trace_handler& to_;
};

} // namespace

trace::result<trace::read_summary> read_trace(source& from, trace::trace_handler& to,
                                              const progress_handler& progress,
                                              const std::function<bool()>& go_on) {
  counting events(to);
  const auto reader = trace::trace_reader_of_any_encoding(events);
  load_progress so_far{.total_bytes = from.size()};
  bool given_up = false;
  const auto failed = each_piece(from, [&](std::string_view bytes) {
    if (!reader->feed(bytes)) return false;
    so_far.bytes += bytes.size();
    so_far.events = events.events;
    given_up = (progress && !progress(so_far)) || (go_on && !go_on());
    return !given_up;
  });
  if (failed) return *failed;
  if (given_up) return cancelled(from);
  auto read = reader->finish();
  if (!read) return named(from.name(), read.error().message);
  return read;
}

trace::result<trace_store> load(source& from, const progress_handler& on_progress) {
  loader reading(from.name());
  std::optional<trace::failure> wrong;
  const auto failed = each_piece(from, [&](std::string_view bytes) {
    auto progress = reading.feed(bytes);
    if (progress) progress->total_bytes = from.size();
    if (!progress)
      wrong = progress.error();
    else if (on_progress && !on_progress(*progress))
      wrong = cancelled(from);
    return !wrong;
  });
  if (failed) return *failed;
  if (wrong) return *wrong;
  return reading.finish();
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
