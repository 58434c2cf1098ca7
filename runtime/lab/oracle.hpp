// Oracles: each watches one guarantee of the runtime, event by event as they happen, and says when it is broken.
//
// They believe neither side: what the events say has to fit together, and at the end to fit what the kernel counts.
//
// Threading: that of the lab. Failure: none; a broken guarantee is a finding, and the run goes on.
//
//     oracle_panel panel{all_oracles(), &sink};   // stands before the sink, and writes what it finds into it
//     panel.write(event);
//     for (const broken_promise& each : panel.broken()) ...
#pragma once

#include "runtime/kernel/kernel.hpp"
#include "trace-format/events.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cancelscope {

struct broken_promise {
  std::string oracle;
  std::string message;
  std::optional<trace::entity_id> target;

  friend bool operator==(const broken_promise&, const broken_promise&) = default;
};

class oracle {
public:
  oracle() = default;
  oracle(const oracle&) = delete;
  oracle& operator=(const oracle&) = delete;
  virtual ~oracle() = default;

  /// The guarantee, in a few words; it stands in the `violation` event.
  [[nodiscard]] virtual std::string_view name() const = 0;
  virtual void see(const trace::event& e) = 0;
  /// The run is over, and that is what the kernel counts.
  virtual void compare(const kernel_counts& /*left*/) {}

  [[nodiscard]] std::vector<broken_promise> take_found() { return std::exchange(found_, {}); }

protected:
  void breaks(std::string message, std::optional<trace::entity_id> target = std::nullopt) {
    found_.push_back({std::string{name()}, std::move(message), target});
  }

private:
  std::vector<broken_promise> found_;
};

using oracle_list = std::vector<std::unique_ptr<oracle>>;

// oracles/structure.cpp
std::unique_ptr<oracle> no_orphan_task();
std::unique_ptr<oracle> quiescence_at_close();
std::unique_ptr<oracle> obligations_resolved();
// oracles/protocol.cpp
std::unique_ptr<oracle> protocol_monotone();
std::unique_ptr<oracle> attribution_complete();
// oracles/neighbours.cpp
std::unique_ptr<oracle> losers_drained();
std::unique_ptr<oracle> siblings_untouched();
// oracles/handles.cpp
std::unique_ptr<oracle> slots_last_in_first_out(const kernel_limits& limits = {});
std::unique_ptr<oracle> no_stale_handle_accepted();

oracle_list all_oracles(const kernel_limits& limits = {});

/// Shows every event to its oracles, passes it on, and what they find after it.
class oracle_panel final : public trace::sink {
public:
  /// What the oracles named in `meant` find is passed over: the program is there to show it.
  explicit oracle_panel(oracle_list oracles, trace::sink* next = nullptr,
                        std::vector<std::string> meant = {})
      : oracles_(std::move(oracles)), next_(next), meant_(std::move(meant)) {}

  void write(const trace::event& e) override;
  void compare(const kernel_counts& left);

  /// In the order in which they were found; what the runtime itself found broken among them.
  [[nodiscard]] const std::vector<broken_promise>& broken() const noexcept { return broken_; }

private:
  void collect(oracle& from);
  [[nodiscard]] bool is_meant(std::string_view oracle_name) const;

  oracle_list oracles_;
  trace::sink* next_;
  std::vector<std::string> meant_;
  std::vector<broken_promise> broken_;
  std::uint64_t now_ = 0;
};

} // namespace cancelscope
