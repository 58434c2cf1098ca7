// What a panel wants to happen. Panels return these; the application alone carries them out (app/).
//
// Threading: values.
#pragma once

#include "ui/view/view_state.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cancelscope::ui {

enum class step_direction {
  next, ///< the next event that concerns the selection
  previous,
  next_any, ///< the next event of any kind
  previous_any,
  cause, ///< along the chain, towards the root cause
  effect,
  first, ///< the trace's begin
  last,
  next_stop, ///< the next event of which the stop condition holds
  previous_stop,
};

namespace intent {

/// To where one was before the last selection or zoom, and forth again.
struct go {
  bool back;
};
/// Makes something the selection everywhere; nothing selected where `what` is empty.
struct select {
  selection what;
  bool along_chain = false; ///< a link of the subject's chain: Why stays with the subject
  std::optional<inspector::moment> at{}; ///< where to put the cursor
};
struct hover {
  inspector::entity who;
};
struct seek {
  std::uint64_t t;
};
struct step {
  step_direction direction;
};
struct play {
  bool on;
};
struct stop_at {
  std::string query; ///< as typed; may not be one yet
};
struct show_window {
  time_range window;
};
struct fit_window {};
/// Findings and events are those of this stretch of time; of all where there is none.
struct mark_time {
  std::optional<time_range> stretch;
};
struct zoom_to_selection {};
struct fold_branch {
  inspector::region_index region;
  bool folded;
};
struct fold_lanes {
  inspector::region_index region;
  bool folded;
};
/// The lane stays at the timeline's top, or no longer does.
struct pin_lane {
  inspector::entity who;
  bool pinned;
};
/// The lane goes out of the timeline, with all under it.
struct hide_lane {
  inspector::entity who;
};
struct show_hidden_lanes {};
struct filter_tree {
  tree_filter filter;
};
struct filter_events {
  std::string query; ///< as typed; may not be one yet
};
struct show_lower {
  std::string panel; ///< its name in the registry
};
struct show_slots {
  slot_kind kind;
};
struct choose_file {};
/// The next trace that is opened stands beside the one that is open.
struct compare_next {};
/// The trace beside is looked at, and the other stands beside it; `who` of it is selected.
struct swap_traces {
  inspector::entity who{};
};
struct open_path {
  std::string path; ///< a file, or in the browser an address
};
/// What is being loaded is not wanted any more.
struct cancel_open {};
/// What has arrived of the trace that is being loaded is looked at; the rest comes in as it arrives.
struct look_early {};
/// Opens what was pasted: a trace's text, or where one is.
struct paste {
  std::string text;
};
struct dismiss_notice {};
struct show_help {
  bool shown;
};
struct show_costs {
  bool shown;
};
/// The hint for who is here for the first time was read.
struct dismiss_hint {};
struct switch_theme {
  theme wanted;
};
/// The timeline goes to where it is sent, or is there at once.
struct switch_motion {
  bool on;
};
struct show_finder {
  bool shown;
};
struct arrange_panels {
  layout sizes;
};
struct use_preset {
  const layout_preset* wanted;
};
/// The place fills the window, or no longer does.
struct fill_window {
  panel_place place;
};
struct copy_text {
  std::string text;
  std::string said; ///< what the notice says was copied
};
/// Copies what shows somebody else the view of that link.
struct copy_link {
  std::string link;
};
/// Lists what can be done with something; without a place: there where it is shown.
struct show_menu {
  menu_subject about;
  std::optional<ImVec2> at{};
};
struct close_menu {};
/// Writes the smallest trace that still explains it (inspector/cut) to a file.
struct save_cut {
  inspector::entity who;
};
/// Begins a note, or to change it; ends that where `on` is empty. view/notes.hpp says what notes are on.
struct edit_note {
  std::string on;
};
/// The note is that from now on; there is none any more where the text is empty.
struct put_note {
  std::string on;
  std::string text;
};
struct go_to_note {
  std::string on;
};
struct step_note {
  bool forward;
};
struct export_notes {};
/// The text of a file of notes (view/notes_file.hpp): they are added to those that are there.
struct import_notes {
  std::string text;
};

} // namespace intent

using any_intent = std::variant<
    intent::select, intent::go, intent::hover, intent::seek, intent::step, intent::play,
    intent::stop_at, intent::show_window, intent::fit_window, intent::mark_time,
    intent::zoom_to_selection, intent::fold_branch, intent::fold_lanes, intent::pin_lane,
    intent::hide_lane, intent::show_hidden_lanes, intent::filter_tree, intent::filter_events,
    intent::show_lower, intent::show_slots, intent::choose_file, intent::compare_next,
    intent::swap_traces, intent::open_path, intent::cancel_open, intent::look_early, intent::paste,
    intent::dismiss_notice, intent::show_help, intent::show_costs, intent::dismiss_hint,
    intent::switch_theme, intent::switch_motion, intent::show_finder, intent::arrange_panels,
    intent::use_preset, intent::fill_window, intent::copy_text, intent::copy_link,
    intent::show_menu, intent::close_menu, intent::save_cut, intent::edit_note, intent::put_note,
    intent::go_to_note, intent::step_note, intent::export_notes, intent::import_notes>;

using intents = std::vector<any_intent>;

} // namespace cancelscope::ui
