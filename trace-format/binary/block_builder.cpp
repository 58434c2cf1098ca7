#include "trace-format/binary/block_builder.hpp"

#include "trace-format/utf8.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <variant>

namespace cancelscope::trace {

/// Puts one event's own fields into their columns, and what is small about them into the shape.
template <class Body> class block_builder::body_writer {
public:
  body_writer(block_builder& block, event_shape& shape, std::uint64_t t)
      : block_(block), shape_(shape), t_(t) {}

  void put(const Body& body) {
    shape_.kind = wire_kind<Body>;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (put_field<I>(body), ...);
    }(std::make_index_sequence<std::tuple_size_v<decltype(Body::fields())>>{});
    if constexpr (std::is_same_v<Body, unknown_event>) put_hidden(body.ev);
    if constexpr (std::is_same_v<Body, cancel_request>)
      if (body.kind == cancel_kind::other) put_hidden(body.kind_name);
  }

private:
  template <std::size_t I> void put_field(const Body& body) {
    constexpr auto field = std::get<I>(Body::fields());
    static_assert(I < hidden_field);
    byte_column& column = block_.columns_[column_of(wire_kind<Body>, I)];
    if constexpr (is_what(field.member))
      shape_.forms[I] = put_what(column, body.*field.member);
    else if constexpr (is_deadline(field.member))
      shape_.forms[I] = put_near_time(column, body.*field.member);
    else
      shape_.forms[I] = put_value(column, body.*field.member);
  }

  // Each puts a value and returns its form.
  std::uint8_t put_value(byte_column& column, std::uint64_t value) {
    column.put(value);
    return 1;
  }
  std::uint8_t put_value(byte_column&, bool value) { return value ? 2 : 1; }
  template <named_enum Enum> std::uint8_t put_value(byte_column&, Enum value) {
    return static_cast<std::uint8_t>(1 + static_cast<unsigned>(value));
  }
  std::uint8_t put_value(byte_column& column, text value) {
    column.put(block_.text_number(value));
    return 1;
  }
  std::uint8_t put_value(byte_column& column, cancel_id id) {
    column.put_difference(id.number);
    return 1;
  }
  std::uint8_t put_value(byte_column& column, entity_id id) {
    const std::uint8_t form = form_of_kind(id.kind);
    column.put_difference(block_.id_number(id.kind, id.slot, id.generation), form);
    return form;
  }
  template <entity_kind Kind> std::uint8_t put_value(byte_column& column, typed_id<Kind> id) {
    column.put_difference(block_.id_number(Kind, id.slot, id.generation));
    return 1;
  }
  std::uint8_t put_value(byte_column& column, const budget_limits& budget) {
    unsigned there = 0;
    if (put_near_time(column, budget.deadline) != 0) there |= budget_form::deadline;
    if (budget.polls) {
      there |= budget_form::polls;
      column.put(*budget.polls);
    }
    if (budget.cost) {
      there |= budget_form::cost;
      column.put(*budget.cost);
    }
    if (budget.priority != 0) {
      there |= budget_form::priority;
      column.put(budget.priority);
    }
    return static_cast<std::uint8_t>(1 + there);
  }
  template <class Value> std::uint8_t put_value(byte_column& column, const maybe<Value>& value) {
    if (!value) return 0;
    return put_value(column, *value);
  }
  template <class Value> std::uint8_t put_value(byte_column& column, const nullable<Value>& value) {
    return put_value(column, value.value);
  }

  /// A deadline is near the time of the event that sets it.
  std::uint8_t put_near_time(byte_column& column, const maybe<std::uint64_t>& time) {
    if (!time) return 0;
    column.put(fold_difference(*time, t_));
    return 1;
  }
  std::uint8_t put_what(byte_column& column, const maybe<text>& what) {
    if (!what) return 0;
    if (const auto id = parse_entity_id(*what))
      return static_cast<std::uint8_t>(what_form::entity + put_value(column, *id));
    if (const auto cancel = parse_cancel_id(*what)) {
      put_value(column, *cancel);
      return what_form::cancel;
    }
    return put_value(column, *what);
  }

  void put_hidden(text value) {
    put_value(block_.columns_[column_of(wire_kind<Body>, hidden_field)], value);
  }

  block_builder& block_;
  event_shape& shape_;
  std::uint64_t t_;
};

namespace {

/// A shape as three numbers, quick to compare.
struct shape_words {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  std::uint64_t rest = 0;

  explicit shape_words(const event_shape& shape)
      : rest(std::uint64_t{shape.kind} << 8U | shape.parts) {
    std::memcpy(&low, shape.forms.data(), sizeof low);
    std::memcpy(&high, shape.forms.data() + sizeof low, sizeof high);
  }

  /// Spreads shapes over a table.
  [[nodiscard]] std::size_t place() const {
    const std::uint64_t mixed = (low ^ (high << 1U) ^ (rest << 48U)) * 0x9e3779b97f4a7c15ULL;
    return static_cast<std::size_t>(mixed >> 40U);
  }
  friend bool operator==(const shape_words& a, const shape_words& b) {
    return ((a.low ^ b.low) | (a.high ^ b.high) | (a.rest ^ b.rest)) == 0;
  }
};

} // namespace

block_builder::block_builder() = default;

void block_builder::add(const event& e) {
  event_shape shape;
  put_time(e, shape);
  std::visit(
      [&]<class Body>(const Body& body) {
        if constexpr (!std::is_same_v<Body, header>) body_writer<Body>{*this, shape, e.t}.put(body);
      },
      e.body);
  put_parts(e, shape);
  columns_[shared_column::shape].put(shape_number(shape));
  ++events_;
  // What an event puts into columns hardly varies; its texts are counted as they are.
  constexpr std::size_t usual_event = 8;
  column_bytes_ += usual_event + e.extra.size() * usual_event;
}

void block_builder::put_time(const event& e, event_shape& shape) {
  if (e.t < time_) shape.parts |= shape_part::earlier;
  columns_[shared_column::time].put(e.t < time_ ? time_ - e.t : e.t - time_);
  time_ = e.t;
  first_time_ = events_ == 0 ? e.t : std::min(first_time_, e.t);
  last_time_ = std::max(last_time_, e.t);
}

void block_builder::put_parts(const event& e, event_shape& shape) {
  if (e.th) {
    shape.parts |= e.th == thread_ ? shape_part::same_thread : shape_part::thread;
    if (e.th != thread_) columns_[shared_column::thread].put(*e.th);
    thread_ = e.th;
  }
  if (e.src) {
    shape.parts |= shape_part::source;
    columns_[shared_column::source].put(text_number(*e.src));
  }
  if (e.extra.empty()) return;
  shape.parts |= shape_part::extra;
  byte_column& extras = columns_[shared_column::extra];
  extras.put(e.extra.size());
  for (const extra_field& field : e.extra) {
    extras.put(text_number(field.key));
    extras.put(text_number(field.json));
  }
}

std::uint64_t block_builder::text_number(text value) {
  const auto listed = [this](std::uint32_t number) {
    const std::size_t begin = number == 0 ? 0 : text_ends_[number - 1];
    return std::string_view(text_bytes_).substr(begin, text_ends_[number] - begin);
  };
  const auto next = static_cast<std::uint32_t>(text_ends_.size());
  const std::uint32_t number = known_texts_.number(value, next, listed);
  if (number == next) {
    append_mended(text_bytes_, value);
    text_ends_.push_back(text_bytes_.size());
  }
  return number;
}

std::uint64_t block_builder::id_number(entity_kind kind, std::uint64_t slot,
                                       std::uint64_t generation) {
  const std::size_t which = form_of_kind(kind) - 1U;
  ids_of_kind& ids = ids_[which];
  const auto next = static_cast<std::uint32_t>(ids.count);
  const std::uint32_t number = known_ids_[which].number(slot, generation, next);
  if (number == next) {
    ids.listed.put(fold_difference(slot, std::exchange(ids.last_slot, slot)));
    ids.listed.put(fold_difference(generation, std::exchange(ids.last_generation, generation)));
    ++ids.count;
  }
  return number;
}

std::uint64_t block_builder::shape_number(const event_shape& shape) {
  const shape_words words(shape);
  std::uint32_t& recent = recent_shapes_[words.place() % recent_shapes_.size()];
  if (recent != 0 && shape_words(shapes_[recent - 1]) == words) return recent - 1;
  const auto found = std::ranges::find(shapes_, shape);
  recent = static_cast<std::uint32_t>(found - shapes_.begin()) + 1;
  if (found == shapes_.end()) shapes_.push_back(shape);
  return recent - 1;
}

block_head block_builder::finish(std::string& payload) {
  put_texts(payload);
  put_ids(payload);
  put_shapes(payload);
  put_columns(payload);
  block_head head{.first_time = first_time_, .last_time = last_time_, .events = events_};
  clear();
  return head;
}

void block_builder::put_texts(std::string& payload) const {
  put_varint(payload, text_ends_.size());
  std::size_t begin = 0;
  for (const std::size_t end : text_ends_)
    put_varint(payload, end - std::exchange(begin, end));
  payload += text_bytes_;
}

void block_builder::put_ids(std::string& payload) const {
  for (const ids_of_kind& ids : ids_) {
    put_varint(payload, ids.count);
    payload += ids.listed.bytes();
  }
}

void block_builder::put_shapes(std::string& payload) const {
  put_varint(payload, shapes_.size());
  for (const event_shape& shape : shapes_) {
    std::size_t fields = shape.forms.size();
    while (fields > 0 && shape.forms[fields - 1] == 0)
      --fields;
    payload.push_back(static_cast<char>(shape.kind));
    payload.push_back(static_cast<char>(shape.parts));
    payload.push_back(static_cast<char>(fields));
    payload.append(shape.forms.begin(), shape.forms.begin() + static_cast<std::ptrdiff_t>(fields));
  }
}

void block_builder::put_columns(std::string& payload) const {
  const auto used = std::ranges::count_if(columns_, [](const auto& c) { return !c.empty(); });
  put_varint(payload, static_cast<std::uint64_t>(used));
  for (std::size_t number = 0; number < columns_.size(); ++number) {
    if (columns_[number].empty()) continue;
    put_varint(payload, number);
    put_varint(payload, columns_[number].bytes().size());
  }
  for (const byte_column& column : columns_)
    payload += column.bytes();
}

void block_builder::clear() {
  events_ = 0;
  time_ = first_time_ = last_time_ = 0;
  thread_.reset();
  text_bytes_.clear();
  text_ends_.clear();
  known_texts_.forget();
  for (ids_of_kind& ids : ids_) {
    ids.listed.clear();
    ids.count = ids.last_slot = ids.last_generation = 0;
  }
  for (recent_ids& known : known_ids_)
    known.forget();
  shapes_.clear();
  recent_shapes_ = {};
  for (byte_column& column : columns_)
    column.clear();
  column_bytes_ = 0;
}

} // namespace cancelscope::trace
