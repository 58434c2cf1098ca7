// Which letters can be read.
#include "tests/ui/headless.hpp"
#include "ui/theme/typography.hpp"

#include <gtest/gtest.h>

#include <array>

namespace cancelscope::ui {
namespace typography_test {

constexpr std::array<ImWchar, 32> letters{
    u'a',      u'~',      u'\u00e9', u'\u00df',
    u'\u010d', u'\u0142', u'\u0131', u'\u1ea1', // Latin
    u'\u03b1', u'\u03ce', u'\u03a9', u'\u0436',
    u'\u042f', u'\u0451', u'\u0491', u'\u0456', // Greek, Cyrillic
    u'\u201c', u'\u201d', u'\u2026', u'\u00b7',
    u'\u2014', u'\u2022', u'\u00b5', u'\u00d7', // the interface's own
    u'\u2190', u'\u2191', u'\u2192', u'\u2193',
    u'\u2212', u'\u2264', u'\u2265', u'\u20ac',
};

TEST(a_letter, of_latin_greek_or_cyrillic_is_in_every_font) {
  const headless screen;
  for (const ImFont* font :
       {fonts().body, fonts().strong, fonts().heading, fonts().small, fonts().mono})
    for (const ImWchar letter : letters)
      EXPECT_NE(font->FindGlyphNoFallback(letter), nullptr) << std::hex << letter;
}

TEST(a_letter, that_no_font_has_is_a_box) {
  const headless screen;
  constexpr ImWchar box = 0x25a1;
  for (const ImFont* font :
       {fonts().body, fonts().strong, fonts().heading, fonts().small, fonts().mono}) {
    ASSERT_NE(font->FindGlyphNoFallback(box), nullptr);
    EXPECT_EQ(font->FindGlyph(0x4e2d), font->FindGlyphNoFallback(box));
  }
}

} // namespace typography_test
} // namespace cancelscope::ui
