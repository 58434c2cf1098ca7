# `cmake --install`: the libraries a program links, for find_package(cancelscope), and the program cancelscope.
#
#   cancelscope::runtime        regions, tasks, cancellation
#   cancelscope::lab            programs under every schedule, for tests
#   cancelscope::io             sockets and signals, where it was built
#   cancelscope::trace_format   events, recorder, reader
#
# Headers include each other from the repository's root, so that root's image, include/cancelscope, is on a consumer's
# path: both "runtime/cancelscope.hpp" and <cancelscope/runtime/cancelscope.hpp> are found.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/cancelscope")
set(installed cancelscope_trace_format cancelscope_runtime cancelscope_lab)
set(not_installed PATTERN "runtime/abi" EXCLUDE PATTERN "runtime/io/io_wait.hpp" EXCLUDE PATTERN "runtime/io/tcp_connection.hpp" EXCLUDE
  PATTERN "runtime/executor/event_loop.hpp" EXCLUDE PATTERN "runtime/executor/js_turns.hpp" EXCLUDE)
if(TARGET cancelscope_io)
  list(APPEND installed cancelscope_io)
else()
  list(APPEND not_installed PATTERN "runtime/io" EXCLUDE)
endif()
install(TARGETS ${installed} EXPORT cancelscope
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT libraries
  INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" "${CMAKE_INSTALL_INCLUDEDIR}/cancelscope")
install(DIRECTORY runtime trace-format
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/cancelscope" COMPONENT libraries
  FILES_MATCHING PATTERN "*.hpp" ${not_installed})
install(EXPORT cancelscope NAMESPACE cancelscope:: FILE cancelscope-targets.cmake
  DESTINATION "${package_dir}" COMPONENT libraries)

configure_package_config_file(cmake/cancelscope-config.cmake.in "${PROJECT_BINARY_DIR}/cancelscope-config.cmake"
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/cancelscope-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/cancelscope-config.cmake" "${PROJECT_BINARY_DIR}/cancelscope-config-version.cmake"
  DESTINATION "${package_dir}" COMPONENT libraries)

if(TARGET cancelscope)
  install(TARGETS cancelscope RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT program)
endif()
