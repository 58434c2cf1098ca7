// The open trace beside another run of the same program.
//
// Owner:     the application. Threading: a value, immutable once made; borrows the other document.
#pragma once

#include "inspector/compare/compare.hpp"
#include "ui/view/document.hpp"

namespace cancelscope::ui {

struct comparison {
  const document& other;
  inspector::run_comparison found; ///< A is the open trace, B the other
};

} // namespace cancelscope::ui
