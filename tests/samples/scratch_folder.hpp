// A folder of this process' own, gone with the object.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace cancelscope::tests {

class scratch_folder {
public:
  scratch_folder() {
    path_ = testing::TempDir() + "cancelscope-XXXXXX";
    if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "no folder " << path_;
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  ~scratch_folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::string file(const char* name) const { return path_ + "/" + name; }

private:
  std::string path_;
};

} // namespace cancelscope::tests
