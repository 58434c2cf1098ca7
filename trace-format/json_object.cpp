#include "trace-format/json_object.hpp"

#include "trace-format/json_text.hpp"
#include "trace-format/shown.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace cancelscope::trace {

/// Receives nlohmann_json's events. Offsets into `text_` become views only when the text has stopped growing.
class json_object::builder {
public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  builder(json_object& object, std::string_view json) : object_(object), json_(json) {}

  bool null() { return scalar(json_kind::null, "null"); }
  bool boolean(bool value) {
    return scalar(json_kind::boolean, value ? "true" : "false", value ? 1 : 0);
  }
  bool number_unsigned(number_unsigned_t value) {
    return scalar(json_kind::integer, std::to_string(value), value);
  }
  bool number_integer(number_integer_t value) {
    // Called for what has a sign; of a zero the sign is all that is left of it.
    return scalar(json_kind::number, value == 0 ? "-0" : std::to_string(value));
  }
  bool number_float(number_float_t, const string_t& written) {
    return scalar(json_kind::number, written);
  }
  bool binary(binary_t&) { return refuse("it is not text."); }

  bool string(string_t& value) {
    if (depth_ == 1) return scalar(json_kind::string, value);
    if (depth_ == 0) return not_an_object();
    separate();
    nested_.quoted(value);
    comma_ = true;
    return true;
  }

  bool start_object(std::size_t) { return open(json_kind::object, '{'); }
  bool start_array(std::size_t) { return open(json_kind::array, '['); }
  bool end_object() { return close('}'); }
  bool end_array() { return close(']'); }

  bool key(string_t& name) {
    if (depth_ == 1) {
      key_ = add(name);
      return true;
    }
    separate();
    nested_.quoted(name);
    nested_.put(':');
    comma_ = false;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::out_of_range&) {
    return refuse("the number that ends at byte " + std::to_string(position) + " is too large.");
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) {
    if (position == 0 || position > json_.size()) return refuse("it stops in the middle.");
    return refuse("it breaks at byte " + std::to_string(position) + ", at " +
                  shown(json_[position - 1]) + ".");
  }

  /// Turns what was gathered into the object's members.
  void finish() {
    object_.members_.reserve(found_.size());
    for (const found_member& found : found_)
      object_.members_.push_back({view(found.key), found.kind, view(found.value), found.integer});
  }

private:
  struct place {
    std::size_t at = 0;
    std::size_t size = 0;
  };
  struct found_member {
    place key;
    json_kind kind{};
    place value;
    std::uint64_t integer = 0;
  };

  bool refuse(std::string why) {
    object_.fault_ = std::move(why);
    return false;
  }
  bool not_an_object() { return refuse("it is JSON of another kind."); }

  std::string_view view(place where) const {
    return std::string_view(object_.text_).substr(where.at, where.size);
  }

  place add(std::string_view value) {
    const place where{object_.text_.size(), value.size()};
    object_.text_.append(value);
    return where;
  }

  void separate() {
    if (comma_) nested_.put(',');
  }

  bool scalar(json_kind kind, std::string_view value, std::uint64_t integer = 0) {
    if (depth_ == 0) return not_an_object();
    if (depth_ == 1) {
      found_.push_back({key_, kind, add(value), integer});
      return true;
    }
    separate();
    nested_.put(value);
    comma_ = true;
    return true;
  }

  bool open(json_kind kind, char bracket) {
    if (depth_ == 0 && kind != json_kind::object) return not_an_object();
    if (depth_ == 1) {
      found_.push_back({key_, kind, {object_.text_.size(), 0}, 0});
      comma_ = false;
    }
    if (depth_ > 0) {
      separate();
      nested_.put(bracket);
      comma_ = false;
    }
    ++depth_;
    return true;
  }

  bool close(char bracket) {
    --depth_;
    if (depth_ == 0) return true;
    nested_.put(bracket);
    comma_ = true;
    if (depth_ == 1) {
      nested_.flush();
      place& value = found_.back().value;
      value.size = object_.text_.size() - value.at;
    }
    return true;
  }

  json_object& object_;
  std::string_view json_;
  json_text nested_{object_.text_};
  std::vector<found_member> found_;
  place key_;
  std::size_t depth_ = 0;
  bool comma_ = false; ///< the next nested piece follows another
};

bool json_object::parse(std::string_view json) {
  text_.clear();
  members_.clear();
  // nlohmann_json steps over a byte order mark at the start of any text; a trace may have one only at its own start.
  if (json.starts_with("\xEF\xBB\xBF")) {
    fault_ = "it begins with a byte order mark.";
    return false;
  }
  builder sax{*this, json};
  if (!nlohmann::json::sax_parse(json.begin(), json.end(), &sax)) return false;
  sax.finish();
  return true;
}

} // namespace cancelscope::trace
