# cancelscope::fonts: the interface's typefaces as byte arrays (#include "fonts.hpp"), generated from the fonts
# installed on this machine, so that native window and browser tab draw the same letters.

set(CANCELSCOPE_FONT_DIR "/usr/share/fonts" CACHE PATH "Where Inter and JetBrains Mono are installed")
set(fonts_dir "${PROJECT_BINARY_DIR}/generated/fonts")
set(font_pairs "")
set(font_files "")
foreach(font IN ITEMS inter_regular=Inter-Regular inter_semibold=Inter-SemiBold jetbrains_mono_regular=JetBrainsMono-Regular)
  string(REPLACE "=" ";" font "${font}")
  list(GET font 0 symbol)
  list(GET font 1 stem)
  file(GLOB_RECURSE found LIST_DIRECTORIES FALSE "${CANCELSCOPE_FONT_DIR}/${stem}.otf" "${CANCELSCOPE_FONT_DIR}/${stem}.ttf")
  if(NOT found)
    set(CANCELSCOPE_UI_MISSING
      "the font ${stem} was not found; run tools/bootstrap, or install fonts-inter and fonts-jetbrains-mono, or set CANCELSCOPE_FONT_DIR.")
    return()
  endif()
  list(GET found 0 file)
  list(APPEND font_pairs "${symbol}=${file}")
  list(APPEND font_files "${file}")
endforeach()

string(REPLACE ";" "|" font_argument "${font_pairs}")
add_custom_command(
  OUTPUT "${fonts_dir}/fonts.hpp" "${fonts_dir}/fonts.cpp"
  COMMAND ${CMAKE_COMMAND} "-DFONTS=${font_argument}" "-DOUT=${fonts_dir}" -P "${PROJECT_SOURCE_DIR}/cmake/embed_fonts.cmake"
  DEPENDS ${font_files} "${PROJECT_SOURCE_DIR}/cmake/embed_fonts.cmake"
  COMMENT "Embedding fonts" VERBATIM)
add_library(cancelscope_fonts STATIC "${fonts_dir}/fonts.cpp" "${fonts_dir}/fonts.hpp")
add_library(cancelscope::fonts ALIAS cancelscope_fonts)
target_include_directories(cancelscope_fonts PUBLIC "${fonts_dir}")
