#include "inspector/query/query.hpp"

#include "inspector/query/predicates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cancelscope::inspector {

struct query::term {
  question asks;
  bool negated = false;
};

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// A place in a query, as people count.
std::string at_character(std::string_view text, std::size_t byte) {
  std::size_t characters = 1;
  for (std::size_t i = 0; i < byte; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80) ++characters;
  return fmt::format("at character {}", characters);
}

/// One term as it stands: `-` before it, `key:` in front, quotes around the value.
struct raw_term {
  bool negated = false;
  std::string_view key; ///< empty for a word
  std::string_view value;
  std::size_t at = 0; ///< of the key, or of a word
  std::size_t value_at = 0;
};

class term_reader {
public:
  explicit term_reader(std::string_view text) : text_(text) {}

  bool skip_to_term() {
    while (at_ < text_.size() && is_space(text_[at_]))
      ++at_;
    return at_ < text_.size();
  }

  trace::result<raw_term> next() {
    raw_term term;
    if (text_[at_] == '-' && at_ + 1 < text_.size() && !is_space(text_[at_ + 1])) {
      term.negated = true;
      ++at_;
    }
    term.at = at_;
    if (const std::size_t colon = key_length(); colon > 0) {
      term.key = text_.substr(at_, colon);
      at_ += colon + 1;
    }
    term.value_at = at_;
    if (at_ < text_.size() && text_[at_] == '"') return quoted(term);
    const std::size_t from = at_;
    while (at_ < text_.size() && !is_space(text_[at_]))
      ++at_;
    term.value = text_.substr(from, at_ - from);
    if (term.value.empty())
      return trace::failure{
          fmt::format("`{}:` has no value {}.", term.key, at_character(text_, from))};
    return term;
  }

private:
  /// How many letters stand before a colon here; 0 where this is no key.
  [[nodiscard]] std::size_t key_length() const {
    std::size_t length = 0;
    while (at_ + length < text_.size() && text_[at_ + length] >= 'a' && text_[at_ + length] <= 'z')
      ++length;
    return at_ + length < text_.size() && text_[at_ + length] == ':' ? length : 0;
  }

  trace::result<raw_term> quoted(raw_term term) {
    const std::size_t opening = at_;
    const std::size_t closing = text_.find('"', opening + 1);
    if (closing == std::string_view::npos)
      return trace::failure{
          fmt::format("The quote that opens {} is not closed.", at_character(text_, opening))};
    term.value = text_.substr(opening + 1, closing - opening - 1);
    at_ = closing + 1;
    return term;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

trace::result<question> question_of(const raw_term& term, std::string_view text) {
  if (term.key.empty()) return says(term.value);
  const auto& keys = query_keys();
  const auto key = std::find_if(keys.begin(), keys.end(),
                                [&term](const query_key& k) { return k.name == term.key; });
  if (key == keys.end()) {
    std::vector<std::string_view> names;
    for (const query_key& k : keys)
      names.push_back(k.name);
    return trace::failure{fmt::format("There is no key `{}`, {}; the keys are {}.", term.key,
                                      at_character(text, term.at), fmt::join(names, ", "))};
  }
  auto made = key->make(term.value);
  if (made) return made;
  return trace::failure{fmt::format("`{}:` cannot be “{}”, {}: {}.", term.key, term.value,
                                    at_character(text, term.value_at), made.error().message)};
}

} // namespace

query::query() = default;
query::query(const query&) = default;
query::query(query&&) noexcept = default;
query& query::operator=(query other) noexcept {
  std::swap(terms_, other.terms_);
  return *this;
}
query::~query() = default;

trace::result<query> query::parse(std::string_view text) {
  query parsed;
  term_reader reader(text);
  while (reader.skip_to_term()) {
    const auto raw = reader.next();
    if (!raw) return raw.error();
    auto asks = question_of(*raw, text);
    if (!asks) return asks.error();
    parsed.terms_.push_back(std::make_shared<const term>(term{std::move(*asks), raw->negated}));
  }
  return parsed;
}

bool query::matches_everything() const {
  return terms_.empty();
}

std::function<bool(event_index)> query::on(const trace_store& trace) const {
  struct test {
    predicate holds;
    bool negated;
  };
  std::vector<test> tests;
  for (const auto& t : terms_)
    tests.push_back({t->asks(trace), t->negated});
  return [tests = std::move(tests)](event_index e) {
    return std::all_of(tests.begin(), tests.end(),
                       [e](const test& t) { return t.holds(e) != t.negated; });
  };
}

std::vector<event_index> query::matches_in(const trace_store& trace) const {
  const auto matches = on(trace);
  std::vector<event_index> found;
  for (std::uint32_t i = 0; i < trace.event_count(); ++i)
    if (matches(event_index{i})) found.push_back(event_index{i});
  return found;
}

std::string query::help() {
  std::string text = "A query is words and key:value pairs that all must hold; \"quotes\" keep "
                     "words together, and\n"
                     "a - before one asks for its opposite: kind:timeout region:r3.1 \"charge "
                     "card\" -ev:task_run\n\n";
  for (const query_key& k : query_keys())
    text += fmt::format("  {:<22} {}\n", fmt::format("{}:{}", k.name, k.values), k.meaning);
  return text;
}

} // namespace cancelscope::inspector
