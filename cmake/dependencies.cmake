# The libraries the project stands on, each under one name whichever way it was found:
#
#   cancelscope::json     nlohmann_json
#   cancelscope::fmt      {fmt}
#   cancelscope::cli11    CLI11
#   cancelscope::httplib  cpp-httplib, native only
#   cancelscope::asio     Asio without Boost, native only; without it cancelscope::io and what needs it are left out
#   GTest::gmock_main, GTest::gtest_main   in developer mode
#
# Found by find_package or pkg-config; for another place set <package>_DIR, CMAKE_PREFIX_PATH or the variable
# that the message names.

function(cancelscope_missing library hint)
  message(FATAL_ERROR "${library} is missing: run tools/bootstrap, or ${hint}.")
endfunction()

# A link to one folder of headers, not its parent on the search path: beside the headers wanted, /usr/include
# holds the native C library's, which must not reach a cross compiler.
function(cancelscope_link_headers target folder probe)
  string(MAKE_C_IDENTIFIER "CANCELSCOPE_${folder}_INCLUDE_DIR" variable)
  string(TOUPPER "${variable}" variable)
  find_path(${variable} NAMES "${folder}/${probe}" PATHS /usr/include /usr/local/include NO_CMAKE_FIND_ROOT_PATH)
  if(NOT ${variable})
    cancelscope_missing("${folder}" "set ${variable} to the folder that holds ${folder}/${probe}")
  endif()
  set(links "${PROJECT_BINARY_DIR}/headers/${folder}")
  file(MAKE_DIRECTORY "${links}")
  file(CREATE_LINK "${${variable}}/${folder}" "${links}/${folder}" SYMBOLIC)
  add_library(${target} INTERFACE)
  target_include_directories(${target} SYSTEM INTERFACE "${links}")
endfunction()

if(EMSCRIPTEN)
  cancelscope_link_headers(cancelscope_json nlohmann json.hpp)
  cancelscope_link_headers(cancelscope_fmt fmt format.h)
  target_compile_definitions(cancelscope_fmt INTERFACE FMT_HEADER_ONLY)
  cancelscope_link_headers(cancelscope_cli11 CLI CLI.hpp)
  add_library(cancelscope::json ALIAS cancelscope_json)
  add_library(cancelscope::fmt ALIAS cancelscope_fmt)
  add_library(cancelscope::cli11 ALIAS cancelscope_cli11)
else()
  find_package(Threads REQUIRED)
  find_package(nlohmann_json 3.11 QUIET)
  if(NOT nlohmann_json_FOUND)
    cancelscope_missing("nlohmann_json 3.11" "install nlohmann-json3-dev")
  endif()
  add_library(cancelscope::json ALIAS nlohmann_json::nlohmann_json)

  find_package(fmt QUIET)
  if(NOT fmt_FOUND)
    cancelscope_missing("{fmt}" "install libfmt-dev")
  endif()
  add_library(cancelscope::fmt ALIAS fmt::fmt)

  find_package(CLI11 QUIET)
  if(NOT CLI11_FOUND)
    cancelscope_missing("CLI11" "install libcli11-dev")
  endif()
  add_library(cancelscope::cli11 ALIAS CLI11::CLI11)

  find_package(httplib QUIET)
  if(httplib_FOUND)
    add_library(cancelscope::httplib ALIAS httplib::httplib)
  else()
    find_package(PkgConfig QUIET)
    if(PkgConfig_FOUND)
      pkg_check_modules(CANCELSCOPE_HTTPLIB QUIET IMPORTED_TARGET cpp-httplib)
    endif()
    if(NOT CANCELSCOPE_HTTPLIB_FOUND)
      cancelscope_missing("cpp-httplib" "install libcpp-httplib-dev and pkg-config")
    endif()
    add_library(cancelscope::httplib ALIAS PkgConfig::CANCELSCOPE_HTTPLIB)
  endif()
endif()

if(NOT EMSCRIPTEN)
  find_path(CANCELSCOPE_ASIO_INCLUDE_DIR NAMES asio/bind_cancellation_slot.hpp)
  if(CANCELSCOPE_ASIO_INCLUDE_DIR)
    add_library(cancelscope_asio INTERFACE)
    add_library(cancelscope::asio ALIAS cancelscope_asio)
    target_include_directories(cancelscope_asio SYSTEM INTERFACE "${CANCELSCOPE_ASIO_INCLUDE_DIR}")
    target_compile_definitions(cancelscope_asio INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED)
    target_link_libraries(cancelscope_asio INTERFACE Threads::Threads)
  else()
    message(STATUS "Sockets (cancelscope::io) are left out: Asio 1.22 is missing; run tools/bootstrap, install libasio-dev, "
      "or set CANCELSCOPE_ASIO_INCLUDE_DIR to the folder that holds asio.hpp")
  endif()
endif()

if(CANCELSCOPE_DEVELOPER AND NOT CANCELSCOPE_FUZZ)
  if(NOT EMSCRIPTEN)
    find_package(GTest CONFIG QUIET)
  endif()
  if(NOT GTest_FOUND)
    set(CANCELSCOPE_GOOGLETEST_DIR "/usr/src/googletest" CACHE PATH "GoogleTest's sources")
    if(NOT EXISTS "${CANCELSCOPE_GOOGLETEST_DIR}/CMakeLists.txt")
      cancelscope_missing("GoogleTest" "install libgmock-dev, or set CANCELSCOPE_GOOGLETEST_DIR to its sources")
    endif()
    set(INSTALL_GTEST OFF)
    add_subdirectory("${CANCELSCOPE_GOOGLETEST_DIR}" "${PROJECT_BINARY_DIR}/googletest" EXCLUDE_FROM_ALL SYSTEM)
  endif()
endif()
