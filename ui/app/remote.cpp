#include "ui/app/remote.hpp"

#include "inspector/answers/answers.hpp"
#include "inspector/attribution/explain.hpp"
#include "inspector/summary/sentence.hpp"
#include "trace-format/anomaly.hpp"
#include "ui/view/link.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace cancelscope::ui {
namespace {

using namespace inspector;
using nlohmann::json;

json done(bool changed) {
  return {{"done", changed}};
}

json complaint(std::string sentence) {
  return {{"error", std::move(sentence)}};
}

std::string text_of(const json& request, const char* key) {
  const auto found = request.find(key);
  return found != request.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::uint64_t> number_of(const json& request, const char* key) {
  const auto found = request.find(key);
  if (found == request.end() || !found->is_number() || found->get<double>() < 0) return {};
  return static_cast<std::uint64_t>(found->get<double>());
}

std::optional<step_direction> direction_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, step_direction>, 10> names{{
      {"next", step_direction::next},
      {"previous", step_direction::previous},
      {"next_any", step_direction::next_any},
      {"previous_any", step_direction::previous_any},
      {"cause", step_direction::cause},
      {"effect", step_direction::effect},
      {"first", step_direction::first},
      {"last", step_direction::last},
      {"next_stop", step_direction::next_stop},
      {"previous_stop", step_direction::previous_stop},
  }};
  const auto* found =
      std::find_if(names.begin(), names.end(), [&](const auto& one) { return one.first == name; });
  if (found == names.end()) return {};
  return found->second;
}

json answer_select(application& app, const json& request) {
  const std::string id = text_of(request, "id");
  if (id.empty()) return done(app.carry_out(intent::select{}));
  const document* open = app.open_document();
  const entity who = open != nullptr ? open->trace.find(id) : entity{};
  return done(who && app.carry_out(intent::select{{who, {}}}));
}

json answer_explain(const application& app, const json& request) {
  const document* open = app.open_document();
  const entity who = open != nullptr ? open->trace.find(text_of(request, "id")) : entity{};
  if (!who) return {{"answer", nullptr}};
  return {{"answer", json::parse(explain_json(open->trace, explain(open->trace, who)))}};
}

std::vector<offer> offers_in(const json& request) {
  std::vector<offer> offers;
  for (const json& one : request.value("offers", json::array()))
    if (one.is_object())
      offers.push_back({text_of(one, "title"), text_of(one, "detail"), text_of(one, "address")});
  return offers;
}

json answer_finish(application& app) {
  const auto failed = app.finish_open();
  return {{"error", failed ? json(failed->message) : json(nullptr)}}; // and it is on the screen
}

json id_or_null(const document& open, entity who) {
  return who ? json(open.trace.id_of(who)) : json(nullptr);
}

json anomalies_of(const document& open) {
  constexpr std::size_t most = 100;
  const auto all = open.trace.anomalies();
  json list = json::array();
  for (const noticed_anomaly& one : all.first(std::min(most, all.size()))) {
    list.push_back({{"line", one.what.line},
                    {"code", trace::to_string(one.what.code)},
                    {"message", plain(one.what.message)}});
  }
  return {{"total", all.size()}, {"list", std::move(list)}};
}

json why_of(const document& open, entity subject) {
  if (!subject) return nullptr;
  const explanation why = explain(open.trace, subject);
  json cause = json::array();
  for (auto link = why.chain.links.rbegin(); link != why.chain.links.rend(); ++link) {
    cause.push_back(open.trace.id_of(*link));
  }
  return {{"sentence", plain(sentence(open.trace, why))},
          {"cause", std::move(cause)},
          {"root_cause", id_or_null(open, why.chain.root_cause())}};
}

json notes_of(const application& app) {
  json list = json::array();
  for (const placed_note& one : app.notes())
    list.push_back({{"on", one.what.on},
                    {"text", one.what.text},
                    {"where", one.where},
                    {"t", one.place ? json(one.place->from) : json(nullptr)}});
  return list;
}

json answer_note(application& app, const json& request) {
  const std::string on = text_of(request, "on");
  if (app.open_document() == nullptr) return complaint("No trace is open to write a note on.");
  if (note_on(app.notes(), on) == nullptr && !find_place(*app.open_document(), on))
    return complaint("This trace has no “" + on +
                     "”; a note is on an id, or on event:12, "
                     "time:1200, time:1200-1300 or slot:t3.");
  return done(app.carry_out(intent::put_note{on, text_of(request, "text")}));
}

json visible_of(const screen_record& shown) {
  json list = json::array();
  for (const shown_item& item : shown.items()) {
    list.push_back(
        {{"panel", item.panel},
         {"role", item.role},
         {"id", item.id},
         {"text", item.text},
         {"rect", {item.min.x, item.min.y, item.max.x - item.min.x, item.max.y - item.min.y}}});
  }
  return list;
}

void add_document(json& state, const document& open, const view_state& view) {
  state["trace"] = open.name;
  state["link"] = link_of(open, view);
  state["selection"] = id_or_null(open, view.selected.who);
  state["subject"] = id_or_null(open, view.subject);
  state["counts"] = {{"events", open.trace.event_count()},
                     {"regions", open.trace.regions().size()},
                     {"tasks", open.trace.tasks().size()},
                     {"cancels", open.trace.cancels().size()},
                     {"obligations", open.trace.obligations().size()}};
  const auto& severities = open.findings_by_severity;
  state["findings"] = {{"total", open.findings.size()},
                       {"error", severities[0]},
                       {"warning", severities[1]},
                       {"info", severities[2]}};
  state["anomalies"] = anomalies_of(open);
  state["why"] = why_of(open, view.subject);
  state["arriving"] = open.still_arriving;
}

} // namespace

json state_of(const application& app) {
  const view_state& view = app.view();
  const load_status loading = app.load_state();
  const json banner = app.banner().empty() ? json(nullptr) : json(app.banner());
  json state{{"version", 1},
             {"trace", nullptr},
             {"loading", nullptr},
             {"arriving", false},
             {"beside", nullptr},
             {"error", app.banner_is_error() ? banner : json(nullptr)},
             {"notice", app.banner_is_error() ? json(nullptr) : banner},
             {"cursor", view.cursor_time},
             {"selection", nullptr},
             {"subject", nullptr},
             {"link", nullptr},
             {"playing", view.playing},
             {"moving", app.moving()},
             {"layout", ui::text_of(view.sizes)},
             {"theme", view.shown_theme == theme::light ? "light" : "dark"},
             {"window", {{"from", view.window.begin}, {"to", view.window.end}}},
             {"notes", app.notes().size()},
             {"visible", visible_of(app.shown())},
             {"frame",
              {{"count", app.stats().frames},
               {"cpu_ms", app.stats().last_cpu_ms},
               {"worst_cpu_ms", app.stats().worst_cpu_ms},
               {"vertices", app.stats().vertices}}}};
  if (const comparison* beside = app.beside()) {
    state["beside"] = {{"name", beside->other.name},
                       {"same", beside->found.same()},
                       {"differences", beside->found.differences.size()}};
  }
  if (!loading.name.empty()) {
    state["loading"] = {{"name", loading.name},
                        {"bytes", loading.bytes},
                        {"total", loading.total},
                        {"events", loading.events}};
  }
  if (app.open_document() != nullptr) add_document(state, *app.open_document(), view);
  return state;
}

json answer_request(application& app, const json& request) {
  if (!request.is_object()) return complaint("A request is a JSON object with a field \"do\".");
  const std::string what = text_of(request, "do");
  if (what == "state") return state_of(app);
  if (what == "begin_open") {
    const auto size = number_of(request, "size");
    app.begin_open(text_of(request, "name"), size.value_or(0) > 0 ? size : std::nullopt,
                   request.value("beside", json(false)) == json(true));
    return done(true);
  }
  if (what == "finish_open") return answer_finish(app);
  if (what == "fail_open") {
    app.fail_open(text_of(request, "message"));
    return done(true);
  }
  if (what == "offers") {
    app.show_offers(offers_in(request));
    return done(true);
  }
  if (what == "hint") {
    app.show_hint();
    return done(true);
  }
  if (what == "notice") {
    app.show_notice(text_of(request, "message"));
    return done(true);
  }
  if (what == "follow") return done(app.follow(text_of(request, "link")));
  if (what == "select") return answer_select(app, request);
  if (what == "seek") {
    const auto t = number_of(request, "t");
    return done(t && app.carry_out(intent::seek{*t}));
  }
  if (what == "step") {
    const auto direction = direction_of(text_of(request, "direction"));
    return done(direction && app.carry_out(intent::step{*direction}));
  }
  if (what == "stop_at") return done(app.carry_out(intent::stop_at{text_of(request, "query")}));
  if (what == "layout") {
    const auto sizes = parse_layout(text_of(request, "text"));
    if (!sizes) return complaint("That is no layout; one is like 316,392,236,hide:tree.");
    return done(app.carry_out(intent::arrange_panels{*sizes}));
  }
  if (what == "theme") {
    const std::string name = text_of(request, "name");
    if (name != "light" && name != "dark")
      return complaint("“" + name + "” is no theme; there are dark and light.");
    return done(app.carry_out(intent::switch_theme{name == "light" ? theme::light : theme::dark}));
  }
  if (what == "clipboard") {
    const char* text = ImGui::GetClipboardText();
    return {{"text", text != nullptr ? text : ""}};
  }
  if (what == "motion") {
    app.let_move(request.value("on", json(true)) == json(true));
    return done(true);
  }
  if (what == "play") return done(app.carry_out(intent::play{request.value("on", true)}));
  if (what == "look_early") return done(app.carry_out(intent::look_early{}));
  if (what == "paste") return done(app.carry_out(intent::paste{text_of(request, "text")}));
  if (what == "notes") return notes_of(app);
  if (what == "note") return answer_note(app, request);
  if (what == "import_notes")
    return done(app.carry_out(intent::import_notes{text_of(request, "text")}));
  if (what == "explain") return answer_explain(app, request);
  return complaint("“" + what + "” is nothing that can be asked for.");
}

} // namespace cancelscope::ui
