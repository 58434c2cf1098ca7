#include "ui/app/application.hpp"

#include "inspector/attribution/explain.hpp"
#include "inspector/cut/cut.hpp"
#include "inspector/query/query.hpp"
#include "inspector/summary/sentence.hpp"
#include "inspector/text/units.hpp"
#include "inspector/timeline/state.hpp"
#include "trace-format/jsonl_writer.hpp"
#include "ui/theme/style.hpp"
#include "ui/view/link.hpp"
#include "ui/view/stepping.hpp"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <utility>

namespace cancelscope::ui {

using namespace inspector;

namespace {

// Playing takes so long over what the timeline shows.
constexpr double seconds_a_window = 10;

/// Keeps what is written as lines of text.
class text_sink final : public trace::sink {
public:
  void write(const trace::event& e) override { encoder_.append(e, text_); }
  const std::string& finish() {
    encoder_.finish(text_);
    return text_;
  }

private:
  trace::jsonl_writer encoder_;
  std::string text_;
};

std::string stem_of(const std::string& name) {
  return name.substr(0, name.find_last_of('.'));
}

std::string nothing_matches(const view_state& view, bool forward) {
  if (view.stop_condition.empty())
    return "There is nothing to stop at yet: say what under “Stop at”, as in outcome = panicked.";
  const auto stop = query::parse(view.stop_condition);
  if (!stop) return stop.error().message;
  return "No " + std::string(forward ? "later" : "earlier") + " event matches “" +
         view.stop_condition + "”.";
}

} // namespace

application::application(platform& host) : host_(host), notes_(host), other_notes_(host) {}

application::~application() = default;

bool application::follow(std::string_view link) {
  if (!document_) return false;
  followed_link followed = follow_link(*document_, link);
  places_.leave(place_of(view_));
  followed.view.reveal = view_.reveal + 1;
  const layout sizes = followed.view.sizes;
  followed.view.keep_what_is_the_users(view_);
  followed.view.sizes = sizes; // a link speaks of these
  followed.view.help_shown = view_.help_shown;
  followed.view.stop_condition = view_.stop_condition;
  followed.view.finder_shown = view_.finder_shown;
  view_ = std::move(followed.view);
  motion_.arrive();
  if (!followed.notes.empty()) notes_.add(*document_, followed.notes);
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

// ---- Running ----

void application::frame(const frame_stats& stats) {
  stats_ = stats;
  shown_.clear();
  if (arriving_) arriving_->drawn();
  take_in_what_came();
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
  const shell_input input{document_.get(), beside(),     passing ? *passing : view_,
                          notes(),         banner_,      banner_is_error_,
                          choosing_file_,  load_state(), offers_,
                          stats_};
  animating_ = shell_.draw(input, wanted, shown_);
  animating_ |= view_.playing || moving();
  for (const any_intent& one : wanted)
    carry_out(one);
  if (std::exchange(link_is_stale_, false) && document_)
    host_.show_link(link_of(*document_, view_, notes()));
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

// All of it, with a little room on both sides.
time_range application::whole_window() const {
  const double duration = std::max(1.0, document_->duration());
  return confined({-0.03 * duration, 1.03 * duration}, duration);
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
  zoomed_at_ = -1;
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
  // A drag or a turn of the wheel is many of these, and one step of the way back.
  constexpr double pause = 0.7;
  const double now = ImGui::GetTime();
  if (zoomed_at_ < 0 || now - zoomed_at_ > pause) remember_place();
  zoomed_at_ = now;
  view_.window = confined(wanted.window, document_->duration());
  return true;
}

bool application::apply(const intent::fit_window& /*wanted*/) {
  if (!document_) return false;
  remember_place();
  set_out();
  view_.window = whole_window();
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

bool application::apply(const intent::pin_lane& wanted) {
  constexpr std::size_t most_pinned = 12;
  auto& pinned = view_.pinned_lanes;
  const auto at = std::find(pinned.begin(), pinned.end(), wanted.who);
  const bool has_lane = wanted.who.as<task_index>() || wanted.who.as<region_index>();
  if (!document_ || !has_lane || (at != pinned.end()) == wanted.pinned) return false;
  if (!wanted.pinned) {
    pinned.erase(at);
    return true;
  }
  if (pinned.size() == most_pinned) {
    show_notice("Twelve lanes are pinned: more would leave no room for the others.");
    return true;
  }
  pinned.push_back(wanted.who);
  view_.hidden_lanes.erase(wanted.who);
  return true;
}

bool application::apply(const intent::hide_lane& wanted) {
  const bool has_lane = wanted.who.as<task_index>() || wanted.who.as<region_index>();
  if (!document_ || !has_lane) return false;
  std::erase(view_.pinned_lanes, wanted.who);
  return view_.hidden_lanes.insert(wanted.who).second;
}

bool application::apply(const intent::show_hidden_lanes& /*wanted*/) {
  if (view_.hidden_lanes.empty()) return false;
  view_.hidden_lanes.clear();
  return true;
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

bool application::apply(const intent::copy_link& wanted) {
  return apply(intent::copy_text{host_.address_of(wanted.link), "The link is on the clipboard."});
}

// Where nothing was pointed at: below where it is shown, rather in its lane than elsewhere.
bool application::apply(const intent::show_menu& wanted) {
  const menu_subject& about = wanted.about;
  if (!document_) return false;
  if (!(about.who || about.event || about.t || !about.note.empty() || !about.slot.empty()))
    return false;
  ImVec2 at = wanted.at.value_or(ImGui::GetMainViewport()->GetCenter());
  if (!wanted.at) {
    const std::string id = document_->trace.id_of(about.who);
    for (const shown_item& item : shown_.items())
      if (item.id == id && (item.role == "row" || item.role == "lane"))
        at = {item.min.x + 40, item.max.y};
  }
  view_.menu = open_menu{about, at};
  return true;
}

bool application::apply(const intent::close_menu& /*wanted*/) {
  if (!view_.menu) return false;
  view_.menu.reset();
  return true;
}

bool application::apply(const intent::save_cut& wanted) {
  if (!document_ || !wanted.who) return false;
  text_sink cut;
  const std::size_t events = write_cut(document_->trace, wanted.who, {}, cut);
  const std::string id = document_->trace.id_of(wanted.who);
  hand_over(fmt::format("{}.{}.jsonl", stem_of(document_->name), id), cut.finish(),
            fmt::format("{} that explain {}", counted(events, "event"), id));
  return true;
}

// Beside the trace, where that is a file.
void application::hand_over(std::string name, std::string_view bytes, std::string_view what) {
  const std::size_t folder = file_.find_last_of('/');
  if (folder != std::string::npos) name = file_.substr(0, folder + 1) + name;
  const auto went = host_.save_file(name, bytes);
  if (went)
    show_notice(fmt::format("{}: {}.", *went, what));
  else
    fail_open(went.error().message);
}

} // namespace cancelscope::ui
