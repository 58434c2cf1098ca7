// The WASM module has no program: its functions are those of cancelscope.h.
#include "runtime/abi/cancelscope.h"
