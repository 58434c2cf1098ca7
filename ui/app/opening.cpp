// How the application opens traces, compares two of them, and gives up.
#include "inspector/text/units.hpp"
#include "ui/app/application.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

namespace cancelscope::ui {

using namespace inspector;

namespace {

// A trace of few lanes is looked at whole; in a longer one a stretch around the answer tells more.
constexpr std::size_t lanes_to_see_whole = 48;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view around = " \t\r\n\"'";
  const std::size_t first = text.find_first_not_of(around);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(around) - first + 1);
}

bool is_text_of_trace(std::string_view text) {
  return text.front() == '{';
}

/// One line that may be a path or an address; or empty.
std::string pasted_path(std::string_view text) {
  constexpr std::string_view of_file = "file://";
  if (text.find('\n') != std::string_view::npos) return {};
  if (text.starts_with(of_file)) text.remove_prefix(of_file.size());
  const bool addressed = text.find("://") != std::string_view::npos;
  const bool trace_by_name = text.ends_with(".jsonl") || text.ends_with(".cst");
  return addressed || trace_by_name || text.starts_with('/') ? std::string(text) : std::string();
}

} // namespace

void application::begin_open(std::string name, std::optional<std::uint64_t> size, bool beside) {
  keep_what_came();
  banner_.clear();
  opens_beside_ = std::exchange(next_beside_, false) || beside;
  arriving_.emplace(std::move(name), size);
  host_.request_frame();
}

std::optional<trace::failure> application::open_file(const std::string& path, bool beside) {
  if (is_notes_file(path)) return open_notes(path);
  keep_what_came();
  banner_.clear();
  opens_beside_ = std::exchange(next_beside_, false) || beside;
  auto file = open_source(path);
  if (!file) {
    fail_open(file.error().message);
    return file.error();
  }
  arriving_.emplace(std::move(*file));
  host_.request_frame();
  return {};
}

std::optional<trace::failure> application::open_notes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) {
    fail_open(path + " cannot be read.");
    return trace::failure{path + " cannot be read."};
  }
  apply(intent::import_notes{text});
  return {};
}

bool application::feed(std::string_view bytes) {
  return arriving_ && arriving_->feed(bytes);
}

std::optional<trace::failure> application::read_on(std::chrono::milliseconds about) {
  host_.request_frame();
  return arriving_->read_on(about) ? std::nullopt : finish_open();
}

std::optional<trace::failure> application::finish_open() {
  if (!arriving_) return trace::failure{"No trace is being opened."};
  arrival came = std::move(*arriving_);
  arriving_.reset();
  const load_status status = came.status();
  const std::string file = came.is_file() ? status.name : std::string();
  auto store = came.finish();
  if (store) {
    if (came.looked_at())
      end_early_look(std::move(*store), came.identity(), file);
    else if (opens_beside_ && document_)
      open_beside(std::move(*store), came.identity(), file);
    else
      open_store(std::move(*store), came.identity(), file);
    if (came.stopped())
      show_notice(fmt::format("{} was read in part: {}, then stopped. What was going on there is "
                              "shown as it was then.",
                              status.name, counted(status.events, "event")));
    if (!file.empty()) host_.remember_file(file);
    return {};
  }
  trace::failure why = store.error();
  // What has come is looked at already.
  if (came.looked_at()) end_early_look(came.look(), came.identity(), {});
  if (came.given_up())
    show_notice(why.message);
  else
    fail_open(why.message);
  return why;
}

void application::fail_open(std::string sentence) {
  keep_what_came();
  banner_ = std::move(sentence);
  banner_is_error_ = true;
  host_.announce(banner_);
  host_.request_frame();
}

void application::open_store(trace_store trace, const trace_identity& identity,
                             const std::string& file) {
  forget_beside();
  document_ = std::make_unique<document>(make_document(std::move(trace)));
  file_ = file;
  notes_.begin(*document_);
  begin_view();
  look_at_most_telling();
  open_notes_of_it(identity);
}

void application::forget_beside() {
  compared_.reset();
  other_.reset();
}

void application::open_notes_of_it(const trace_identity& identity) {
  if (std::string said = notes_.open(*document_, identity, file_); !said.empty())
    show_notice(std::move(said));
}

void application::look_at_most_telling() {
  if (const entity first = most_telling(*document_)) {
    const moment m = telling_moment(document_->trace, first);
    look_at({first, {}}, m, time_of(document_->trace, m));
    view_.subject = first;
    if (document_->lanes.size() > lanes_to_see_whole) frame_selection();
    announce_selection();
  }
  // The first look is where the way back ends.
  places_.clear();
  motion_.arrive();
}

void application::open_beside(trace_store trace, const trace_identity& identity,
                              const std::string& file) {
  forget_beside();
  other_ = std::make_unique<document>(make_document(std::move(trace)));
  other_file_ = file;
  other_notes_.begin(*other_);
  other_notes_.open(*other_, identity, file);
  compared_.emplace(comparison{*other_, compare(document_->trace, other_->trace)});
  layout sizes = view_.sizes;
  sizes.lower_shown = true;
  sizes.filled.reset();
  view_.sizes = sizes;
  view_.lower = "differences";
  const auto& parting = compared_->found.first_divergence;
  if (parting && parting->a) apply(intent::select{{parting->a, parting->in_a}});
  link_is_stale_ = true;
  host_.request_frame();
}

// ---- What is looked at while it arrives ----

// Once it has grown by half: working it out anew then takes no more, all in all, than a few times the whole.
void application::take_in_what_came() {
  if (!arriving_ || !arriving_->looked_at()) return;
  const std::size_t events = document_->trace.event_count();
  if (events < came_so_far_ + came_so_far_ / 2) return;
  show_anew(make_early_document(arriving_->look()));
}

// The same trace, further on: whoever looked at its end or at all of it goes along.
void application::show_anew(document grown) {
  const bool at_end = view_.cursor.event_count() >= came_so_far_;
  const double seen_until = document_->activity.until;
  const bool saw_all = view_.window.begin <= 0 && view_.window.end >= seen_until;
  *document_ = std::move(grown);
  came_so_far_ = document_->trace.event_count();
  notes_.place_anew(*document_);
  if (at_end) move_cursor(end_of(document_->trace), document_->trace.last_time());
  if (saw_all) view_.window = whole_window();
  motion_.arrive();
  link_is_stale_ = true;
  host_.request_frame();
}

void application::end_early_look(trace_store trace, const trace_identity& identity,
                                 const std::string& file) {
  file_ = file;
  show_anew(make_document(std::move(trace)));
  open_notes_of_it(identity);
}

// What was arriving is not read any further; as much of it as is looked at stays.
void application::keep_what_came() {
  if (!arriving_) return;
  arrival came = std::move(*arriving_);
  arriving_.reset();
  if (came.looked_at()) end_early_look(came.look(), came.identity(), {});
}

bool application::apply(const intent::look_early& /*wanted*/) {
  if (!arriving_ || arriving_->looked_at() || !arriving_->status().may_be_looked_at) return false;
  if (opens_beside_ && document_) return false;
  forget_beside();
  document_ = std::make_unique<document>(make_early_document(arriving_->look()));
  came_so_far_ = document_->trace.event_count();
  file_.clear();
  notes_.begin(*document_);
  begin_view();
  look_at_most_telling();
  return true;
}

// ---- The view ----

// The view of a document that was not looked at before: all of it, as of its end.
void application::begin_view() {
  view_state fresh;
  fresh.keep_what_is_the_users(view_);
  view_ = std::move(fresh);
  if (document_->findings.empty() && document_->trace.anomalies().empty()) view_.lower = "slots";
  host_.show_title(document_->name + " · Cancelscope");
  view_.window = whole_window();
  move_cursor(end_of(document_->trace), document_->trace.last_time());
  places_.clear();
  motion_.arrive();
  link_is_stale_ = true;
  host_.request_frame();
}

load_status application::load_state() const {
  return arriving_ ? arriving_->status() : load_status{};
}

// ---- Intents ----

bool application::apply(const intent::choose_file& /*wanted*/) {
  choosing_file_ = !choosing_file_ && !host_.choose_file();
  return true;
}

bool application::apply(const intent::compare_next& /*wanted*/) {
  if (!document_) return false;
  next_beside_ = true;
  return apply(intent::choose_file{});
}

bool application::apply(const intent::swap_traces& wanted) {
  if (!compared_) return false;
  compared_.reset();
  std::swap(document_, other_);
  std::swap(notes_, other_notes_);
  std::swap(file_, other_file_);
  host_.traces_swapped();
  begin_view();
  compared_.emplace(comparison{*other_, compare(document_->trace, other_->trace)});
  view_.lower = "differences";
  if (wanted.who) {
    apply(intent::select{{wanted.who, {}}});
    frame_selection();
    motion_.arrive();
  }
  return true;
}

bool application::apply(const intent::open_path& wanted) {
  choosing_file_ = false;
  if (!host_.open_address(wanted.path)) open_file(wanted.path);
  return true;
}

bool application::apply(const intent::cancel_open& /*wanted*/) {
  if (!arriving_) return false;
  if (arriving_->looked_at())
    arriving_->stop();
  else
    arriving_->give_up();
  return true;
}

// A trace's text, or where one is: an address, a file. What is in quotes or begins with file: is meant so, too.
bool application::apply(const intent::paste& wanted) {
  const std::string_view text = trimmed(wanted.text);
  if (text.empty()) return false;
  if (is_text_of_trace(text)) {
    begin_open("pasted text", wanted.text.size());
    feed(wanted.text);
    finish_open();
  } else if (const std::string path = pasted_path(text); !path.empty()) {
    apply(intent::open_path{path});
  } else {
    fail_open("What was pasted is neither a trace nor where one is: “" +
              std::string(text.substr(0, text.substr(0, 60).find('\n'))) + "”.");
  }
  return true;
}

} // namespace cancelscope::ui
