// Each different value once, under a small dense number: ids and strings repeat in a trace, so events
// keep the number. Numbers count up from 0 in the order of arrival.
//
// Threading: as std::vector.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace cancelscope::inspector {

template <class Value> std::uint64_t hash_of(const Value& value) {
  return std::hash<Value>{}(value);
}
/// Texts in a trace are short: a multiplication for each eight bytes.
inline std::uint64_t hash_of(std::string_view text) {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15ULL;
  std::uint64_t hash = text.size() * odd;
  const auto mix = [&](const char* at, std::size_t size) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, size);
    hash = (hash ^ word) * odd;
    hash ^= hash >> 29U;
  };
  constexpr std::size_t step = sizeof(std::uint64_t);
  for (; text.size() > step; text.remove_prefix(step))
    mix(text.data(), step);
  if (!text.empty()) mix(text.data(), text.size());
  return hash;
}

template <class Value> class interner {
public:
  std::uint32_t intern(const Value& value) {
    if ((values_.size() + 1) * 2 > table_.size()) grow();
    std::size_t at = place_of(value);
    if (table_[at] == empty) {
      table_[at] = static_cast<std::uint32_t>(values_.size());
      values_.push_back(value);
    }
    return table_[at];
  }

  [[nodiscard]] std::optional<std::uint32_t> find(const Value& value) const {
    if (table_.empty()) return std::nullopt;
    const std::uint32_t found = table_[place_of(value)];
    return found == empty ? std::nullopt : std::optional(found);
  }

  [[nodiscard]] const Value& operator[](std::uint32_t number) const { return values_[number]; }
  [[nodiscard]] Value& operator[](std::uint32_t number) { return values_[number]; }
  [[nodiscard]] std::size_t size() const { return values_.size(); }

private:
  static constexpr std::uint32_t empty = std::numeric_limits<std::uint32_t>::max();

  // The table is at most half full, so a free place ends every search.
  [[nodiscard]] std::size_t place_of(const Value& value) const {
    const std::size_t mask = table_.size() - 1;
    // A place is chosen by the upper bits of a product: ids that differ by powers of two spread as well.
    const std::uint64_t mixed = hash_of(value) * 0x9e3779b97f4a7c15ULL;
    std::size_t at = static_cast<std::size_t>(mixed >> 32U) & mask;
    while (table_[at] != empty && !(values_[table_[at]] == value))
      at = (at + 1) & mask;
    return at;
  }

  void grow() {
    table_.assign(table_.empty() ? 64 : table_.size() * 2, empty);
    for (std::uint32_t number = 0; number < values_.size(); ++number)
      table_[place_of(values_[number])] = number;
  }

  std::vector<Value> values_;
  std::vector<std::uint32_t> table_;
};

/// Strings, copied into blocks that never move: a view once given stays good as long as the pool.
class string_pool {
public:
  std::uint32_t intern(std::string_view text) {
    // Where texts lie is a good guess at what they say: an event's is asked for more than once, a block's often.
    const auto address = reinterpret_cast<std::uintptr_t>(text.data());
    std::uint32_t& guess = guesses_[(address ^ (address >> 6U)) % guesses_.size()];
    if (guess >= known_.size() || known_[guess] != text) guess = find_or_add(text);
    return guess;
  }

  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text) const {
    return known_.find(text);
  }
  [[nodiscard]] std::string_view operator[](std::uint32_t number) const { return known_[number]; }
  [[nodiscard]] std::size_t size() const { return known_.size(); }

private:
  static constexpr std::size_t block_size = 64 * 1024;

  std::uint32_t find_or_add(std::string_view text) {
    if (const auto found = known_.find(text)) return *found;
    return known_.intern(copy(text));
  }

  std::string_view copy(std::string_view text) {
    if (text.size() > left_) {
      const std::size_t size = text.size() > block_size ? text.size() : block_size;
      blocks_.push_back(std::make_unique<char[]>(size));
      free_ = blocks_.back().get();
      left_ = size;
    }
    char* const kept = free_;
    text.copy(kept, text.size());
    free_ += text.size();
    left_ -= text.size();
    return {kept, text.size()};
  }

  interner<std::string_view> known_;
  std::array<std::uint32_t, 64> guesses_{};
  std::deque<std::unique_ptr<char[]>> blocks_;
  char* free_ = nullptr;
  std::size_t left_ = 0;
};

} // namespace cancelscope::inspector
