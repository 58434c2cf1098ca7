#include "inspector/query/syntax.hpp"

#include "inspector/query/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cancelscope::inspector {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Begins a character: not one of the later bytes of UTF-8.
bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
}

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return made;
}

struct sign {
  std::string_view text;
  comparison how;
};
// Longer ones first: the first that fits is meant.
constexpr std::array signs{
    sign{"!=", comparison::not_equal},     sign{"<=", comparison::less_equal},
    sign{">=", comparison::greater_equal}, sign{"!~", comparison::lacks},
    sign{"==", comparison::equal},         sign{"=", comparison::equal},
    sign{"<", comparison::less},           sign{">", comparison::greater},
    sign{"~", comparison::contains}};

constexpr std::array<std::string_view, 5> time_units{"ns", "us", "µs", "ms", "s"};

class parser {
public:
  parser(std::string_view text, query_fault& fault) : text_(text), fault_(fault) {}

  std::optional<query_node> whole() {
    skip_spaces();
    if (at_end()) return query_node{};
    auto read = any_of(0);
    if (read && !at_end())
      return refuse(at_, at_ + 1, "The bracket that closes {} was never opened", at_);
    return read;
  }

private:
  using node = std::optional<query_node>;

  // ---- The grammar, from the loosest to the tightest ----

  node any_of(std::size_t depth) {
    return joined(query_node::sort::any_of, depth, &parser::all_of, "or");
  }

  node all_of(std::size_t depth) {
    return joined(query_node::sort::all_of, depth, &parser::one, "and");
  }

  /// Parts with a word between them. All of them without the word, too: side by side.
  node joined(query_node::sort is, std::size_t depth, node (parser::*part)(std::size_t),
              std::string_view between) {
    query_node all{.is = is};
    while (true) {
      node next = (this->*part)(depth);
      if (!next) return {};
      all.parts.push_back(std::move(*next));
      skip_spaces();
      const bool said = take_keyword(between);
      const bool more =
          is == query_node::sort::all_of && !at_end() && peek() != ')' && !keyword_here("or");
      if (!said && !more) break;
    }
    if (all.parts.size() == 1) return std::move(all.parts.front());
    return all;
  }

  node one(std::size_t depth) {
    skip_spaces();
    const std::size_t from = at_;
    if (depth > deepest_nesting)
      return refuse(from, from + 1, "The query is nested deeper than 100 levels {}", from);
    if (at_end()) return missing(from);
    if (takes_opposite()) {
      node inner = one(depth + 1);
      if (!inner) return {};
      query_node made{.is = query_node::sort::opposite};
      made.parts.push_back(std::move(*inner));
      return made;
    }
    if (peek() == '(') return bracketed(depth);
    if (peek() == ')' || keyword_here("and") || keyword_here("or")) return missing(from);
    if (peek() == '"') return says();
    if (take_keyword("under")) return under(from);
    if (is_name(peek())) {
      if (node made = comparison_here(); made || failed_) return made;
    }
    if (const auto* s = sign_here())
      return refuse(from, from + s->text.size(),
                    fmt::format("`{}` has no field before it {{}}", s->text), from);
    return says();
  }

  node bracketed(std::size_t depth) {
    const std::size_t opening = at_++;
    node inner = any_of(depth + 1);
    if (!inner) return {};
    if (at_end())
      return refuse(opening, opening + 1, "The bracket that opens {} is not closed", opening);
    ++at_;
    return inner;
  }

  node says() {
    auto text = value();
    if (!text) return {};
    query_node made{.is = query_node::sort::says};
    made.values.push_back(std::move(*text));
    return made;
  }

  node under(std::size_t from) {
    query_node made{.is = query_node::sort::test, .how = comparison::under};
    made.sign = {"under", from, at_};
    if (!at_end() && peek() == ':') made.sign.to = ++at_;
    return with_value(std::move(made));
  }

  /// A field and how it is compared; nothing, and nothing read, where this is only a word.
  node comparison_here() {
    const std::size_t from = at_;
    while (!at_end() && is_name(peek()))
      ++at_;
    query_node made{.is = query_node::sort::test};
    made.field = {std::string(text_.substr(from, at_ - from)), from, at_};
    if (!at_end() && peek() == ':') {
      made.how = comparison::shorthand;
      made.sign = {":", at_, at_ + 1};
      ++at_;
      return with_value(std::move(made));
    }
    skip_spaces();
    made.sign.from = at_;
    if (const auto* s = sign_here()) {
      made.how = s->how;
      at_ += s->text.size();
      made.sign = {std::string(s->text), made.sign.from, at_};
      return with_value(std::move(made));
    }
    // Words that compare are words to search for, too: a field must stand before them.
    if (find_field(made.field.text) != nullptr) {
      if (take_keyword("in")) return with_list(std::move(made));
      if (take_keyword("under"))
        made.how = comparison::under;
      else if (take_keyword("contains"))
        made.how = comparison::contains;
      if (at_ != made.sign.from) {
        made.sign.text = text_.substr(made.sign.from, at_ - made.sign.from);
        made.sign.to = at_;
        return with_value(std::move(made));
      }
    }
    at_ = from;
    return {};
  }

  node with_value(query_node made) {
    const std::size_t from = at_;
    if (made.how != comparison::shorthand) skip_spaces();
    if (at_end() || is_space(peek()) || peek() == ')' || peek() == '(') {
      const std::string gap =
          made.how == comparison::shorthand || made.field.text.empty() ? "" : " ";
      const std::string what = made.field.text + gap + made.sign.text;
      return refuse(made.field.text.empty() ? made.sign.from : made.field.from, made.sign.to,
                    fmt::format("`{}` has no value {{}}", what), from);
    }
    if (made.how != comparison::shorthand && sign_instead_of_value()) {
      const std::string_view second = sign_here()->text;
      return refuse(at_, at_ + second.size(),
                    fmt::format("`{}` stands where a value should, {{}}", second), at_);
    }
    auto read = value();
    if (!read) return {};
    made.values.push_back(std::move(*read));
    return made;
  }

  /// A second comparison: `= =`, `= =x`. A text may begin with another sign: `name = <none>`.
  [[nodiscard]] bool sign_instead_of_value() const {
    const auto* s = sign_here();
    if (s == nullptr) return false;
    const std::size_t after = at_ + s->text.size();
    return s->text.back() == '=' || after >= text_.size() || is_space(text_[after]);
  }

  node with_list(query_node made) {
    made.how = comparison::equal;
    made.sign = {"in", made.sign.from, at_};
    skip_spaces();
    if (at_end() || peek() != '(') return with_value(std::move(made)); // t in 1ms..2ms
    const std::size_t opening = at_++;
    while (true) {
      while (!at_end() && (is_space(peek()) || peek() == ','))
        ++at_;
      if (at_end())
        return refuse(opening, opening + 1, "The bracket that opens {} is not closed", opening);
      if (peek() == ')') break;
      auto read = value(true);
      if (!read) return {};
      made.values.push_back(std::move(*read));
    }
    ++at_;
    if (made.values.empty())
      return refuse(opening, at_, "There is nothing to choose from in the brackets {}", opening);
    return made;
  }

  // ---- Words ----

  /// A word, or what stands in quotes. Brackets within a word belong to it while they match.
  std::optional<query_word> value(bool in_list = false) {
    if (peek() == '"') return quoted();
    const std::size_t from = at_;
    std::size_t open = 0;
    for (; !at_end() && !is_space(peek()); ++at_) {
      if (peek() == '(') ++open;
      if (peek() == ')' && open-- == 0) break;
      if (in_list && peek() == ',' && open == 0) break;
    }
    take_unit(from);
    return query_word{std::string(text_.substr(from, at_ - from)), from, at_};
  }

  /// "250 ms" is one value.
  void take_unit(std::size_t from) {
    const std::string_view number = text_.substr(from, at_ - from);
    if (number.empty() ||
        !std::all_of(number.begin(), number.end(), [](char c) { return is_digit(c) || c == '.'; }))
      return;
    const std::size_t before = at_;
    skip_spaces();
    for (const std::string_view unit : time_units) {
      if (at_ == before || !word_is(unit)) continue;
      at_ += unit.size();
      return;
    }
    at_ = before;
  }

  std::optional<query_word> quoted() {
    const std::size_t opening = at_++;
    query_word read{{}, opening, 0};
    while (!at_end() && peek() != '"') {
      const bool escape = peek() == '\\' && at_ + 1 < text_.size() &&
                          (text_[at_ + 1] == '"' || text_[at_ + 1] == '\\');
      if (escape) ++at_;
      read.text += text_[at_++];
    }
    if (at_end()) {
      refuse(opening, opening + 1, "The quote that opens {} is not closed", opening);
      return {};
    }
    read.to = ++at_;
    return read;
  }

  /// A minus or an exclamation mark before something, or the word `not`.
  bool takes_opposite() {
    if (take_keyword("not")) return true;
    const bool mark = peek() == '-' || (peek() == '!' && sign_here() == nullptr);
    if (!mark || at_ + 1 >= text_.size() || is_space(text_[at_ + 1])) return false;
    ++at_;
    return true;
  }

  [[nodiscard]] const sign* sign_here() const {
    const auto* const s = std::find_if(signs.begin(), signs.end(), [this](const sign& candidate) {
      return text_.substr(at_).starts_with(candidate.text);
    });
    return s == signs.end() ? nullptr : s;
  }

  /// The word stands here and nothing is glued to it.
  [[nodiscard]] bool word_is(std::string_view word) const {
    if (lower(text_.substr(at_, word.size())) != word) return false;
    const std::size_t after = at_ + word.size();
    return after >= text_.size() || is_space(text_[after]) || text_[after] == ')' ||
           text_[after] == '(' || text_[after] == ',' || text_[after] == '"';
  }

  [[nodiscard]] bool keyword_here(std::string_view word) const { return word_is(word); }

  bool take_keyword(std::string_view word) {
    const bool colon = word == "under" && lower(text_.substr(at_, word.size() + 1)) == "under:";
    if (!colon && !word_is(word)) return false;
    at_ += word.size();
    return true;
  }

  // ---- Faults ----

  node missing(std::size_t at) {
    const std::string_view rest = text_.substr(at);
    if (rest.empty()) return refuse(at, at, "Something is missing at the end, {}", at);
    const std::size_t size = rest.front() == ')' ? 1 : lower(rest).starts_with("and") ? 3 : 2;
    return refuse(at, at + size,
                  fmt::format("Something is missing before `{}`, {{}}", rest.substr(0, size)), at);
  }

  /// `sentence` has `{}` where the place is said.
  node refuse(std::size_t from, std::size_t to, std::string_view sentence, std::size_t place) {
    failed_ = true;
    std::string message(sentence);
    const std::string said = at_character(text_, place);
    // Not by a format string: what the query says may hold braces itself.
    message.replace(message.rfind("{}"), 2, said);
    fault_ = {message + ".", from, std::max(to, from + 1)};
    return {};
  }

  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek() const { return text_[at_]; }
  void skip_spaces() {
    while (!at_end() && is_space(peek()))
      ++at_;
  }

  std::string_view text_;
  query_fault& fault_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

} // namespace

std::string_view to_string(comparison how) {
  static constexpr std::array<std::string_view, 10> names{"=",  "!=", "<",  "<=",    ">",
                                                          ">=", "~",  "!~", "under", ":"};
  return names[static_cast<std::size_t>(how)];
}

std::string at_character(std::string_view text, std::size_t byte) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(byte, text.size()));
  return fmt::format("at character {}", 1 + std::count_if(text.begin(), end, begins_character));
}

std::string pointed_at(std::string_view text, const query_fault& fault) {
  constexpr std::size_t most_before = 60;
  constexpr std::size_t most_shown = 100;
  const std::size_t to = std::max(fault.to, fault.from + 1);
  std::string line;
  std::string carets;
  const auto put = [&](std::string_view what, bool blame) {
    line += what;
    carets += blame ? '^' : ' ';
  };
  std::size_t begin = fault.from > most_before ? fault.from - most_before : 0;
  while (begin > 0 && begin < text.size() && !begins_character(text[begin]))
    ++begin;
  if (begin > 0) put("…", false);
  std::size_t at = begin;
  while (at < std::max(text.size(), to) && at - begin < most_shown) {
    std::size_t next = at + 1;
    while (next < text.size() && !begins_character(text[next]))
      ++next;
    const bool blame = at >= fault.from && at < to;
    const bool shown = at < text.size() && static_cast<unsigned char>(text[at]) >= 0x20;
    put(shown ? text.substr(at, next - at) : " ", blame);
    at = next;
  }
  if (at < text.size()) put("…", false);
  carets.erase(carets.find_last_of('^') + 1);
  return line + "\n" + carets;
}

std::optional<query_node> parse_query(std::string_view text, query_fault& fault) {
  return parser(text, fault).whole();
}

} // namespace cancelscope::inspector
