#include "trace-format/trace_reader.hpp"

#include "trace-format/binary/binary_reader.hpp"
#include "trace-format/jsonl_reader.hpp"

#include <string>
#include <utility>

namespace cancelscope::trace {

namespace {

/// Holds the first bytes until they tell.
class any_reader final : public trace_reader {
public:
  explicit any_reader(trace_handler& handler) : handler_(handler) {}

  bool feed(std::string_view bytes) override {
    if (chosen_) return chosen_->feed(bytes);
    first_bytes_ += bytes;
    const bool may_be_binary =
        binary_signature.starts_with(first_bytes_.substr(0, binary_signature.size()));
    if (may_be_binary && first_bytes_.size() < binary_signature.size()) return true;
    choose(may_be_binary);
    return chosen_->feed(std::exchange(first_bytes_, {}));
  }

  result<read_summary> finish() override {
    if (!chosen_) {
      choose(!first_bytes_.empty());
      chosen_->feed(first_bytes_);
    }
    return chosen_->finish();
  }

private:
  void choose(bool binary) {
    if (binary)
      chosen_ = std::make_unique<binary_reader>(handler_);
    else
      chosen_ = std::make_unique<jsonl_reader>(handler_);
  }

  trace_handler& handler_;
  std::string first_bytes_;
  std::unique_ptr<trace_reader> chosen_;
};

} // namespace

std::unique_ptr<trace_reader> trace_reader_of_any_encoding(trace_handler& handler) {
  return std::make_unique<any_reader>(handler);
}

} // namespace cancelscope::trace
