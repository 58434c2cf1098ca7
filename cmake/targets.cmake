# The four kinds of target the project is made of. Includes are written from the repository's root.

include(GoogleTest)

# cancelscope_add_library(cancelscope_inspector SOURCES … LIBRARIES …), which others link as cancelscope::inspector.
function(cancelscope_add_library name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBRARIES")
  string(REGEX REPLACE "^cancelscope_" "" short "${name}")
  add_library(${name} STATIC ${ARG_SOURCES})
  add_library(cancelscope::${short} ALIAS ${name})
  target_compile_features(${name} PUBLIC cxx_std_20)
  set_target_properties(${name} PROPERTIES EXPORT_NAME "${short}")
  target_include_directories(${name} PUBLIC "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>")
  target_link_libraries(${name} PUBLIC ${ARG_LIBRARIES})
endfunction()

# cancelscope_add_program(checkout SOURCES … LIBRARIES …): a native program in bin/.
function(cancelscope_add_program name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBRARIES")
  if(EMSCRIPTEN)
    return()
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES})
endfunction()

# cancelscope_add_tests(runtime_tests SOURCES … LIBRARIES …): a GoogleTest program that runs in the source tree and
# knows CANCELSCOPE_SOURCE_DIR. ctest sees each case natively, and under node the program as a whole, since a process
# costs more there than most cases.
function(cancelscope_add_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBRARIES")
  if(CANCELSCOPE_FUZZ)
    return()
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_compile_definitions(${name} PRIVATE CANCELSCOPE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} GTest::gmock GTest::gtest_main)
  # Optimising the tests takes longer than optimising what they test.
  if(CANCELSCOPE_SANITIZE)
    target_compile_options(${name} PRIVATE -O0)
  elseif(EMSCRIPTEN)
    target_compile_options(${name} PRIVATE -O1)
  endif()
  # clang, unlike g++, minds that a test lets go of an outcome it does not look at.
  target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:Clang>:-Wno-unused-result>)
  if(EMSCRIPTEN)
    target_link_options(${name} PRIVATE
      -O1
      -sEXIT_RUNTIME=1 -sALLOW_MEMORY_GROWTH=1 -sNODERAWFS=1 -sENVIRONMENT=node -sSTACK_SIZE=1MB)
    add_test(NAME ${name}
      COMMAND ${name} --gtest_brief=1 "--gtest_output=xml:${PROJECT_BINARY_DIR}/results/${name}.xml"
      WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
    set_tests_properties(${name} PROPERTIES TIMEOUT 300)
  else()
    gtest_discover_tests(${name}
      TEST_PREFIX "${name}." WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
      DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 120 PROPERTIES TIMEOUT 300)
  endif()
endfunction()

if(CANCELSCOPE_FUZZ)
  add_custom_target(fuzzers)
endif()

# cancelscope_add_fuzzer(fuzz_jsonl SOURCES … LIBRARIES … CORPUS folder): a libFuzzer program in bin/, in the preset
# `fuzz` alone, where the target `fuzzers` builds all of them. CORPUS names a folder of first inputs, which tools/test
# starts from.
function(cancelscope_add_fuzzer name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "CORPUS" "SOURCES;LIBRARIES")
  if(NOT CANCELSCOPE_FUZZ)
    return()
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  add_dependencies(fuzzers ${name})
  if(ARG_CORPUS)
    cmake_path(ABSOLUTE_PATH ARG_CORPUS NORMALIZE)
  endif()
  file(WRITE "${PROJECT_BINARY_DIR}/fuzzers/${name}" "${ARG_CORPUS}")
endfunction()
