// A consumer of the ABI as a test writes one: attaches, and says what it does in few words.
#pragma once

#include "runtime/abi/boundary.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::tests {

using abi::boundary;

inline constexpr cs_attachment fitting() {
  return {.fingerprint = 0,
          .start_unix_ns = 0,
          .major = CS_MAJOR,
          .minor = CS_MINOR,
          .traced = 1,
          .trace_room = 0};
}

inline cs_attachment fitting_now() {
  cs_attachment with = fitting();
  with.fingerprint = cs_fingerprint();
  return with;
}

class consumer {
public:
  consumer() { attached_ = b.attach(&with_, "test"); }
  explicit consumer(std::uint32_t room) {
    with_.trace_room = room;
    attached_ = b.attach(&with_, "test");
  }

  std::uint64_t open(std::string_view name, std::uint64_t parent = 0, cs_region_spec spec = {}) {
    spec.parent = parent;
    std::uint64_t region = 0;
    EXPECT_EQ(b.open_region(&spec, name, &region), CS_OK) << b.message();
    return region;
  }
  std::uint64_t spawn(std::uint64_t region, std::string_view name,
                      cs_task_role role = CS_ROLE_MEMBER) {
    const cs_task_spec spec{.region = region, .by = 0, .role = role, .place = 0};
    std::uint64_t task = 0;
    EXPECT_EQ(b.spawn(&spec, name, &task), CS_OK) << b.message();
    return task;
  }
  std::uint64_t reserve(std::uint64_t region, std::string_view label, std::uint64_t task = 0) {
    const cs_obligation_spec spec{
        .region = region, .task = task, .kind = CS_OBLIGATION_LEASE, .place = 0};
    std::uint64_t obligation = 0;
    EXPECT_EQ(b.reserve(&spec, label, &obligation), CS_OK) << b.message();
    return obligation;
  }
  cs_status cancel(std::uint64_t target, std::string_view why = "enough", std::uint64_t by = 0,
                   std::uint32_t kind = CS_CANCEL_USER) {
    const cs_cancel_spec spec{.target = target, .by = by, .kind = kind, .place = 0};
    std::uint64_t id = 0;
    return b.cancel(&spec, why, &id);
  }
  /// Ends the task and its exits the way that is said.
  cs_status end(std::uint64_t task, cs_body_end how = CS_RETURNED, std::string_view why = {}) {
    while (b.finalize(task) == CS_OK)
      EXPECT_EQ(b.exit_ran(task, CS_RETURNED, {}), CS_OK);
    return b.end_task(task, how, why);
  }

  /// It is then, and what has fallen due is done.
  void reach(std::uint64_t now) {
    EXPECT_EQ(b.time(now), CS_OK);
    EXPECT_EQ(b.expire(), CS_OK);
  }
  std::vector<cs_notice> notices() {
    std::vector<cs_notice> all;
    for (cs_notice next{}; b.take_notice(&next) == CS_OK;)
      all.push_back(next);
    return all;
  }
  std::uint32_t state_of(std::uint64_t task) {
    std::uint32_t state = 0;
    EXPECT_EQ(b.task_state(task, &state), CS_OK) << b.message();
    return state;
  }
  cs_outcome outcome() {
    cs_outcome read{};
    EXPECT_EQ(b.read_outcome(&read), CS_OK);
    words = b.texts().substr(read.message_at, read.message_bytes);
    return read;
  }
  cs_cancellation link(std::uint32_t index) {
    cs_cancellation read{};
    EXPECT_EQ(b.read_chain(index, &read), CS_OK);
    words = b.texts().substr(read.message_at, read.message_bytes);
    return read;
  }
  cs_counts counts() {
    cs_counts read{};
    EXPECT_EQ(b.read_counts(&read), CS_OK);
    return read;
  }
  /// The trace's lines since the last time, as objects.
  std::vector<nlohmann::json> lines() {
    std::vector<nlohmann::json> all;
    const char* text = nullptr;
    std::uint32_t bytes = 0;
    if (b.take_trace(&text, &bytes) != CS_OK) return all;
    const std::string_view whole{text, bytes};
    for (std::size_t at = 0; at < whole.size(); at = whole.find('\n', at) + 1)
      all.push_back(nlohmann::json::parse(whole.substr(at, whole.find('\n', at) - at)));
    return all;
  }

  boundary b;
  std::string words; ///< of the outcome or the link read last

private:
  cs_attachment with_ = fitting_now();
  cs_status attached_ = CS_NOT_ATTACHED;
};

} // namespace cancelscope::tests
