// Where in the source something was asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <source_location>
#include <string_view>

namespace cancelscope {

/// A line of source code, or nothing when it is not known. Borrows the compiler's own string.
struct place {
  const char* file = nullptr;
  std::uint32_t line = 0;

  constexpr place() = default;
  constexpr place(const char* source_file, std::uint32_t source_line)
      : file(source_file), line(source_line) {}
  constexpr place(const std::source_location& where)
      : file(where.file_name()), line(where.line()) {}

  /// The file's base name, so that traces do not tell where somebody's checkout lies.
  [[nodiscard]] constexpr std::string_view base_name() const {
    if (file == nullptr) return {};
    const std::string_view whole = file;
    std::size_t first = whole.size();
    while (first > 0 && whole[first - 1] != '/' && whole[first - 1] != '\\')
      --first;
    return whole.substr(first);
  }
};

} // namespace cancelscope
