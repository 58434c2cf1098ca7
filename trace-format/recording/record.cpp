#include "trace-format/recording/record.hpp"

namespace cancelscope::trace {

namespace {

/// Takes words and texts in the order in which they were put.
class record_reader {
public:
  explicit record_reader(const std::byte* at) : at_(at) {}

  void take(std::uint64_t& word) {
    std::memcpy(&word, at_, sizeof word);
    at_ += sizeof word;
  }
  std::uint64_t take_word() {
    std::uint64_t word = 0;
    take(word);
    return word;
  }
  void take(text& value) {
    const auto size = static_cast<std::size_t>(take_word());
    value = {reinterpret_cast<const char*>(at_), static_cast<std::size_t>(size)};
    at_ += size;
  }
  void take(bool& value) { value = take_word() != 0; }
  void take(std::uint8_t& value) { value = static_cast<std::uint8_t>(take_word()); }
  template <class Enum>
    requires std::is_enum_v<Enum>
  void take(Enum& value) {
    value = static_cast<Enum>(take_word());
  }
  void take(cancel_id& id) { take(id.number); }
  template <entity_kind Kind> void take(typed_id<Kind>& id) {
    take(id.slot);
    take(id.generation);
  }
  void take(entity_id& id) {
    take(id.kind);
    take(id.slot);
    take(id.generation);
  }
  template <class Value> void take(maybe<Value>& value) { take(value.emplace()); }
  template <class Value> void take(nullable<Value>& value) { take(value.value); }
  template <class Object>
    requires requires { Object::fields(); }
  void take(Object& object) {
    take_fields(object, static_cast<unsigned>(take_word()));
  }
  template <class Object> void take_fields(Object& object, unsigned present) {
    std::apply(
        [&](const auto&... fields) {
          [[maybe_unused]] unsigned next = 0;
          (..., ((present >> next++ & 1U) != 0 ? take(object.*fields.member) : void()));
        },
        Object::fields());
  }

private:
  const std::byte* at_;
};

record_head head_of(const std::byte* record) {
  record_head head;
  std::memcpy(&head, record, sizeof head);
  return head;
}

template <class Body> void take_hidden_text(record_reader&, Body&) {}
void take_hidden_text(record_reader& in, cancel_request& body) {
  in.take(body.kind_name);
}
void take_hidden_text(record_reader& in, unknown_event& body) {
  in.take(body.ev);
}

template <std::size_t Index = 0>
void take_body(record_reader& in, const record_head& head, event_body& body) {
  if constexpr (Index < std::variant_size_v<event_body>) {
    if (head.body != Index) return take_body<Index + 1>(in, head, body);
    auto& alternative = body.emplace<Index>();
    in.take_fields(alternative, head.present);
    take_hidden_text(in, alternative);
  }
}

} // namespace

std::uint64_t time_of(const std::byte* record) {
  return record_reader{record + sizeof(record_head)}.take_word();
}

std::uint64_t lost_of(const std::byte* record) {
  if ((head_of(record).parts & has_loss) == 0) return 0;
  return record_reader{record + sizeof(record_head) + sizeof(std::uint64_t)}.take_word();
}

event event_of(const std::byte* record, std::vector<extra_field>& extras) {
  const record_head head = head_of(record);
  record_reader in{record + sizeof head};
  event e;
  in.take(e.t);
  if ((head.parts & has_loss) != 0) in.take_word();
  take_body(in, head, e.body);
  if ((head.parts & has_th) != 0) in.take(e.th);
  if ((head.parts & has_src) != 0) in.take(e.src);
  extras.resize((head.parts & has_extra) != 0 ? static_cast<std::size_t>(in.take_word()) : 0);
  for (extra_field& extra : extras) {
    in.take(extra.key);
    in.take(extra.json);
  }
  e.extra = extras;
  return e;
}

} // namespace cancelscope::trace
