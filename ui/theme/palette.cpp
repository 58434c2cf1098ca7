#include "ui/theme/palette.hpp"

#include <algorithm>
#include <cmath>

namespace cancelscope::ui {
namespace {

constexpr ImU32 rgb(unsigned hex) {
  return IM_COL32((hex >> 16) & 0xff, (hex >> 8) & 0xff, hex & 0xff, 0xff);
}

constexpr palette dark{
    .background = rgb(0x0c0f14),
    .panel = rgb(0x12161d),
    .raised = rgb(0x1a2029),
    .hovered = rgb(0x222a35),
    .border = rgb(0x262e3a),
    .grid = rgb(0x1c222c),

    .text = rgb(0xe8ecf2),
    .muted = rgb(0xa3adbd),
    .faint = rgb(0x6f7a8c),

    .accent = rgb(0x63b3ff),
    .accent_soft = rgb(0x1b3350),

    .running = rgb(0x4a78b8),
    .waiting = rgb(0x4d5a6e),
    .requested = rgb(0xf5dc6b),
    .draining = rgb(0xf0953a),
    .finalizing = rgb(0xd08ee0),
    .unknown = rgb(0x3a4350),

    .ok = rgb(0x35b597),
    .err = rgb(0xe2703f),
    .cancelled = rgb(0xf2b14a),
    .panicked = rgb(0xff5470),

    .error = rgb(0xff5470),
    .warning = rgb(0xf2b14a),
    .info = rgb(0x7fb2e5),

    .note = rgb(0xe38fd6),
};

// The same hues, darker: on a light ground a colour must be dark to be seen.
constexpr palette light{
    .background = rgb(0xe9edf2),
    .panel = rgb(0xfbfcfd),
    .raised = rgb(0xeef1f5),
    .hovered = rgb(0xe0e5ec),
    .border = rgb(0xd0d7e0),
    .grid = rgb(0xe6eaef),

    .text = rgb(0x171c24),
    .muted = rgb(0x4a5566),
    .faint = rgb(0x6b7688),

    .accent = rgb(0x0b63c5),
    .accent_soft = rgb(0xd3e5fb),

    .running = rgb(0x5b8fd6),
    .waiting = rgb(0xa3aebd),
    .requested = rgb(0xc29d00),
    .draining = rgb(0xc85400),
    .finalizing = rgb(0xa44c9c),
    .unknown = rgb(0xb4bdc9),

    .ok = rgb(0x0f8a6e),
    .err = rgb(0xc14a15),
    .cancelled = rgb(0xb06f00),
    .panicked = rgb(0xd0193f),

    .error = rgb(0xd0193f),
    .warning = rgb(0xb06f00),
    .info = rgb(0x2f74b8),

    .note = rgb(0x9c2f93),
};

const palette* in_use = &dark;

} // namespace

const palette& colors() {
  return *in_use;
}

void use_colors_of(theme wanted) {
  in_use = wanted == theme::light ? &light : &dark;
}

ImU32 faded(ImU32 color, float opacity) {
  const auto alpha = static_cast<float>((color >> IM_COL32_A_SHIFT) & 0xff);
  const auto scaled = static_cast<ImU32>(std::lround(alpha * std::clamp(opacity, 0.0F, 1.0F)));
  return (color & ~IM_COL32_A_MASK) | (scaled << IM_COL32_A_SHIFT);
}

ImU32 mixed(ImU32 under, ImU32 over, float share) {
  const auto channel = [&](int shift) {
    const auto a = static_cast<float>((under >> shift) & 0xff);
    const auto b = static_cast<float>((over >> shift) & 0xff);
    return static_cast<ImU32>(std::lround(a + (b - a) * share)) << shift;
  };
  return channel(IM_COL32_R_SHIFT) | channel(IM_COL32_G_SHIFT) | channel(IM_COL32_B_SHIFT) |
         IM_COL32_A_MASK;
}

ImU32 color_of(trace::outcome_kind outcome) {
  switch (outcome) {
  case trace::outcome_kind::ok:
    return colors().ok;
  case trace::outcome_kind::err:
    return colors().err;
  case trace::outcome_kind::cancelled:
    return colors().cancelled;
  case trace::outcome_kind::panicked:
    return colors().panicked;
  }
  return colors().unknown;
}

} // namespace cancelscope::ui
