// For every key a list that only grows, all lists in one array: what std::vector<std::vector<Item>> would
// be without an allocation and 24 bytes for each key.
//
// Threading: as std::vector. A span is good until the next add.
#pragma once

#include "inspector/store/indexes.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cancelscope::inspector {

template <class Key, class Item> class grouped {
public:
  void add(Key key, Item item) {
    if (key.value() >= lists_.size()) lists_.resize(key.value() + 1);
    list& to = lists_[key.value()];
    if ((to.size & (to.size - 1)) == 0) { // none, or a power of two
      if (to.size == 0)
        to.begin = take_block(0);
      else
        move_to_larger_block(to);
    }
    items_[to.begin + to.size++] = item;
  }

  [[nodiscard]] std::span<const Item> of(Key key) const {
    if (!key || key.value() >= lists_.size()) return {};
    const list& found = lists_[key.value()];
    return {items_.data() + found.begin, found.size};
  }

private:
  struct list {
    std::uint32_t begin = 0;
    std::uint32_t size = 0; ///< its block holds the next power of two
  };

  void move_to_larger_block(list& from) {
    const auto power = static_cast<std::size_t>(std::countr_zero(from.size));
    const std::uint32_t block = take_block(power + 1);
    for (std::uint32_t i = 0; i < from.size; ++i)
      items_[block + i] = items_[from.begin + i];
    free_[power].push_back(from.begin);
    from.begin = block;
  }

  std::uint32_t take_block(std::size_t power) {
    auto& reusable = free_[power];
    if (!reusable.empty()) {
      const std::uint32_t block = reusable.back();
      reusable.pop_back();
      return block;
    }
    const auto block = static_cast<std::uint32_t>(items_.size());
    items_.resize(items_.size() + (std::size_t{1} << power));
    return block;
  }

  std::vector<list> lists_;
  std::vector<Item> items_;
  std::array<std::vector<std::uint32_t>, 33> free_;
};

/// The same with entities of any type for keys.
template <class Item> class grouped_by_entity {
public:
  void add(entity key, Item item) { lists_[type_of(key)].add(bare_index{key.index()}, item); }

  [[nodiscard]] std::span<const Item> of(entity key) const {
    return key ? lists_[type_of(key)].of(bare_index{key.index()}) : std::span<const Item>{};
  }

private:
  using bare_index = dense_index<struct bare_tag>;
  static std::size_t type_of(entity key) { return static_cast<std::size_t>(key.type()); }

  std::array<grouped<bare_index, Item>, 5> lists_;
};

} // namespace cancelscope::inspector
