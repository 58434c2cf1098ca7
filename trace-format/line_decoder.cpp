#include "trace-format/line_decoder.hpp"

#include "trace-format/canonical_line.hpp"
#include "trace-format/field_values.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace cancelscope::trace {

namespace {

std::string quote(text name) {
  return "`" + std::string(name) + "`";
}

/// The name of a kind that is none of the format's stands beside the kind.
template <class Body> void note_kind_name(Body&, const json_member&) {}
void note_kind_name(cancel_request& body, const json_member& member) {
  if (member.key == "kind" && body.kind == cancel_kind::other) body.kind_name = member.value;
}

/// Calls `use(body)` with a new body of the event that `ev` names.
template <std::size_t Index = 0, class Use> void with_body(event_body& body, text ev, Use use) {
  using alternative = std::variant_alternative_t<Index, event_body>;
  if constexpr (std::is_same_v<alternative, unknown_event>)
    use(body.emplace<unknown_event>(unknown_event{ev}));
  else if (ev == alternative::ev)
    use(body.emplace<alternative>());
  else
    with_body<Index + 1>(body, ev, use);
}

const json_member* find(std::span<const json_member> members, text key) {
  const auto at = std::ranges::find(members, key, &json_member::key);
  return at == members.end() ? nullptr : &*at;
}

bool is_string(const json_member* member, text value) {
  return member != nullptr && member->kind == json_kind::string && member->value == value;
}

} // namespace

/// Fills one event from the members of its line, and adds a fault for each that is wrong, up to a number of them.
class line_decoder::filler {
public:
  filler(line_decoder& decoder, text ev, std::size_t most_faults)
      : decoder_(decoder), ev_(ev), most_faults_(most_faults) {}

  template <class Body> void fill(Body& body) {
    constexpr bool timed = !std::is_same_v<Body, header>;
    for (const json_member& member : decoder_.line_.members()) {
      if (full()) return;
      if (common(member, timed)) continue;
      if (member_of(body, seen_, {}, member))
        note_kind_name(body, member);
      else
        decoder_.keep(member);
    }
    if (timed && !seen_common_[of_t]) missing("t");
    require_all(body);
    if (!complete(body)) add("`finalizer` needs `region` or `task`, and the line has neither.");
  }

private:
  static constexpr std::size_t most_fields = 16;
  enum common_field : std::uint8_t { of_ev, of_t, of_th, of_src, common_count };

  /// The fields that any event may have; the header alone has no time.
  bool common(const json_member& member, bool timed) {
    event& e = decoder_.event_;
    if (member.key == "ev")
      once(seen_common_[of_ev], {}, member);
    else if (member.key == "t" && timed)
      take(e.t, seen_common_[of_t], {}, member, id_scope::any);
    else if (member.key == "th")
      take(e.th, seen_common_[of_th], {}, member, id_scope::any);
    else if (member.key == "src")
      take(e.src, seen_common_[of_src], {}, member, id_scope::any);
    else
      return false;
    return true;
  }

  /// Whether the object has a field of that name; then it is read. `path` stands before the name in messages.
  template <object Object>
  bool member_of(Object& body, bool* seen, text path, const json_member& member) {
    return std::apply(
        [&](const auto&... fields) {
          [[maybe_unused]] std::size_t index = 0;
          static_assert(sizeof...(fields) <= most_fields);
          [[maybe_unused]] const auto taken = [&](const auto& field) {
            bool& seen_field = seen[index++];
            if (field.name != member.key) return false;
            take(body.*field.member, seen_field, path, member, field.scope);
            return true;
          };
          return (... || taken(fields));
        },
        Object::fields());
  }

  template <class Value>
  void take(Value& value, bool& seen, text path, const json_member& member, id_scope scope) {
    if (!once(seen, path, member) || read(member, value, scope)) return;
    add(quote(std::string(path).append(member.key)) + " of " + quote(ev_) + " is " + found(member) +
        "; expected " + expected(value, scope) + ".");
  }

  bool once(bool& seen, text path, const json_member& member) {
    if (seen) add(quote(std::string(path).append(member.key)) + " stands twice on the line.");
    return !std::exchange(seen, true);
  }

  template <class Value> bool read(const json_member& member, Value& value, id_scope scope) {
    return field_value<Value>::read(member, value, scope);
  }

  /// A budget or a producer. Members that the model does not know keep the object whole (see extra_field).
  template <object Object> bool read(const json_member& member, maybe<Object>& value, id_scope) {
    if (member.kind == json_kind::null) return true;
    if (member.kind != json_kind::object || !decoder_.nested_.parse(member.value)) return false;
    Object& object = value.emplace();
    bool seen[most_fields] = {};
    bool all_known = true;
    const std::string path = std::string(member.key) + ".";
    for (const json_member& inner : decoder_.nested_.members()) {
      if (full()) return true;
      all_known &= member_of(object, seen, path, inner);
    }
    if (!all_known) decoder_.keep(member);
    return true;
  }

  template <class Value> static std::string expected(const Value&, id_scope scope) {
    return field_value<Value>::expected(scope);
  }
  template <object Object> static std::string expected(const maybe<Object>&, id_scope) {
    return "an object";
  }

  template <class Body> void require_all(const Body&) {
    std::apply(
        [&](const auto&... fields) {
          [[maybe_unused]] std::size_t index = 0;
          (..., require(fields, seen_[index++]));
        },
        Body::fields());
  }
  template <class Body, class Value> void require(const field<Body, Value>& field, bool seen) {
    if (!is_maybe<Value> && !seen) missing(field.name);
  }

  void missing(text name) {
    add(quote(ev_) + " needs " + quote(name) + ", and the line has none.");
  }

  [[nodiscard]] bool full() const { return decoder_.faults_.size() >= most_faults_; }
  void add(std::string why) {
    if (!full()) decoder_.faults_.push_back({anomaly_code::bad_field, std::move(why)});
  }

  line_decoder& decoder_;
  text ev_;
  std::size_t most_faults_;
  bool seen_[most_fields] = {};
  bool seen_common_[common_count] = {};
};

void line_decoder::begin() {
  extra_.clear();
  quoted_.clear();
  faults_.clear();
}

/// A member that the model does not know goes with the event as it was written.
void line_decoder::keep(const json_member& member) {
  if (member.kind != json_kind::string) {
    extra_.push_back({member.key, member.value});
    return;
  }
  std::string& json = quoted_.emplace_back();
  json_text{json}.quoted(member.value);
  extra_.push_back({member.key, json});
}

const event* line_decoder::fault(anomaly_code code, std::string message) {
  faults_.push_back({code, std::move(message)});
  return nullptr;
}

const event* line_decoder::decode(text line) {
  begin();
  if (!tolerant_only_ && read_canonical_line(line, event_)) return &event_;
  event_ = event{};
  if (!line_.parse(line))
    return fault(anomaly_code::bad_json, "The line is not a JSON object: " + line_.fault());
  const json_member* ev = find(line_.members(), "ev");
  if (ev == nullptr)
    return fault(anomaly_code::bad_field, "The line has no `ev`, which names the event.");
  if (ev->kind != json_kind::string)
    return fault(anomaly_code::bad_field, "`ev` is " + found(*ev) + "; expected a string.");
  if (ev->value == header::ev)
    return fault(anomaly_code::bad_field,
                 "A second header: `trace` stands on the first line alone.");
  with_body(event_.body, ev->value, [&](auto& body) { filler{*this, ev->value, 1}.fill(body); });
  event_.extra = extra_;
  return faults_.empty() ? &event_ : nullptr;
}

result<const event*> line_decoder::decode_header(text line) {
  constexpr text need = "a trace begins with a line such as "
                        "{\"ev\":\"trace\",\"format\":\"cancelscope\",\"version\":1}";
  begin();
  const auto refuse = [](std::string_view why, std::string_view rest) {
    return failure{"This is not a Cancelscope trace: " + std::string(why) + std::string(rest)};
  };
  if (!line_.parse(line))
    return refuse(std::string("its first line is not a header, and ").append(need), ".");
  if (!is_string(find(line_.members(), "ev"), header::ev) ||
      !is_string(find(line_.members(), "format"), header{}.format))
    return refuse(std::string("its first line is JSON, but not a header, and ").append(need), ".");
  const json_member* version = find(line_.members(), "version");
  if (version == nullptr)
    return refuse("its header names no version, and ", std::string(need) + ".");
  if (version->kind != json_kind::integer || version->integer == 0)
    return refuse("the version in its header is " + found(*version),
                  ", and versions are counted 1, 2, 3.");
  if (version->integer > header{}.version)
    return failure{
        "This trace is of version " + std::string(version->value) +
        " of the format, and this program reads version 1: a newer Cancelscope can open it."};
  constexpr std::size_t most_faults = 16;
  event_ = event{};
  filler{*this, header::ev, most_faults}.fill(event_.body.emplace<header>());
  event_.extra = extra_;
  return &std::as_const(event_);
}

} // namespace cancelscope::trace
