#include "inspector/query/wire_fields.hpp"

#include "inspector/query/values.hpp"
#include "trace-format/names.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace cancelscope::inspector {

namespace {

template <class Value> struct bare {
  using type = Value;
};
template <class Value> struct bare<std::optional<Value>> : bare<Value> {};
template <class Value> struct bare<trace::nullable<Value>> : bare<Value> {};

template <class Value>
concept can_be_compared =
    std::is_same_v<Value, trace::text> || std::is_same_v<Value, std::uint64_t> ||
    std::is_same_v<Value, bool> || trace::named_enum<Value>;

/// What is asked of a field's value, whatever its type.
template <class Value> using value_test = std::function<bool(Value)>;

trace::result<value_test<trace::text>> test_for(comparison how, std::string_view wanted,
                                                const trace::text*) {
  return text_test(how, wanted);
}

trace::result<value_test<std::uint64_t>> test_for(comparison how, std::string_view wanted,
                                                  const std::uint64_t*) {
  return number_test(how, wanted, parse_duration);
}

trace::result<value_test<bool>> test_for(comparison how, std::string_view wanted, const bool*) {
  const bool yes = wanted == "true";
  if (!yes && wanted != "false") return trace::failure{"expected true or false"};
  if (how != comparison::equal && how != comparison::shorthand && how != comparison::not_equal)
    return trace::failure{"true and false have no order: compare them with = or !="};
  return value_test<bool>(
      [wanted = yes == (how != comparison::not_equal)](bool value) { return value == wanted; });
}

template <trace::named_enum Value>
trace::result<value_test<Value>> test_for(comparison how, std::string_view wanted, const Value*) {
  if (how == comparison::contains || how == comparison::lacks) {
    auto test = text_test(how, wanted);
    if (!test) return test.error();
    return value_test<Value>(
        [test = std::move(*test)](Value value) { return test(trace::to_string(value)); });
  }
  const auto limit = trace::parse<Value>(wanted);
  if (!limit)
    return trace::failure{
        fmt::format("expected one of {}", fmt::join(trace::names_of<Value>, ", "))};
  auto test = order_test(how);
  if (!test) return test.error();
  return value_test<Value>([test = *test, limit = *limit](Value value) {
    return test(value < limit ? -1 : value == limit ? 0 : 1);
  });
}

/// A kind that this version does not know is asked for by its name, and has no rank.
using kind_of_cancel_test = std::function<bool(const trace::cancel_request&)>;
trace::result<kind_of_cancel_test> kind_test(comparison how, std::string_view wanted) {
  const bool by_name = how == comparison::equal || how == comparison::shorthand ||
                       how == comparison::not_equal || how == comparison::contains ||
                       how == comparison::lacks;
  if (by_name) {
    auto test = text_test(how == comparison::shorthand ? comparison::equal : how, wanted);
    if (!test) return test.error();
    return kind_of_cancel_test([test = std::move(*test)](const trace::cancel_request& e) {
      return test(trace::kind_name(e));
    });
  }
  auto test = test_for(how, wanted, static_cast<const trace::cancel_kind*>(nullptr));
  if (!test) return test.error();
  return kind_of_cancel_test([test = std::move(*test)](const trace::cancel_request& e) {
    return e.kind != trace::cancel_kind::other && test(e.kind);
  });
}

constexpr std::size_t kinds = std::variant_size_v<trace::event_body>;
using event_test = std::function<bool(const trace_store&, event_index)>;

/// For each kind of event that has the field, what is asked of it.
class wire_question {
public:
  wire_question(std::string_view name, comparison how, std::string_view value)
      : name_(name), how_(how), value_(value) {
    look_at_all(std::make_index_sequence<kinds>{});
  }

  trace::result<question> take() && {
    if (!found_) return trace::failure{why_not_};
    // What cannot be that value is another one.
    if (how_ == comparison::not_equal)
      for (const auto& [kind, is_there] : cannot_be_)
        tests_[kind] = is_there;
    return question([tests = std::move(tests_)](const trace_store& trace) {
      return predicate([&trace, tests](event_index e) {
        const event_test& test = tests[static_cast<std::size_t>(trace.kind_of(e))];
        return test && test(trace, e);
      });
    });
  }

private:
  template <std::size_t... Kind> void look_at_all(std::index_sequence<Kind...>) {
    (look_at<std::variant_alternative_t<Kind, trace::event_body>>(Kind), ...);
  }

  template <class Body> void look_at(std::size_t kind) {
    if constexpr (std::is_same_v<Body, trace::header>)
      return; // it is no event
    else
      std::apply(
          [&](const auto&... field) {
            ((field.name == name_ ? add<Body>(kind, field.member) : void()), ...);
          },
          Body::fields());
  }

  template <class Body, class Member> void add(std::size_t kind, Member Body::* member) {
    using value_type = typename bare<Member>::type;
    if constexpr (std::is_same_v<value_type, trace::cancel_kind>) {
      keep(kind, kind_test(how_, value_),
           [](const trace_store& trace, event_index e, const auto& test) {
             return test(trace.body_at<trace::cancel_request>(e));
           });
    } else if constexpr (can_be_compared<value_type>) {
      if constexpr (std::is_same_v<Member, value_type>)
        cannot_be_.emplace_back(kind, [](const trace_store&, event_index) { return true; });
      else
        cannot_be_.emplace_back(kind, [member](const trace_store& trace, event_index e) {
          return static_cast<bool>(trace.body_at<Body>(e).*member);
        });
      keep(kind, test_for(how_, value_, static_cast<const value_type*>(nullptr)),
           [member](const trace_store& trace, event_index e, const auto& test) {
             const auto body = trace.body_at<Body>(e);
             if constexpr (std::is_same_v<Member, value_type>)
               return test(body.*member);
             else
               return (body.*member) && test(*(body.*member));
           });
    }
  }

  template <class Test, class Ask> void keep(std::size_t kind, Test test, Ask ask) {
    if (!test) {
      if (why_not_.empty()) why_not_ = test.error().message;
      return;
    }
    found_ = true;
    std::erase_if(cannot_be_, [kind](const auto& one) { return one.first == kind; });
    tests_[kind] = [test = std::move(*test), ask](const trace_store& trace, event_index e) {
      return ask(trace, e, test);
    };
  }

  std::string_view name_;
  comparison how_;
  std::string_view value_;
  std::array<event_test, kinds> tests_;
  std::vector<std::pair<std::size_t, event_test>> cannot_be_; ///< has the field, in another type
  bool found_ = false;
  std::string why_not_;
};

} // namespace

trace::result<question> ask_wire_field(std::string_view name, comparison how,
                                       std::string_view value) {
  return wire_question(name, how, value).take();
}

} // namespace cancelscope::inspector
