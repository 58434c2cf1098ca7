# cancelscope::sdl2: SDL2 with the OpenGL it draws on. Natively the system's; in the browser compiled from source.

if(NOT EMSCRIPTEN)
  find_package(SDL2 CONFIG QUIET)
  find_package(OpenGL QUIET)
  if(NOT SDL2_FOUND OR NOT TARGET OpenGL::GL)
    set(CANCELSCOPE_UI_MISSING "SDL2 or OpenGL was not found; run tools/bootstrap, or install libsdl2-dev and libgl-dev.")
    return()
  endif()
  add_library(cancelscope_sdl2 INTERFACE)
  target_link_libraries(cancelscope_sdl2 INTERFACE SDL2::SDL2 OpenGL::GL)
  add_library(cancelscope::sdl2 ALIAS cancelscope_sdl2)
  return()
endif()

set(CANCELSCOPE_SDL2_DIR "${CANCELSCOPE_TOOLCHAIN_DIR}/sources/sdl2" CACHE PATH "SDL2's sources, for the browser")
if(NOT EXISTS "${CANCELSCOPE_SDL2_DIR}/src/SDL.c")
  set(CANCELSCOPE_UI_MISSING "SDL2's sources were not found; run tools/bootstrap, or set CANCELSCOPE_SDL2_DIR.")
  return()
endif()

# Window, input and OpenGL, of the folders that SDL's own configuration for Emscripten (SDL_config_emscripten.h) enables;
# joysticks and SDL's own renderer for their names only, which ImGui's backend links with.
# Not find_package: the sysroot's answer is -sUSE_SDL=2, a download; and not SDL's CMake, which takes ten times as long.
set(sdl2_globs "")
foreach(folder IN ITEMS
    . atomic cpuinfo dynapi events file filesystem/emscripten joystick joystick/dummy joystick/emscripten
    loadso/dlopen locale locale/emscripten main/dummy misc
    misc/emscripten power power/emscripten render stdlib
    thread thread/generic timer timer/unix video video/dummy video/emscripten video/yuv2rgb)
  list(APPEND sdl2_globs "${CANCELSCOPE_SDL2_DIR}/src/${folder}/*.c")
endforeach()
file(GLOB sdl2_sources ${sdl2_globs})

add_library(cancelscope_sdl2 STATIC ${sdl2_sources})
add_library(cancelscope::sdl2 ALIAS cancelscope_sdl2)
target_include_directories(cancelscope_sdl2 SYSTEM PUBLIC "${CANCELSCOPE_SDL2_DIR}/include")
target_compile_definitions(cancelscope_sdl2 PRIVATE
  SDL_AUDIO_DISABLED=1 SDL_JOYSTICK_DISABLED=1 SDL_SENSOR_DISABLED=1 SDL_RENDER_DISABLED=1)
target_compile_options(cancelscope_sdl2 PRIVATE -w -sUSE_SDL=0 $<$<CONFIG:Release>:-Oz>)
target_link_options(cancelscope_sdl2 INTERFACE -sUSE_SDL=0)
