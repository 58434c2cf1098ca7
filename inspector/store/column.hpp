// One column a wire field: how each type of the event model lies in memory. A type that the model gains is
// taught to the store here, and nowhere else.
//
// Text and ids are interned and cost four bytes a row, enumerations one. A field that may be absent keeps a
// code that no value has; numbers and limits that may be absent lie apart, so that absence costs nothing.
//
// Threading: as std::vector. Failure: none.
#pragma once

#include "inspector/store/chunked.hpp"
#include "inspector/store/id_directory.hpp"
#include "inspector/store/interner.hpp"
#include "trace-format/events.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>
#include <vector>

namespace cancelscope::inspector {

/// What the columns of all events share.
struct pools {
  arena memory;
  string_pool texts;
  id_directory ids;
  interner<trace::entity_id> stray_ids;  ///< that named nobody when they were read
  interner<std::uint64_t> large_cancels; ///< numbers that are no code
  number_pool numbers;                   ///< that repeat: of threads
};

/// How a value becomes a code of fixed size, and back.
template <class Value> struct coding;

template <> struct coding<std::uint64_t> {
  using code = std::uint64_t;
  static code put(pools&, std::uint64_t value) { return value; }
  static std::uint64_t get(const pools&, code c) { return c; }
};

/// Numbers of which a trace has few different ones.
struct repeated_number {
  std::uint64_t value = 0;
};
template <> struct coding<repeated_number> {
  using code = std::uint32_t;
  static code put(pools& in, repeated_number number) { return in.numbers.intern(number.value); }
  static repeated_number get(const pools& in, code c) { return {in.numbers[c]}; }
};

template <> struct coding<bool> {
  using code = std::uint8_t;
  static code put(pools&, bool value) { return value ? 1 : 0; }
  static bool get(const pools&, code c) { return c != 0; }
};

template <class Value>
  requires std::is_enum_v<Value>
struct coding<Value> {
  using code = std::uint8_t;
  static code put(pools&, Value value) { return static_cast<code>(value); }
  static Value get(const pools&, code c) { return static_cast<Value>(c); }
};

template <> struct coding<trace::text> {
  using code = std::uint32_t;
  static code put(pools& in, trace::text value) { return in.texts.intern(value); }
  static trace::text get(const pools& in, code c) { return in.texts[c]; }
};

/// An entity; or, where an id names nobody, the place of the id among the stray ones.
template <> struct coding<trace::entity_id> {
  using code = std::uint32_t;
  [[gnu::always_inline]] static code put(pools& in, trace::entity_id value) {
    if (const entity who = in.ids.resolve(value)) return who.packed();
    return in.stray_ids.intern(value);
  }
  static trace::entity_id get(const pools& in, code c) {
    const entity who = entity::unpacked(c);
    return who ? in.ids.id_of(who) : in.stray_ids[c];
  }
};

template <trace::entity_kind Kind> struct coding<trace::typed_id<Kind>> {
  using code = std::uint32_t;
  [[gnu::always_inline]] static code put(pools& in, trace::typed_id<Kind> value) {
    return coding<trace::entity_id>::put(in, value);
  }
  static trace::typed_id<Kind> get(const pools& in, code c) {
    const trace::entity_id id = coding<trace::entity_id>::get(in, c);
    return {id.slot, id.generation};
  }
};

/// The number itself; of a large one, its place among the large ones below the code for "absent".
template <> struct coding<trace::cancel_id> {
  using code = std::uint32_t;
  static constexpr code first_large = code{1} << 31U;
  static code put(pools& in, trace::cancel_id value) {
    if (value.number < first_large) return static_cast<code>(value.number);
    return first_large + in.large_cancels.intern(value.number);
  }
  static trace::cancel_id get(const pools& in, code c) {
    return {c < first_large ? c : in.large_cancels[c - first_large]};
  }
};

/// Offers what a code stands for to visit(entity), where it is an id of one that was known, or to visit(cancel_id).
template <class Value, class Visit>
void visit_id(const pools& in, typename coding<Value>::code c, Visit& visit) {
  if constexpr (std::is_same_v<Value, trace::cancel_id>)
    visit(coding<Value>::get(in, c));
  else if constexpr (std::is_convertible_v<Value, trace::entity_id>)
    if (const entity who = entity::unpacked(c)) visit(who);
}

/// A code is small: its largest value is never used, and can mean "absent".
template <class Value>
concept small_code =
    requires { typename coding<Value>::code; } && sizeof(typename coding<Value>::code) < 8;

template <class Value> class column {
public:
  void add(pools& in, const Value& value) {
    codes_.push_back(in.memory, coding<Value>::put(in, value));
  }
  [[nodiscard]] Value get(const pools& in, std::uint32_t row) const {
    return coding<Value>::get(in, codes_[row]);
  }
  template <class Visit> void each_id(const pools& in, std::uint32_t row, Visit& visit) const {
    visit_id<Value>(in, codes_[row], visit);
  }

private:
  chunked<typename coding<Value>::code> codes_;
};

template <small_code Value> class column<std::optional<Value>> {
public:
  void add(pools& in, const std::optional<Value>& value) {
    const code c = value ? coding<Value>::put(in, *value) : absent;
    // Until the first value comes, nothing is kept but the number of rows.
    if (c == absent && codes_.empty())
      ++before_first_;
    else
      codes_.push_back(in.memory, c);
  }
  [[nodiscard]] std::optional<Value> get(const pools& in, std::uint32_t row) const {
    if (row < before_first_ || codes_[row - before_first_] == absent) return std::nullopt;
    return coding<Value>::get(in, codes_[row - before_first_]);
  }
  template <class Visit> void each_id(const pools& in, std::uint32_t row, Visit& visit) const {
    if (row < before_first_) return;
    const code c = codes_[row - before_first_];
    if (c != absent) visit_id<Value>(in, c, visit);
  }

private:
  using code = typename coding<Value>::code;
  static constexpr code absent = std::numeric_limits<code>::max();
  std::uint32_t before_first_ = 0;
  chunked<code> codes_;
};

/// Rows that have a value, in order, and their values.
template <class Value> class column<std::optional<Value>> {
public:
  void add(pools& in, const std::optional<Value>& value) {
    if (value) {
      rows_.push_back(next_);
      values_.push_back(in.memory, *value);
    }
    ++next_;
  }
  [[nodiscard]] std::optional<Value> get(const pools&, std::uint32_t row) const {
    const auto found = std::lower_bound(rows_.begin(), rows_.end(), row);
    if (found == rows_.end() || *found != row) return std::nullopt;
    return values_[static_cast<std::size_t>(found - rows_.begin())];
  }
  template <class Visit> void each_id(const pools&, std::uint32_t, Visit&) const {} // numbers

private:
  std::vector<std::uint32_t> rows_; ///< searched, so in one piece
  chunked<Value> values_;
  std::uint32_t next_ = 0;
};

template <class Value> class column<trace::nullable<Value>> {
public:
  void add(pools& in, const trace::nullable<Value>& value) { values_.add(in, value.value); }
  [[nodiscard]] trace::nullable<Value> get(const pools& in, std::uint32_t row) const {
    return values_.get(in, row);
  }
  template <class Visit> void each_id(const pools& in, std::uint32_t row, Visit& visit) const {
    values_.each_id(in, row, visit);
  }

private:
  column<std::optional<Value>> values_;
};

} // namespace cancelscope::inspector
