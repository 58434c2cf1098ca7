// What the inspector's tests share: traces written as lines, and runs of the command line.
#pragma once

#include "inspector/command_line/command_line.hpp"
#include "inspector/store/loader.hpp"
#include "inspector/store/trace_store.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::inspector::testing {

inline constexpr std::string_view header_line =
    R"({"ev":"trace","format":"cancelscope","version":1})";

/// A trace of these lines, below a header.
inline std::string text_of(std::initializer_list<std::string_view> lines) {
  std::string text(header_line);
  text += '\n';
  for (const std::string_view line : lines) {
    text += line;
    text += '\n';
  }
  return text;
}

inline trace_store load_text(std::string_view text) {
  auto loaded = load_bytes("test.jsonl", text);
  if (!loaded) {
    ADD_FAILURE() << loaded.error().message;
    std::abort();
  }
  return std::move(*loaded);
}

inline trace_store load_lines(std::initializer_list<std::string_view> lines) {
  return load_text(text_of(lines));
}

inline std::string data_path(const std::string& name) {
  return std::string(CANCELSCOPE_SOURCE_DIR) + "/tests/data/" + name;
}

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A folder of this process' own, empty at first, gone with the object. Tests run side by side.
class scratch_folder {
public:
  scratch_folder() {
    std::string name = ::testing::TempDir() + "/cancelscope XXXXXX";
    if (mkdtemp(name.data()) == nullptr) ADD_FAILURE() << "no folder " << name;
    path_ = name;
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  ~scratch_folder() { std::filesystem::remove_all(path_); }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

inline task_index task(const trace_store& trace, std::string_view id) {
  const auto found = trace.find(id).as<task_index>();
  if (!found) ADD_FAILURE() << "no task " << id;
  return found;
}
inline region_index region(const trace_store& trace, std::string_view id) {
  const auto found = trace.find(id).as<region_index>();
  if (!found) ADD_FAILURE() << "no region " << id;
  return found;
}
inline cancel_index cancel(const trace_store& trace, std::string_view id) {
  const auto found = trace.find(id).as<cancel_index>();
  if (!found) ADD_FAILURE() << "no cancel " << id;
  return found;
}

/// "4 bad-json" for each anomaly.
inline std::vector<std::string> anomalies_of(const trace_store& trace) {
  std::vector<std::string> found;
  for (const noticed_anomaly& a : trace.anomalies())
    found.push_back(std::to_string(a.what.line) + " " + std::string(trace::to_string(a.what.code)));
  return found;
}

struct answer {
  int status = 0;
  std::string out;
  std::string err;
};

inline answer run_command(const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  console io{.out = out, .err = err};
  const auto commands = inspector_commands();
  const int status = run(arguments, commands, io);
  return {status, out.str(), err.str()};
}

} // namespace cancelscope::inspector::testing
