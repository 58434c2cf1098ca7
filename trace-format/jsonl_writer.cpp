#include "trace-format/jsonl_writer.hpp"

#include "trace-format/json_text.hpp"
#include "trace-format/names.hpp"

#include <algorithm>
#include <type_traits>

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

/// Calls `visit(name, value)` for each field that is there.
template <object Object, class Visit> void for_each_present(const Object& object, Visit visit) {
  std::apply(
      [&](const auto&... fields) {
        (..., (absent(object.*fields.member) ? void() : visit(fields.name, object.*fields.member)));
      },
      Object::fields());
}

class line_writer {
public:
  line_writer(std::string& out, const event& e) : line_(out), event_(e) {}

  template <class Body> void put_event(const Body& body) {
    line_.put(text{"{\"ev\":"});
    if constexpr (std::is_same_v<Body, unknown_event>)
      put(body.ev);
    else
      put_name(body.ev);
    if constexpr (!std::is_same_v<Body, header>) put_field("t", event_.t);
    for_each_present(body,
                     [&](text name, const auto& value) { put_body_field(body, name, value); });
    if (event_.th) put_field("th", *event_.th);
    if (event_.src) put_field("src", *event_.src);
    for (const extra_field& extra : event_.extra) {
      line_.put(',');
      line_.quoted(extra.key);
      line_.put(':');
      line_.put(extra.json);
    }
    line_.put(text{"}\n"});
  }

private:
  template <class Body, class Value>
  void put_body_field(const Body&, text name, const Value& value) {
    put_field(name, value);
  }
  void put_body_field(const cancel_request& body, text name, const cancel_kind&) {
    put_field(name, kind_name(body));
  }
  template <class Body, object Object>
  void put_body_field(const Body&, text name, const maybe<Object>& value) {
    if (!kept_whole(name)) put_field(name, value);
  }

  /// An object that came with members the model does not know is among the extras (see extra_field).
  bool kept_whole(text name) const {
    return std::ranges::any_of(event_.extra,
                               [name](const extra_field& extra) { return extra.key == name; });
  }

  template <class Value> void put_field(text name, const Value& value) {
    line_.put(text{",\""});
    line_.put(name);
    line_.put(text{"\":"});
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
    for_each_present(value, [&](text name, const auto& member) {
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
