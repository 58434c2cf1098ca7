#include "trace-format/canonical_line.hpp"

#include "trace-format/json_text.hpp"
#include "trace-format/names.hpp"
#include "trace-format/utf8.hpp"

#include <array>
#include <cstring>
#include <limits>
#include <utility>
#include <variant>

namespace cancelscope::trace {

namespace {

/// Takes what a line consists of, from left to right. After a false the cursor may stand anywhere.
class cursor {
public:
  explicit cursor(text line) : at_(line.data()), end_(line.data() + line.size()) {}

  [[nodiscard]] bool at_end() const { return at_ == end_; }

  bool take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  bool take_all(text wanted) {
    if (static_cast<std::size_t>(end_ - at_) < wanted.size() ||
        std::memcmp(at_, wanted.data(), wanted.size()) != 0)
      return false;
    at_ += wanted.size();
    return true;
  }

  /// The beginning of a member: `,"name":`, where `before` is the comma or the object's brace.
  bool take_key(char before, text name) {
    const char* const begin = at_;
    if (take(before) && take('"') && take_all(name) && take('"') && take(':')) return true;
    at_ = begin;
    return false;
  }

  /// Digits without a sign, or a zero before others.
  bool take_value(std::uint64_t& value) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    const char* const begin = at_;
    std::uint64_t number = 0;
    for (; at_ != end_; ++at_) {
      const auto digit = static_cast<unsigned char>(*at_ - '0');
      if (digit > 9) break;
      if (number > (most - digit) / 10) return false;
      number = number * 10 + digit;
    }
    value = number;
    return at_ != begin && (*begin != '0' || at_ == begin + 1);
  }

  bool take_value(text& value) {
    if (!take('"')) return false;
    const char* const begin = at_;
    at_ += plain_prefix({at_, static_cast<std::size_t>(end_ - at_)});
    if (at_ != end_ && *at_ == '"') {
      value = {begin, static_cast<std::size_t>(at_++ - begin)};
      return true;
    }
    return take_not_ascii(begin, value);
  }

  bool take_value(bool& value) {
    value = at_ != end_ && *at_ == 't';
    return take_all(value ? text{"true"} : text{"false"});
  }
  bool take_value(std::uint8_t& value) {
    std::uint64_t number = 0;
    if (!take_value(number) || number > std::numeric_limits<std::uint8_t>::max()) return false;
    value = static_cast<std::uint8_t>(number);
    return true;
  }
  template <named_enum Enum> bool take_value(Enum& value) {
    text name;
    if (!take_value(name)) return false;
    const auto known = parse<Enum>(name);
    if (!known || *known < first_on_wire<Enum>) return false;
    value = *known;
    return true;
  }
  bool take_value(cancel_id& id) {
    return take('"') && take('c') && take_value(id.number) && id.number != 0 && take('"');
  }
  bool take_value(entity_id& id) {
    if (!take('"') || at_ == end_) return false;
    id.kind = static_cast<entity_kind>(*at_++);
    if (id.kind != entity_kind::region && id.kind != entity_kind::task &&
        id.kind != entity_kind::obligation)
      return false;
    return take_tenancy(id);
  }
  template <entity_kind Kind> bool take_value(typed_id<Kind>& id) {
    return take('"') && take(static_cast<char>(Kind)) && take_tenancy(id);
  }
  template <class Value> bool take_value(maybe<Value>& value) {
    return take_value(value.emplace());
  }
  template <class Value> bool take_value(nullable<Value>& value) {
    if (at_ != end_ && *at_ == 'n') return take_all("null");
    return take_value(value.value.emplace());
  }
  template <object Object> bool take_value(Object& value) {
    char before = '{';
    const auto take_member = [&](const auto& member) {
      if (!take_key(before, member.name)) return true;
      before = ',';
      return take_value(value.*member.member);
    };
    const bool taken = std::apply(
        [&](const auto&... fields) { return (... && take_member(fields)); }, Object::fields());
    return taken && (before == ',' || take('{')) && take('}');
  }

private:
  /// `3.1"`: what follows the letter of an id.
  template <class Id> bool take_tenancy(Id& id) {
    return take_value(id.slot) && take('.') && take_value(id.generation) && id.generation != 0 &&
           take('"');
  }

  /// The rest of a string in which something stands that is not plain: characters beyond ASCII, or what another reads.
  bool take_not_ascii(const char* begin, text& value) {
    while (at_ != end_ && *at_ != '"') {
      const text rest{at_, static_cast<std::size_t>(end_ - at_)};
      const std::size_t plain = plain_prefix(rest);
      const std::size_t length = plain != 0 ? plain : utf8_length(rest);
      if (length == 0 || (plain == 0 && length == 1)) return false;
      at_ += length;
    }
    if (at_ == end_) return false;
    value = {begin, static_cast<std::size_t>(at_++ - begin)};
    return true;
  }

  const char* at_;
  const char* end_;
};

template <class Struct, class Value>
bool take_field(cursor& in, Struct& body, const field<Struct, Value>& field) {
  if (!in.take_key(',', field.name)) return is_maybe<Value>;
  if (!in.take_value(body.*field.member)) return false;
  if constexpr (std::is_same_v<Value, entity_id>)
    return field.scope == id_scope::any || (body.*field.member).kind != entity_kind::obligation;
  if constexpr (std::is_same_v<Value, maybe<entity_id>>)
    return field.scope == id_scope::any || (body.*field.member)->kind != entity_kind::obligation;
  return true;
}

template <class Body> bool read_body(cursor& in, event& e) {
  Body& body = e.body.emplace<Body>();
  const bool taken = std::apply(
      [&](const auto&... fields) { return (... && take_field(in, body, fields)); }, Body::fields());
  if (!taken || !complete(body)) return false;
  e.th.reset();
  e.src.reset();
  if (in.take_key(',', "th") && !in.take_value(e.th.emplace())) return false;
  if (in.take_key(',', "src") && !in.take_value(e.src.emplace())) return false;
  return in.take('}') && in.at_end();
}

using body_reader = bool (*)(cursor&, event&);
struct known_event {
  text name;
  body_reader read = nullptr;
};

/// The events by name, in a table of places that a name's ends and length choose.
constexpr std::size_t places = 64;
constexpr std::size_t place_of(text name) {
  const auto first = static_cast<unsigned char>(name.front());
  const auto last = static_cast<unsigned char>(name.back());
  return (name.size() * 5 + first * 3U + last) % places;
}

template <std::size_t... I>
constexpr std::array<known_event, places> by_name(std::index_sequence<I...>) {
  std::array<known_event, places> table{};
  const auto add = [&table]<class Body>(const Body*) {
    std::size_t at = place_of(Body::ev);
    while (table[at].read != nullptr)
      at = (at + 1) % places;
    table[at] = {Body::ev, &read_body<Body>};
  };
  // The header stands before them, the unknown event behind.
  (add(static_cast<const std::variant_alternative_t<I + 1, event_body>*>(nullptr)), ...);
  return table;
}

constexpr auto known_events =
    by_name(std::make_index_sequence<std::variant_size_v<event_body> - 2>{});

body_reader reader_of(text name) {
  if (name.empty()) return nullptr;
  for (std::size_t at = place_of(name); known_events[at].read != nullptr; at = (at + 1) % places)
    if (known_events[at].name == name) return known_events[at].read;
  return nullptr;
}

} // namespace

bool read_canonical_line(text line, event& e) {
  cursor in{line};
  text name;
  if (!in.take_all("{\"ev\":") || !in.take_value(name)) return false;
  const body_reader read = reader_of(name);
  if (read == nullptr || !in.take_key(',', "t") || !in.take_value(e.t)) return false;
  e.extra = {};
  return read(in, e);
}

} // namespace cancelscope::trace
