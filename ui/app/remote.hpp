// The application for other programs: requests and answers as JSON. window.cancelscope (ui/page/page.mjs), the native
// window (`view --remote`), tests and embedders speak it; it works without a window.
//
// A request is an object whose "do" says what: begin_open {name, size} · finish_open → {error} · fail_open {message} ·
// notice {message} · follow {link} · select {id} · seek {t} · step {direction} · stop_at {query} · play {on} ·
// theme {name} · motion {on} · explain {id} → {answer} · clipboard → {text} · look_early · paste {text} · notes → [{on, text, where, t}] · note {on, text} ·
// import_notes {text} · state.
// Actions answer {"done": whether something changed}; a request that is none answers {"error": a sentence}.
//
// "state" answers, version 1 (fields are added, none renamed; times in ns, rectangles [x, y, width, height] in logical
// pixels from the canvas's corner, one to a CSS pixel):
//   version     1
//   trace       name of what is open, or null      loading  {name, bytes, total, events} or null
//   arriving    whether what is open is still arriving      notes  how many there are
//   error       the sentence about what could not be opened, or null      notice  likewise
//   cursor      t      selection  id or null      subject  the id Why is about, or null
//   window      {from, to}: what the timeline shows
//   playing     whether the cursor moves by itself
//   moving      whether the timeline is on its way to `window`
//   theme       "dark" or "light"
//   link        the view as text (view/link.hpp), or null
//   counts      {events, regions, tasks, cancels, obligations}
//   findings    {total, error, warning, info}
//   anomalies   {total, list: [{line, code, message}]}: the first hundred
//   why         {sentence, cause: [cancel ids, root first], root_cause: id or null}, or null
//   visible     [{panel, role, id, text, rect}]: what the last frame showed
//   frame       {count, cpu_ms, worst_cpu_ms, vertices}
#pragma once

#include "ui/app/application.hpp"

#include <nlohmann/json.hpp>

namespace cancelscope::ui {

nlohmann::json answer_request(application& app, const nlohmann::json& request);

nlohmann::json state_of(const application& app);

} // namespace cancelscope::ui
