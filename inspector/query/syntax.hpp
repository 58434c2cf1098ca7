// The grammar of queries: text becomes a tree of tests, or a fault that points at the place.
//
//     query      = any of, or nothing
//     any of     = all of { "or" all of }
//     all of     = one { ["and"] one }
//     one        = ("not" | "!" | "-") one | "(" any of ")" | comparison | "under" value | text
//     comparison = FIELD ("=" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~" | "contains" | "under") value
//                | FIELD "in" "(" value { [","] value } ")" | FIELD ":" value
//
// A value or a text is a word, or stands in "quotes", in which \" is a quote and \\ a backslash.
//
// Threading: pure. Failure: a fault; nesting deeper than `deepest_nesting` is one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::inspector {

constexpr std::size_t deepest_nesting = 100;

/// Why a text is no query, and which bytes of it are to blame: `from` to before `to`, never empty; the place
/// just after the text where something is missing there.
struct query_fault {
  std::string message; ///< a sentence that says the place as people count it
  std::size_t from = 0;
  std::size_t to = 0;
};

/// "at character 8", counted from 1.
std::string at_character(std::string_view text, std::size_t byte);
/// Two lines for a monospaced place: the query (of a long one the part that matters), and carets under what is wrong.
std::string pointed_at(std::string_view text, const query_fault& fault);

enum class comparison : std::uint8_t {
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  contains,
  lacks,
  under,
  shorthand, ///< a colon: what is most natural for the field
};
std::string_view to_string(comparison how);

/// A piece of a query: what it says, and where it stands.
struct query_word {
  std::string text;
  std::size_t from = 0;
  std::size_t to = 0;
};

struct query_node {
  enum class sort : std::uint8_t { all_of, any_of, opposite, test, says };
  sort is = sort::all_of;
  std::vector<query_node> parts{}; ///< all_of, any_of: what they join; opposite: of what
  query_word field{};              ///< test: empty for `under` without a field
  comparison how = comparison::equal;
  query_word sign{};                ///< test: the comparison as it stands
  std::vector<query_word> values{}; ///< test: one, or those of `in`; says: the text
};

/// Empty text is all of nothing: true of every event.
std::optional<query_node> parse_query(std::string_view text, query_fault& fault);

} // namespace cancelscope::inspector
