# Instruments everything that is compiled from here on, third-party sources included: a sanitizer that
# sees half of a program reports what the other half did as errors.

if(CANCELSCOPE_SANITIZE)
  add_compile_options(-fsanitize=${CANCELSCOPE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${CANCELSCOPE_SANITIZE})
endif()

if(CANCELSCOPE_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "Fuzz targets need clang: configure with the preset `fuzz`.")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
