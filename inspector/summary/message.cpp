// What was said with a request, where it says more than the sentence does already.
#include "inspector/summary/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cancelscope::inspector::words {

namespace {

bool is_letter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || byte >= 0x80;
}

/// The words of a text, in small letters.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> found;
  bool in_word = false;
  for (const char c : text) {
    if (is_letter(c)) {
      if (!in_word) found.emplace_back();
      found.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    in_word = is_letter(c);
  }
  return found;
}

template <std::size_t Size>
bool among(const std::array<std::string_view, Size>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Words with which a request of that kind says only what it is.
bool goes_without_saying(trace::cancel_kind kind, const std::string& word) {
  static constexpr std::array<std::string_view, 22> always{
      "the",    "a",    "an",     "of",        "on",       "was",    "is", "has",
      "been",   "by",   "its",    "it",        "in",       "for",    "to", "after",
      "region", "task", "cancel", "cancelled", "canceled", "because"};
  static constexpr std::array<std::string_view, 11> timeout{
      "timeout", "timed",   "out",     "deadline", "passed", "exceeded",
      "expired", "reached", "context", "time",     "elapsed"};
  static constexpr std::array<std::string_view, 5> budget{"budget", "used", "up", "exhausted",
                                                          "exceeded"};
  static constexpr std::array<std::string_view, 3> race{"race", "lost", "loser"};
  static constexpr std::array<std::string_view, 4> parent{"parent", "closed", "above", "closing"};
  static constexpr std::array<std::string_view, 4> shutdown{"shutdown", "shut", "down", "shutting"};
  if (among(always, word)) return true;
  switch (kind) {
  case trace::cancel_kind::timeout:
    return among(timeout, word);
  case trace::cancel_kind::budget:
    return among(budget, word);
  case trace::cancel_kind::race_lost:
    return among(race, word);
  case trace::cancel_kind::parent:
    return among(parent, word);
  case trace::cancel_kind::shutdown:
    return among(shutdown, word);
  default:
    return false;
  }
}

} // namespace

std::string message(const trace_store& trace, cancel_index cancel) {
  const cancel_row& row = trace[cancel];
  const std::string_view said = trace.text(row.message);
  std::vector<std::string> known = words_of(trace.name_of(row.target));
  for (std::string& word : words_of(trace.id_of(row.target)))
    known.push_back(std::move(word));
  const auto words = words_of(said);
  const bool news = std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return !goes_without_saying(row.kind, word) &&
           std::find(known.begin(), known.end(), word) == known.end();
  });
  return news ? fmt::format(" (“{}”)", said) : std::string{};
}

} // namespace cancelscope::inspector::words
