#include "inspector/store/cause_links.hpp"

namespace cancelscope::inspector {

std::uint32_t cause_links::part_of(std::uint32_t number) {
  while (parent_.size() <= number)
    parent_.push_back(static_cast<std::uint32_t>(parent_.size()));
  while (parent_[number] != number) {
    parent_[number] = parent_[parent_[number]];
    number = parent_[number];
  }
  return number;
}

bool cause_links::link(cancel_index cancel, bool truncated) {
  adopt(cancel);
  cancel_row& row = data_.cancels[cancel.value()];
  if (truncated) {
    row.cut = chain_cut::by_producer;
    return true;
  }
  if (!row.cause_id) return true;

  const std::uint32_t own = numbers_.intern(row.id.number);
  const std::uint32_t cause = numbers_.intern(row.cause_id->number);
  const std::uint32_t own_part = part_of(own);
  const std::uint32_t cause_part = part_of(cause);
  if (own_part == cause_part) {
    row.cut = chain_cut::cause_cycle;
    return false;
  }
  parent_[own_part] = cause_part;
  row.cause = data_.find(*row.cause_id);
  if (row.cause) {
    data_.effects.add(row.cause, cancel);
  } else {
    row.cut = chain_cut::cause_missing;
    waiting_.add(dense_index<struct cause_number_tag>{cause}, cancel);
  }
  return true;
}

/// Those whose cause it is, and who came before it.
void cause_links::adopt(cancel_index cause) {
  const std::uint32_t number = numbers_.intern(data_.cancels[cause.value()].id.number);
  for (const cancel_index early : waiting_.of(dense_index<struct cause_number_tag>{number})) {
    cancel_row& row = data_.cancels[early.value()];
    row.cause = cause;
    row.cut = chain_cut::whole;
    data_.effects.add(cause, early);
  }
}

} // namespace cancelscope::inspector
