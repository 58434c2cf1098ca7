// Where encoded bytes go, and what encodes them: the two interfaces between a sink and the outside.
//
// Threading: an object is used by one thread at a time.
// Failure:   a value; the first failure of an output is final for whoever writes to it.
//
//     auto file = file_output::create("run.jsonl");
//     if (!file) return show(file.error().message);
//     jsonl_sink sink{std::move(*file)};
#pragma once

#include "trace-format/events.hpp"
#include "trace-format/result.hpp"

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cancelscope::trace {

/// A place for bytes. What `write` has taken is out of the process: a crash right after loses none of it.
class byte_output {
public:
  byte_output() = default;
  byte_output(const byte_output&) = delete;
  byte_output& operator=(const byte_output&) = delete;
  virtual ~byte_output() = default;

  /// All bytes, or why not (some of them may have been written then).
  virtual std::optional<failure> write(std::string_view bytes) = 0;
};

/// A file, created or emptied.
class file_output final : public byte_output {
public:
  static result<std::unique_ptr<byte_output>> create(const std::string& path);

  std::optional<failure> write(std::string_view bytes) override;

private:
  struct closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };

  file_output(std::FILE* file, std::string path) : file_(file), path_(std::move(path)) {}

  std::unique_ptr<std::FILE, closer> file_;
  std::string path_;
};

/// Bytes kept in a string that outlives the output.
class string_output final : public byte_output {
public:
  explicit string_output(std::string& bytes) : bytes_(bytes) {}

  std::optional<failure> write(std::string_view bytes) override {
    bytes_.append(bytes);
    return std::nullopt;
  }

private:
  std::string& bytes_;
};

/// Turns events into the bytes of one encoding. May keep state from event to event.
class encoder {
public:
  encoder() = default;
  encoder(const encoder&) = delete;
  encoder& operator=(const encoder&) = delete;
  virtual ~encoder() = default;

  virtual void append(const event& e, std::string& out) = 0;
  /// Appends what was taken and is still held back, so that all of it can be read.
  virtual void flush(std::string&) {}
  /// The same, and what comes last in a trace. Nothing is appended after it.
  virtual void finish(std::string& out) { flush(out); }
};

} // namespace cancelscope::trace
