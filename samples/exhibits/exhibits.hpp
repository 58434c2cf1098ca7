// The exhibits, one file each, named by number and name. To add one: its file, a line here, a line in exhibits.cpp.
#pragma once

#include "samples/sample.hpp"

namespace cancelscope::samples {

std::span<const sample> exhibits();

sample region_tree();
sample outcomes();
sample cancel_protocol();
sample budget_algebra();
sample stale_handle();
sample cascade();
sample cancel_then_join();
sample chaos();
sample join_all_of_five();
sample forensics();
sample slot_reuse();
sample sibling_isolation();
sample deterministic_slots();
sample forgotten_join();
sample group_timeout();
sample benchmark();

} // namespace cancelscope::samples
