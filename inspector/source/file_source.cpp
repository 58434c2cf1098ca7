#include "inspector/source/source.hpp"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

namespace cancelscope::inspector {

namespace {

class stream final : public source {
public:
  stream(std::string name, std::FILE* file, bool owned, std::optional<std::uint64_t> size)
      : name_(std::move(name)), file_(file), owned_(owned), size_(size) {}
  ~stream() override {
    if (owned_) std::fclose(file_);
  }

  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return size_; }

  trace::result<std::size_t> read(std::span<char> buffer) override {
    errno = 0;
    const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), file_);
    if (size == 0 && std::ferror(file_) != 0) {
      return trace::failure{name_ +
                            " could not be read: " + std::generic_category().message(errno) + "."};
    }
    return size;
  }

private:
  std::string name_;
  std::FILE* file_;
  bool owned_;
  std::optional<std::uint64_t> size_;
};

} // namespace

trace::result<std::unique_ptr<source>> open_source(const std::string& path) {
  if (path == "-")
    return std::unique_ptr<source>(
        std::make_unique<stream>("standard input", stdin, false, std::nullopt));

  std::error_code why;
  const auto status = std::filesystem::status(path, why);
  if (!std::filesystem::exists(status)) return trace::failure{path + " does not exist."};
  if (std::filesystem::is_directory(status))
    return trace::failure{path + " is a directory, not a trace file."};

  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr)
    return trace::failure{path + " could not be opened: " + std::generic_category().message(errno) +
                          "."};
  std::optional<std::uint64_t> size;
  if (std::filesystem::is_regular_file(status)) {
    const auto bytes = std::filesystem::file_size(path, why);
    if (!why) size = bytes;
  }
  return std::unique_ptr<source>(std::make_unique<stream>(path, file, true, size));
}

} // namespace cancelscope::inspector
