// A trace on its way in: bytes that a platform hands over piece by piece, or a file of this machine, read a little at a
// time so that the window goes on living and the user can give up.
//
// Threading: the interface's thread.
// Failure:   kept, and given by finish(); what comes after it is declined.
#pragma once

#include "inspector/source/source.hpp"
#include "inspector/store/loader.hpp"
#include "trace-format/result.hpp"
#include "ui/app/shell_input.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::ui {

class arrival {
public:
  /// Bytes will be fed; `size` where it is known beforehand.
  arrival(std::string name, std::optional<std::uint64_t> size);
  /// A file, for read_on.
  explicit arrival(std::unique_ptr<inspector::source> file);

  /// False where more of it would be in vain.
  bool feed(std::string_view bytes);
  /// Reads the file for about that long; true while there is more of it.
  bool read_on(std::chrono::milliseconds about);
  [[nodiscard]] bool is_file() const { return file_ != nullptr; }

  /// The user does not want it any more.
  void give_up();
  [[nodiscard]] bool given_up() const { return given_up_; }

  /// That was all of it. Call it once, and last of all.
  trace::result<inspector::trace_store> finish();

  /// A frame more was drawn while it arrived.
  void drawn() { ++status_.frames; }
  [[nodiscard]] load_status status() const;

private:
  std::unique_ptr<inspector::source> file_;
  inspector::loader loader_;
  load_status status_;
  std::vector<char> buffer_;
  std::optional<trace::failure> failed_;
  bool given_up_ = false;
};

} // namespace cancelscope::ui
