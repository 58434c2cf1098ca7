#include "ui/widgets/rich_text.hpp"

#include "ui/theme/palette.hpp"
#include "ui/theme/typography.hpp"
#include "ui/widgets/text.hpp"

#include <cmath>
#include <string>
#include <vector>

namespace cancelscope::ui {
namespace {

enum class emphasis { none, name, outcome };

struct piece {
  std::string_view text;
  emphasis how = emphasis::none;
};

// What must stay on one line: pieces with no space between them.
using word = std::vector<piece>;

std::vector<word> words_of(std::string_view marked) {
  std::vector<word> words(1);
  emphasis how = emphasis::none;
  std::size_t begin = 0;
  const auto close_piece = [&](std::size_t end) {
    if (end > begin) words.back().push_back({marked.substr(begin, end - begin), how});
    begin = end + 1;
  };
  for (std::size_t i = 0; i < marked.size(); ++i) {
    const char c = marked[i];
    const bool is_mark = c == '`' || (c == '*' && how != emphasis::name);
    if (c == ' ' || is_mark) close_piece(i);
    if (c == ' ' && !words.back().empty()) words.emplace_back();
    if (!is_mark) continue;
    const emphasis marked_as = c == '`' ? emphasis::name : emphasis::outcome;
    how = how == marked_as ? emphasis::none : marked_as;
  }
  close_piece(marked.size());
  return words;
}

ImFont* font_of(emphasis how) {
  return how == emphasis::none ? fonts().body : fonts().strong;
}

// "*ok*" and "*panicked*" have colours of their own.
ImU32 color_of(const piece& p, ImU32 plain) {
  if (p.how == emphasis::none) return plain;
  if (p.how == emphasis::name) return colors().text;
  if (p.text == "ok") return colors().ok;
  if (p.text == "err") return colors().err;
  if (p.text == "panicked") return colors().panicked;
  return colors().cancelled;
}

float width_of(const word& w) {
  float width = 0;
  for (const piece& p : w)
    width += text_width(font_of(p.how), p.text);
  return width;
}

} // namespace

void rich_text(std::string_view marked, ImU32 color, float width) {
  const float room = width > 0 ? width : ImGui::GetContentRegionAvail().x;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float space = text_width(fonts().body, " ");
  const float line = std::floor(ImGui::GetTextLineHeight() * 1.42F);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float x = 0;
  float y = 0;
  for (const word& w : words_of(marked)) {
    const float needed = width_of(w);
    if (x > 0 && x + needed > room) {
      x = 0;
      y += line;
    }
    for (const piece& p : w) {
      x +=
          draw_text(list, font_of(p.how), {corner.x + x, corner.y + y}, color_of(p, color), p.text);
    }
    x += space;
  }
  ImGui::Dummy({room, y + line});
}

} // namespace cancelscope::ui
