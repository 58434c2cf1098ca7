#include "runtime/kernel/cancellation.hpp"

#include <cstdlib>

namespace cancelscope {

namespace {

const cancellation::record& checked(const std::shared_ptr<const cancellation::record>& r) {
  if (r == nullptr) std::abort();
  return *r;
}

} // namespace

trace::cancel_id cancellation::id() const {
  return checked(record_).id;
}
cancel_kind cancellation::kind() const {
  return checked(record_).kind;
}
trace::entity_id cancellation::target() const {
  return checked(record_).target.id();
}
std::optional<trace::region_id> cancellation::origin_region() const {
  const region_handle origin = checked(record_).origin_region;
  return origin ? std::optional{origin.id()} : std::nullopt;
}
std::optional<trace::task_id> cancellation::origin_task() const {
  const task_handle origin = checked(record_).origin_task;
  return origin ? std::optional{origin.id()} : std::nullopt;
}
time_ns cancellation::requested_at() const {
  return checked(record_).requested_at;
}
std::string_view cancellation::message() const {
  return checked(record_).message;
}
place cancellation::where() const {
  return checked(record_).where;
}
std::optional<time_ns> cancellation::deadline() const {
  return record_ == nullptr ? std::nullopt : record_->deadline;
}
cancellation cancellation::cause() const {
  return checked(record_).cause;
}
cancellation cancellation::superseded() const {
  return checked(record_).superseded;
}
bool cancellation::truncated() const {
  return checked(record_).truncated;
}
std::size_t cancellation::depth() const {
  return checked(record_).depth;
}

std::string_view cancellation::root_message() const {
  // The records outlive the handles made on the way: each is held by the one before.
  return root().message();
}

cancellation cancellation::root() const {
  cancellation last = *this;
  for (cancellation next = cause(); next; next = next.cause())
    last = next;
  return last;
}

} // namespace cancelscope
