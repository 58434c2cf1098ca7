// An explanation as `cancelscope explain` prints it: sentences first, then what they stand on.
//
// Threading: an object is used by one thread. Failure: none.
#pragma once

#include "inspector/attribution/explain.hpp"
#include "inspector/attribution/shutdown.hpp"
#include "inspector/command_line/command_line.hpp"
#include "inspector/command_line/style.hpp"

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::inspector {

class explanation_printer {
public:
  explanation_printer(const trace_store& trace, const explanation& why, console& io);

  void print();

private:
  /// Of long lists so many rows; the rest is counted. All of it is in --json.
  static constexpr std::size_t most_rows = 24;

  void heading(std::string_view text);
  /// A paragraph; nothing where there is nothing to say.
  void say(const std::string& sentence);

  // What led to it
  void print_chain();
  void print_cancels(std::string_view title, const std::vector<cancel_index>& cancels);
  [[nodiscard]] std::vector<std::string> cancel_row_cells(cancel_index cancel) const;
  void print_phases();
  void print_budget();
  // How it ended, and what it did
  void print_path(const shutdown& end);
  void print_held(const shutdown& end);
  void print_left_behind();
  void print_not_done(const shutdown& end);
  void print_effects();

  const trace_store& trace_;
  const explanation& why_;
  std::ostream& out_;
  style style_;
};

} // namespace cancelscope::inspector
