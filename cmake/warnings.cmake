# Warnings for the project's own code; dependencies were defined before this file was included.

if(PROJECT_IS_TOP_LEVEL)
  add_compile_options(
    -Wall -Wextra -Wpedantic -Wshadow -Wcast-qual -Wundef -Wformat=2
    $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>
    $<$<COMPILE_LANGUAGE:CXX>:-Woverloaded-virtual>)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 sees overlapping copies in the standard library's own string concatenation.
    add_compile_options(-Wno-restrict)
  else()
    # libstdc++ 12's own stable_sort calls what it has deprecated.
    add_compile_options(-Wshorten-64-to-32 -Wno-deprecated-declarations)
  endif()
  if(CANCELSCOPE_WARNINGS_AS_ERRORS)
    add_compile_options(-Werror)
  endif()
endif()
