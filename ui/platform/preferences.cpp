#include "ui/platform/preferences.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <system_error>
#include <utility>

namespace cancelscope::ui {
namespace {

constexpr std::size_t most_recent = 8;
constexpr std::string_view equals = " = ";
constexpr std::string_view recent = "recent";

std::filesystem::path folder_in(const char* variable, std::string_view beneath) {
  const char* const value = std::getenv(variable);
  if (value == nullptr || *value == '\0') return {};
  return std::filesystem::path(value) / beneath;
}

} // namespace

std::filesystem::path preferences::usual_file() {
  std::filesystem::path folder = folder_in("XDG_CONFIG_HOME", "cancelscope");
  if (folder.empty()) folder = folder_in("HOME", ".config/cancelscope");
  return folder.empty() ? folder : folder / "preferences";
}

preferences::preferences(std::filesystem::path file) : file_(std::move(file)) {
  std::ifstream lines(file_);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t at = line.find(equals);
    if (at == std::string::npos) continue;
    std::string value = line.substr(at + equals.size());
    std::error_code none;
    if (line.substr(0, at) != recent)
      values_[line.substr(0, at)] = std::move(value);
    else if (recent_.size() < most_recent && std::filesystem::exists(value, none))
      recent_.push_back(std::move(value));
  }
}

std::string preferences::get(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::string() : found->second;
}

bool preferences::set(std::string_view name, std::string_view value) {
  if (value.empty())
    values_.erase(std::string(name));
  else
    values_[std::string(name)] = value;
  return save();
}

void preferences::remember_file(const std::string& path) {
  std::error_code none;
  std::string whole = std::filesystem::absolute(path, none).lexically_normal().string();
  // What has no name of its own, as standard input, cannot be opened again.
  if (none || !std::filesystem::exists(whole, none)) return;
  std::erase(recent_, whole);
  recent_.insert(recent_.begin(), std::move(whole));
  if (recent_.size() > most_recent) recent_.resize(most_recent);
  save();
}

bool preferences::save() const {
  if (file_.empty()) return false;
  std::error_code none;
  std::filesystem::create_directories(file_.parent_path(), none);
  // Whole or not at all: another window may read it just now.
  std::filesystem::path written = file_;
  written += ".new";
  {
    std::ofstream lines(written, std::ios::trunc);
    for (const auto& [name, value] : values_)
      lines << name << equals << value << '\n';
    for (const std::string& path : recent_)
      lines << recent << equals << path << '\n';
    if (!lines) return false;
  }
  std::filesystem::rename(written, file_, none);
  return !none;
}

} // namespace cancelscope::ui
