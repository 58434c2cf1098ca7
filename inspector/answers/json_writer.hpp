// Writes JSON as it goes, so that an answer may be longer and deeper than a tree of values could be: a chain
// of a million links, regions nested a hundred thousand deep.
//
// Threading: an object is used by one thread. Failure: none; whoever writes keeps the pairs.
//
//     json_writer json;
//     json.open('{').key("target").text("t3.1").key("chain").open('[').close(']').close('}');
//     return std::move(json).take();
#pragma once

#include "trace-format/json_text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cancelscope::inspector {

class json_writer {
public:
  json_writer& open(char bracket) {
    separate();
    text_.put(bracket);
    first_ = true;
    return *this;
  }
  json_writer& close(char bracket) {
    text_.put(bracket);
    first_ = false;
    return *this;
  }
  json_writer& key(std::string_view name) {
    separate();
    text_.quoted(name);
    text_.put(':');
    first_ = true; // a value needs no comma before it
    return *this;
  }
  json_writer& text(std::string_view value) {
    separate();
    text_.quoted(value);
    return *this;
  }
  /// Null where the text is empty: what has no name, no id.
  json_writer& text_or_null(std::string_view value) { return value.empty() ? null() : text(value); }
  json_writer& number(std::uint64_t value) {
    separate();
    text_.number(value);
    return *this;
  }
  json_writer& number_or_null(std::optional<std::uint64_t> value) {
    return value ? number(*value) : null();
  }
  json_writer& boolean(bool value) { return json(value ? "true" : "false"); }
  json_writer& null() { return json("null"); }
  /// What is JSON already.
  json_writer& json(std::string_view value) {
    separate();
    text_.put(value);
    return *this;
  }
  /// A line's end between values, for people who look.
  json_writer& new_line() {
    if (!first_) text_.put(',');
    text_.put('\n');
    first_ = true;
    return *this;
  }

  std::string take() && {
    text_.flush();
    return std::move(out_);
  }

private:
  void separate() {
    if (!first_) text_.put(',');
    first_ = false;
  }

  std::string out_;
  trace::json_text text_{out_};
  bool first_ = true;
};

} // namespace cancelscope::inspector
