#include "trace-format/binary/block_decoder.hpp"

#include "trace-format/binary/block.hpp"
#include "trace-format/binary/varint.hpp"
#include "trace-format/json_text.hpp"
#include "trace-format/jsonl_writer.hpp"
#include "trace-format/utf8.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

namespace cancelscope::trace {

inline bool block_decoder::column::take(std::uint64_t& value) {
  // Most values are of one byte.
  if (at != end && static_cast<unsigned char>(*at) < 0x80) {
    value = static_cast<unsigned char>(*at++);
    return true;
  }
  return take_varint(at, end, value);
}

inline bool block_decoder::column::take_difference(std::uint64_t& value, std::size_t key) {
  if (!take(value)) return false;
  value = unfold_difference(value, before[key]);
  before[key] = value;
  return true;
}

inline text block_decoder::text_at(std::size_t number) const {
  const std::uint32_t begin = number == 0 ? 0 : text_ends_[number - 1];
  return {texts_ + begin, text_ends_[number] - begin};
}

inline bool block_decoder::take_text(column& from, text& out, std::uint64_t* number) {
  std::uint64_t at = 0;
  if (!from.take(at) || at >= text_ends_.size()) return false;
  out = text_at(static_cast<std::size_t>(at));
  if (number != nullptr) *number = at;
  return true;
}

bool block_decoder::fail(std::string_view why) {
  if (fault_.empty()) fault_ = why;
  left_ = 0;
  return false;
}

// ---- The fields of one event ----

struct block_decoder::body_reader {
  block_decoder& in;
  std::uint64_t t;

  static bool take(column& from, std::uint8_t, std::uint64_t& value) { return from.take(value); }
  static bool take(column&, std::uint8_t form, bool& value) {
    value = form == 2;
    return true;
  }
  template <named_enum Enum> static bool take(column&, std::uint8_t form, Enum& value) {
    value = static_cast<Enum>(form - 1);
    return true;
  }
  bool take(column& from, std::uint8_t, text& value) const { return in.take_text(from, value); }
  static bool take(column& from, std::uint8_t, cancel_id& id) {
    return from.take_difference(id.number) && id.number != 0;
  }
  bool take(column& from, std::uint8_t form, entity_id& id) const {
    id.kind = entity_kinds[form - 1U];
    return take_id(from, form, id.kind, id);
  }
  template <entity_kind Kind> bool take(column& from, std::uint8_t, typed_id<Kind>& id) const {
    return take_id(from, 0, Kind, id);
  }
  bool take(column& from, std::uint8_t form, budget_limits& budget) const {
    const unsigned there = form - 1U;
    const auto has = [there](unsigned member) { return (there & member) != 0; };
    if (has(budget_form::deadline) && !take_near_time(from, budget.deadline.emplace()))
      return false;
    if (has(budget_form::polls) && !from.take(budget.polls.emplace())) return false;
    if (has(budget_form::cost) && !from.take(budget.cost.emplace())) return false;
    if (!has(budget_form::priority)) return true;
    std::uint64_t priority = 0;
    if (!from.take(priority) || priority == 0 || priority > 255) return false;
    budget.priority = static_cast<std::uint8_t>(priority);
    return true;
  }
  template <class Value> bool take(column& from, std::uint8_t form, maybe<Value>& value) const {
    return take(from, form, value.emplace());
  }
  template <class Value> bool take(column& from, std::uint8_t form, nullable<Value>& value) const {
    return take(from, form, value.value);
  }

  bool take_near_time(column& from, std::uint64_t& time) const {
    if (!from.take(time)) return false;
    time = unfold_difference(time, t);
    return true;
  }
  bool take_what(column& from, std::uint8_t form, maybe<text>& what) const {
    if (form == what_form::text) return take(from, form, what);
    if (form == what_form::cancel) {
      cancel_id id;
      if (!take(from, form, id)) return false;
      in.written_ = to_string(id);
    } else {
      entity_id id;
      if (!take(from, form - what_form::entity, id)) return false;
      in.written_ = to_string(id);
    }
    what = in.written_;
    return true;
  }

  template <class Id> bool take_id(column& from, std::size_t key, entity_kind kind, Id& id) const {
    const std::vector<known_id>& ids = in.ids_[form_of_kind(kind) - 1U];
    std::uint64_t number = 0;
    if (!from.take_difference(number, key) || number >= ids.size()) return false;
    id.slot = ids[static_cast<std::size_t>(number)].slot;
    id.generation = ids[static_cast<std::size_t>(number)].generation;
    return true;
  }
};

namespace {

/// What the forms cannot say of an event.
template <class Body> bool whole(const Body& body) {
  return complete(body);
}
bool whole(const cancel_request& body) {
  return body.kind != cancel_kind::other || !parse<cancel_kind>(body.kind_name);
}

template <class Value> constexpr bool holds_object(const maybe<Value>*) {
  return object<Value>;
}
template <class Value> constexpr bool holds_object(const Value*) {
  return false;
}

/// A field the event has cannot stand among those it does not know, unless it is an object kept whole.
template <class Body> bool is_own_field(text key) {
  return std::apply(
      [&](const auto&... fields) {
        [[maybe_unused]] const auto is_it =
            [key]<class Struct, class Value>(const field<Struct, Value>& own) {
              return own.name == key && !holds_object(static_cast<const Value*>(nullptr));
            };
        return (... || is_it(fields));
      },
      Body::fields());
}

template <std::size_t... I> bool is_known_event(text name, std::index_sequence<I...>) {
  const auto named = [name]<class Body>(const Body*) {
    if constexpr (std::is_same_v<Body, unknown_event>)
      return false;
    else
      return Body::ev == name;
  };
  return (... || named(static_cast<const std::variant_alternative_t<I, event_body>*>(nullptr)));
}
bool whole(const unknown_event& body) {
  return !is_known_event(body.ev, std::make_index_sequence<std::variant_size_v<event_body>>{});
}

} // namespace

template <class Body> struct block_decoder::reader_of {
  static constexpr std::size_t fields = std::tuple_size_v<decltype(Body::fields())>;
  using each_field = std::make_index_sequence<fields>;

  static bool decode(block_decoder& in, const event_shape& shape) {
    Body& body = in.event_.body.emplace<Body>();
    column* const columns = &in.columns_[column_of(wire_kind<Body>, 0)];
    const body_reader reader{in, in.event_.t};
    const bool taken = [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (... && take_field<I>(reader, columns[I], shape.forms[I], body));
    }(each_field{});
    if (!taken) return false;
    column& hidden = columns[hidden_field];
    if constexpr (std::is_same_v<Body, unknown_event>)
      if (!in.take_text(hidden, body.ev)) return false;
    if constexpr (std::is_same_v<Body, cancel_request>)
      if (body.kind == cancel_kind::other && !in.take_text(hidden, body.kind_name)) return false;
    return whole(body);
  }

  template <std::size_t I>
  static bool take_field(const body_reader& reader, column& from, std::uint8_t form, Body& body) {
    constexpr auto field = std::get<I>(Body::fields());
    if (form == 0) return true;
    if constexpr (is_what(field.member))
      return reader.take_what(from, form, body.*field.member);
    else if constexpr (is_deadline(field.member))
      return reader.take_near_time(from, (body.*field.member).emplace());
    else
      return reader.take(from, form, body.*field.member);
  }

  /// Whether an event can have that shape.
  static bool allows(const event_shape& shape) {
    const bool own = [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (... && allows_form<I>(shape.forms[I]));
    }(each_field{});
    return own && std::all_of(shape.forms.begin() + fields, shape.forms.end(),
                              [](std::uint8_t form) { return form == 0; });
  }

  template <std::size_t I> static bool allows_form(std::uint8_t form) {
    constexpr auto field = std::get<I>(Body::fields());
    return form <= last_form(field) && form_is_value(field, form);
  }
  template <class Struct, class Value>
  static constexpr std::uint8_t last_form(const field<Struct, Value>& field) {
    if (is_what(field.member)) return what_form::cancel;
    if (field.scope == id_scope::region_or_task) return form_of_kind(entity_kind::task);
    return forms_of<Value>::last;
  }
  /// A required field is there, and of an enumeration only what the wire may hold.
  template <class Struct, class Value>
  static constexpr bool form_is_value(const field<Struct, Value>&, std::uint8_t form) {
    if (form == 0) return !forms_of<Value>::required;
    if constexpr (named_enum<Value>) return static_cast<Value>(form - 1) >= first_on_wire<Value>;
    return true;
  }
};

namespace {

/// Calls `use<Body>()` for the body with that number on the wire; false where there is none.
template <std::size_t Index = 1, class Use> bool with_kind(std::uint8_t kind, Use use) {
  if constexpr (Index < std::variant_size_v<event_body>) {
    using body = std::variant_alternative_t<Index, event_body>;
    if (wire_kind<body> == kind) return use(static_cast<const body*>(nullptr));
    return with_kind<Index + 1>(kind, use);
  }
  return false;
}

} // namespace

const event* block_decoder::next() {
  if (left_ == 0) return nullptr;
  --left_;
  if (!decode()) {
    fail("an event's fields make no sense.");
    return nullptr;
  }
  return &event_;
}

bool block_decoder::decode() {
  std::uint64_t number = 0;
  if (!columns_[shared_column::shape].take(number) || number >= shapes_.size()) return false;
  const event_shape& shape = shapes_[static_cast<std::size_t>(number)];
  if (!decode_time(shape)) return false;
  static constexpr auto decoders = []<std::size_t... I>(std::index_sequence<I...>) {
    std::array<decode_body, wire_kinds> made{};
    ((made[wire_kind<std::variant_alternative_t<I + 1, event_body>>] =
          &reader_of<std::variant_alternative_t<I + 1, event_body>>::decode),
     ...);
    return made;
  }(std::make_index_sequence<wire_kinds>{});
  return decoders[shape.kind](*this, shape) && decode_parts(shape);
}

bool block_decoder::decode_time(const event_shape& shape) {
  std::uint64_t difference = 0;
  if (!columns_[shared_column::time].take(difference)) return false;
  const std::uint64_t before = event_.t;
  const bool earlier = (shape.parts & shape_part::earlier) != 0;
  event_.t = earlier ? before - difference : before + difference;
  return earlier ? event_.t < before : event_.t >= before;
}

bool block_decoder::decode_parts(const event_shape& shape) {
  event_.th.reset();
  event_.src.reset();
  event_.extra = {};
  if (shape.parts == 0) return true;
  if ((shape.parts & shape_part::thread) != 0 &&
      !columns_[shared_column::thread].take(thread_.emplace()))
    return false;
  if ((shape.parts & (shape_part::thread | shape_part::same_thread)) != 0) {
    if (!thread_) return false;
    event_.th = thread_;
  }
  if ((shape.parts & shape_part::source) != 0 &&
      !take_text(columns_[shared_column::source], event_.src.emplace()))
    return false;
  return (shape.parts & shape_part::extra) == 0 || decode_extras();
}

bool block_decoder::decode_extras() {
  column& from = columns_[shared_column::extra];
  std::uint64_t count = 0;
  if (!from.take(count)) return false;
  extras_.clear();
  bool keeps_object = false;
  for (; count > 0; --count) {
    extra_field field;
    std::uint64_t json = 0;
    if (!take_text(from, field.key) || !take_text(from, field.json, &json)) return false;
    if (!may_be_extra(field.key) || !is_json(json)) return false;
    keeps_object |= field.key == "budget" || field.key == "producer";
    extras_.push_back(field);
  }
  event_.extra = extras_;
  return !keeps_object || reads_as_a_line();
}

/// An object that is kept whole must be one that the reader of lines would take.
bool block_decoder::reads_as_a_line() {
  std::string line;
  jsonl_writer{}.append(event_, line);
  line.pop_back();
  return line_.decode(line) != nullptr;
}

bool block_decoder::may_be_extra(text key) const {
  if (key == "ev" || key == "t" || key == "th" || key == "src") return false;
  return std::visit([key]<class Body>(const Body&) { return !is_own_field<Body>(key); },
                    event_.body);
}

/// Whether the text is a JSON value as a writer of lines may copy it: compact, and nothing after it.
bool block_decoder::is_json(std::uint64_t number) {
  const auto at = static_cast<std::size_t>(number);
  checked_json_.resize(text_ends_.size());
  const text json = text_at(at);
  if (checked_json_[at]) return true;
  if (!json_.parse("{\"value\":" + std::string(json) + "}") || json_.members().size() != 1)
    return false;
  const json_member& value = json_.members().front();
  if (value.kind == json_kind::string) {
    std::string quoted;
    json_text{quoted}.quoted(value.value);
    checked_json_[at] = quoted == json;
  } else {
    checked_json_[at] = value.value == json;
  }
  return checked_json_[at];
}

// ---- The lists before the columns ----

void block_decoder::open(std::string_view payload, std::uint32_t events) {
  at_ = payload.data();
  end_ = payload.data() + payload.size();
  left_ = events;
  fault_.clear();
  event_ = event{};
  thread_.reset();
  checked_json_.clear();
  // Each lists only what is there, so nothing can be asked for that is longer than the payload.
  if (!open_texts())
    fail("its list of texts makes no sense.");
  else if (!open_ids())
    fail("its lists of ids make no sense.");
  else if (!open_shapes())
    fail("its list of shapes makes no sense.");
  else if (!open_columns())
    fail("its columns do not fit.");
}

/// A number of things of which each takes a byte at least.
bool block_decoder::take_size(std::uint64_t& size) {
  return take_varint(at_, end_, size) && size <= static_cast<std::uint64_t>(end_ - at_);
}

bool block_decoder::open_texts() {
  std::uint64_t count = 0;
  if (!take_size(count)) return false;
  text_ends_.resize(static_cast<std::size_t>(count));
  std::uint64_t end = 0;
  for (std::uint32_t& text_end : text_ends_) {
    std::uint64_t size = 0;
    if (!take_size(size)) return false;
    end += size;
    if (end > longest_payload) return false;
    text_end = static_cast<std::uint32_t>(end);
  }
  if (end > static_cast<std::uint64_t>(end_ - at_)) return false;
  texts_ = std::exchange(at_, at_ + end);
  for (std::size_t i = 0; i < text_ends_.size(); ++i)
    if (utf8_prefix(text_at(i)) != text_at(i).size()) return false;
  return true;
}

bool block_decoder::open_ids() {
  for (std::vector<known_id>& ids : ids_) {
    std::uint64_t count = 0;
    if (!take_size(count)) return false;
    ids.resize(static_cast<std::size_t>(count));
    known_id before;
    for (known_id& id : ids) {
      if (!take_varint(at_, end_, id.slot) || !take_varint(at_, end_, id.generation)) return false;
      id.slot = unfold_difference(id.slot, before.slot);
      id.generation = unfold_difference(id.generation, before.generation);
      if (id.generation == 0) return false;
      before = id;
    }
  }
  return true;
}

bool block_decoder::open_shapes() {
  constexpr std::size_t head = 3;
  std::uint64_t count = 0;
  if (!take_size(count)) return false;
  shapes_.assign(static_cast<std::size_t>(count), {});
  const auto byte = [this] { return static_cast<std::uint8_t>(*at_++); };
  for (event_shape& shape : shapes_) {
    if (end_ - at_ < static_cast<std::ptrdiff_t>(head)) return false;
    shape.kind = byte();
    shape.parts = byte();
    const std::size_t fields = byte();
    if (fields > shape.forms.size() || end_ - at_ < static_cast<std::ptrdiff_t>(fields))
      return false;
    for (std::size_t i = 0; i < fields; ++i)
      shape.forms[i] = byte();
    if (shape.parts > shape_part::all) return false;
    const bool allowed = with_kind(
        shape.kind, [&]<class Body>(const Body*) { return reader_of<Body>::allows(shape); });
    if (!allowed) return false;
  }
  return true;
}

bool block_decoder::open_columns() {
  std::fill(columns_.begin(), columns_.end(), column{});
  std::uint64_t count = 0;
  if (!take_size(count) || count > wire_columns) return false;
  std::array<std::pair<std::size_t, std::uint64_t>, wire_columns> listed;
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t number = 0;
    if (!take_varint(at_, end_, number) || !take_varint(at_, end_, listed[i].second)) return false;
    if (number < next || number >= wire_columns) return false; // each once, in order
    listed[i].first = static_cast<std::size_t>(number);
    next = number + 1;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const auto [number, size] = listed[i];
    if (size > static_cast<std::uint64_t>(end_ - at_)) return false;
    columns_[number].at = at_;
    at_ += size;
    columns_[number].end = at_;
  }
  return at_ == end_;
}

} // namespace cancelscope::trace
