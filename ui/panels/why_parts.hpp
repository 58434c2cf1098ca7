// The parts of the Why panel, from top to bottom.
#pragma once

#include "inspector/attribution/explain.hpp"
#include "ui/panels/panel.hpp"

#include <span>
#include <string>
#include <vector>

namespace cancelscope::ui {

/// The trace at a glance, for when nothing is selected: how much was cancelled, why, and what looks wrong.
void draw_overview(const panel_context& context);

/// Name, id and how it ended.
void draw_subject(const panel_context& context, inspector::entity subject,
                  const inspector::explanation& why);

/// What the user wrote on it and on its events.
void draw_notes(const panel_context& context, inspector::entity subject);

/// The chain as cards, root cause on top, the subject at the bottom. A click goes to that moment.
void draw_chain(const panel_context& context, inspector::entity subject,
                const inspector::explanation& why);

/// How long each phase took, and how much of the clean-up budget is gone.
void draw_phases(const panel_context& context, const inspector::explanation& why);

/// Obligations open at the request or leaked, and who joined it.
void draw_left_behind(const panel_context& context, const inspector::explanation& why);

/// What held its end up, in a sentence, and whom to look at for that, where it is somebody else.
void draw_held_up(const panel_context& context, const std::string& words, inspector::entity by);

/// The events of its old handle being presented, and refused, once it was gone.
std::vector<inspector::event_index> stale_uses_of(const inspector::trace_store& trace,
                                                  inspector::entity subject);
/// When, for what, and by whom.
void draw_stale_uses(const panel_context& context, std::span<const inspector::event_index> uses);

/// The cancel whose effects are told: the one that is the subject, or the one in effect on it.
inspector::cancel_index cancel_to_follow(inspector::entity subject,
                                         const inspector::explanation& why);
/// What it led to in turn; `words` says it in a sentence.
void draw_effects(const panel_context& context, inspector::cancel_index cancel,
                  const std::string& words);

} // namespace cancelscope::ui
