// The view as text, short enough to stand behind the `#` of an address: whoever opens it on the same trace sees the
// same picture.
//
//     event=1234&t=12480000&sel=t3.1&zoom=12000000,13000000&panel=events&filter=kind%20%3D%20timeout
//
// What is as it always is (nothing folded, no filter, panels of their usual size) is left out. Notes come along, in order
// of time, as many as an address has room for. docs/page-api.md lists the fields.
//
// Threading: reads the document only.
// Failure:   what the trace does not have, and what is no field, is named in a sentence; the rest is followed.
#pragma once

#include "ui/view/document.hpp"
#include "ui/view/notes.hpp"
#include "ui/view/view_state.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::ui {

std::string link_of(const document& open, const view_state& view,
                    std::span<const placed_note> notes = {});

struct followed_link {
  view_state view;
  std::vector<note> notes{};
  std::string complaint; ///< what of it could not be followed, or empty
};
/// What the link does not speak of is as in a view that nobody has touched, seen from the trace's end.
followed_link follow_link(const document& open, std::string_view link);

} // namespace cancelscope::ui
