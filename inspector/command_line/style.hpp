// How answers look on a terminal: colour where a person reads along, plain Markdown where not; columns that
// line up; nothing from a trace that a terminal could take for a command.
//
// Threading: values. Failure: none.
#pragma once

#include "inspector/command_line/command_line.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::inspector {

enum class tone : std::uint8_t { normal, heading, dim, good, warning, bad };

class style {
public:
  explicit style(const console& io) : colour_(io.out_is_terminal) {}

  /// Text with `names` and *outcomes* marked, ready to print. Control characters become visible.
  [[nodiscard]] std::string text(std::string_view markdown) const;
  [[nodiscard]] std::string text(tone t, std::string_view markdown) const;

private:
  bool colour_;
};

/// The tone of a state, a phase or an outcome by its name.
tone tone_of(std::string_view word);

/// Rows of cells that are printed already-styled, each column as wide as its widest cell.
class table {
public:
  explicit table(std::string_view indent = {}) : indent_(indent) {}

  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  /// These columns have their text on the right.
  void align_right(std::vector<std::size_t> columns) { right_ = std::move(columns); }
  void print(std::ostream& out) const;
  [[nodiscard]] bool empty() const { return rows_.empty(); }

private:
  std::string indent_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> right_;
};

/// Characters as shown, without what only sets colours.
std::size_t shown_width(std::string_view styled);

} // namespace cancelscope::inspector
