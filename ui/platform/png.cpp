#include "ui/platform/png.hpp"

#include <png.h>

namespace cancelscope::ui {

std::optional<trace::failure> write_png(const picture& shot, const std::string& path) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(shot.width);
  image.height = static_cast<png_uint_32>(shot.height);
  image.format = PNG_FORMAT_RGBA;
  if (png_image_write_to_file(&image, path.c_str(), 0, shot.rgba.data(), 0, nullptr) != 0)
    return {};
  return trace::failure{"The picture “" + path + "” could not be written: " + image.message + "."};
}

} // namespace cancelscope::ui
