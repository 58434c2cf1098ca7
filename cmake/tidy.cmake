# clang-tidy beside each compilation of the project's own code (settings: .clang-tidy). Ninja repeats it only
# for what changed.

if(CANCELSCOPE_TIDY)
  find_program(CANCELSCOPE_CLANG_TIDY NAMES clang-tidy-19 clang-tidy)
  if(NOT CANCELSCOPE_CLANG_TIDY)
    message(FATAL_ERROR "clang-tidy is missing: run tools/bootstrap, or install clang-tidy-19.")
  endif()
  set(CMAKE_CXX_CLANG_TIDY "${CANCELSCOPE_CLANG_TIDY};--quiet;--warnings-as-errors=*")
endif()
