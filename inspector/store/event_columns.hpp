// Every event of a trace, as it was written, in columns: time and kind for all, and for each kind a table
// with one column a field, derived from the event model's own lists of fields.
//
// Ownership: text is in the pools; an event that is given out borrows from them.
// Threading: as std::vector. Failure: reading a row of another kind aborts.
#pragma once

#include "inspector/store/column.hpp"
#include "inspector/store/indexes.hpp"
#include "inspector/store/trace_store.hpp"
#include "trace-format/events.hpp"

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace cancelscope::inspector {

/// What is stored of an event: its wire fields, and members beside them that hold a name as written.
template <class Body> constexpr auto stored_fields() {
  return Body::fields();
}
template <> constexpr auto stored_fields<trace::cancel_request>() {
  return std::tuple_cat(trace::cancel_request::fields(),
                        std::tuple{trace::field{"", &trace::cancel_request::kind_name}});
}
template <> constexpr auto stored_fields<trace::unknown_event>() {
  return std::tuple{trace::field{"", &trace::unknown_event::ev}};
}
/// The header stands once in a trace, and beside the events.
template <> constexpr auto stored_fields<trace::header>() {
  return std::tuple{};
}

template <class Body> class event_table {
public:
  std::uint32_t add(pools& in, const Body& body) {
    each_column(*this, [&](auto& column, auto member) { column.add(in, body.*member); });
    return rows_++;
  }

  [[nodiscard]] Body get(const pools& in, std::uint32_t row) const {
    Body body{};
    each_column(*this,
                [&](const auto& column, auto member) { body.*member = column.get(in, row); });
    return body;
  }

  /// Calls visit(entity) and visit(cancel_id) for the ids in the row.
  template <class Visit> void each_id(const pools& in, std::uint32_t row, Visit& visit) const {
    each_column(*this, [&](const auto& column, auto) { column.each_id(in, row, visit); });
  }

private:
  template <class Struct, class Value> static column<Value> column_for(trace::field<Struct, Value>);

  template <class... Field>
  static std::tuple<decltype(column_for(std::declval<Field>()))...>
      columns_for(std::tuple<Field...>);

  template <class Self, class Visit> static void each_column(Self& self, Visit visit) {
    const auto fields = stored_fields<Body>();
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (visit(std::get<I>(self.columns_), std::get<I>(fields).member), ...);
    }(std::make_index_sequence<std::tuple_size_v<decltype(fields)>>{});
  }

  decltype(columns_for(stored_fields<Body>())) columns_;
  std::uint32_t rows_ = 0;
};

class event_columns {
public:
  /// The body is the event's; `t` is the time at which it counts; the event keeps its own.
  template <class Body>
  void add(pools& in, const trace::event& e, const Body& body, std::uint64_t t, std::uint64_t line,
           entity subject) {
    const auto number = static_cast<std::uint32_t>(times_.size());
    constexpr auto kind = kind_number<Body>(std::make_index_sequence<kinds>{});
    times_.push_back(in.memory, t);
    kinds_.push_back(in.memory, static_cast<event_kind>(kind));
    rows_.push_back(in.memory, std::get<kind>(tables_).add(in, body));
    subjects_.push_back(in.memory, subject);
    threads_.add(in, e.th ? std::optional(repeated_number{*e.th}) : std::nullopt);
    sources_.add(in, e.src);
    if (lines_.empty() || lines_.back().line + (number - lines_.back().from_event) != line)
      lines_.push_back({number, line});
    if (t != e.t) went_back_.push_back({number, e.t});
    for (const trace::extra_field& field : e.extra)
      extra_.push_back({number, in.texts.intern(field.key), in.texts.intern(field.json)});
  }

  [[nodiscard]] std::size_t size() const { return times_.size(); }
  [[nodiscard]] event_kind kind(event_index e) const { return kinds_[e.value()]; }
  [[nodiscard]] std::uint64_t time(event_index e) const { return times_[e.value()]; }
  [[nodiscard]] std::uint64_t line(event_index e) const;
  [[nodiscard]] entity subject(event_index e) const { return subjects_[e.value()]; }
  [[nodiscard]] const chunked<std::uint64_t>& times() const { return times_; }

  [[nodiscard]] trace::event get(const pools& in, event_index e,
                                 std::vector<trace::extra_field>& extra) const;

  /// Calls visit(entity) and visit(cancel_id) for the ids in its fields; of entities only for those that were known then.
  template <class Visit> void each_id(const pools& in, event_index e, Visit visit) const {
    each_id_of(static_cast<std::size_t>(kinds_[e.value()]), in, rows_[e.value()], visit,
               std::make_index_sequence<kinds>{});
  }

  template <class Body> [[nodiscard]] Body body(const pools& in, event_index e) const {
    constexpr auto kind = kind_number<Body>(std::make_index_sequence<kinds>{});
    if (kinds_[e.value()] != static_cast<event_kind>(kind)) std::abort();
    return std::get<kind>(tables_).get(in, rows_[e.value()]);
  }

private:
  static constexpr std::size_t kinds = std::variant_size_v<trace::event_body>;

  template <class Body, std::size_t... I>
  static constexpr std::size_t kind_number(std::index_sequence<I...>) {
    return ((std::is_same_v<Body, std::variant_alternative_t<I, trace::event_body>> ? I : 0) + ...);
  }

  template <class Visit, std::size_t... I>
  void each_id_of(std::size_t kind, const pools& in, std::uint32_t row, Visit& visit,
                  std::index_sequence<I...>) const {
    static_cast<void>(((I == kind && (std::get<I>(tables_).each_id(in, row, visit), true)) || ...));
  }

  template <class... Body>
  static std::tuple<event_table<Body>...> tables_for(std::variant<Body...>*);

  /// Lines follow events one to one but for lines that hold none: only where the distance changes is kept.
  struct line_step {
    std::uint32_t from_event;
    std::uint64_t line;
  };
  struct time_as_written {
    std::uint32_t event;
    std::uint64_t t;
  };
  struct unknown_field {
    std::uint32_t event;
    std::uint32_t key;
    std::uint32_t json;
  };

  chunked<std::uint64_t> times_;
  chunked<event_kind> kinds_;
  chunked<std::uint32_t> rows_; ///< in the table of its kind
  chunked<entity> subjects_;
  std::vector<line_step> lines_;
  std::vector<time_as_written> went_back_;
  std::vector<unknown_field> extra_;
  column<std::optional<repeated_number>> threads_;
  column<std::optional<trace::text>> sources_;
  decltype(tables_for(static_cast<trace::event_body*>(nullptr))) tables_;
};

} // namespace cancelscope::inspector
