#include "trace-format/output.hpp"

#include <cerrno>
#include <cstring>

namespace cancelscope::trace {

namespace {

failure cannot(std::string_view what, const std::string& path, int error) {
  return {"Cannot " + std::string(what) + " " + path + ": " + std::strerror(error) + "."};
}

} // namespace

result<std::unique_ptr<byte_output>> file_output::create(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return cannot("create", path, errno);
  // Callers write whole blocks; a second buffer would only hold back what a crash then loses.
  std::setvbuf(file, nullptr, _IONBF, 0);
  return std::unique_ptr<byte_output>(new file_output(file, path));
}

std::optional<failure> file_output::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size()) return std::nullopt;
  return cannot("write to", path_, errno);
}

} // namespace cancelscope::trace
