# cancelscope::imgui_core: Dear ImGui alone, enough to run panels without a window.
# cancelscope::imgui: with its SDL2 and OpenGL 3 (WebGL 2) backends.
#
# From source on both sides, whatever the system offers: indices are 32 bits, because WebGL 2 has no vertex offset.

set(CANCELSCOPE_IMGUI_DIR "${CANCELSCOPE_TOOLCHAIN_DIR}/sources/imgui" CACHE PATH "Dear ImGui's sources")
if(NOT EXISTS "${CANCELSCOPE_IMGUI_DIR}/imgui.cpp")
  set(CANCELSCOPE_UI_MISSING "Dear ImGui was not found; run tools/bootstrap, or set CANCELSCOPE_IMGUI_DIR to its sources.")
  return()
endif()

add_library(cancelscope_imgui_core STATIC
  "${CANCELSCOPE_IMGUI_DIR}/imgui.cpp"
  "${CANCELSCOPE_IMGUI_DIR}/imgui_draw.cpp"
  "${CANCELSCOPE_IMGUI_DIR}/imgui_tables.cpp"
  "${CANCELSCOPE_IMGUI_DIR}/imgui_widgets.cpp"
  "${CANCELSCOPE_IMGUI_DIR}/misc/cpp/imgui_stdlib.cpp")
add_library(cancelscope::imgui_core ALIAS cancelscope_imgui_core)
target_include_directories(cancelscope_imgui_core SYSTEM PUBLIC
  "${CANCELSCOPE_IMGUI_DIR}" "${CANCELSCOPE_IMGUI_DIR}/misc/cpp")
target_compile_definitions(cancelscope_imgui_core PUBLIC
  "ImDrawIdx=unsigned int" IMGUI_DISABLE_OBSOLETE_FUNCTIONS IMGUI_DISABLE_DEMO_WINDOWS)
target_compile_options(cancelscope_imgui_core PRIVATE -w $<$<BOOL:${EMSCRIPTEN}>:-Os>)

if(TARGET cancelscope_sdl2)
  add_library(cancelscope_imgui STATIC
    "${CANCELSCOPE_IMGUI_DIR}/backends/imgui_impl_sdl2.cpp"
    "${CANCELSCOPE_IMGUI_DIR}/backends/imgui_impl_opengl3.cpp")
  add_library(cancelscope::imgui ALIAS cancelscope_imgui)
  target_include_directories(cancelscope_imgui SYSTEM PUBLIC "${CANCELSCOPE_IMGUI_DIR}/backends")
  target_compile_definitions(cancelscope_imgui PUBLIC $<$<BOOL:${EMSCRIPTEN}>:IMGUI_IMPL_OPENGL_ES3>)
  target_compile_options(cancelscope_imgui PRIVATE -w)
  target_link_libraries(cancelscope_imgui PUBLIC cancelscope_imgui_core cancelscope_sdl2)
endif()
