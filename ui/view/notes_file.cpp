#include "ui/view/notes_file.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <optional>

namespace cancelscope::ui {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view format_name = "cancelscope-notes";
constexpr int version = 1;

std::optional<std::string> text_in(const ordered_json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return {};
  return found->get<std::string>();
}

std::optional<note> note_in(const ordered_json& one) {
  if (!one.is_object()) return {};
  const auto on = text_in(one, "on");
  const auto text = text_in(one, "text");
  if (!on || on->empty() || !text || text->empty()) return {};
  return note{*on, *text};
}

} // namespace

std::string notes_text(std::string_view trace_name, std::string_view identity,
                       std::span<const placed_note> notes) {
  ordered_json list = ordered_json::array();
  for (const placed_note& one : notes)
    list.push_back({{"on", one.what.on}, {"text", one.what.text}});
  const ordered_json file{{"format", format_name},
                          {"version", version},
                          {"trace", {{"name", trace_name}, {"identity", identity}}},
                          {"notes", std::move(list)}};
  return file.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

read_notes parse_notes(std::string_view text) {
  read_notes found;
  const ordered_json file = ordered_json::parse(text, nullptr, false);
  if (!file.is_object() || text_in(file, "format") != format_name) {
    found.complaint = "is no file of notes: that is JSON with “format”: “cancelscope-notes”";
    return found;
  }
  const auto written = file.find("version");
  if (written == file.end() || !written->is_number_integer() || *written != version) {
    found.complaint =
        fmt::format("is of version {}, and this program reads version {}",
                    written == file.end() ? std::string("unknown") : written->dump(), version);
    return found;
  }
  if (const auto trace = file.find("trace"); trace != file.end() && trace->is_object())
    found.identity = text_in(*trace, "identity").value_or("");
  const auto list = file.find("notes");
  if (list == file.end() || !list->is_array()) {
    found.complaint = "has no list of notes";
    return found;
  }
  for (const ordered_json& one : *list)
    if (auto read = note_in(one)) found.notes.push_back(std::move(*read));
  if (const std::size_t bad = list->size() - found.notes.size(); bad > 0)
    found.complaint = fmt::format("holds {} that cannot be used: a note has “on” and “text”",
                                  bad == 1 ? "one note" : fmt::format("{} notes", bad));
  return found;
}

} // namespace cancelscope::ui
