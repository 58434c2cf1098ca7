# Compiles eight sources as one: a file by itself costs mostly the headers it includes. The preset `dev` does not, and
# so sees a file that lives on what its neighbours include.

if(CANCELSCOPE_UNITY_BUILD)
  set(CMAKE_UNITY_BUILD ON)
  set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)
  # True of the file made of eight and of none of them.
  add_compile_options(-Wno-shadow $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-subobject-linkage>)
endif()
