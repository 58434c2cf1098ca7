// What a field's value may be: reading it from JSON, and saying in words what was expected and what was found.
//
// Threading: pure functions. Failure: false, and the value is left as it was.
#pragma once

#include "trace-format/json_object.hpp"
#include "trace-format/json_text.hpp"
#include "trace-format/names.hpp"

#include <algorithm>
#include <string>

namespace cancelscope::trace {

template <class Value> struct field_value;

template <> struct field_value<std::uint64_t> {
  static bool read(const json_member& member, std::uint64_t& out, id_scope) {
    if (member.kind != json_kind::integer) return false;
    out = member.integer;
    return true;
  }
  static std::string expected(id_scope) { return "an integer from 0 to 18446744073709551615"; }
};

/// A budget's priority: absent and null mean 0.
template <> struct field_value<std::uint8_t> {
  static bool read(const json_member& member, std::uint8_t& out, id_scope) {
    if (member.kind == json_kind::null) return true;
    if (member.kind != json_kind::integer || member.integer > 255) return false;
    out = static_cast<std::uint8_t>(member.integer);
    return true;
  }
  static std::string expected(id_scope) { return "an integer from 0 to 255"; }
};

template <> struct field_value<bool> {
  static bool read(const json_member& member, bool& out, id_scope) {
    if (member.kind != json_kind::boolean) return false;
    out = member.integer == 1;
    return true;
  }
  static std::string expected(id_scope) { return "true or false"; }
};

template <> struct field_value<text> {
  static bool read(const json_member& member, text& out, id_scope) {
    if (member.kind != json_kind::string) return false;
    out = member.value;
    return true;
  }
  static std::string expected(id_scope) { return "a string"; }
};

template <named_enum Enum> struct field_value<Enum> {
  static bool read(const json_member& member, Enum& out, id_scope) {
    if (member.kind != json_kind::string) return false;
    const auto value = parse<Enum>(member.value);
    if (!value || *value < first_on_wire<Enum>) return false;
    out = *value;
    return true;
  }
  static std::string expected(id_scope) {
    std::string names = "one of ";
    for (auto i = static_cast<std::size_t>(first_on_wire<Enum>); i < names_of<Enum>.size(); ++i) {
      if (!names.ends_with("one of ")) names += ", ";
      names.append("\"").append(names_of<Enum>[i]).append("\"");
    }
    return names;
  }
};

/// A kind that is none of the format's is no fault; whoever decodes the request keeps its name.
template <> struct field_value<cancel_kind> {
  static bool read(const json_member& member, cancel_kind& out, id_scope) {
    if (member.kind != json_kind::string) return false;
    out = parse<cancel_kind>(member.value).value_or(cancel_kind::other);
    return true;
  }
  static std::string expected(id_scope) { return "a string"; }
};

template <> struct field_value<cancel_id> {
  static bool read(const json_member& member, cancel_id& out, id_scope) {
    const auto id = member.kind == json_kind::string ? parse_cancel_id(member.value) : std::nullopt;
    if (id) out = *id;
    return id.has_value();
  }
  static std::string expected(id_scope) { return "a cancel's id such as \"c1\""; }
};

template <> struct field_value<entity_id> {
  static bool read(const json_member& member, entity_id& out, id_scope scope) {
    const auto id = member.kind == json_kind::string ? parse_entity_id(member.value) : std::nullopt;
    if (!id || (scope == id_scope::region_or_task && id->kind == entity_kind::obligation))
      return false;
    out = *id;
    return true;
  }
  static std::string expected(id_scope scope) {
    return scope == id_scope::any ? R"(an id such as "r3.1", "t7.2" or "o2.5")"
                                  : R"(the id of a region or a task, such as "r3.1" or "t7.2")";
  }
};

template <entity_kind Kind> struct field_value<typed_id<Kind>> {
  static bool read(const json_member& member, typed_id<Kind>& out, id_scope scope) {
    entity_id id;
    if (!field_value<entity_id>::read(member, id, scope) || id.kind != Kind) return false;
    out = {id.slot, id.generation};
    return true;
  }
  static std::string expected(id_scope) {
    if (Kind == entity_kind::region) return "a region's id such as \"r3.1\"";
    if (Kind == entity_kind::task) return "a task's id such as \"t7.2\"";
    return "an obligation's id such as \"o2.5\"";
  }
};

template <class Value> struct field_value<nullable<Value>> {
  static bool read(const json_member& member, nullable<Value>& out, id_scope scope) {
    if (member.kind == json_kind::null) return true;
    Value value{};
    if (!field_value<Value>::read(member, value, scope)) return false;
    out = value;
    return true;
  }
  static std::string expected(id_scope scope) {
    return field_value<Value>::expected(scope) + ", or null";
  }
};

template <class Value> struct field_value<maybe<Value>> {
  static bool read(const json_member& member, maybe<Value>& out, id_scope scope) {
    if (member.kind == json_kind::null) return true;
    Value value{};
    if (!field_value<Value>::read(member, value, scope)) return false;
    out = value;
    return true;
  }
  static std::string expected(id_scope scope) { return field_value<Value>::expected(scope); }
};

/// A piece of input in a message: as JSON, and of a long one the beginning.
inline std::string found(const json_member& member) {
  constexpr std::size_t most = 60;
  if (member.kind == json_kind::object) return "an object";
  if (member.kind == json_kind::array) return "an array";
  std::size_t shown = std::min(member.value.size(), most);
  // Not in the middle of a character.
  while (shown < member.value.size() && shown > 0 &&
         (static_cast<unsigned char>(member.value[shown]) & 0xC0U) == 0x80)
    --shown;
  std::string out;
  const std::string_view piece = member.value.substr(0, shown);
  if (member.kind == json_kind::string)
    json_text{out}.quoted(piece);
  else
    out = piece;
  return shown < member.value.size() ? out + "…" : out;
}

} // namespace cancelscope::trace
