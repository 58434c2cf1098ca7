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
#include "ui/view/trace_identity.hpp"

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

  /// What has arrived is looked at while the rest comes; from now on it is kept whatever happens.
  inspector::trace_store look();
  [[nodiscard]] bool looked_at() const { return status_.looked_at; }
  /// What has come is enough: more is declined, and finish() gives it.
  void stop() { stopped_ = true; }
  [[nodiscard]] bool stopped() const { return stopped_; }
  /// Of the bytes that have come.
  [[nodiscard]] trace_identity identity() const { return taker_.identity(); }

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
  identity_taker taker_;
  bool given_up_ = false;
  bool stopped_ = false;
};

} // namespace cancelscope::ui
