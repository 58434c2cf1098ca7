# The browser's site: build/wasm/site/, complete after building the target `site`.

set(CANCELSCOPE_SITE_DIR "${PROJECT_BINARY_DIR}/site")

if(EMSCRIPTEN)
  add_custom_target(site)
  # The page asks for its gallery; tools/gallery fills it.
  if(NOT EXISTS "${CANCELSCOPE_SITE_DIR}/samples/index.json")
    file(WRITE "${CANCELSCOPE_SITE_DIR}/samples/index.json" "[]\n")
  endif()
endif()

# cancelscope_add_site_module(inspector SOURCES … LIBRARIES …) makes site/inspector.mjs and .wasm; no effect natively.
function(cancelscope_add_site_module name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBRARIES")
  if(NOT EMSCRIPTEN)
    return()
  endif()
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES SUFFIX .mjs RUNTIME_OUTPUT_DIRECTORY "${CANCELSCOPE_SITE_DIR}")
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES})
  # What is done to the module as a whole is for its size: a page is fetched before it runs.
  target_link_options(${name} PRIVATE
    -Os -sMODULARIZE=1 -sEXPORT_ES6=1 -sENVIRONMENT=web -sALLOW_MEMORY_GROWTH=1 -sSTACK_SIZE=1MB
    -sMIN_WEBGL_VERSION=2 -sMAX_WEBGL_VERSION=2)
  add_dependencies(site ${name})
endfunction()

# cancelscope_add_site_files(page/index.html …) copies files into the site under their own names; no effect natively.
function(cancelscope_add_site_files)
  if(NOT EMSCRIPTEN)
    return()
  endif()
  set(copies "")
  foreach(file IN LISTS ARGN)
    cmake_path(ABSOLUTE_PATH file NORMALIZE)
    cmake_path(GET file FILENAME filename)
    set(copy "${CANCELSCOPE_SITE_DIR}/${filename}")
    add_custom_command(OUTPUT "${copy}"
      COMMAND ${CMAKE_COMMAND} -E copy "${file}" "${copy}" DEPENDS "${file}" VERBATIM)
    list(APPEND copies "${copy}")
  endforeach()
  string(MD5 key "${copies}")
  add_custom_target(site_files_${key} DEPENDS ${copies})
  add_dependencies(site site_files_${key})
endfunction()
