#include "trace-format/recording/record.hpp"

namespace cancelscope::trace {

namespace {

/// Takes a record's parts in the order they were put.
class record_parts {
public:
  explicit record_parts(const std::byte* at) : at_(at) {}

  template <class Value> void take(Value& value) {
    static_assert(std::is_trivially_copyable_v<Value>);
    std::memcpy(static_cast<void*>(&value), at_, sizeof value);
    at_ += sizeof value;
  }

  /// A text was copied with its length right and its address that of the producer's.
  void take_text(text& value) {
    value = {reinterpret_cast<const char*>(at_), value.size()};
    at_ += value.size();
  }

private:
  const std::byte* at_;
};

template <std::size_t Index = 0>
void take_body(record_parts& parts, std::size_t index, event_body& body) {
  if constexpr (Index < std::variant_size_v<event_body>) {
    if (index != Index) return take_body<Index + 1>(parts, index, body);
    auto& alternative = body.emplace<Index>();
    parts.take(alternative);
    for_each_text(alternative, [&parts](text& value) { parts.take_text(value); });
  }
}

} // namespace

event event_of(const std::byte* record, std::vector<extra_field>& extras) {
  record_parts parts{record};
  record_head head;
  parts.take(head);
  event e{.t = head.t};
  take_body(parts, head.body, e.body);
  if (head.has_th != 0) parts.take(e.th.emplace());
  if (head.has_src != 0) {
    parts.take(e.src.emplace());
    parts.take_text(*e.src);
  }
  extras.resize(head.extras);
  for (extra_field& extra : extras) {
    parts.take(extra);
    parts.take_text(extra.key);
    parts.take_text(extra.json);
  }
  e.extra = extras;
  return e;
}

} // namespace cancelscope::trace
