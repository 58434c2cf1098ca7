// Which trace it is, told by its bytes: what belongs to a trace is found again by it, whatever the file is called.
//
// No protection against forgery. Threading: a value. Failure: none.
//
//     identity_taker taker;
//     while (read(chunk)) taker.take(chunk);     // however the bytes are cut
//     keep(text_of(taker.identity()), …);
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cancelscope::ui {

struct trace_identity {
  std::uint64_t hash = 0;
  std::uint64_t bytes = 0;

  friend bool operator==(const trace_identity&, const trace_identity&) = default;
};

/// "0123456789abcdef-4711": the hash, and the length in bytes.
std::string text_of(const trace_identity& identity);

class identity_taker {
public:
  void take(std::string_view bytes);
  /// Of all that was taken so far.
  [[nodiscard]] trace_identity identity() const;

private:
  void take_word(std::uint64_t word);

  std::uint64_t hash_ = 0;
  std::uint64_t word_ = 0; ///< bytes that do not fill one yet
  std::uint64_t bytes_ = 0;
};

} // namespace cancelscope::ui
