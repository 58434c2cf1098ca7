// What a block's writer remembers of the ids and texts it has listed: tables in which a newcomer takes the place of
// another. What was pushed out is listed a second time, which costs bytes and nothing else; so a lookup is one
// comparison and no table ever grows.
//
// Threading: a value, used by one thread at a time. Failure: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace cancelscope::trace {

class recent_ids {
public:
  /// The number under which the id was listed in this block; where it is not known any more, `next` from now on.
  std::uint32_t number(std::uint64_t slot, std::uint64_t generation, std::uint32_t next) {
    entry& at = entries_[static_cast<std::size_t>(slot) & (places - 1)];
    if (at.block == block_ && at.slot == slot && at.generation == generation) return at.number;
    at = {slot, generation, next, block_};
    return next;
  }
  void forget() { ++block_; }

private:
  static constexpr std::size_t places = 8192;
  struct entry {
    std::uint64_t slot = 0;
    std::uint64_t generation = 0;
    std::uint32_t number = 0;
    std::uint32_t block = 0;
  };

  std::uint32_t block_ = 1;
  std::vector<entry> entries_ = std::vector<entry>(places);
};

class recent_texts {
public:
  /// As recent_ids; `listed(number)` gives the text under a number.
  template <class Listed>
  std::uint32_t number(std::string_view wanted, std::uint32_t next, Listed listed) {
    entry& at = entries_[std::hash<std::string_view>{}(wanted) & (places - 1)];
    if (at.block == block_ && listed(at.number) == wanted) return at.number;
    at = {next, block_};
    return next;
  }
  void forget() { ++block_; }

private:
  static constexpr std::size_t places = 4096;
  struct entry {
    std::uint32_t number = 0;
    std::uint32_t block = 0;
  };

  std::uint32_t block_ = 1;
  std::vector<entry> entries_ = std::vector<entry>(places);
};

} // namespace cancelscope::trace
