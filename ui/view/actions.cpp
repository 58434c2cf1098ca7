#include "ui/view/actions.hpp"

#include "inspector/answers/answers.hpp"
#include "inspector/attribution/explain.hpp"
#include "inspector/navigation/steps.hpp"
#include "inspector/summary/sentence.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "ui/view/link.hpp"
#include "ui/view/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cancelscope::ui {

using namespace inspector;

namespace {

bool has_lane(entity who) {
  return who.type() == entity_type::task || who.type() == entity_type::region;
}

/// The list as it grows; a group begins with the first action after begin_group().
class action_list {
public:
  action_list(const document& open, const view_state& view, std::span<const placed_note> notes,
              const menu_subject& about)
      : open_(open), trace_(open.trace), view_(view), notes_(notes), about_(about) {}

  void add_ways() {
    const entity who = about_.who;
    if (!who && !about_.event) return;
    const intent::select select{{who, about_.event}};
    add("Select", "", {select});
    intents show;
    if (out_of_sight(who)) show.emplace_back(intent::show_hidden_lanes{});
    show.emplace_back(select);
    if (view_.sizes.filled && *view_.sizes.filled != panel_place::middle)
      show.emplace_back(intent::fill_window{*view_.sizes.filled});
    add("Show in the timeline", "", std::move(show));
    if (!who) return;
    add("Zoom to it", "Z", {select, intent::zoom_to_selection{}});
    if (towards_cause(trace_, who, who))
      add("Go to its cause", "Up", {select, intent::step{step_direction::cause}});
    add("Filter events by this", "",
        {intent::filter_events{"id = " + trace_.id_of(who)}, intent::show_lower{"events"}});
  }

  void add_note_actions() {
    begin_group();
    if (!about_.note.empty()) {
      add("Go to it", "", {intent::go_to_note{about_.note}});
      add_note("note", about_.note);
      return;
    }
    if (!about_.slot.empty()) add_note("note on the slot", about_.slot);
    if (about_.event) add_note("note on the event", on_event(about_.event));
    if (about_.who) add_note("note on " + trace_.id_of(about_.who), trace_.id_of(about_.who), "T");
    if (view_.marked) add_note("note on what is marked", on_stretch(*view_.marked), "T");
    if (about_.t) add_note("note at " + time_text(*about_.t), on_moment(*about_.t));
  }

  void add_lane_actions() {
    const entity who = about_.who;
    if (!has_lane(who)) return;
    begin_group();
    const bool pinned = std::find(view_.pinned_lanes.begin(), view_.pinned_lanes.end(), who) !=
                        view_.pinned_lanes.end();
    add(pinned ? "Unpin the lane" : "Pin the lane to the top", "P",
        {intent::pin_lane{who, !pinned}});
    if (!hides(who)) add("Hide the lane", "H", {intent::hide_lane{who}});
  }

  void add_copies() {
    begin_group();
    const entity who = about_.who;
    if (about_.event)
      copy("Copy the event", json_line(trace_, about_.event), "The event is on the clipboard.");
    if (!who) return;
    copy("Copy the id", trace_.id_of(who), trace_.id_of(who) + " is on the clipboard.");
    if (const std::string_view name = trace_.name_of(who); !name.empty())
      copy("Copy the name", std::string(name), "The name is on the clipboard.");
    const explanation why = explain(trace_, who);
    copy("Copy the sentence", plain(sentence(trace_, why)), "The sentence is on the clipboard.");
    copy("Copy as Markdown", explain_markdown(trace_, why) + notes_markdown(notes_, who),
         "The answer is on the clipboard, as Markdown.");
    add("Copy a link to this", "", {intent::copy_link{link_of(open_, view_of_it(), notes_)}});
    if (!why.chain.links.empty() || who.type() == entity_type::cancel)
      add("Cut this cause to a file", "", {intent::save_cut{who}});
  }

  std::vector<action> take() { return std::move(actions_); }

private:
  void begin_group() { group_begins_ = !actions_.empty(); }

  void add(std::string name, std::string keys, intents wanted) {
    actions_.push_back(
        {std::move(name), std::move(keys), std::move(wanted), std::exchange(group_begins_, false)});
  }

  void copy(const char* name, std::string text, std::string said) {
    add(name, "", {intent::copy_text{std::move(text), std::move(said)}});
  }

  void add_note(const std::string& what, const std::string& on, const char* keys = "") {
    if (note_on(notes_, on) == nullptr) {
      add("Add a " + what, keys, {intent::edit_note{on}});
      return;
    }
    add("Edit the " + what, keys, {intent::edit_note{on}});
    add("Delete the " + what, "", {intent::put_note{on, ""}});
  }

  [[nodiscard]] bool hides(entity who) const { return view_.hidden_lanes.contains(who); }

  /// Its lane or one that it lies under is hidden.
  [[nodiscard]] bool out_of_sight(entity who) const {
    while (who && !hides(who))
      who = owner_of(trace_, who);
    return static_cast<bool>(who);
  }

  /// As if it had been selected there.
  [[nodiscard]] view_state view_of_it() const {
    view_state there = view_;
    there.selected = {about_.who, about_.event};
    there.subject = about_.who;
    there.cursor = about_.event ? moment::after(about_.event) : telling_moment(trace_, about_.who);
    there.cursor_time = time_of(trace_, there.cursor);
    return there;
  }

  const document& open_;
  const trace_store& trace_;
  const view_state& view_;
  std::span<const placed_note> notes_;
  const menu_subject& about_;
  std::vector<action> actions_;
  bool group_begins_ = false;
};

} // namespace

std::string title_of(const document& open, const menu_subject& about) {
  const trace_store& trace = open.trace;
  if (!about.slot.empty() && !about.who)
    return "Slot " + about.slot.substr(about.slot.find(':') + 1);
  std::string title = about.who ? display_name(trace, about.who) : std::string();
  if (const std::string id = trace.id_of(about.who); about.who && id != title)
    title += " (" + id + ")";
  if (about.event) {
    const std::string event(event_name(trace, about.event));
    title = title.empty() ? event : event + " of " + title;
  }
  if (title.empty() && about.t) return time_text(*about.t);
  return title.empty() ? "Note" : title;
}

std::vector<action> actions_on(const document& open, const view_state& view,
                               std::span<const placed_note> notes, const menu_subject& about) {
  action_list list(open, view, notes, about);
  list.add_ways();
  list.add_lane_actions();
  list.add_note_actions();
  list.add_copies();
  return list.take();
}

menu_subject selected_subject(const view_state& view) {
  return {.who = view.selected.who, .event = view.selected.event};
}

} // namespace cancelscope::ui
