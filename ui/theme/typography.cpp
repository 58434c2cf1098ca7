#include "ui/theme/typography.hpp"

#include "fonts.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace cancelscope::ui {
namespace {

font_set current;

// All that the embedded files have: which letters those are is said once, in cmake/fonts.cmake.
constexpr std::array<ImWchar, 3> letters{0x0020, 0x2fff, 0};
// Stands for a letter that they do not have: that there is one is seen, and no question mark is taken for a part of a name.
constexpr ImWchar box = 0x25a1;

ImFont* add(std::span<const unsigned char> file, float size, float pixel_ratio, float raise = 0) {
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  config.OversampleH = pixel_ratio < 1.5F ? 2 : 1;
  config.OversampleV = 1;
  config.GlyphOffset.y = std::round(raise * pixel_ratio);
  config.RasterizerMultiply = pixel_ratio < 1.5F ? 1.15F : 1.05F;
  // ImGui takes the bytes as mutable and, not owning them, never writes to them.
  auto* bytes = const_cast<unsigned char*>(file.data());
  ImFont* font = ImGui::GetIO().Fonts->AddFontFromMemoryTTF(bytes, static_cast<int>(file.size()),
                                                            std::round(size * pixel_ratio), &config,
                                                            letters.data());
  font->FallbackChar = box;
  return font;
}

} // namespace

const font_set& fonts() {
  return current;
}

void build_fonts(float pixel_ratio) {
  ImGuiIO& io = ImGui::GetIO();
  io.Fonts->Clear();
  // 32-bit textures of this width hold all five at 3×, within what every WebGL 2 device accepts.
  io.Fonts->TexDesiredWidth = pixel_ratio > 1.5F ? 4096 : 2048;
  const float ratio = std::clamp(pixel_ratio, 0.5F, 4.0F);
  current.body = add(fonts::inter_regular, 14, ratio);
  current.strong = add(fonts::inter_semibold, 14, ratio);
  current.heading = add(fonts::inter_semibold, 17, ratio);
  current.small = add(fonts::inter_regular, 12, ratio);
  current.mono = add(fonts::jetbrains_mono_regular, 13, ratio);
  io.FontDefault = current.body;
  io.FontGlobalScale = 1 / ratio;
  io.Fonts->Build();
}

with_font::with_font(ImFont* font) {
  ImGui::PushFont(font);
}

with_font::~with_font() {
  ImGui::PopFont();
}

} // namespace cancelscope::ui
