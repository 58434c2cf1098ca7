#include "inspector/answers/answers.hpp"
#include "inspector/answers/json_writer.hpp"
#include "inspector/timeline/certainty.hpp"
#include "inspector/timeline/state.hpp"
#include "inspector/timeline/tree.hpp"
#include "trace-format/names.hpp"

namespace cancelscope::inspector {

namespace {

/// Writes the flat tree nested. A region's tasks stand before its children in the flat order and after
/// them in the answer, so they wait until the region closes.
class tree_nesting {
public:
  tree_nesting(const trace_store& trace, const region_tree& tree, json_writer& json)
      : trace_(trace), tree_(tree), json_(json) {}

  void write() {
    for (std::uint32_t i = 0; i < tree_.nodes.size(); ++i) {
      while (!path_.empty() && tree_.nodes[path_.back()].subtree_end <= i)
        leave();
      if (tree_.nodes[i].who.type() == entity_type::region) enter(i);
    }
    while (!path_.empty())
      leave();
  }

private:
  void enter(std::uint32_t place) {
    const auto region = tree_.nodes[place].who.as<region_index>();
    // A region that is here only for what it still holds is what it last was.
    const auto state = state_at(trace_, region, tree_.as_of).value_or(trace::region_state::closed);
    json_.open('{');
    json_.key("id").text(trace_.id_of(region));
    json_.key("name").text_or_null(trace_.name_of(region));
    json_.key("state").text(to_string(state));
    write_unknown(region);
    json_.key("children").open('[');
    path_.push_back(place);
  }

  void leave() {
    const std::uint32_t place = path_.back();
    path_.pop_back();
    json_.close(']').key("tasks").open('[');
    for (std::uint32_t i = place + 1; i < tree_.nodes[place].subtree_end; ++i) {
      if (tree_.nodes[i].who.type() != entity_type::task) break;
      write_task(tree_.nodes[i].who.as<task_index>());
    }
    json_.close(']').close('}');
  }

  void write_task(task_index task) {
    const auto outcome = outcome_at(trace_, task, tree_.as_of);
    json_.open('{');
    json_.key("id").text(trace_.id_of(task));
    json_.key("name").text_or_null(trace_.name_of(task));
    json_.key("state").text(to_string(*state_at(trace_, task, tree_.as_of)));
    if (outcome)
      json_.key("outcome").text(to_string(*outcome));
    else
      json_.key("outcome").null();
    write_unknown(task);
    json_.close('}');
  }

  /// `state` is what the trace last said; from this time on it is not known, for events are missing.
  void write_unknown(entity who) {
    const event_index lost = unknown_since(trace_, who, tree_.as_of);
    json_.key("unknown").boolean(static_cast<bool>(lost));
    json_.key("unknown_since")
        .number_or_null(lost ? std::optional(trace_.time_of(lost)) : std::nullopt);
  }

  const trace_store& trace_;
  const region_tree& tree_;
  json_writer& json_;
  std::vector<std::uint32_t> path_;
};

} // namespace

std::string tree_json(const trace_store& trace, std::uint64_t t, moment m) {
  json_writer json;
  json.open('{').key("t").number(t).key("roots").open('[');
  const region_tree tree = tree_at(trace, m);
  tree_nesting(trace, tree, json).write();
  json.close(']').close('}');
  return std::move(json).take();
}

} // namespace cancelscope::inspector
