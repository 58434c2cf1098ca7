# cmake "-DFONTS=symbol=file|symbol=file…" -DOUT=folder -P embed_fonts.cmake: writes fonts.hpp and fonts.cpp.

set(declarations "")
set(definitions "")
string(REPLACE "|" ";" fonts "${FONTS}")
foreach(font IN LISTS fonts)
  string(REGEX MATCH "^([a-z_]+)=(.*)$" matched "${font}")
  set(symbol "${CMAKE_MATCH_1}")
  file(READ "${CMAKE_MATCH_2}" bytes HEX)
  string(LENGTH "${bytes}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(APPEND declarations "extern const std::array<unsigned char, ${size}> ${symbol};\n")
  string(APPEND definitions "constinit const std::array<unsigned char, ${size}> ${symbol} = {${bytes}};\n")
endforeach()

file(WRITE "${OUT}/fonts.hpp" "// Generated: the font files that the interface draws with, as they are on disk.
#pragma once

#include <array>

namespace cancelscope::fonts {

${declarations}
}  // namespace cancelscope::fonts
")
file(WRITE "${OUT}/fonts.cpp" "#include \"fonts.hpp\"

namespace cancelscope::fonts {

${definitions}
}  // namespace cancelscope::fonts
")
