#include "ui/platform/new_file.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <system_error>

namespace cancelscope::ui {
namespace {

std::string numbered(const std::string& path, int number) {
  const std::filesystem::path whole(path);
  return (whole.parent_path() /
          fmt::format("{}.{}{}", whole.stem().string(), number, whole.extension().string()))
      .string();
}

} // namespace

trace::result<std::string> write_new_file(const std::string& path, std::string_view bytes) {
  constexpr int enough = 1000;
  std::string free = path;
  std::error_code none;
  for (int number = 2; std::filesystem::exists(free, none) && number < enough; ++number)
    free = numbered(path, number);
  if (std::filesystem::exists(free, none))
    return trace::failure{"There are too many files like “" + path + "” already."};
  std::ofstream file(free, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) return trace::failure{"“" + free + "” could not be written."};
  return free;
}

} // namespace cancelscope::ui
