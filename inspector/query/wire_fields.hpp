// Comparisons with the fields of events as they stand on the wire, by name, taken from the event model's own
// lists of fields: a field that the model gains can be asked for at once. Ids are asked for in whom.hpp.
//
// Threading: pure. Failure: a value that no field of that name can have, with what was expected.
#pragma once

#include "inspector/query/fields.hpp"

#include <string_view>

namespace cancelscope::inspector {

trace::result<question> ask_wire_field(std::string_view name, comparison how,
                                       std::string_view value);

} // namespace cancelscope::inspector
