#include "inspector/source/source.hpp"

#include <algorithm>
#include <utility>

namespace cancelscope::inspector {

namespace {

class bytes_in_memory final : public source {
public:
  bytes_in_memory(std::string name, std::string_view bytes)
      : name_(std::move(name)), left_(bytes), size_(bytes.size()) {}

  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return size_; }

  trace::result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t size = left_.copy(buffer.data(), std::min(buffer.size(), left_.size()));
    left_.remove_prefix(size);
    return size;
  }

private:
  std::string name_;
  std::string_view left_;
  std::uint64_t size_;
};

} // namespace

std::unique_ptr<source> memory_source(std::string name, std::string_view bytes) {
  return std::make_unique<bytes_in_memory>(std::move(name), bytes);
}

} // namespace cancelscope::inspector
