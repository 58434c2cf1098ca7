#include "inspector/cut/redaction.hpp"

#include <fmt/format.h>

#include <tuple>
#include <type_traits>
#include <variant>

namespace cancelscope::inspector {

namespace {

/// What a stand-in for the text of that field is called.
std::string_view role_of(std::string_view field) {
  if (field == "error" || field == "reason") return "message";
  if (field == "src") return "place";
  if (field == "consumer" || field == "producer") return "program";
  if (field == "what") return "thing";
  if (field.empty()) return "kind"; // the producer's own name of a kind
  return field;
}

bool is_id(std::string_view text) {
  return trace::parse_entity_id(text) || trace::parse_cancel_id(text);
}

/// Calls visit(text, field) for every text that is the program's own; the texts may be changed.
template <class Event, class Visit> void each_text(Event& e, Visit visit) {
  const auto offer = [&](auto& value, std::string_view field) {
    using value_type = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::is_same_v<value_type, trace::text>) {
      if (!value.empty()) visit(value, field);
    } else if constexpr (std::is_same_v<value_type, trace::maybe<trace::text>>) {
      if (value && !value->empty()) visit(*value, field);
    }
  };
  offer(e.src, "src");
  std::visit(
      [&](auto& body) {
        using body_type = std::remove_cvref_t<decltype(body)>;
        if constexpr (std::is_same_v<body_type, trace::header>) {
          if (body.producer) offer(body.producer->name, "producer");
        } else {
          std::apply([&](const auto&... field) { (offer(body.*field.member, field.name), ...); },
                     body.fields());
          if constexpr (std::is_same_v<body_type, trace::cancel_request>) offer(body.kind_name, {});
        }
      },
      e.body);
}

} // namespace

void redaction::learn(const trace::event& e) {
  each_text(e, [this](std::string_view text, std::string_view) { originals_.emplace(text); });
}

void redaction::apply(trace::event& e) {
  each_text(e, [this](std::string_view& text, std::string_view field) {
    // An id says nothing of the program; `what` may be one.
    if (field != "what" || !is_id(text)) text = stand_in(text, role_of(field));
  });
  e.extra = {};
  if (auto* const header = std::get_if<trace::header>(&e.body)) {
    if (header->producer) {
      header->producer->version.reset();
      header->producer->language.reset();
    }
    header->start_unix_ns.reset();
    header->seed.reset();
    header->abi.reset();
  }
}

std::string_view redaction::stand_in(std::string_view text, std::string_view role) {
  if (const auto known = stand_ins_.find(text); known != stand_ins_.end()) return known->second;
  std::string chosen;
  do {
    chosen = fmt::format("{} {}", role, ++counts_[std::string(role)]);
  } while (originals_.contains(chosen));
  const std::string_view kept = texts_.emplace_back(std::move(chosen));
  stand_ins_.emplace(text, kept);
  return kept;
}

} // namespace cancelscope::inspector
