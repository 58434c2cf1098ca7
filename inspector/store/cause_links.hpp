// Ties each cancel to its cause as requests arrive, in whatever order, and keeps cycles out.
//
// A cancel has at most one cause, so a link closes a cycle exactly when both ends are in one connected part
// already: a union-find tells in all but constant time, however long the chains.
//
// Threading: belongs to one tracker. Failure: a cycle is said, and not linked.
#pragma once

#include "inspector/store/trace_data.hpp"

#include <cstdint>
#include <vector>

namespace cancelscope::inspector {

class cause_links {
public:
  explicit cause_links(trace_data& data) : data_(data) {}

  /// The row is in the table already. False when its cause would lead back to it; its chain is cut there then.
  bool link(cancel_index cancel, bool truncated);

private:
  std::uint32_t part_of(std::uint32_t number);
  void adopt(cancel_index cause);

  trace_data& data_;
  interner<std::uint64_t> numbers_;   ///< of cancels, and of causes that have not come
  std::vector<std::uint32_t> parent_; ///< by the place of the cancel's number
  grouped<dense_index<struct cause_number_tag>, cancel_index>
      waiting_; ///< for a cause that has not come
};

} // namespace cancelscope::inspector
