#include "trace-format/jsonl_writer.hpp"

#include "trace-format/json_text.hpp"
#include "trace-format/names.hpp"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

namespace cancelscope::trace {

namespace {

template <class Value> constexpr bool absent(const Value&) {
  return false;
}
template <class Value> constexpr bool absent(const maybe<Value>& value) {
  return !value;
}
/// A budget's priority: the one number that has a default.
constexpr bool absent(const std::uint8_t& value) {
  return value == 0;
}

/// Texts that are known beforehand, as one: `,"name":` for a member.
template <std::size_t... Size> constexpr auto joined(const char (&... pieces)[Size]) {
  std::array<char, ((Size - 1) + ...)> all{};
  std::size_t at = 0;
  const auto append = [&](const char* piece, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i)
      all[at++] = piece[i];
  };
  (append(pieces, Size - 1), ...);
  return all;
}

template <std::size_t Size> struct name_text {
  char chars[Size + 1] = {};
};
template <class Object, std::size_t I> constexpr auto name_of_field() {
  constexpr text name = std::get<I>(Object::fields()).name;
  name_text<name.size()> made;
  std::ranges::copy(name, made.chars);
  return made;
}
template <class Body> constexpr auto name_of_event() {
  name_text<Body::ev.size()> made;
  std::ranges::copy(Body::ev, made.chars);
  return made;
}

/// Calls `visit(key, name, value)` for each field that is there; the key is `,"name":`.
template <object Object, class Visit> void for_each_present(const Object& object, Visit visit) {
  const auto offer = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
    static constexpr auto field = std::get<I>(Object::fields());
    static constexpr auto key = joined(",\"", name_of_field<Object, I>().chars, "\":");
    if (!absent(object.*field.member)) visit(key, field.name, object.*field.member);
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (offer(std::integral_constant<std::size_t, I>{}), ...);
  }(std::make_index_sequence<std::tuple_size_v<decltype(Object::fields())>>{});
}

class line_writer {
public:
  line_writer(std::string& out, const event& e) : line_(out), event_(e) {}

  template <class Body> void put_event(const Body& body) {
    if constexpr (std::is_same_v<Body, unknown_event>) {
      line_.put(text{"{\"ev\":"});
      put(body.ev);
    } else {
      static constexpr auto begin = joined("{\"ev\":\"", name_of_event<Body>().chars, "\"");
      line_.put(begin);
    }
    if constexpr (!std::is_same_v<Body, header>) put_field(joined(",\"t\":"), event_.t);
    for_each_present(body, [&](const auto& key, text name, const auto& value) {
      put_body_field(body, key, name, value);
    });
    if (event_.th) put_field(joined(",\"th\":"), *event_.th);
    if (event_.src) put_field(joined(",\"src\":"), *event_.src);
    for (const extra_field& extra : event_.extra) {
      line_.put(',');
      line_.quoted(extra.key);
      line_.put(':');
      line_.put(extra.json);
    }
    line_.put(text{"}\n"});
  }

private:
  template <class Body, class Key, class Value>
  void put_body_field(const Body&, const Key& key, text, const Value& value) {
    put_field(key, value);
  }
  template <class Key>
  void put_body_field(const cancel_request& body, const Key& key, text, const cancel_kind&) {
    put_field(key, kind_name(body));
  }
  template <class Body, class Key, object Object>
  void put_body_field(const Body&, const Key& key, text name, const maybe<Object>& value) {
    if (!kept_whole(name)) put_field(key, value);
  }

  /// An object that came with members the model does not know is among the extras (see extra_field).
  bool kept_whole(text name) const {
    return std::ranges::any_of(event_.extra,
                               [name](const extra_field& extra) { return extra.key == name; });
  }

  template <class Key, class Value> void put_field(const Key& key, const Value& value) {
    line_.put(key);
    put(value);
  }

  void put(std::uint64_t value) { line_.number(value); }
  void put(std::uint8_t value) { line_.number(value); }
  void put(bool value) { line_.put(value ? text{"true"} : text{"false"}); }
  void put(text value) { line_.quoted(value); }
  template <named_enum Enum> void put(Enum value) { put_name(to_string(value)); }

  /// A name of the format's own: nothing in it wants escaping.
  void put_name(text name) {
    line_.put('"');
    line_.put(name);
    line_.put('"');
  }

  template <class Value> void put(const maybe<Value>& value) { put(*value); }

  template <class Value> void put(const nullable<Value>& value) {
    if (value.value)
      put(*value.value);
    else
      line_.put(text{"null"});
  }

  void put(entity_id id) {
    line_.put('"');
    line_.put(static_cast<char>(id.kind));
    line_.number(id.slot);
    line_.put('.');
    line_.number(id.generation);
    line_.put('"');
  }

  void put(cancel_id id) {
    line_.put(text{"\"c"});
    line_.number(id.number);
    line_.put('"');
  }

  template <object Object> void put(const Object& value) {
    char before = '{';
    for_each_present(value, [&](const auto&, text name, const auto& member) {
      line_.put(before);
      line_.put('"');
      line_.put(name);
      line_.put(text{"\":"});
      put(member);
      before = ',';
    });
    line_.put(before == '{' ? text{"{}"} : text{"}"});
  }

  json_text line_;
  const event& event_;
};

} // namespace

void jsonl_writer::append(const event& e, std::string& out) {
  line_writer line{out, e};
  std::visit([&](const auto& body) { line.put_event(body); }, e.body);
}

void jsonl_sink::write(const event& e) {
  constexpr std::size_t block = 64 * 1024;
  if (error_) return;
  writer_.append(e, pending_);
  if (pending_.size() >= block) flush();
}

void jsonl_sink::flush() {
  if (!error_ && !pending_.empty()) error_ = output_->write(pending_);
  pending_.clear();
}

} // namespace cancelscope::trace
