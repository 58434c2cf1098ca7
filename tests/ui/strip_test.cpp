// Pieces too small to be seen are merged, and the important one is seen.
#include "ui/theme/palette.hpp"
#include "ui/widgets/strip.hpp"

#include <gtest/gtest.h>

namespace cancelscope::ui {
namespace {

class strip_of_pieces : public testing::Test {
protected:
  strip_of_pieces() : context(ImGui::CreateContext()), list(ImGui::GetDrawListSharedData()) {
    list._ResetForNewFrame();
    list.PushClipRectFullScreen();
  }
  ~strip_of_pieces() override { ImGui::DestroyContext(context); }

  [[nodiscard]] int rectangles() const { return list.IdxBuffer.Size / 6; }

  ImGuiContext* context;
  ImDrawList list;
};

TEST_F(strip_of_pieces, ten_thousand_pieces_on_ten_pixels_are_ten_rectangles) {
  {
    strip bars(list, 10, 0, 100);
    for (int i = 0; i < 10'000; ++i) {
      const float x = static_cast<float>(i) / 1000;
      bars.add({x, x + 0.001F, colors().waiting, 2, 1});
    }
  }
  EXPECT_EQ(rectangles(), 10);
}

TEST_F(strip_of_pieces, of_one_pixel_the_highest_rank_is_drawn) {
  {
    strip bars(list, 10, 0, 100);
    bars.add({5.0F, 5.1F, colors().waiting, 2, 1});
    bars.add({5.1F, 5.2F, colors().draining, 2, 5});
    bars.add({5.2F, 5.3F, colors().running, 2, 2});
  }
  ASSERT_EQ(rectangles(), 1);
  EXPECT_EQ(list.VtxBuffer[0].col, colors().draining);
}

TEST_F(strip_of_pieces, what_can_be_seen_is_drawn_as_it_is) {
  {
    strip bars(list, 10, 0, 100);
    bars.add({5, 9, colors().running, 2, 2});
    bars.add({9, 30, colors().draining, 2, 5});
  }
  EXPECT_EQ(rectangles(), 2);
}

TEST_F(strip_of_pieces, what_lies_outside_is_not_drawn) {
  {
    strip bars(list, 10, 50, 100);
    bars.add({5, 9, colors().running, 2, 2});
    bars.add({120, 130, colors().running, 2, 2});
  }
  EXPECT_EQ(rectangles(), 0);
}

} // namespace
} // namespace cancelscope::ui
