#include "ui/app/application.hpp"

#include "inspector/attribution/explain.hpp"
#include "inspector/query/query.hpp"
#include "inspector/summary/sentence.hpp"
#include "inspector/timeline/state.hpp"
#include "ui/theme/style.hpp"
#include "ui/view/link.hpp"
#include "ui/view/stepping.hpp"

#include <imgui.h>

#include <algorithm>
#include <utility>

namespace cancelscope::ui {

using namespace inspector;

namespace {

// A trace of few lanes is looked at whole; in a longer one a stretch around the answer tells more.
constexpr std::size_t lanes_to_see_whole = 48;

// Playing takes so long over what the timeline shows.
constexpr double seconds_a_window = 10;

std::string nothing_matches(const view_state& view, bool forward) {
  if (view.stop_condition.empty())
    return "There is nothing to stop at yet: say what under “Stop at”, as in outcome = panicked.";
  const auto stop = query::parse(view.stop_condition);
  if (!stop) return stop.error().message;
  return "No " + std::string(forward ? "later" : "earlier") + " event matches “" +
         view.stop_condition + "”.";
}

// Not of a trace but of who looks at it.
void keep_what_is_the_users(const view_state& from, view_state& to) {
  to.sizes = from.sizes;
  to.shown_theme = from.shown_theme;
  to.costs_shown = from.costs_shown;
  to.hint_shown = from.hint_shown;
}

} // namespace

application::application(platform& host) : host_(host) {}

application::~application() = default;

// ---- Opening ----

void application::begin_open(std::string name, std::optional<std::uint64_t> size, bool beside) {
  banner_.clear();
  opens_beside_ = std::exchange(next_beside_, false) || beside;
  arriving_.emplace(std::move(name), size);
  host_.request_frame();
}

std::optional<trace::failure> application::open_file(const std::string& path, bool beside) {
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

bool application::feed(std::string_view bytes) {
  return arriving_ && arriving_->feed(bytes);
}

std::optional<trace::failure> application::read_on(std::chrono::milliseconds about) {
  host_.request_frame();
  return arriving_->read_on(about) ? std::nullopt : finish_open();
}

std::optional<trace::failure> application::finish_open() {
  if (!arriving_) return trace::failure{"No trace is being opened."};
  const std::string file = arriving_->is_file() ? arriving_->status().name : std::string();
  const bool given_up = arriving_->given_up();
  auto store = arriving_->finish();
  arriving_.reset();
  if (store) {
    if (opens_beside_ && document_)
      open_beside(std::move(*store));
    else
      open_store(std::move(*store));
    if (!file.empty()) host_.remember_file(file);
    return {};
  }
  trace::failure why = store.error();
  if (given_up)
    show_notice(why.message);
  else
    fail_open(why.message);
  return why;
}

void application::fail_open(std::string sentence) {
  arriving_.reset();
  banner_ = std::move(sentence);
  banner_is_error_ = true;
  host_.announce(banner_);
  host_.request_frame();
}

bool application::follow(std::string_view link) {
  if (!document_) return false;
  followed_link followed = follow_link(*document_, link);
  places_.leave(place_of(view_));
  followed.view.reveal = view_.reveal + 1;
  const layout sizes = followed.view.sizes;
  keep_what_is_the_users(view_, followed.view);
  followed.view.sizes = sizes; // a link speaks of these
  followed.view.help_shown = view_.help_shown;
  followed.view.stop_condition = view_.stop_condition;
  followed.view.finder_shown = view_.finder_shown;
  view_ = std::move(followed.view);
  motion_.arrive();
  if (!followed.complaint.empty()) show_notice(std::move(followed.complaint));
  announce_selection();
  link_is_stale_ = true;
  host_.request_frame();
  return true;
}

void application::show_hint() {
  view_.hint_shown = true;
  host_.request_frame();
}

void application::show_offers(std::vector<offer> offers) {
  offers_ = std::move(offers);
  host_.request_frame();
}

void application::show_notice(std::string sentence) {
  banner_ = std::move(sentence);
  banner_is_error_ = false;
  host_.request_frame();
}

void application::open_store(trace_store trace) {
  compared_.reset();
  other_.reset();
  document_ = std::make_unique<document>(make_document(std::move(trace)));
  begin_view();
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

void application::open_beside(trace_store trace) {
  compared_.reset();
  other_ = std::make_unique<document>(make_document(std::move(trace)));
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

// The view of a document that was not looked at before: all of it, as of its end.
void application::begin_view() {
  view_state fresh;
  keep_what_is_the_users(view_, fresh);
  view_ = std::move(fresh);
  if (document_->findings.empty() && document_->trace.anomalies().empty()) view_.lower = "slots";
  host_.show_title(document_->name + " · Cancelscope");
  carry_out(intent::fit_window{});
  move_cursor(end_of(document_->trace), document_->trace.last_time());
  places_.clear();
  motion_.arrive();
  link_is_stale_ = true;
  host_.request_frame();
}

// ---- Running ----

void application::frame(const frame_stats& stats) {
  stats_ = stats;
  shown_.clear();
  if (arriving_) arriving_->drawn();
  if (view_.playing) play_on(std::min(0.1, static_cast<double>(ImGui::GetIO().DeltaTime)));
  if (moving()) motion_.advance(static_cast<double>(ImGui::GetIO().DeltaTime));
  // The panels draw the way as they draw any view; what is looked at, and with it links and answers, is there already.
  std::optional<view_state> passing;
  if (moving()) {
    passing = view_;
    passing->window = motion_.towards(view_.window);
    passing->to_come = motion_.to_come();
  }
  intents wanted;
  const shell_input input{document_.get(), beside(),         passing ? *passing : view_,
                          banner_,         banner_is_error_, choosing_file_,
                          load_state(),    offers_,          stats_};
  animating_ = shell_.draw(input, wanted, shown_);
  animating_ |= view_.playing || moving();
  for (const any_intent& one : wanted)
    carry_out(one);
  if (std::exchange(link_is_stale_, false) && document_)
    host_.show_link(link_of(*document_, view_));
}

load_status application::load_state() const {
  return arriving_ ? arriving_->status() : load_status{};
}

bool application::carry_out(const any_intent& wanted) {
  const bool done = std::visit([this](const auto& one) { return apply(one); }, wanted);
  if (done) {
    link_is_stale_ = true;
    host_.request_frame();
  }
  return done;
}

// ---- Intents ----

void application::move_cursor(moment cursor, std::uint64_t time) {
  view_.cursor = cursor;
  view_.cursor_time = time;
}

void application::look_at(const selection& what, moment cursor, std::uint64_t time) {
  view_.selected = what;
  move_cursor(cursor, time);
  set_out();
  ++view_.reveal;
  bring_into_window();
}

// The timeline is sent elsewhere: from what it shows now.
void application::set_out() {
  if (may_move_) motion_.leave(motion_.towards(view_.window));
}

void application::let_move(bool allowed) {
  may_move_ = allowed;
  if (!allowed) motion_.arrive();
}

// The cursor's moment comes on the screen with as little motion as can be.
void application::bring_into_window() {
  const auto t = static_cast<double>(view_.cursor_time);
  if (view_.window.contains(t)) return;
  set_out();
  const double length = view_.window.length();
  view_.window = confined({t - length / 2, t + length / 2}, document_->duration());
}

// The selection's life and what cancelled it, with room on both sides.
void application::frame_selection() {
  const trace_store& trace = document_->trace;
  const entity who = view_.subject ? view_.subject : view_.selected.who;
  lifetime life = lifetime_of(trace, who);
  for (const cancel_index link : explain(trace, who).chain.links) {
    life.from = std::min(life.from, trace.time_of(trace[link].requested));
  }
  const double margin = std::max(20.0, static_cast<double>(life.to - life.from) * 0.35);
  set_out();
  view_.window =
      confined({static_cast<double>(life.from) - margin, static_cast<double>(life.to) + margin},
               document_->duration());
  ++view_.reveal;
}

void application::announce_selection() {
  const entity who = view_.subject;
  if (who) host_.announce(plain(sentence(document_->trace, explain(document_->trace, who))));
}

void application::remember_place() {
  places_.leave(place_of(view_));
}

bool application::apply(const intent::go& wanted) {
  const visited_place here = place_of(view_);
  const auto there = wanted.back ? places_.back(here) : places_.forth(here);
  if (!there) return false;
  set_out();
  return_to(*there, view_);
  announce_selection();
  return true;
}

bool application::apply(const intent::select& wanted) {
  if (!document_) return false;
  remember_place();
  const trace_store& trace = document_->trace;
  const entity who = wanted.what.who;
  if (!wanted.along_chain) view_.subject = who;
  moment cursor = view_.cursor;
  if (wanted.at) {
    cursor = *wanted.at;
  } else if (wanted.what.event) {
    cursor = moment::after(wanted.what.event);
  } else if (wanted.along_chain || (who && !exists_at(trace, who, cursor))) {
    cursor = telling_moment(trace, who);
  }
  const std::uint64_t time = cursor == view_.cursor ? view_.cursor_time : time_of(trace, cursor);
  look_at(wanted.what, cursor, time);
  announce_selection();
  return true;
}

bool application::apply(const intent::hover& wanted) {
  if (view_.hovered == wanted.who) return false;
  view_.hovered = wanted.who;
  return true;
}

bool application::apply(const intent::seek& wanted) {
  if (!document_) return false;
  const std::uint64_t t = std::min(wanted.t, document_->trace.last_time());
  move_cursor(moment_at(document_->trace, t), t);
  bring_into_window();
  return true;
}

bool application::apply(const intent::step& wanted) {
  if (!document_) return false;
  view_.playing = false;
  const auto target = step_from(*document_, view_, wanted.direction);
  const bool to_stop = wanted.direction == step_direction::next_stop ||
                       wanted.direction == step_direction::previous_stop;
  if (!target) {
    if (to_stop) show_notice(nothing_matches(view_, wanted.direction == step_direction::next_stop));
    return false;
  }
  if (to_stop) remember_place();
  const bool along_chain =
      wanted.direction == step_direction::cause || wanted.direction == step_direction::effect;
  const bool past_subject = along_chain && view_.subject.type() == entity_type::cancel &&
                            view_.selected.who == view_.subject &&
                            wanted.direction == step_direction::effect;
  if (past_subject || (!along_chain && target->selected.who != view_.selected.who)) {
    view_.subject = target->selected.who;
  }
  look_at(target->selected, target->cursor, target->time);
  announce_selection();
  return true;
}

// The cursor goes on by itself; it stands still at an event of which the stop condition holds, and at the end.
void application::play_on(double seconds) {
  if (!document_) return;
  const trace_store& trace = document_->trace;
  const double further = seconds / seconds_a_window * view_.window.length();
  const auto t = static_cast<std::uint64_t>(
      std::min(static_cast<double>(trace.last_time()),
               static_cast<double>(view_.cursor_time) + std::max(1.0, further)));
  const moment reached = moment_at(trace, t);
  const auto stop = query::parse(view_.stop_condition);
  if (stop && !stop->matches_everything()) {
    const auto holds = stop->on(trace);
    for (event_index e = next_event(trace, view_.cursor); reached.counts(e);
         e = next_event(trace, moment::after(e))) {
      if (!holds(e)) continue;
      view_.playing = false;
      apply(intent::select{{trace.subject_of(e), e}});
      return;
    }
  }
  move_cursor(std::max(reached, view_.cursor), t);
  bring_into_window();
  link_is_stale_ = true;
  if (t == trace.last_time()) view_.playing = false;
}

bool application::apply(const intent::play& wanted) {
  if (!document_ || view_.playing == wanted.on) return false;
  view_.playing = wanted.on;
  // From the end there is nothing to play: it begins anew.
  if (wanted.on && view_.cursor_time >= document_->trace.last_time()) move_cursor(moment{}, 0);
  return true;
}

bool application::apply(const intent::stop_at& wanted) {
  view_.stop_condition = wanted.query;
  return true;
}

bool application::apply(const intent::show_window& wanted) {
  if (!document_) return false;
  motion_.arrive(); // a hand that drags is followed at once
  view_.window = confined(wanted.window, document_->duration());
  return true;
}

bool application::apply(const intent::fit_window& /*wanted*/) {
  if (!document_) return false;
  remember_place();
  const double duration = std::max(1.0, document_->duration());
  set_out();
  view_.window = confined({-0.03 * duration, 1.03 * duration}, duration);
  return true;
}

bool application::apply(const intent::mark_time& wanted) {
  if (!document_ || view_.marked == wanted.stretch) return false;
  view_.marked = wanted.stretch;
  return true;
}

bool application::apply(const intent::zoom_to_selection& /*wanted*/) {
  if (!document_ || !(view_.marked || view_.selected.who)) return false;
  remember_place();
  if (!view_.marked) {
    frame_selection();
    return true;
  }
  set_out();
  view_.window = confined(*view_.marked, document_->duration());
  return true;
}

bool application::apply(const intent::fold_branch& wanted) {
  if (wanted.folded) return view_.folded_branches.insert(wanted.region).second;
  return view_.folded_branches.erase(wanted.region) > 0;
}

bool application::apply(const intent::fold_lanes& wanted) {
  if (wanted.folded) return view_.folded_lanes.insert(wanted.region).second;
  return view_.folded_lanes.erase(wanted.region) > 0;
}

bool application::apply(const intent::filter_tree& wanted) {
  view_.filter = wanted.filter;
  return true;
}

bool application::apply(const intent::filter_events& wanted) {
  view_.event_filter = wanted.query;
  return true;
}

bool application::apply(const intent::show_lower& wanted) {
  view_.lower = wanted.panel;
  return true;
}

bool application::apply(const intent::show_slots& wanted) {
  view_.slots = wanted.kind;
  return true;
}

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
  arriving_->give_up();
  return true;
}

bool application::apply(const intent::dismiss_notice& /*wanted*/) {
  banner_.clear();
  return true;
}

bool application::apply(const intent::show_help& wanted) {
  view_.help_shown = wanted.shown;
  return true;
}

bool application::apply(const intent::show_costs& wanted) {
  if (view_.costs_shown == wanted.shown) return false;
  view_.costs_shown = wanted.shown;
  return true;
}

bool application::apply(const intent::dismiss_hint& /*wanted*/) {
  if (!view_.hint_shown) return false;
  view_.hint_shown = false;
  host_.keep("hint", "read");
  return true;
}

bool application::apply(const intent::switch_theme& wanted) {
  if (view_.shown_theme == wanted.wanted) return false;
  view_.shown_theme = wanted.wanted;
  show_theme(wanted.wanted);
  host_.keep("theme", wanted.wanted == theme::light ? "light" : "dark");
  return true;
}

bool application::apply(const intent::switch_motion& wanted) {
  if (may_move_ == wanted.on) return false;
  let_move(wanted.on);
  host_.keep("motion", wanted.on ? "full" : "reduced");
  return true;
}

bool application::apply(const intent::show_finder& wanted) {
  view_.finder_shown = wanted.shown;
  return true;
}

bool application::apply(const intent::arrange_panels& wanted) {
  if (view_.sizes == wanted.sizes) return false;
  view_.sizes = wanted.sizes;
  host_.keep("layout", text_of(view_.sizes));
  return true;
}

bool application::apply(const intent::use_preset& wanted) {
  view_.lower = wanted.wanted->lower;
  apply(intent::arrange_panels{wanted.wanted->sizes});
  return true;
}

bool application::apply(const intent::fill_window& wanted) {
  layout sizes = view_.sizes;
  sizes.filled = sizes.filled == wanted.place ? std::nullopt : std::optional(wanted.place);
  return apply(intent::arrange_panels{sizes});
}

bool application::apply(const intent::copy_text& wanted) {
  ImGui::SetClipboardText(wanted.text.c_str());
  show_notice(wanted.said);
  return true;
}

} // namespace cancelscope::ui
