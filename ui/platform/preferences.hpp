// What the user of the native window likes, and which files were open last: kept as lines `name = value` in
// $XDG_CONFIG_HOME/cancelscope/preferences, or ~/.config/cancelscope/preferences.
//
// Threading: one thread. Failure: a file that cannot be read or written is as good as none; a preference is no reason
// to stop anybody.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::ui {

class preferences {
public:
  /// Nothing is kept.
  preferences() = default;
  /// Reads the file; from now on every change is written to it.
  explicit preferences(std::filesystem::path file);
  /// Where they are kept on this machine; empty where there is no home.
  static std::filesystem::path usual_file();

  /// Empty where nothing was kept.
  [[nodiscard]] std::string get(std::string_view name) const;
  /// An empty value is forgotten. False where it could not be written.
  bool set(std::string_view name, std::string_view value);

  /// Absolute paths, the last one first; of files that are there still.
  [[nodiscard]] const std::vector<std::string>& recent_files() const { return recent_; }
  void remember_file(const std::string& path);

private:
  bool save() const;

  std::filesystem::path file_;
  std::map<std::string, std::string, std::less<>> values_;
  std::vector<std::string> recent_;
};

} // namespace cancelscope::ui
