#include "inspector/report/html.hpp"

#include "trace-format/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cancelscope::inspector::html {

namespace {

constexpr std::string_view replacement = "\uFFFD";

/// One character, as a page may hold it.
void append_character(std::string& out, std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  const bool control = first < 0x20 && first != '\n' && first != '\t';
  // U+0080 to U+009F, which some readers take for commands.
  const bool high_control = first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
  if (control || high_control || first == 0x7F) {
    out += replacement;
    return;
  }
  switch (character.front()) {
  case '&':
    out += "&amp;";
    break;
  case '<':
    out += "&lt;";
    break;
  case '>':
    out += "&gt;";
    break;
  case '"':
    out += "&quot;";
    break;
  case '\'':
    out += "&#39;";
    break;
  default:
    out += character;
  }
}

/// The text up to the mark that ends what one of the same began; everything where there is none.
std::string_view up_to(std::string_view text, char mark) {
  return text.substr(0, text.find(mark));
}

} // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = trace::utf8_length(text);
    if (length == 0)
      out += replacement;
    else
      append_character(out, text.substr(0, length));
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string from_markdown(std::string_view sentence) {
  constexpr std::string_view opening = "“";
  constexpr std::string_view closing = "”";
  std::string out;
  while (!sentence.empty()) {
    const std::string_view rest = sentence.substr(1);
    std::size_t used = 1;
    if (sentence.starts_with(opening)) {
      used = std::min(sentence.find(closing), sentence.size());
      out += fmt::format("<q>{}", escaped(sentence.substr(opening.size(), used - opening.size())));
      if (used < sentence.size()) used += closing.size();
      out += "</q>";
    } else if (sentence.front() == '`' && rest.find('`') != std::string_view::npos) {
      const std::string_view name = up_to(rest, '`');
      out += fmt::format("<code>{}</code>", escaped(name));
      used = name.size() + 2;
    } else if (sentence.front() == '*' && rest.find('*') != std::string_view::npos) {
      const std::string_view outcome = up_to(rest, '*');
      out += fmt::format(R"(<em class="{0}">{0}</em>)", escaped(outcome));
      used = outcome.size() + 2;
    } else {
      used = std::max<std::size_t>(trace::utf8_length(sentence), 1);
      out += escaped(sentence.substr(0, used));
    }
    sentence.remove_prefix(used);
  }
  return out;
}

} // namespace cancelscope::inspector::html
