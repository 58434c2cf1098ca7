// The application: what is open, what is looked at, and the only place where an intent becomes a change. Knows
// nothing of SDL or of the browser; a platform feeds it bytes and calls frame() between ImGui's NewFrame and Render.
//
// Threading: the interface's thread.
// Failure:   a trace that cannot be opened leaves what was open as it was and puts the sentence on the screen.
//
//     application app(host);
//     app.begin_open("checkout.jsonl", size);
//     while (read(chunk)) app.feed(chunk);
//     if (auto failed = app.finish_open()) …      // the screen shows it already
#pragma once

#include "trace-format/result.hpp"
#include "ui/app/arrival.hpp"
#include "ui/app/frame_stats.hpp"
#include "ui/app/notebook.hpp"
#include "ui/app/shell.hpp"
#include "ui/platform/platform.hpp"
#include "ui/view/comparison.hpp"
#include "ui/view/document.hpp"
#include "ui/view/intents.hpp"
#include "ui/view/motion.hpp"
#include "ui/view/screen_record.hpp"
#include "ui/view/view_state.hpp"
#include "ui/view/visited_places.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::ui {

class application {
public:
  explicit application(platform& host);
  application(const application&) = delete;
  application& operator=(const application&) = delete;
  ~application();

  // ---- Opening. What was open before stays until finish_open succeeds. ----

  /// `beside`: to compare it with the one that is open.
  void begin_open(std::string name, std::optional<std::uint64_t> size, bool beside = false);
  /// False where more of it would be in vain: the bytes were refused.
  bool feed(std::string_view bytes);
  /// Nothing where the trace is open now.
  std::optional<trace::failure> finish_open();
  /// The trace could not even be read: the sentence goes on the screen.
  void fail_open(std::string sentence);
  /// Begins to open a file of this machine; read_on does the rest.
  std::optional<trace::failure> open_file(const std::string& path, bool beside = false);
  [[nodiscard]] bool reads_file() const { return arriving_ && arriving_->is_file(); }
  /// Reads the file for about that long, and shows it where that was all; a failure is on the screen, too.
  std::optional<trace::failure> read_on(std::chrono::milliseconds about);
  /// Makes the view what the link says (view/link.hpp), as far as the open trace has it; what it lacks is said in the
  /// banner. False while nothing is open.
  bool follow(std::string_view link);
  /// Shows how to begin, until it was read.
  void show_hint();
  /// What the window offers to open: samples, files of the last time.
  void show_offers(std::vector<offer> offers);
  /// Whether the timeline goes to where it is sent, or is there at once. It goes, until told otherwise.
  void let_move(bool allowed);
  /// Something the user should know that is no failure.
  void show_notice(std::string sentence);

  // ---- Running ----

  void frame(const frame_stats& stats);
  /// Frames are due although no input came: a key is held, something plays, or the timeline is on its way.
  [[nodiscard]] bool animating() const { return animating_; }
  /// Carries the intent out; false where there was nothing to do, as a step past the end.
  bool carry_out(const any_intent& wanted);

  // ---- Looking ----

  /// Null before the first trace was opened.
  [[nodiscard]] const document* open_document() const { return document_.get(); }
  /// Null where no other trace stands beside it.
  [[nodiscard]] const comparison* beside() const { return compared_ ? &*compared_ : nullptr; }
  [[nodiscard]] const view_state& view() const { return view_; }
  /// What is shown is not yet what is looked at.
  [[nodiscard]] bool moving() const { return motion_.on_the_way(); }
  /// What the user wrote on what is open, in order of time.
  [[nodiscard]] std::span<const placed_note> notes() const { return notes_.notes(); }
  [[nodiscard]] const screen_record& shown() const { return shown_; }
  [[nodiscard]] const frame_stats& stats() const { return stats_; }
  /// The sentence in the banner: why the last trace could not be opened, or a notice; empty for none.
  [[nodiscard]] const std::string& banner() const { return banner_; }
  [[nodiscard]] bool banner_is_error() const { return banner_is_error_; }
  /// What is being opened now; without a name: nothing.
  [[nodiscard]] load_status load_state() const;

private:
  std::optional<trace::failure> open_notes(const std::string& path);
  void open_store(inspector::trace_store trace, const trace_identity& identity,
                  const std::string& file);
  void open_beside(inspector::trace_store trace, const trace_identity& identity,
                   const std::string& file);
  void open_notes_of_it(const trace_identity& identity);
  void forget_beside();
  void begin_view();
  [[nodiscard]] time_range whole_window() const;
  void look_at_most_telling();
  void take_in_what_came();
  void show_anew(document grown);
  void end_early_look(inspector::trace_store trace, const trace_identity& identity,
                      const std::string& file);
  void keep_what_came();
  void hand_over(std::string name, std::string_view bytes, std::string_view what);
  void look_at(const selection& what, inspector::moment cursor, std::uint64_t time);
  void move_cursor(inspector::moment cursor, std::uint64_t time);
  void set_out();
  void bring_into_window();
  void frame_selection();
  void announce_selection();
  void remember_place();
  void play_on(double seconds);
  bool apply(const intent::select& wanted);
  bool apply(const intent::go& wanted);
  bool apply(const intent::hover& wanted);
  bool apply(const intent::seek& wanted);
  bool apply(const intent::step& wanted);
  bool apply(const intent::play& wanted);
  bool apply(const intent::stop_at& wanted);
  bool apply(const intent::show_window& wanted);
  bool apply(const intent::fit_window& wanted);
  bool apply(const intent::mark_time& wanted);
  bool apply(const intent::zoom_to_selection& wanted);
  bool apply(const intent::fold_branch& wanted);
  bool apply(const intent::fold_lanes& wanted);
  bool apply(const intent::pin_lane& wanted);
  bool apply(const intent::hide_lane& wanted);
  bool apply(const intent::show_hidden_lanes& wanted);
  bool apply(const intent::filter_tree& wanted);
  bool apply(const intent::filter_events& wanted);
  bool apply(const intent::show_lower& wanted);
  bool apply(const intent::show_slots& wanted);
  bool apply(const intent::choose_file& wanted);
  bool apply(const intent::compare_next& wanted);
  bool apply(const intent::swap_traces& wanted);
  bool apply(const intent::open_path& wanted);
  bool apply(const intent::cancel_open& wanted);
  bool apply(const intent::look_early& wanted);
  bool apply(const intent::paste& wanted);
  bool apply(const intent::dismiss_notice& wanted);
  bool apply(const intent::show_help& wanted);
  bool apply(const intent::show_costs& wanted);
  bool apply(const intent::dismiss_hint& wanted);
  bool apply(const intent::switch_theme& wanted);
  bool apply(const intent::switch_motion& wanted);
  bool apply(const intent::show_finder& wanted);
  bool apply(const intent::arrange_panels& wanted);
  bool apply(const intent::use_preset& wanted);
  bool apply(const intent::fill_window& wanted);
  bool apply(const intent::copy_text& wanted);
  bool apply(const intent::copy_link& wanted);
  bool apply(const intent::show_menu& wanted);
  bool apply(const intent::close_menu& wanted);
  bool apply(const intent::save_cut& wanted);
  bool apply(const intent::edit_note& wanted);
  bool apply(const intent::put_note& wanted);
  bool apply(const intent::go_to_note& wanted);
  bool apply(const intent::step_note& wanted);
  bool apply(const intent::export_notes& wanted);
  bool apply(const intent::import_notes& wanted);

  platform& host_;
  std::unique_ptr<document> document_;
  std::unique_ptr<document> other_;
  notebook notes_;       ///< on what is open
  std::string at_note_;  ///< the one gone to last, by what it is on
  notebook other_notes_; ///< on the other
  std::string file_;     ///< where what is open came from; empty where it is no file
  std::string other_file_;
  std::optional<comparison> compared_; ///< of the two; borrows other_
  bool opens_beside_ = false;          ///< what arrives now
  bool next_beside_ = false;           ///< what is opened next
  std::optional<arrival> arriving_;
  std::size_t came_so_far_ = 0; ///< how many events what is looked at early was made of
  std::string banner_;
  bool banner_is_error_ = false;
  bool choosing_file_ = false;
  std::vector<offer> offers_;
  bool animating_ = false;
  view_state view_;
  timeline_motion motion_; ///< to view_.window
  bool may_move_ = true;
  visited_places places_;
  double zoomed_at_ = -1; ///< s, by ImGui's clock; when the timeline was last moved or zoomed
  bool link_is_stale_ = false;
  screen_record shown_;
  frame_stats stats_;
  shell shell_;
};

} // namespace cancelscope::ui
