#include "ui/panels/registry.hpp"

#include "ui/panels/differences.hpp"
#include "ui/panels/events.hpp"
#include "ui/panels/findings.hpp"
#include "ui/panels/notes.hpp"
#include "ui/panels/region_tree.hpp"
#include "ui/panels/slots.hpp"
#include "ui/panels/timeline.hpp"
#include "ui/panels/why.hpp"

#include <array>

namespace cancelscope::ui {
namespace {

template <class Panel> std::unique_ptr<panel> make() {
  return std::make_unique<Panel>();
}

constexpr std::array registry{
    panel_entry{"tree", "Regions", panel_place::left, make<region_tree_panel>},
    panel_entry{"timeline", "Timeline", panel_place::middle, make<timeline_panel>},
    panel_entry{"findings", "Findings", panel_place::lower, make<findings_panel>},
    panel_entry{"slots", "Slots", panel_place::lower, make<slots_panel>},
    panel_entry{"events", "Events", panel_place::lower, make<events_panel>},
    panel_entry{"notes", "Notes", panel_place::lower, make<notes_panel>},
    panel_entry{"differences", "Differences", panel_place::lower, make<differences_panel>},
    panel_entry{"why", "Why", panel_place::right, make<why_panel>},
};

} // namespace

std::span<const panel_entry> panel_registry() {
  return registry;
}

} // namespace cancelscope::ui
