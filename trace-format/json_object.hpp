// One JSON object taken apart into its members, of which only the first level is typed: what lies deeper is kept
// as compact JSON text. Nesting of any depth costs neither stack nor more than linear time.
//
// Ownership: members borrow from the object, until its next `parse`.
// Threading: an object is used by one thread at a time.
// Failure:   `parse` returns false, and `fault` says why.
//
//     json_object line;
//     if (!line.parse(R"({"ev":"end","t":9})")) return show(line.fault());
//     for (const json_member& member : line.members()) …
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::trace {

/// `integer` is a whole number of 64 bits written without sign, fraction or exponent; any other is a `number`.
enum class json_kind : std::uint8_t { null, boolean, integer, number, string, array, object };

struct json_member {
  std::string_view key;
  json_kind kind{};
  std::string_view value;    ///< a string's text, unescaped; of anything else its JSON
  std::uint64_t integer = 0; ///< of an integer; 1 of `true`
};

class json_object {
public:
  /// Takes a text apart that must be one object and nothing else, in UTF-8.
  bool parse(std::string_view json);

  /// In the order of the text; a key that stands twice is there twice.
  [[nodiscard]] std::span<const json_member> members() const noexcept { return members_; }
  /// Why the last `parse` returned false: the end of a sentence that began with "not a JSON object: ".
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

private:
  class builder;

  std::string text_; ///< what the members' keys and values lie in
  std::vector<json_member> members_;
  std::string fault_;
};

} // namespace cancelscope::trace
