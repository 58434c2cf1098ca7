#include "ui/panels/why.hpp"

#include "inspector/answers/answers.hpp"
#include "inspector/attribution/shutdown.hpp"
#include "inspector/summary/sentence.hpp"
#include "inspector/summary/shutdown.hpp"
#include "ui/panels/why_parts.hpp"
#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"
#include "ui/view/words.hpp"
#include "ui/widgets/controls.hpp"
#include "ui/widgets/rich_text.hpp"
#include "ui/widgets/text.hpp"

#include <imgui.h>

#include <array>

namespace cancelscope::ui {

using namespace inspector;

void why_panel::derive(const panel_context& context) {
  const entity subject = context.view.subject;
  if (revision_ == context.open.revision && subject_ == subject) return;
  revision_ = context.open.revision;
  subject_ = subject;
  why_ = subject ? explain(context.open.trace, subject) : explanation{};
  const trace_store& trace = context.open.trace;
  sentence_ = subject ? sentence(trace, why_) : std::string();
  const shutdown ending = shutdown_of(trace, why_.target);
  held_up_ = held_up_sentence(trace, ending);
  const path_step* longest = longest_step(ending);
  held_up_by_ = longest != nullptr && longest->who != why_.target ? longest->who : entity{};
  stale_ = stale_uses_of(trace, subject);
  const cancel_index cancel = cancel_to_follow(subject, why_);
  effects_ = cancel ? effects_sentence(trace, cancel) : std::string();
}

void why_panel::draw_header(const panel_context& context, float width) {
  if (!context.view.subject) return;
  derive(context);
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const with_font small(fonts().small);
  const float y = corner.y + (measure::panel_header - ImGui::GetTextLineHeight()) / 2;
  const trace_store& trace = context.open.trace;
  constexpr std::array words{"Overview", "Copy text", "Markdown", "JSON"};
  constexpr float apart = 14;
  // What there is no room for is left out, from the left.
  std::size_t first = words.size();
  float used = -apart;
  while (first > 0 && used + apart + text_width(fonts().small, words[first - 1]) <= width)
    used += apart + text_width(fonts().small, words[--first]);
  ImGui::SetCursorScreenPos({corner.x + width - used, y});
  for (std::size_t i = first; i < words.size(); ++i) {
    if (i > first) ImGui::SameLine(0, apart);
    const bool clicked = link(words[i]);
    context.shown.add("why", "link", "", words[i], ImGui::GetItemRectMin(),
                      ImGui::GetItemRectMax());
    if (i == 0) tooltip("The trace at a glance (Esc)");
    if (!clicked) continue;
    if (i == 0) context.want_selected({});
    if (i == 1)
      context.want(intent::copy_text{plain(sentence_), "The sentence is on the clipboard."});
    if (i == 2)
      context.want(intent::copy_text{explain_markdown(trace, why_) +
                                         notes_markdown(context.notes, context.view.subject),
                                     "The answer is on the clipboard, as Markdown."});
    if (i == 3)
      context.want(intent::copy_text{
          explain_json(trace, why_),
          "The answer is on the clipboard, as cancelscope explain --json gives it."});
  }
}

void why_panel::draw(const panel_context& context) {
  derive(context);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2{measure::padding, measure::padding});
  ImGui::BeginChild("answer", {0, 0}, ImGuiChildFlags_AlwaysUseWindowPadding);
  ImGui::PopStyleVar();
  if (context.view.subject)
    draw_answer(context);
  else
    draw_overview(context);
  ImGui::Dummy({0, measure::padding});
  ImGui::EndChild();
}

void why_panel::draw_answer(const panel_context& context) {
  const trace_store& trace = context.open.trace;
  draw_subject(context, subject_, why_);
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  rich_text(sentence_, mixed(colors().muted, colors().text, 0.45F));
  context.shown.add("why", "sentence", trace.id_of(subject_), plain(sentence_), corner,
                    ImGui::GetItemRectMax());
  draw_notes(context, subject_);
  if (why_.cancelled()) {
    draw_chain(context, subject_, why_);
    draw_phases(context, why_);
    draw_held_up(context, held_up_, held_up_by_);
  }
  draw_stale_uses(context, stale_);
  draw_left_behind(context, why_);
  draw_effects(context, cancel_to_follow(subject_, why_), effects_);
}

} // namespace cancelscope::ui
