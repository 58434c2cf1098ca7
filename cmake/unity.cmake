# Compiles eight sources as one: a file by itself costs mostly the headers it includes. Who adds this tree to a build of
# theirs compiles each by itself, and would see a file that lives on what its neighbours include.

if(CANCELSCOPE_UNITY_BUILD)
  set(CMAKE_UNITY_BUILD ON)
  set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)
  # Some warnings are true of the file made of eight and of none of them.
  add_compile_options(-Wno-shadow)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wshadow=local $<$<COMPILE_LANGUAGE:CXX>:-Wno-subobject-linkage>)
  endif()
endif()
