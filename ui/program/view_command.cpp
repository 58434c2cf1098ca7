#include "ui/program/view_command.hpp"

#include <CLI/CLI.hpp>

#include <charconv>

namespace cancelscope::ui {
namespace {

// "1440x900"; false where it is something else.
bool parse_size(const std::string& text, int& width, int& height) {
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, width);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != 'x') return false;
  const auto second = std::from_chars(first.ptr + 1, end, height);
  constexpr int largest = 16384;
  return second.ec == std::errc() && second.ptr == end && width > 0 && height > 0 &&
         width <= largest && height <= largest;
}

} // namespace

std::string_view view_command::summary() const {
  return "Open the window: region tree, timeline, slots, and why it was cancelled";
}

void view_command::declare(CLI::App& options) {
  options.add_option("trace", wanted_.traces, "Traces to open");
  options
      .add_option("--screenshot", wanted_.screenshot, "Draw the window into this PNG file and exit")
      ->type_name("FILE");
  options.add_option("--size", size_, "Width and height of the window, as 1440x900")
      ->type_name("WxH");
  options
      .add_option("--scale", wanted_.scale,
                  "Device pixels to a logical one: 2 for a high-resolution screen")
      ->check(CLI::Range(0.5, 4.0));
  options.add_option("--select", wanted_.select, "Select this id")->type_name("ID");
  options.add_option("--panel", wanted_.panel, "Show this below the timeline")
      ->check(CLI::IsMember({"findings", "slots", "events", "notes", "differences"}));
  options.add_option("--theme", theme_, "The colours")->check(CLI::IsMember({"dark", "light"}));
  options
      .add_option("--link", wanted_.link, "A view to start with: what an address has behind its #")
      ->type_name("LINK");
  options.add_flag("--remote", wanted_.remote,
                   "Answer requests as window.cancelscope does: a line of JSON each, from standard "
                   "input to standard output; the window closes at the end of input");
  options.add_option("--at", wanted_.at, "Put the cursor at this time, in ns")->type_name("T");
}

trace::result<inspector::exit_status> view_command::run(inspector::console& /*io*/) {
  if (!size_.empty() && !parse_size(size_, wanted_.width, wanted_.height)) {
    return trace::failure{"“" + size_ + "” is no size; a size is two whole numbers, as 1440x900."};
  }
  wanted_.light = theme_ == "light";
  if (auto failed = run_native_window(wanted_)) return *failed;
  return inspector::exit_status::well;
}

} // namespace cancelscope::ui
