// The colours, as eyes see them that cannot tell all of them apart.
//
// Simulation: Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
// 2009, at full severity, on linear light. Distance: Ottosson's Oklab. Contrast: WCAG 2.2.
#include "ui/theme/palette.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace cancelscope::ui {
namespace palette_test {

using vec3 = std::array<double, 3>;
using matrix = std::array<vec3, 3>;

vec3 times(const matrix& m, const vec3& v) {
  vec3 out{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j)
      out[i] += m[i][j] * v[j];
  return out;
}

vec3 linear(ImU32 color) {
  vec3 out{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double c = static_cast<double>((color >> (8 * i)) & 0xffU) / 255;
    out[i] = c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  }
  return out;
}

double luminance(const vec3& light) {
  return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2];
}

double contrast(const vec3& a, const vec3& b) {
  const double lighter = std::max(luminance(a), luminance(b));
  const double darker = std::min(luminance(a), luminance(b));
  return (lighter + 0.05) / (darker + 0.05);
}

vec3 oklab(const vec3& light) {
  static constexpr matrix to_cones{{{0.4122214708, 0.5363325363, 0.0514459929},
                                    {0.2119034982, 0.6806995451, 0.1073969566},
                                    {0.0883024619, 0.2817188376, 0.6299787005}}};
  static constexpr matrix to_lab{{{0.2104542553, 0.7936177850, -0.0040720468},
                                  {1.9779984951, -2.4285922050, 0.4505937099},
                                  {0.0259040371, 0.7827717662, -0.8086757660}}};
  vec3 cones = times(to_cones, light);
  for (double& c : cones)
    c = std::cbrt(std::max(0.0, c));
  return times(to_lab, cones);
}

double distance(const vec3& a, const vec3& b) {
  const vec3 first = oklab(a);
  const vec3 second = oklab(b);
  return std::hypot(first[0] - second[0], first[1] - second[1], first[2] - second[2]);
}

struct eyes {
  const char* name;
  matrix sees;
};

constexpr std::array all_eyes{
    eyes{"full sight", {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}},
    eyes{"protanopia",
         {{{0.152286, 1.052583, -0.204868},
           {0.114503, 0.786281, 0.099216},
           {-0.003882, -0.048116, 1.051998}}}},
    eyes{"deuteranopia",
         {{{0.367322, 0.860646, -0.227968},
           {0.280085, 0.672501, 0.047413},
           {-0.011820, 0.042940, 0.968881}}}},
    eyes{"tritanopia",
         {{{1.255528, -0.076749, -0.178779},
           {-0.078411, 0.930809, 0.147602},
           {0.004733, 0.691367, 0.303900}}}},
};

vec3 seen(const eyes& by, ImU32 color) {
  vec3 light = times(by.sees, linear(color));
  for (double& c : light)
    c = std::clamp(c, 0.0, 1.0);
  return light;
}

struct named_color {
  const char* name;
  ImU32 palette::* color;
};

/// What follows one another in a lane of the timeline, and so lies side by side.
constexpr std::array life{
    named_color{"waiting", &palette::waiting},       named_color{"running", &palette::running},
    named_color{"requested", &palette::requested},   named_color{"draining", &palette::draining},
    named_color{"finalizing", &palette::finalizing},
};

constexpr std::array signs{
    named_color{"running", &palette::running},
    named_color{"waiting", &palette::waiting},
    named_color{"requested", &palette::requested},
    named_color{"draining", &palette::draining},
    named_color{"finalizing", &palette::finalizing},
    named_color{"ok", &palette::ok},
    named_color{"err", &palette::err},
    named_color{"cancelled", &palette::cancelled},
    named_color{"panicked", &palette::panicked},
    named_color{"accent", &palette::accent},
    named_color{"note", &palette::note},
};

class colors_of : public testing::TestWithParam<theme> {
protected:
  void SetUp() override { use_colors_of(GetParam()); }
  void TearDown() override { use_colors_of(theme::dark); }
};

TEST_P(colors_of, a_life_stay_apart_from_one_state_to_the_next_for_all_eyes) {
  for (const eyes& by : all_eyes)
    for (std::size_t i = 1; i < life.size(); ++i)
      EXPECT_GE(distance(seen(by, colors().*life[i - 1].color), seen(by, colors().*life[i].color)),
                0.08)
          << life[i - 1].name << " and " << life[i].name << ", " << by.name;
}

TEST_P(colors_of, what_is_drawn_stand_out_from_the_ground) {
  for (const eyes& by : all_eyes)
    for (const named_color& one : signs)
      EXPECT_GE(contrast(seen(by, colors().*one.color), seen(by, colors().panel)),
                std::string(one.name) == "waiting" ? 2.0 : 2.4)
          << one.name << ", " << by.name;
}

TEST_P(colors_of, words_can_be_read) {
  for (const eyes& by : all_eyes) {
    EXPECT_GE(contrast(seen(by, colors().text), seen(by, colors().panel)), 7) << by.name;
    EXPECT_GE(contrast(seen(by, colors().muted), seen(by, colors().panel)), 4.5) << by.name;
    EXPECT_GE(contrast(seen(by, colors().faint), seen(by, colors().panel)), 3.9) << by.name;
    EXPECT_GE(contrast(seen(by, colors().accent), seen(by, colors().panel)), 4.5) << by.name;
  }
}

INSTANTIATE_TEST_SUITE_P(both_themes, colors_of, testing::Values(theme::dark, theme::light),
                         [](const auto& one) {
                           return std::string(one.param == theme::light ? "light" : "dark");
                         });

} // namespace palette_test
} // namespace cancelscope::ui
