#include "inspector/query/query.hpp"

#include "inspector/query/fields.hpp"
#include "inspector/query/whom.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace cancelscope::inspector {

struct query::compiled {
  question asks;
  std::vector<std::string> above; ///< under whom is asked for
};

namespace {

/// Turns the tree of a query into questions; says what makes no sense in it.
class compiler {
public:
  compiler(std::string_view text, query_fault& fault) : text_(text), fault_(fault) {}

  std::optional<question> compile(const query_node& node) {
    switch (node.is) {
    case query_node::sort::test:
      return test(node);
    case query_node::sort::says:
      return says(node.values.front().text);
    case query_node::sort::opposite: {
      auto inner = compile(node.parts.front());
      if (!inner) return {};
      return question([inner = std::move(*inner)](const trace_store& trace) {
        return predicate([holds = inner(trace)](event_index e) { return !holds(e); });
      });
    }
    case query_node::sort::all_of:
    case query_node::sort::any_of:
      break;
    }
    std::vector<question> parts;
    for (const query_node& part : node.parts) {
      auto made = compile(part);
      if (!made) return {};
      parts.push_back(std::move(*made));
    }
    return joined(std::move(parts), node.is == query_node::sort::all_of);
  }

  /// Under whom the query asks for.
  std::vector<std::string> take_above() { return std::move(above_); }

private:
  /// All must hold, or any.
  static question joined(std::vector<question> parts, bool all) {
    return [parts = std::move(parts), all](const trace_store& trace) {
      std::vector<predicate> tests;
      for (const question& part : parts)
        tests.push_back(part(trace));
      return predicate([tests = std::move(tests), all](event_index e) {
        const auto decides = [e, all](const predicate& holds) { return holds(e) != all; };
        return std::any_of(tests.begin(), tests.end(), decides) != all;
      });
    };
  }

  std::optional<question> test(const query_node& node) {
    const query_field* field = nullptr;
    if (!node.field.text.empty()) {
      field = find_field(node.field.text);
      if (field == nullptr) return no_such_field(node.field);
    }
    std::vector<question> any;
    for (const query_word& value : node.values) {
      auto made = field == nullptr ? ask_under(value.text) : ask(*field, node.how, value.text);
      if (!made) return cannot_be(node, value, made.error().message);
      if (node.how == comparison::under) above_.push_back(value.text);
      any.push_back(std::move(*made));
    }
    return any.size() == 1 ? std::move(any.front()) : joined(std::move(any), false);
  }

  std::optional<question> no_such_field(const query_word& field) {
    const std::string_view nearest = nearest_field(field.text);
    std::string hint = fmt::format("perhaps `{}` is meant.", nearest);
    if (nearest.empty()) {
      std::vector<std::string_view> names;
      for (const query_field& f : query_fields())
        names.push_back(f.name);
      hint = fmt::format("the fields are {}.", fmt::join(names, ", "));
    }
    fault_ = {fmt::format("There is no field `{}`, {}; {}", field.text,
                          at_character(text_, field.from), hint),
              field.from, field.to};
    return {};
  }

  std::optional<question> cannot_be(const query_node& node, const query_word& value,
                                    const std::string& why) {
    const std::string gap = node.how == comparison::shorthand ? "" : " ";
    fault_ = {fmt::format("`{}{}{}` cannot be “{}”, {}: {}.", node.field.text, gap, node.sign.text,
                          value.text, at_character(text_, value.from), why),
              value.from, std::max(value.to, value.from + 1)};
    return {};
  }

  std::string_view text_;
  query_fault& fault_;
  std::vector<std::string> above_;
};

} // namespace

query::query() = default;
query::query(std::shared_ptr<const compiled> asks) : asks_(std::move(asks)) {}

trace::result<query> query::parse(std::string_view text) {
  query_fault fault;
  return parse(text, fault);
}

trace::result<query> query::parse(std::string_view text, query_fault& fault) {
  const auto tree = parse_query(text, fault);
  if (!tree) return trace::failure{fault.message};
  if (tree->is == query_node::sort::all_of && tree->parts.empty()) return query();
  compiler compiling(text, fault);
  auto asks = compiling.compile(*tree);
  if (!asks) return trace::failure{fault.message};
  return query(
      std::make_shared<const compiled>(compiled{std::move(*asks), compiling.take_above()}));
}

std::vector<std::string> query::unknown_in(const trace_store& trace) const {
  if (asks_ == nullptr) return {};
  std::vector<std::string> unknown = asks_->above;
  std::erase_if(unknown, [&trace](const std::string& whom) {
    return !meant(trace, whom, entity_type::none).empty();
  });
  return unknown;
}

bool query::matches_everything() const {
  return asks_ == nullptr;
}

std::function<bool(event_index)> query::on(const trace_store& trace) const {
  if (asks_ == nullptr) return [](event_index) { return true; };
  return asks_->asks(trace);
}

std::vector<event_index> query::matches_in(const trace_store& trace) const {
  const auto matches = on(trace);
  std::vector<event_index> found;
  for (std::uint32_t i = 0; i < trace.event_count(); ++i)
    if (matches(event_index{i})) found.push_back(event_index{i});
  return found;
}

std::string query::examples() {
  return "A query says what must hold of an event:\n"
         "  kind = timeout and region under r3.1\n"
         "  (outcome >= cancelled or how = leaked) and t > 1.5ms and not name ~ \"health check\"\n"
         "  kind:timeout region:r3.1 \"charge card\" -ev:task_run\n\n"
         "  FIELD = VALUE   also != < <= > >=, ~ (contains) and !~, in (A, B), under ID or NAME\n"
         "  FIELD:VALUE     the shorter form; of text it asks whether the value stands in it\n"
         "  WORD, \"A TEXT\"  stands somewhere in the event; an id: the events that name it\n"
         "  under ID        about it, or anything below it; under a cancel: all that it led to\n"
         "  and, or, not, ( ): side by side means and; - or ! before a part means not\n";
}

std::string query::help() {
  std::string text = examples() + "\n";
  for (const query_field& f : query_fields())
    text += fmt::format("  {:<14} {:<12} {}\n", f.name, f.values, f.meaning);
  return text;
}

} // namespace cancelscope::inspector
