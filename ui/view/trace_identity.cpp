#include "ui/view/trace_identity.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace cancelscope::ui {
namespace {

std::uint64_t byte_of(char c) {
  return static_cast<unsigned char>(c);
}

// Every bit of a word changes about half of the hash's.
std::uint64_t mixed_in(std::uint64_t hash, std::uint64_t word) {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15U;
  hash = (hash ^ word) * odd;
  return hash ^ (hash >> 32U);
}

} // namespace

std::string text_of(const trace_identity& identity) {
  return fmt::format("{:016x}-{}", identity.hash, identity.bytes);
}

void identity_taker::take_word(std::uint64_t word) {
  hash_ = mixed_in(hash_, word);
}

void identity_taker::take(std::string_view bytes) {
  constexpr std::size_t word_size = sizeof(std::uint64_t);
  std::size_t at = 0;
  const auto take_byte = [&] {
    const std::uint64_t place = bytes_++ % word_size;
    word_ |= byte_of(bytes[at++]) << (8 * place);
    if (place + 1 < word_size) return;
    take_word(word_);
    word_ = 0;
  };
  while (at < bytes.size() && bytes_ % word_size != 0)
    take_byte();
  for (; at + word_size <= bytes.size(); at += word_size, bytes_ += word_size) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < word_size; ++i)
      word |= byte_of(bytes[at + i]) << (8 * i);
    take_word(word);
  }
  while (at < bytes.size())
    take_byte();
}

trace_identity identity_taker::identity() const {
  return {mixed_in(mixed_in(hash_, word_), bytes_), bytes_};
}

} // namespace cancelscope::ui
