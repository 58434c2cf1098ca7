#include "ui/widgets/glyphs.hpp"

#include <numbers>

namespace cancelscope::ui {
namespace {

constexpr float pi = std::numbers::pi_v<float>;

// A pen that thinks in a square from -1 to 1 around the glyph's middle.
struct pen {
  ImDrawList& list;
  ImVec2 center;
  float radius;
  ImU32 color;
  float stroke;

  [[nodiscard]] ImVec2 at(float x, float y) const {
    return {center.x + x * radius, center.y + y * radius};
  }
  void line(float x0, float y0, float x1, float y1) const {
    list.AddLine(at(x0, y0), at(x1, y1), color, stroke);
  }
  void ring(float r = 0.85F) const { list.AddCircle(center, r * radius, color, 0, stroke); }
  void disc(float r = 0.9F) const { list.AddCircleFilled(center, r * radius, color); }
  void half_disc() const {
    list.PathArcTo(center, 0.85F * radius, 0, pi);
    list.PathFillConvex(color);
  }
  void box(float r = 0.75F) const { list.AddRect(at(-r, -r), at(r, r), color, 1.5F, 0, stroke); }
  void fill(float x0, float y0, float x1, float y1) const {
    list.AddRectFilled(at(x0, y0), at(x1, y1), color, 1);
  }
  void triangle(float x0, float y0, float x1, float y1, float x2, float y2) const {
    list.AddTriangleFilled(at(x0, y0), at(x1, y1), at(x2, y2), color);
  }
  void chevron(float direction, float shift) const {
    const ImVec2 points[] = {at(shift - direction * 0.35F, -0.7F), at(shift + direction * 0.35F, 0),
                             at(shift - direction * 0.35F, 0.7F)};
    list.AddPolyline(points, 3, color, 0, stroke);
  }
  void check() const {
    const ImVec2 points[] = {at(-0.7F, 0.05F), at(-0.2F, 0.55F), at(0.75F, -0.55F)};
    list.AddPolyline(points, 3, color, 0, stroke * 1.15F);
  }
  void diamond(float r) const { list.AddNgonFilled(center, r * radius, color, 4); }
};

void draw_task_state(const pen& p, glyph shape) {
  switch (shape) {
  case glyph::task_running:
    p.disc();
    break;
  case glyph::task_waiting:
    p.ring();
    break;
  case glyph::task_requested:
    p.ring();
    p.disc(0.35F);
    break;
  case glyph::task_draining:
    p.ring();
    p.half_disc();
    break;
  default:
    p.ring();
    p.line(-0.45F, 0, 0.45F, 0);
    break;
  }
}

void draw_outcome(const pen& p, glyph shape) {
  switch (shape) {
  case glyph::outcome_ok:
    p.check();
    break;
  case glyph::outcome_err:
    p.fill(-0.16F, -0.85F, 0.16F, 0.25F);
    p.fill(-0.16F, 0.5F, 0.16F, 0.85F);
    break;
  case glyph::outcome_cancelled:
    p.ring();
    p.line(-0.6F, 0.6F, 0.6F, -0.6F);
    break;
  default:
    p.line(-0.7F, -0.7F, 0.7F, 0.7F);
    p.line(-0.7F, 0.7F, 0.7F, -0.7F);
    break;
  }
}

void draw_region_state(const pen& p, glyph shape) {
  switch (shape) {
  case glyph::region_open:
    p.box();
    break;
  case glyph::region_closing:
    p.box();
    p.fill(-0.3F, -0.3F, 0.3F, 0.3F);
    break;
  case glyph::region_draining:
    p.box();
    p.fill(-0.75F, 0, 0.75F, 0.75F);
    break;
  case glyph::region_finalizing:
    p.box();
    p.line(-0.4F, 0, 0.4F, 0);
    break;
  default:
    p.fill(-0.8F, -0.8F, 0.8F, 0.8F);
    break;
  }
}

void draw_step(const pen& p, glyph shape) {
  switch (shape) {
  case glyph::step_first:
    p.line(-0.7F, -0.7F, -0.7F, 0.7F);
    p.chevron(-1, 0.25F);
    break;
  case glyph::step_last:
    p.line(0.7F, -0.7F, 0.7F, 0.7F);
    p.chevron(1, -0.25F);
    break;
  case glyph::step_previous:
    p.chevron(-1, 0);
    break;
  case glyph::step_next:
    p.chevron(1, 0);
    break;
  case glyph::step_cause:
    p.line(0, -0.75F, 0, 0.75F);
    p.triangle(-0.5F, -0.25F, 0, -0.95F, 0.5F, -0.25F);
    break;
  case glyph::step_effect:
    p.line(0, -0.75F, 0, 0.75F);
    p.triangle(0.5F, 0.25F, 0, 0.95F, -0.5F, 0.25F);
    break;
  case glyph::play:
    p.triangle(-0.5F, -0.75F, 0.8F, 0, -0.5F, 0.75F);
    break;
  default:
    p.fill(-0.6F, -0.7F, -0.2F, 0.7F);
    p.fill(0.2F, -0.7F, 0.6F, 0.7F);
    break;
  }
}

void draw_sign(const pen& p, glyph shape) {
  switch (shape) {
  case glyph::cancel:
    p.diamond(1);
    break;
  case glyph::obligation:
    p.ring(0.6F);
    p.line(0, -1, 0, -0.6F);
    break;
  case glyph::event:
    p.disc(0.4F);
    break;
  case glyph::severity_error:
    p.triangle(0, -0.85F, 0.95F, 0.8F, -0.95F, 0.8F);
    break;
  case glyph::severity_warning: {
    const ImVec2 points[] = {p.at(0, -0.8F), p.at(0.9F, 0.75F), p.at(-0.9F, 0.75F)};
    p.list.AddPolyline(points, 3, p.color, ImDrawFlags_Closed, p.stroke);
    break;
  }
  case glyph::severity_info:
    p.fill(-0.16F, -0.2F, 0.16F, 0.8F);
    p.fill(-0.16F, -0.8F, 0.16F, -0.48F);
    break;
  case glyph::all_well:
    p.check();
    break;
  case glyph::state_unknown:
  case glyph::question: {
    p.list.PathArcTo(p.at(0, -0.3F), 0.5F * p.radius, -pi, pi * 0.4F);
    p.list.PathLineTo(p.at(0, 0.35F));
    p.list.PathStroke(p.color, 0, p.stroke);
    p.fill(-0.14F, 0.62F, 0.14F, 0.9F);
    break;
  }
  case glyph::fill_window:
    p.box(0.8F);
    break;
  case glyph::unfill_window:
    p.list.AddRect(p.at(-0.8F, -0.3F), p.at(0.3F, 0.8F), p.color, 1, 0, p.stroke);
    p.line(-0.3F, -0.8F, 0.8F, -0.8F);
    p.line(0.8F, -0.8F, 0.8F, 0.3F);
    break;
  case glyph::panels:
    p.box(0.85F);
    p.line(-0.25F, -0.85F, -0.25F, 0.85F);
    p.line(-0.25F, 0.25F, 0.85F, 0.25F);
    break;
  case glyph::note: // a flag on its pole
    p.line(-0.55F, -0.9F, -0.55F, 0.95F);
    p.triangle(-0.55F, -0.95F, 0.9F, -0.45F, -0.55F, 0.1F);
    break;
  case glyph::pin:
    p.disc(0.42F);
    p.line(0, 0.4F, 0, 1);
    break;
  case glyph::folded:
    p.triangle(-0.35F, -0.6F, 0.5F, 0, -0.35F, 0.6F);
    break;
  default:
    p.triangle(-0.6F, -0.35F, 0.6F, -0.35F, 0, 0.5F);
    break;
  }
}

} // namespace

void draw_glyph(ImDrawList& list, glyph shape, ImVec2 center, float size, ImU32 color) {
  const pen p{list, center, size / 2, color, size < 11 ? 1.4F : 1.7F};
  if (shape <= glyph::task_finalizing) {
    draw_task_state(p, shape);
  } else if (shape <= glyph::outcome_panicked) {
    draw_outcome(p, shape);
  } else if (shape <= glyph::region_closed) {
    draw_region_state(p, shape);
  } else if (shape <= glyph::unfolded) {
    draw_sign(p, shape);
  } else {
    draw_step(p, shape);
  }
}

void inline_glyph(glyph shape, float size, ImU32 color) {
  const float height = ImGui::GetTextLineHeight();
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  draw_glyph(*ImGui::GetWindowDrawList(), shape, {corner.x + size / 2, corner.y + height / 2}, size,
             color);
  ImGui::Dummy({size, height});
}

glyph glyph_of(trace::outcome_kind outcome) {
  switch (outcome) {
  case trace::outcome_kind::ok:
    return glyph::outcome_ok;
  case trace::outcome_kind::err:
    return glyph::outcome_err;
  case trace::outcome_kind::cancelled:
    return glyph::outcome_cancelled;
  case trace::outcome_kind::panicked:
    return glyph::outcome_panicked;
  }
  return glyph::event;
}

glyph glyph_of(trace::region_state state) {
  switch (state) {
  case trace::region_state::open:
    return glyph::region_open;
  case trace::region_state::closing:
    return glyph::region_closing;
  case trace::region_state::draining:
    return glyph::region_draining;
  case trace::region_state::finalizing:
    return glyph::region_finalizing;
  case trace::region_state::closed:
    return glyph::region_closed;
  }
  return glyph::event;
}

} // namespace cancelscope::ui
