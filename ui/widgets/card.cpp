#include "ui/widgets/card.hpp"

#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"

namespace cancelscope::ui {

card::card(const char* name, card_look look)
    : look_(look), corner_(ImGui::GetCursorScreenPos()), end_(corner_),
      width_(ImGui::GetContentRegionAvail().x) {
  ImGui::PushID(name);
  // Contents in front, box behind: its height is known only when they are done.
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.ChannelsSplit(2);
  list.ChannelsSetCurrent(1);
  ImGui::SetCursorScreenPos({corner_.x + pad_x, corner_.y + pad_y});
  ImGui::BeginGroup();
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + inner_width());
}

bool card::close() {
  ImGui::PopTextWrapPos();
  ImGui::EndGroup();
  const bool on_link = ImGui::IsAnyItemHovered();
  on_link_ = on_link;
  end_ = {corner_.x + width_, ImGui::GetItemRectMax().y + pad_y};
  hovered_ = ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(corner_, end_);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.ChannelsSetCurrent(0);
  list.AddRectFilled(corner_, end_, hovered_ || look_.lit ? colors().hovered : colors().raised,
                     measure::rounding);
  if (look_.selected) list.AddRect(corner_, end_, colors().accent, measure::rounding, 0, 1.5F);
  if (look_.edge != 0) {
    list.AddRectFilled(corner_, {corner_.x + 3, end_.y}, look_.edge, measure::rounding,
                       ImDrawFlags_RoundCornersLeft);
  }
  list.ChannelsMerge();
  ImGui::SetCursorScreenPos(corner_);
  ImGui::Dummy({width_, end_.y - corner_.y});
  ImGui::PopID();
  if (hovered_ && !on_link) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  return hovered_ && !on_link && ImGui::IsMouseClicked(ImGuiMouseButton_Left);
}

} // namespace cancelscope::ui
