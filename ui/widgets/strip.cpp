#include "ui/widgets/strip.hpp"

#include <algorithm>
#include <cmath>

namespace cancelscope::ui {

strip::strip(ImDrawList& list, float middle_y, float clip_left, float clip_right)
    : list_(list), middle_(middle_y), left_(clip_left), right_(clip_right) {}

strip::~strip() {
  flush();
}

void strip::add(strip_piece piece) {
  piece.from = std::max(piece.from, left_);
  piece.to = std::min(piece.to, right_);
  if (piece.to < piece.from) return;
  const bool small = piece.to - piece.from < 1;
  if (has_pending_ && small && std::floor(piece.from) == std::floor(pending_.from)) {
    if (piece.rank > pending_.rank) {
      piece.from = pending_.from;
      pending_ = piece;
    }
    return;
  }
  flush();
  if (small) {
    pending_ = piece;
    has_pending_ = true;
  } else {
    paint(piece);
  }
}

void strip::flush() {
  if (!has_pending_) return;
  has_pending_ = false;
  pending_.from = std::floor(pending_.from);
  pending_.to = pending_.from + 1;
  paint(pending_);
}

void strip::paint(const strip_piece& piece) {
  const float round = piece.half_height > 3 && piece.to - piece.from > 5 ? 2.0F : 0.0F;
  list_.AddRectFilled({piece.from, middle_ - piece.half_height},
                      {piece.to, middle_ + piece.half_height}, piece.color, round);
}

} // namespace cancelscope::ui
