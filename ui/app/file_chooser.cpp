#include "ui/app/file_chooser.hpp"

#include "inspector/text/units.hpp"
#include "ui/theme/palette.hpp"
#include "ui/theme/typography.hpp"
#include "ui/widgets/text.hpp"

#include <imgui.h>

#include <algorithm>
#include <system_error>

namespace cancelscope::ui {

namespace fs = std::filesystem;

void file_chooser::enter(const fs::path& folder) {
  folder_ = folder;
  entries_.clear();
  problem_.clear();
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    const std::string name = at->path().filename().string();
    std::error_code ignored;
    const bool is_folder = at->is_directory(ignored);
    const bool is_trace = at->path().extension() == ".jsonl" || at->path().extension() == ".cst";
    if (name.starts_with('.') || !(is_folder || is_trace)) continue;
    entries_.push_back({name, is_folder, is_folder ? 0 : at->file_size(ignored)});
  }
  if (failed) problem_ = "This folder cannot be read: " + failed.message() + ".";
  std::sort(entries_.begin(), entries_.end(), [](const entry& a, const entry& b) {
    return a.folder != b.folder ? a.folder : a.name < b.name;
  });
}

void file_chooser::draw(intents& wants) {
  if (folder_.empty()) {
    std::error_code ignored;
    enter(fs::current_path(ignored));
  }
  const ImGuiViewport& viewport = *ImGui::GetMainViewport();
  ImGui::SetNextWindowPos(viewport.GetCenter(), ImGuiCond_Always, {0.5F, 0.5F});
  ImGui::SetNextWindowSize(
      {std::min(640.0F, viewport.Size.x - 60), std::min(480.0F, viewport.Size.y - 100)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2{16, 14});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 8);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, colors().raised);
  ImGui::Begin("open a trace", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings);
  ImGui::PopStyleColor();
  ImGui::PopStyleVar(3);
  {
    const with_font heading(fonts().heading);
    colored_text(colors().text, "Open a trace");
  }
  colored_text(colors().muted, folder_.string());
  ImGui::BeginChild("files", {0, -ImGui::GetTextLineHeightWithSpacing() - 6});
  draw_rows(wants);
  ImGui::EndChild();
  if (link("Cancel") || ImGui::IsKeyPressed(ImGuiKey_Escape, false))
    wants.push_back(intent::choose_file{});
  ImGui::End();
}

void file_chooser::draw_rows(intents& wants) {
  fs::path entered;
  if (ImGui::Selectable("..")) entered = folder_.parent_path();
  for (const entry& one : entries_) {
    const bool chosen = ImGui::Selectable((one.name + (one.folder ? "/" : "")).c_str());
    if (!one.folder) {
      const std::string size = inspector::bytes_text(one.size);
      ImGui::SameLine(ImGui::GetContentRegionMax().x - text_width(fonts().body, size) - 8);
      colored_text(colors().faint, size);
    }
    if (!chosen) continue;
    if (one.folder)
      entered = folder_ / one.name;
    else
      wants.push_back(intent::open_path{(folder_ / one.name).string()});
  }
  if (!problem_.empty())
    wrapped_text(colors().error, problem_);
  else if (entries_.empty())
    wrapped_text(colors().faint, "No folders and no .jsonl or .cst traces here.");
  if (!entered.empty()) enter(entered);
}

} // namespace cancelscope::ui
