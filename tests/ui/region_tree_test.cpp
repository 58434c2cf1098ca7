// Which rows the tree has: folds and filters.
#include "inspector/store/loader.hpp"
#include "tests/ui/headless.hpp"
#include "ui/panels/region_tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cancelscope::ui {
namespace {

using testing::ElementsAre;

class region_tree_rows : public testing::Test {
protected:
  region_tree_rows() : trace(*inspector::load_bytes("deadline.jsonl", deadline_trace())) {}

  std::vector<std::string> rows(std::uint64_t t) {
    const auto tree = inspector::tree_at(trace, inspector::moment_at(trace, t));
    std::vector<std::string> ids;
    for (const std::uint32_t node : visible_nodes(trace, tree, view)) {
      ids.push_back(trace.id_of(tree.nodes[node].who));
    }
    return ids;
  }

  inspector::trace_store trace;
  view_state view;
};

TEST_F(region_tree_rows, all_that_is_there_at_the_moment) {
  EXPECT_THAT(rows(15), ElementsAre("r0.1", "t0.1"));
  EXPECT_THAT(rows(120), ElementsAre("r0.1", "t0.1", "r1.1", "t1.1", "t2.1"));
}

TEST_F(region_tree_rows, a_folded_branch_keeps_its_own_row) {
  view.folded_branches.insert(trace.find("r1.1").as<inspector::region_index>());
  EXPECT_THAT(rows(120), ElementsAre("r0.1", "t0.1", "r1.1"));
}

TEST_F(region_tree_rows, a_filter_keeps_what_matches_and_the_regions_above_it) {
  view.filter.text = "CHARGE";
  EXPECT_THAT(rows(120), ElementsAre("r0.1", "r1.1", "t1.1"));
}

TEST_F(region_tree_rows, a_filter_finds_what_a_fold_hides) {
  view.folded_branches.insert(trace.find("r1.1").as<inspector::region_index>());
  view.filter.text = "t1.1";
  EXPECT_THAT(rows(120), ElementsAre("r0.1", "r1.1", "t1.1"));
}

TEST_F(region_tree_rows, only_cancelled_is_what_is_under_cancellation_at_the_moment) {
  view.filter.only_cancelled = true;
  EXPECT_THAT(rows(90), ElementsAre());
  EXPECT_THAT(rows(120), ElementsAre("r0.1", "r1.1", "t1.1"));
}

TEST_F(region_tree_rows, only_alive_leaves_out_what_completed) {
  view.filter.only_alive = true;
  EXPECT_THAT(rows(90), ElementsAre("r0.1", "t0.1", "r1.1", "t1.1"));
}

} // namespace
} // namespace cancelscope::ui
