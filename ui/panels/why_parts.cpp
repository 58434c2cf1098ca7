#include "ui/panels/why_parts.hpp"

#include "inspector/summary/sentence.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "inspector/timeline/certainty.hpp"
#include "inspector/timeline/state.hpp"
#include "trace-format/names.hpp"
#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"
#include "ui/view/words.hpp"
#include "ui/widgets/card.hpp"
#include "ui/widgets/controls.hpp"
#include "ui/widgets/rich_text.hpp"
#include "ui/widgets/text.hpp"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace cancelscope::ui {
namespace {

using namespace inspector;

void section(std::string_view title) {
  ImGui::Dummy({0, 8});
  const with_font small(fonts().small);
  colored_text(colors().faint, title);
}

// A link to somebody: whom the mouse is over is highlighted everywhere, and a right click tells what can be done.
void link_to(const panel_context& context, entity who, std::string_view text,
             std::string_view key) {
  if (link(text, key)) context.want_selected(who);
  if (ImGui::IsItemHovered()) context.under_mouse = who;
  context.offer_menu({.who = who});
}

// A name and the id it goes by, which is a link.
void name_with_id(const panel_context& context, entity who, ImFont* font) {
  const trace_store& trace = context.open.trace;
  const std::string name = display_name(trace, who);
  const std::string id = trace.id_of(who);
  if (name != id) {
    const with_font with(font);
    colored_text(colors().text, name);
    ImGui::SameLine(0, 7);
  }
  const with_font mono(fonts().mono);
  link_to(context, who, id, id);
}

void right_aligned(ImFont* font, ImU32 color, std::string_view text, float right) {
  const ImVec2 line = ImGui::GetItemRectMin();
  draw_text(*ImGui::GetWindowDrawList(), font, {std::floor(right - text_width(font, text)), line.y},
            color, text);
}

} // namespace

void draw_subject(const panel_context& context, entity subject, const explanation& why) {
  const trace_store& trace = context.open.trace;
  const entity about = why.target ? why.target : subject;
  const sign shown_sign = sign_at(trace, about, end_of(trace));
  const sign told =
      why.outcome ? sign{glyph_of(*why.outcome), ui::color_of(*why.outcome)} : shown_sign;
  {
    const with_font heading(fonts().heading);
    inline_glyph(told.shape, 15, told.color);
    ImGui::SameLine(0, 9);
  }
  name_with_id(context, subject, fonts().heading);
  if (why.outcome) {
    ImGui::SameLine(0, 10);
    pill(trace::to_string(*why.outcome), told.color);
  }
  if (why.region) {
    const with_font small(fonts().small);
    colored_text(colors().faint,
                 subject.type() == entity_type::task ? "task of region" : "in region");
    ImGui::SameLine(0, 5);
    link_to(context, why.region, display_name(trace, why.region), trace.id_of(why.region));
    context.shown.add("why", "region", trace.id_of(why.region), display_name(trace, why.region),
                      ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  }
  ImGui::Dummy({0, 4});
}

void draw_notes(const panel_context& context, entity subject) {
  for (const placed_note& one : context.notes) {
    if (!one.place || one.place->who != subject || one.place->kind == note_kind::slot) continue;
    ImGui::Dummy({0, 2});
    inline_glyph(glyph::note, 11, colors().note);
    ImGui::SameLine(0, 8);
    wrapped_text(colors().text, one.what.text);
    if (ImGui::IsItemClicked()) context.want(intent::edit_note{one.what.on});
    context.offer_menu({.note = one.what.on});
    tooltip(one.where + "\nClick to change it (T)");
    context.shown.add("why", "note", one.what.on, one.what.text, ImGui::GetItemRectMin(),
                      ImGui::GetItemRectMax());
  }
}

namespace {

void draw_arrow_down() {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float x = corner.x + 21.5F;
  list.AddLine({x, corner.y - 5}, {x, corner.y + 7}, colors().cancelled, 1.5F);
  list.AddTriangleFilled({x - 4, corner.y + 5}, {x + 4, corner.y + 5}, {x, corner.y + 11},
                         colors().cancelled);
  ImGui::Dummy({1, 7});
}

std::string_view why_cut(chain_cut cut) {
  switch (cut) {
  case chain_cut::by_producer:
    return "The producer cut the chain here; what led to this is not known.";
  case chain_cut::cause_missing:
    return "The cause of this request is not in the trace.";
  case chain_cut::cause_cycle:
    return "The cause leads back to itself: the chain is broken here.";
  case chain_cut::whole:
    break;
  }
  return "";
}

// As a link does, for the whole card; links in it have done so for themselves.
void offer_card(const panel_context& context, const card& box, entity who, entity under_mouse) {
  if (!box.hovered()) return;
  context.under_mouse = under_mouse;
  const bool pressed = ImGui::IsMouseClicked(ImGuiMouseButton_Right) && !box.on_link();
  if (pressed) context.want(intent::show_menu{{.who = who}, ImGui::GetIO().MousePos});
}

void draw_cancel_card(const panel_context& context, cancel_index cancel, bool is_root) {
  const trace_store& trace = context.open.trace;
  const cancel_row& row = trace[cancel];
  const std::string id = trace.id_of(cancel);
  const entity hovered = context.view.hovered;
  card box(id.c_str(), {is_root ? colors().cancelled : faded(colors().cancelled, 0.35F),
                        context.view.selected.who == entity(cancel),
                        hovered && (hovered == row.target || hovered == entity(cancel))});
  const float right = ImGui::GetCursorScreenPos().x + box.inner_width();
  inline_glyph(glyph::cancel, 11, colors().cancelled);
  ImGui::SameLine(0, 8);
  pill(kind_words(trace, cancel), colors().cancelled);
  if (is_root) {
    ImGui::SameLine(0, 8);
    const with_font small(fonts().small);
    colored_text(colors().cancelled, "root cause");
  }
  right_aligned(fonts().mono, colors().muted, time_text(trace.time_of(row.requested)), right);
  rich_text(sentence(trace, cancel), colors().muted, box.inner_width());
  const with_font small(fonts().small);
  link_to(context, cancel, id, "cancel");
  if (row.target) {
    ImGui::SameLine(0, 8);
    colored_text(colors().faint, "on");
    ImGui::SameLine(0, 5);
    link_to(context, row.target, trace.id_of(row.target), "target");
  }
  const entity origin = row.origin_task ? entity(row.origin_task) : entity(row.origin_region);
  if (origin) {
    ImGui::SameLine(0, 8);
    colored_text(colors().faint, "asked by");
    ImGui::SameLine(0, 5);
    link_to(context, origin, trace.id_of(origin), "origin");
  }
  if (row.effect != trace::cancel_effect::applied) {
    ImGui::SameLine(0, 8);
    colored_text(colors().faint, trace::to_string(row.effect));
  }
  const entity in_card = context.under_mouse;
  if (box.close()) context.want(intent::select{{cancel, {}}, true});
  offer_card(context, box, cancel, in_card ? in_card : entity(row.target));
  context.shown.add("why", is_root ? "root_cause" : "cause", id, plain(sentence(trace, cancel)),
                    box.min(), box.max());
}

void draw_subject_card(const panel_context& context, entity subject, const explanation& why) {
  const ImU32 color = why.outcome ? ui::color_of(*why.outcome) : colors().muted;
  card box("subject", {color, context.view.selected.who == subject,
                       context.view.hovered && context.view.hovered == subject});
  inline_glyph(sign_at(context.open.trace, why.target, end_of(context.open.trace)).shape, 11,
               color);
  ImGui::SameLine(0, 8);
  name_with_id(context, why.target, fonts().strong);
  if (box.close()) context.want(intent::select{{subject, {}}, true});
  offer_card(context, box, subject, subject);
}

} // namespace

void draw_chain(const panel_context& context, entity subject, const explanation& why) {
  section(why.chain.complete() ? "Cause, root first" : "Cause, as far as the trace knows");
  if (!why.chain.complete()) {
    card box("cut", {colors().warning});
    inline_glyph(glyph::severity_warning, 12, colors().warning);
    ImGui::SameLine(0, 8);
    colored_text(colors().text, why_cut(why.chain.cut));
    box.close();
    draw_arrow_down();
  }
  const auto& links = why.chain.links;
  for (auto link = links.rbegin(); link != links.rend(); ++link) {
    draw_cancel_card(context, *link, link == links.rbegin() && why.chain.complete());
    if (link + 1 != links.rend() || subject.type() != entity_type::cancel) draw_arrow_down();
  }
  if (subject.type() != entity_type::cancel) draw_subject_card(context, subject, why);
  for (const cancel_index weaker : why.superseded) {
    const with_font small(fonts().small);
    colored_text(colors().faint, "took over from the weaker");
    ImGui::SameLine(0, 5);
    link_to(context, weaker, context.open.trace.id_of(weaker), "superseded");
    wrapped_text(colors().faint, plain(sentence(context.open.trace, weaker)));
  }
}

namespace {

struct phase_part {
  const char* name;
  const char* hint;
  ImU32 color;
  std::uint64_t from;
  std::uint64_t to;
};

// The stretches between the phases that did happen.
std::vector<phase_part> parts_of(const trace_store& trace, const phase_events& phases) {
  const std::array marks{phases.requested, phases.draining, phases.finalizing, phases.completed};
  const std::array names{"requested", "draining", "finalizing"};
  const std::array hints{"until it noticed", "its own clean-up", "its finalizers"};
  const std::array inks{colors().requested, colors().draining, colors().finalizing};
  std::vector<phase_part> parts;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!marks[i]) continue;
    event_index end;
    for (std::size_t next = i + 1; next < marks.size() && !end; ++next)
      end = marks[next];
    parts.push_back({names[i], hints[i], inks[i], trace.time_of(marks[i]),
                     end ? trace.time_of(end) : trace.last_time()});
  }
  return parts;
}

void draw_phase_bar(const std::vector<phase_part>& parts) {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  constexpr float height = 12;
  constexpr float least = 4;
  const auto whole =
      static_cast<double>(std::max<std::uint64_t>(1, parts.back().to - parts.front().from));
  const float spread = width - least * static_cast<float>(parts.size());
  float x = corner.x;
  for (const phase_part& part : parts) {
    const float share = static_cast<float>(static_cast<double>(part.to - part.from) / whole);
    const float end = x + least + spread * share;
    ImGui::GetWindowDrawList()->AddRectFilled({x, corner.y}, {end - 1, corner.y + height},
                                              part.color, 2);
    x = end;
  }
  ImGui::Dummy({width, height});
}

} // namespace

void draw_phases(const panel_context& context, const explanation& why) {
  const trace_store& trace = context.open.trace;
  const std::vector<phase_part> parts = parts_of(trace, why.phases);
  if (parts.empty()) return;
  section("Clean-up");
  draw_phase_bar(parts);
  const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
  const auto line = [&](glyph shape, ImU32 color, const char* name, const char* hint,
                        std::uint64_t ns) {
    inline_glyph(shape, 10, color);
    ImGui::SameLine(0, 8);
    colored_text(colors().text, name);
    right_aligned(fonts().mono, colors().text, duration_text(ns), right);
    ImGui::SameLine(0, 8);
    colored_text(colors().faint, hint);
  };
  const std::array shapes{glyph::task_requested, glyph::task_draining, glyph::task_finalizing};
  for (const phase_part& part : parts) {
    const auto which = std::string_view(part.name) == "requested"  ? 0U
                       : std::string_view(part.name) == "draining" ? 1U
                                                                   : 2U;
    line(shapes[which], part.color, part.name, part.hint, part.to - part.from);
  }
  const bool done = static_cast<bool>(why.phases.completed);
  if (!done) colored_text(colors().warning, "It had not completed when the trace ended.");
  const auto budget = cleanup_budget_at(trace, why.target, end_of(trace));
  if (!budget || budget->granted() == 0) return;
  ImGui::Dummy({0, 4});
  colored_text(colors().muted, budget->exhausted ? "Budget exhausted" : "Budget spent");
  right_aligned(
      fonts().mono, budget->exhausted ? colors().panicked : colors().text,
      fmt::format("{} of {}", duration_text(budget->spent), duration_text(budget->granted())),
      right);
  meter({ImGui::GetContentRegionAvail().x, 6},
        static_cast<float>(static_cast<double>(budget->spent) /
                           static_cast<double>(budget->granted())),
        budget->exhausted ? colors().panicked : colors().draining);
}

namespace {

void draw_obligation(const panel_context& context, obligation_index which, bool leaked) {
  const trace_store& trace = context.open.trace;
  const obligation_row& row = trace[which];
  const ImU32 color = leaked ? colors().error : colors().muted;
  inline_glyph(leaked ? glyph::severity_error : glyph::obligation, 11, color);
  ImGui::SameLine(0, 8);
  colored_text(color, trace::to_string(row.kind));
  ImGui::SameLine(0, 6);
  colored_text(colors().text, trace.text(row.label));
  ImGui::SameLine(0, 6);
  {
    const with_font mono(fonts().mono);
    link_to(context, which, trace.id_of(which), trace.id_of(which));
  }
  ImGui::SameLine(0, 8);
  const std::string fate = leaked     ? "leaked"
                           : row.fate ? "then " + std::string(trace::to_string(*row.fate))
                           : fate_unknown_since(trace, which)
                               ? "not known what became of it: events were dropped"
                               : "never resolved";
  colored_text(leaked ? colors().error : colors().faint, fate);
}

} // namespace

void draw_left_behind(const panel_context& context, const explanation& why) {
  const trace_store& trace = context.open.trace;
  if (why.cancelled() || !why.leaked_obligations.empty()) {
    section("Left behind");
    for (const obligation_index o : why.leaked_obligations)
      draw_obligation(context, o, true);
    for (const obligation_index o : why.open_obligations) {
      const auto& leaked = why.leaked_obligations;
      if (std::find(leaked.begin(), leaked.end(), o) == leaked.end())
        draw_obligation(context, o, false);
    }
    if (why.leaked_obligations.empty() && why.open_obligations.empty()) {
      inline_glyph(glyph::all_well, 11, colors().ok);
      ImGui::SameLine(0, 8);
      colored_text(colors().muted, "Nothing: no obligation was open at the request.");
    }
  }
  if (why.target.type() != entity_type::task) return;
  section("Joined by");
  if (why.joined_by)
    name_with_id(context, why.joined_by, fonts().body);
  else if (trace[why.target.as<task_index>()].joined)
    colored_text(colors().muted, "somebody the trace does not name");
  else
    colored_text(colors().warning, "nobody");
}

void draw_held_up(const panel_context& context, const std::string& words, entity by) {
  if (words.empty()) return;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  rich_text(words, colors().muted);
  context.shown.add("why", "held_up", by ? context.open.trace.id_of(by) : std::string(),
                    plain(words), corner, ImGui::GetItemRectMax());
  if (!by) return;
  inline_glyph(glyph::task_draining, 10, colors().draining);
  ImGui::SameLine(0, 8);
  name_with_id(context, by, fonts().body);
  context.shown.add("why", "held_up_by", context.open.trace.id_of(by),
                    display_name(context.open.trace, by), ImGui::GetItemRectMin(),
                    ImGui::GetItemRectMax());
}

std::vector<event_index> stale_uses_of(const trace_store& trace, entity subject) {
  std::vector<event_index> uses;
  if (!subject) return uses;
  for (const event_index e : trace.events_of(subject))
    if (trace.kind_of(e) == event_kind::stale && trace.subject_of(e) == subject) uses.push_back(e);
  return uses;
}

void draw_stale_uses(const panel_context& context, std::span<const event_index> uses) {
  if (uses.empty()) return;
  const trace_store& trace = context.open.trace;
  section("Its handle was used when it was gone, and refused");
  const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
  constexpr std::size_t most = 6;
  for (const event_index e : uses.first(std::min(most, uses.size()))) {
    const auto said = trace.body_at<trace::stale_use>(e);
    inline_glyph(glyph::outcome_panicked, 10, colors().error);
    ImGui::SameLine(0, 8);
    colored_text(colors().muted, said.op ? fmt::format("for {}, by", *said.op) : "by");
    right_aligned(fonts().mono, colors().muted, time_text(trace.time_of(e)), right);
    ImGui::SameLine(0, 6);
    const entity by = said.by ? trace.find(*said.by) : entity{};
    if (by)
      name_with_id(context, by, fonts().body);
    else
      colored_text(colors().faint,
                   said.by ? trace::to_string(*said.by) : "somebody the trace does not name");
    context.shown.add("why", "presenter", by ? trace.id_of(by) : std::string(),
                      by ? display_name(trace, by) : std::string(), ImGui::GetItemRectMin(),
                      ImGui::GetItemRectMax());
  }
  if (uses.size() > most)
    colored_text(colors().faint, fmt::format("and {} more times", uses.size() - most));
}

cancel_index cancel_to_follow(entity subject, const explanation& why) {
  if (const auto cancel = subject.as<cancel_index>()) return cancel;
  return why.chain.links.empty() ? cancel_index{} : why.chain.links.front();
}

void draw_effects(const panel_context& context, cancel_index cancel, const std::string& words) {
  if (words.empty()) return;
  const trace_store& trace = context.open.trace;
  section("What it led to");
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  rich_text(words, colors().muted);
  context.shown.add("why", "effects", trace.id_of(cancel), plain(words), corner,
                    ImGui::GetItemRectMax());
  constexpr std::size_t most = 6;
  const auto effects = trace.effects_of(cancel);
  for (std::size_t i = 0; i < std::min(most, effects.size()); ++i) {
    inline_glyph(glyph::cancel, 9, colors().cancelled);
    ImGui::SameLine(0, 8);
    name_with_id(context, trace[effects[i]].target, fonts().body);
  }
  if (effects.size() > most)
    colored_text(colors().faint, fmt::format("and {} more", effects.size() - most));
}

} // namespace cancelscope::ui
