#include "ui/app/notebook.hpp"

#include "ui/view/notes_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

namespace cancelscope::ui {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".notes.json";

/// Nothing where the file is there and cannot be read; empty where there is none.
std::optional<std::string> text_of_file(const std::string& path) {
  std::error_code failed;
  if (!fs::exists(path, failed)) return failed ? std::nullopt : std::optional(std::string());
  if (!fs::is_regular_file(path, failed)) return {};
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file || file.bad()) return {};
  return text;
}

// Whole or not at all.
bool write_whole(const std::string& path, std::string_view text) {
  const std::string fresh = path + ".new";
  {
    std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.flush();
    if (!file) return false;
  }
  std::error_code failed;
  fs::rename(fresh, path, failed);
  return !failed;
}

std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line)
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  const auto first = line.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return line.substr(first, line.find_last_not_of(' ') - first + 1);
}

std::string preference_of(std::string_view identity) {
  return fmt::format("notes.{}", identity);
}

} // namespace

bool is_notes_file(std::string_view path) {
  return path.ends_with(ending);
}

void notebook::begin(const document& of) {
  notes_.clear();
  identity_.clear();
  file_.clear();
  kept_.clear();
  locked_.clear();
  place_anew(of);
}

void notebook::place_anew(const document& of) {
  placed_ = placed(of, notes_);
}

std::string notebook::open(const document& of, const trace_identity& identity,
                           const std::string& trace_file) {
  std::vector<note> noted_early = std::exchange(notes_, {});
  identity_ = text_of(identity);
  locked_.clear();
  std::error_code none;
  file_ = fs::is_regular_file(trace_file, none) ? trace_file + std::string(ending) : std::string();
  std::string said = read(file_.empty() ? "What is kept of your notes" : file_);
  place_anew(of);
  if (add(of, noted_early) > 0)
    if (std::string unsaved = save(of); !unsaved.empty()) said = std::move(unsaved);
  return said;
}

// Fills notes_ from where they are kept.
std::string notebook::read(const std::string& known_as) {
  const auto text =
      file_.empty() ? std::optional(host_->kept(preference_of(identity_))) : text_of_file(file_);
  kept_ = text.value_or("");
  if (!text) {
    locked_ = known_as + " cannot be read";
  } else if (!text->empty()) {
    read_notes found = parse_notes(*text);
    notes_ = std::move(found.notes);
    if (!found.complaint.empty()) locked_ = known_as + " " + found.complaint;
    if (locked_.empty() && !found.identity.empty() && found.identity != identity_)
      return fmt::format("{} was written for another recording of this name: some of its notes may "
                         "not belong here.",
                         known_as);
  }
  if (locked_.empty()) return {};
  return locked_ + ". It is left as it is; notes you write now stay in this window only.";
}

std::string notebook::put(const document& of, std::string_view on, std::string_view text) {
  const std::string line = one_line(text);
  const auto same =
      std::find_if(notes_.begin(), notes_.end(), [&](const note& one) { return one.on == on; });
  if (line.empty()) {
    if (same == notes_.end()) return {};
    notes_.erase(same);
  } else if (same != notes_.end()) {
    if (same->text == line) return {};
    same->text = line;
  } else {
    notes_.push_back({std::string(on), line});
  }
  place_anew(of);
  return save(of);
}

std::size_t notebook::add(const document& of, std::span<const note> notes) {
  std::size_t added = 0;
  for (const note& one : notes) {
    const std::string line = one_line(one.text);
    const auto same = std::find_if(notes_.begin(), notes_.end(),
                                   [&](const note& known) { return known.on == one.on; });
    if (line.empty()) continue;
    if (same == notes_.end())
      notes_.push_back({one.on, line});
    else if (same->text.find(line) == std::string::npos)
      same->text += " / " + line;
    else
      continue;
    ++added;
  }
  place_anew(of);
  return added;
}

std::string notebook::text(const document& of) const {
  return notes_text(of.name, identity_, placed_);
}

std::string notebook::save(const document& of) {
  if (identity_.empty()) return {}; // once the trace is there
  if (!locked_.empty()) return locked_ + ": the note is in this window only. Export keeps it.";
  std::string wanted = text(of);
  if (file_.empty()) {
    std::erase(wanted, '\n'); // where preferences are lines
    const bool kept = host_->keep(preference_of(identity_), notes_.empty() ? "" : wanted);
    return kept ? ""
                : "The note could not be kept here: it is in this window only. Export keeps it.";
  }
  // Somebody else may have written there meanwhile.
  if (text_of_file(file_) != kept_) {
    locked_ = file_ + " was changed by somebody else since it was read";
    return locked_ + ": the note is in this window only. Open the trace anew, or export.";
  }
  std::error_code failed;
  if (notes_.empty() ? !fs::remove(file_, failed) && static_cast<bool>(failed)
                     : !write_whole(file_, wanted))
    return file_ + " cannot be written: the note is in this window only.";
  kept_ = notes_.empty() ? "" : wanted;
  return {};
}

} // namespace cancelscope::ui
