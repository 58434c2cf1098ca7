#include "inspector/command_line/style.hpp"

#include <algorithm>
#include <array>
#include <ostream>

namespace cancelscope::inspector {

namespace {

constexpr std::string_view reset = "\x1b[0m";
constexpr std::string_view bold = "\x1b[1m";

constexpr std::string_view code_of(tone t) {
  switch (t) {
  case tone::heading:
    return "\x1b[1;36m";
  case tone::dim:
    return "\x1b[2m";
  case tone::good:
    return "\x1b[32m";
  case tone::warning:
    return "\x1b[33m";
  case tone::bad:
    return "\x1b[31m";
  case tone::normal:
    break;
  }
  return {};
}

/// The length of a control character at the front, in bytes; 0 where there is none. U+0080 to U+009F are some too.
std::size_t control_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x20 || first == 0x7F) return 1;
  if (first != 0xC2 || text.size() < 2) return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  return second >= 0x80 && second < 0xA0 ? 2 : 0;
}

std::string without_controls(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const std::size_t control = control_length(text);
    if (control > 0)
      safe += "\uFFFD";
    else
      safe += text.front();
    text.remove_prefix(control > 0 ? control : 1);
  }
  return safe;
}

} // namespace

tone tone_of(std::string_view word) {
  static constexpr std::array good{"ok", "completed", "closed", "committed"};
  static constexpr std::array bad{"panicked", "leaked", "error"};
  static constexpr std::array warning{"cancelled", "err",     "requested",  "draining",
                                      "warning",   "closing", "finalizing", "aborted"};
  const auto among = [word](const auto& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  if (among(good)) return tone::good;
  if (among(bad)) return tone::bad;
  return among(warning) ? tone::warning : tone::normal;
}

std::string style::text(std::string_view markdown) const {
  return text(tone::normal, markdown);
}

std::string style::text(tone t, std::string_view markdown) const {
  std::string safe = without_controls(markdown);
  if (!colour_) return safe;
  const std::string_view base = code_of(t);
  std::string out(base);
  bool in_name = false;
  bool in_outcome = false;
  for (std::size_t i = 0; i < safe.size(); ++i) {
    const char c = safe[i];
    if (c == '`') {
      in_name = !in_name;
      out += in_name ? bold : reset;
      if (!in_name) out += base;
    } else if (c == '*' && !in_name) {
      const std::string_view rest = std::string_view(safe).substr(i + 1);
      in_outcome = !in_outcome;
      out += in_outcome ? code_of(tone_of(rest.substr(0, rest.find('*')))) : reset;
      if (!in_outcome) out += base;
    } else {
      out += c;
    }
  }
  out += reset;
  return out;
}

std::size_t shown_width(std::string_view styled) {
  std::size_t width = 0;
  bool in_escape = false;
  for (const char c : styled) {
    if (c == '\x1b')
      in_escape = true;
    else if (in_escape)
      in_escape = c != 'm';
    else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80)
      ++width;
  }
  return width;
}

void table::print(std::ostream& out) const {
  std::vector<std::size_t> widths;
  for (const auto& cells : rows_) {
    widths.resize(std::max(widths.size(), cells.size()));
    for (std::size_t i = 0; i < cells.size(); ++i)
      widths[i] = std::max(widths[i], shown_width(cells[i]));
  }
  for (const auto& cells : rows_) {
    std::string line = indent_;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string gap(widths[i] - shown_width(cells[i]), ' ');
      const bool right = std::find(right_.begin(), right_.end(), i) != right_.end();
      if (i > 0 && widths[i] > 0) line += "  ";
      line += right ? gap + cells[i] : cells[i] + gap;
    }
    while (line.ends_with(' '))
      line.pop_back();
    out << line << '\n';
  }
}

} // namespace cancelscope::inspector
