// Numbers of fixed size, low byte first on every machine.
//
// Threading: pure functions. Failure: none; the bytes are there.
#pragma once

#include <cstddef>
#include <string>

namespace cancelscope::trace {

template <class Number> Number get_little_endian(const char* at) {
  Number value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i)
    value = static_cast<Number>(value | static_cast<Number>(static_cast<unsigned char>(at[i]))
                                            << (8 * i));
  return value;
}

template <class Number> void put_little_endian(std::string& out, Number value) {
  for (std::size_t i = 0; i < sizeof value; ++i)
    out.push_back(static_cast<char>(value >> (8 * i)));
}

} // namespace cancelscope::trace
