# cancelscope::fonts: the interface's typefaces as byte arrays (#include "fonts.hpp"), generated from the fonts
# installed on this machine, so that native window and browser tab draw the same letters. Only the letters that names
# and sentences are written in: the rest would be two thirds of them, and a third of the tab's download.

set(CANCELSCOPE_FONT_DIR "/usr/share/fonts" CACHE PATH "Where Inter and JetBrains Mono are installed")
find_program(CANCELSCOPE_HB_SUBSET hb-subset)
if(NOT CANCELSCOPE_HB_SUBSET)
  set(CANCELSCOPE_UI_MISSING
    "hb-subset was not found; run tools/bootstrap, or install libharfbuzz-bin, or set CANCELSCOPE_HB_SUBSET.")
  return()
endif()

# What ui/theme/typography.cpp draws is what is here.
string(CONCAT font_letters
  "20-7e,a0-24f,1e00-1eff,"      # Latin with its accents, precomposed
  "2b0-36f,"                     # and combining
  "370-3ff,400-52f,"             # Greek, Cyrillic
  "2010-2027,2030-203a,20a0-20bf," # dashes, quotes, bullets, ellipsis; currencies
  "2190-2199,2212,221e,2248,2260,2264,2265,"
  "25a0,25a1,25b2,25b6,25bc,25c0,25c6,25cf,2713,2717")

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
  set(subset "${fonts_dir}/${symbol}.font")
  # Without subroutines a font is larger, and smaller once it is compressed. Nothing lays out or hints.
  add_custom_command(
    OUTPUT "${subset}"
    COMMAND "${CANCELSCOPE_HB_SUBSET}" "--font-file=${file}" "--unicodes=${font_letters}" --desubroutinize --no-hinting
      --layout-features= --drop-tables+=GSUB,GPOS,GDEF "--output-file=${subset}"
    DEPENDS "${file}" "${CMAKE_CURRENT_LIST_FILE}"
    COMMENT "Taking the letters out of ${stem}" VERBATIM)
  list(APPEND font_pairs "${symbol}=${subset}")
  list(APPEND font_files "${subset}")
endforeach()
file(MAKE_DIRECTORY "${fonts_dir}")

string(REPLACE ";" "|" font_argument "${font_pairs}")
add_custom_command(
  OUTPUT "${fonts_dir}/fonts.hpp" "${fonts_dir}/fonts.cpp"
  COMMAND ${CMAKE_COMMAND} "-DFONTS=${font_argument}" "-DOUT=${fonts_dir}" -P "${PROJECT_SOURCE_DIR}/cmake/embed_fonts.cmake"
  DEPENDS ${font_files} "${PROJECT_SOURCE_DIR}/cmake/embed_fonts.cmake"
  COMMENT "Embedding fonts" VERBATIM)
add_library(cancelscope_fonts STATIC "${fonts_dir}/fonts.cpp" "${fonts_dir}/fonts.hpp")
add_library(cancelscope::fonts ALIAS cancelscope_fonts)
target_include_directories(cancelscope_fonts PUBLIC "${fonts_dir}")
