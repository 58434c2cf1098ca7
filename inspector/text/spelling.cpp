#include "inspector/text/spelling.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace cancelscope::inspector {

namespace {

/// Letters to change, to leave out or to put in.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row.back();
}

} // namespace

std::string_view nearest_word(std::string_view typed, std::span<const std::string_view> words) {
  constexpr std::size_t longest = 20; // nobody mistypes a word that far
  if (typed.size() > longest) return {};
  std::string small(typed);
  for (char& c : small)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  std::string_view nearest;
  std::size_t best = 3;
  for (const std::string_view word : words)
    if (const std::size_t far = edit_distance(small, word); far < best && far < word.size()) {
      best = far;
      nearest = word;
    }
  return nearest;
}

} // namespace cancelscope::inspector
