// The event model: what a trace can say, one struct an event. Codecs, recorder, runtime and inspector
// all speak of these structs; the names and fields of the wire stand here and nowhere else.
//
// Ownership: an event borrows its text (std::string_view). Whoever keeps an event copies what it keeps;
//            a reader's event is good until the reader is called again.
// Threading: values.
// Failure:   none; what cannot be read never becomes an event but an anomaly (anomaly.hpp).
//
//     event e{.t = 1250, .body = task_spawn{.task = {7, 1}, .region = {3, 1}, .name = "charge card"}};
//
// Each struct lists its wire fields in `fields()`. A field whose type is std::optional may be absent or
// null; `nullable` must be present and may be null; all others are required.
#pragma once

#include "trace-format/ids.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <variant>

namespace cancelscope::trace {

using text = std::string_view;
template <class Value> using maybe = std::optional<Value>;

/// Must be present on the wire, and may be null there.
template <class Value> struct nullable {
  maybe<Value> value;

  nullable() = default;
  nullable(std::nullopt_t) {}
  nullable(Value v) : value(v) {}
  nullable(maybe<Value> v) : value(v) {}
  friend bool operator==(const nullable&, const nullable&) = default;
};

/// Which entities an id of any kind may name in a field.
enum class id_scope : std::uint8_t { any, region_or_task };

/// A wire field: its name and the member that holds it.
template <class Struct, class Value> struct field {
  std::string_view name;
  Value Struct::* member;
  id_scope scope = id_scope::any; ///< matters where the value is an entity_id
};

/// Has fields of its own: an object on the wire.
template <class Value>
concept object = requires { Value::fields(); };

template <class Value> constexpr bool is_maybe = false;
template <class Value> constexpr bool is_maybe<maybe<Value>> = true;

// ---- Enumerations. The order is the order of the format's document; the wire holds the names. ----

enum class region_state : std::uint8_t { open, closing, draining, finalizing, closed };
enum class wait_reason : std::uint8_t { timer, channel, join, io, permit, other };
/// Weakest first. `other` is a kind this version does not know: kept by its name, ranks as `user`.
enum class cancel_kind : std::uint8_t {
  user,
  timeout,
  budget,
  fail_fast,
  race_lost,
  parent,
  shutdown,
  other
};
enum class cancel_effect : std::uint8_t { applied, strengthened, absorbed };
/// Phase `requested` is the cancel event itself and never written as a cancel_phase.
enum class cancel_phase_name : std::uint8_t { requested, draining, finalizing, completed };
/// From best to worst: combining takes the worst.
enum class outcome_kind : std::uint8_t { ok, err, cancelled, panicked };
enum class obligation_kind : std::uint8_t { permit, ack, lease, io, resource, other };
enum class obligation_fate : std::uint8_t { committed, aborted, leaked };
enum class budget_resource : std::uint8_t { polls, cost, deadline };
enum class clock_kind : std::uint8_t { monotonic, virtual_time };

/// The rank by which one cancel is stronger than another; an unknown kind ranks as `user`.
constexpr int strength(cancel_kind kind) noexcept {
  return kind == cancel_kind::other ? 0 : static_cast<int>(kind);
}

/// `{"deadline":ns|null,"polls":n|null,"cost":n|null,"priority":0..255}`; absent means unlimited.
struct budget_limits {
  maybe<std::uint64_t> deadline{}; ///< ns since the trace began
  maybe<std::uint64_t> polls{};
  maybe<std::uint64_t> cost{};
  std::uint8_t priority = 0; ///< absent means 0

  static constexpr auto fields() {
    return std::tuple{field{"deadline", &budget_limits::deadline},
                      field{"polls", &budget_limits::polls}, field{"cost", &budget_limits::cost},
                      field{"priority", &budget_limits::priority}};
  }
  friend bool operator==(const budget_limits&, const budget_limits&) = default;
};

/// Who wrote the trace: `{"name":"checkout","version":"2.3","language":"C++"}`.
struct producer_info {
  maybe<text> name{};
  maybe<text> version{};
  maybe<text> language{};

  static constexpr auto fields() {
    return std::tuple{field{"name", &producer_info::name},
                      field{"version", &producer_info::version},
                      field{"language", &producer_info::language}};
  }
  friend bool operator==(const producer_info&, const producer_info&) = default;
};

// ---- Events ----

/// The first line of every trace. It carries no time.
struct header {
  static constexpr text ev = "trace";
  text format = "cancelscope";
  std::uint64_t version = 1;
  maybe<clock_kind> clock{};
  maybe<std::uint64_t> start_unix_ns{};
  maybe<producer_info> producer{};
  maybe<text> seed{};
  maybe<text> abi{};

  static constexpr auto fields() {
    return std::tuple{field{"format", &header::format},
                      field{"version", &header::version},
                      field{"clock", &header::clock},
                      field{"start_unix_ns", &header::start_unix_ns},
                      field{"producer", &header::producer},
                      field{"seed", &header::seed},
                      field{"abi", &header::abi}};
  }
};

/// A region exists; a null parent makes it a root.
struct region_open {
  static constexpr text ev = "region_open";
  region_id region;
  nullable<region_id> parent{};
  maybe<text> name{};
  maybe<budget_limits> budget{};
  maybe<task_id> by{};

  static constexpr auto fields() {
    return std::tuple{field{"region", &region_open::region}, field{"parent", &region_open::parent},
                      field{"name", &region_open::name}, field{"budget", &region_open::budget},
                      field{"by", &region_open::by}};
  }
};

/// The region moved on. States never go back; `open` is never written.
struct region_moved {
  static constexpr text ev = "region_state";
  region_id region;
  region_state state{};
  maybe<cancel_id> cancel{};
  maybe<outcome_kind> outcome{}; ///< with `closed`

  static constexpr auto fields() {
    return std::tuple{field{"region", &region_moved::region}, field{"state", &region_moved::state},
                      field{"cancel", &region_moved::cancel},
                      field{"outcome", &region_moved::outcome}};
  }
};

/// A task exists, owned by the region.
struct task_spawn {
  static constexpr text ev = "task_spawn";
  task_id task;
  region_id region;
  maybe<text> name{};
  maybe<task_id> by{};
  maybe<budget_limits> budget{};

  static constexpr auto fields() {
    return std::tuple{field{"task", &task_spawn::task}, field{"region", &task_spawn::region},
                      field{"name", &task_spawn::name}, field{"by", &task_spawn::by},
                      field{"budget", &task_spawn::budget}};
  }
};

/// The task ran from `t` for `dur` ns.
struct task_run {
  static constexpr text ev = "task_run";
  task_id task;
  std::uint64_t dur = 0;

  static constexpr auto fields() {
    return std::tuple{field{"task", &task_run::task}, field{"dur", &task_run::dur}};
  }
};

/// The task parked until its next event.
struct task_wait {
  static constexpr text ev = "task_wait";
  task_id task;
  wait_reason on{};
  maybe<text> what{}; ///< an id of any kind, as written
  maybe<text> label{};

  static constexpr auto fields() {
    return std::tuple{field{"task", &task_wait::task}, field{"on", &task_wait::on},
                      field{"what", &task_wait::what}, field{"label", &task_wait::label}};
  }
};

/// A cancellation was requested.
struct cancel_request {
  static constexpr text ev = "cancel";
  cancel_id cancel;
  cancel_kind kind{};
  text kind_name{}; ///< set only where `kind` is `other`: the name as written
  entity_id target; ///< a region or a task
  maybe<cancel_id> cause{};
  maybe<region_id> origin_region{};
  maybe<task_id> origin_task{};
  maybe<text> message{};
  maybe<bool> truncated{};
  maybe<cancel_effect> effect{};   ///< absent means `applied`
  maybe<std::uint64_t> deadline{}; ///< ns since the trace began: when the clean-up must be over

  static constexpr auto fields() {
    return std::tuple{field{"cancel", &cancel_request::cancel},
                      field{"kind", &cancel_request::kind},
                      field{"target", &cancel_request::target, id_scope::region_or_task},
                      field{"cause", &cancel_request::cause},
                      field{"origin_region", &cancel_request::origin_region},
                      field{"origin_task", &cancel_request::origin_task},
                      field{"message", &cancel_request::message},
                      field{"truncated", &cancel_request::truncated},
                      field{"effect", &cancel_request::effect},
                      field{"deadline", &cancel_request::deadline}};
  }
};

/// A target under cancellation moved on.
struct cancel_phase {
  static constexpr text ev = "cancel_phase";
  entity_id target; ///< a region or a task
  cancel_id cancel;
  cancel_phase_name phase{};

  static constexpr auto fields() {
    return std::tuple{field{"target", &cancel_phase::target, id_scope::region_or_task},
                      field{"cancel", &cancel_phase::cancel}, field{"phase", &cancel_phase::phase}};
  }
};

/// The task's body is over.
struct task_end {
  static constexpr text ev = "task_end";
  task_id task;
  outcome_kind outcome{};
  maybe<cancel_id> cancel{};
  maybe<text> error{};

  static constexpr auto fields() {
    return std::tuple{field{"task", &task_end::task}, field{"outcome", &task_end::outcome},
                      field{"cancel", &task_end::cancel}, field{"error", &task_end::error}};
  }
};

/// Somebody took the task's outcome.
struct task_join {
  static constexpr text ev = "task_join";
  task_id task;
  maybe<entity_id> by{}; ///< a task or a region

  static constexpr auto fields() {
    return std::tuple{field{"task", &task_join::task},
                      field{"by", &task_join::by, id_scope::region_or_task}};
  }
};

/// Something that must be resolved exists.
struct obligation_open {
  static constexpr text ev = "obligation";
  obligation_id obligation;
  obligation_kind kind{};
  maybe<region_id> region{};
  maybe<task_id> task{};
  maybe<text> label{};

  static constexpr auto fields() {
    return std::tuple{
        field{"obligation", &obligation_open::obligation}, field{"kind", &obligation_open::kind},
        field{"region", &obligation_open::region}, field{"task", &obligation_open::task},
        field{"label", &obligation_open::label}};
  }
};

/// The obligation was resolved, or found leaked.
struct obligation_end {
  static constexpr text ev = "obligation_end";
  obligation_id obligation;
  obligation_fate how{};
  maybe<cancel_id> cancel{};

  static constexpr auto fields() {
    return std::tuple{field{"obligation", &obligation_end::obligation},
                      field{"how", &obligation_end::how}, field{"cancel", &obligation_end::cancel}};
  }
};

/// A finalizer ran: of a region or of a task; one of the two is given.
struct finalizer_ran {
  static constexpr text ev = "finalizer";
  maybe<region_id> region{};
  maybe<task_id> task{};
  maybe<text> label{};
  maybe<std::uint64_t> dur{};
  maybe<outcome_kind> outcome{};

  static constexpr auto fields() {
    return std::tuple{field{"region", &finalizer_ran::region}, field{"task", &finalizer_ran::task},
                      field{"label", &finalizer_ran::label}, field{"dur", &finalizer_ran::dur},
                      field{"outcome", &finalizer_ran::outcome}};
  }
};

/// What fields cannot say one by one: a finalizer is a region's or a task's.
template <class Body> constexpr bool complete(const Body&) {
  return true;
}
constexpr bool complete(const finalizer_ran& body) {
  return body.region || body.task;
}

/// What is left of a budget: polls, cost units, or ns to the deadline.
struct budget_left {
  static constexpr text ev = "budget";
  entity_id target; ///< a region or a task
  budget_resource resource{};
  std::uint64_t left = 0;
  maybe<bool> exhausted{};

  static constexpr auto fields() {
    return std::tuple{field{"target", &budget_left::target, id_scope::region_or_task},
                      field{"resource", &budget_left::resource}, field{"left", &budget_left::left},
                      field{"exhausted", &budget_left::exhausted}};
  }
};

/// The handle's slot went back to its free list.
struct slot_release {
  static constexpr text ev = "release";
  entity_id id;

  static constexpr auto fields() { return std::tuple{field{"id", &slot_release::id}}; }
};

/// An old handle was presented, and refused.
struct stale_use {
  static constexpr text ev = "stale";
  entity_id id;
  std::uint64_t live = 0; ///< the slot's generation now
  maybe<text> op{};
  maybe<entity_id> by{};

  static constexpr auto fields() {
    return std::tuple{field{"id", &stale_use::id}, field{"live", &stale_use::live},
                      field{"op", &stale_use::op}, field{"by", &stale_use::by}};
  }
};

/// A consumer attached, or was refused.
struct handshake {
  static constexpr text ev = "handshake";
  bool accepted = false;
  maybe<text> consumer{};
  maybe<text> producer{};
  maybe<text> reason{};

  static constexpr auto fields() {
    return std::tuple{field{"accepted", &handshake::accepted},
                      field{"consumer", &handshake::consumer},
                      field{"producer", &handshake::producer}, field{"reason", &handshake::reason}};
  }
};

/// A guarantee was found broken.
struct violation {
  static constexpr text ev = "violation";
  text oracle;
  text message;
  maybe<entity_id> target{};

  static constexpr auto fields() {
    return std::tuple{field{"oracle", &violation::oracle}, field{"message", &violation::message},
                      field{"target", &violation::target}};
  }
};

/// The user's own note.
struct mark {
  static constexpr text ev = "mark";
  text label;
  maybe<task_id> task{};
  maybe<region_id> region{};
  maybe<text> level{};

  static constexpr auto fields() {
    return std::tuple{field{"label", &mark::label}, field{"task", &mark::task},
                      field{"region", &mark::region}, field{"level", &mark::level}};
  }
};

/// So many events are missing here.
struct dropped_events {
  static constexpr text ev = "dropped";
  std::uint64_t count = 0;

  static constexpr auto fields() { return std::tuple{field{"count", &dropped_events::count}}; }
};

/// The trace ended in order; without it the trace was cut off.
struct end_of_trace {
  static constexpr text ev = "end";

  static constexpr auto fields() { return std::tuple{}; }
};

/// An event this version does not know: kept and shown as it is, all its fields in `event::extra`.
struct unknown_event {
  text ev;

  static constexpr auto fields() { return std::tuple{}; }
};

using event_body =
    std::variant<header, region_open, region_moved, task_spawn, task_run, task_wait, cancel_request,
                 cancel_phase, task_end, task_join, obligation_open, obligation_end, finalizer_ran,
                 budget_left, slot_release, stale_use, handshake, violation, mark, dropped_events,
                 end_of_trace, unknown_event>;

/// A field the model does not know, kept as the JSON text that was written. An object the model knows (a budget, a
/// producer) that has members it does not know stands here too, whole; a writer then writes this one.
struct extra_field {
  text key;
  text json;
};

struct event {
  std::uint64_t t =
      0; ///< ns since the trace began; not falling from event to event; unused by the header
  maybe<std::uint64_t> th = {}; ///< number of the OS thread or worker
  maybe<text> src = {};         ///< "file.cpp:120"
  event_body body = unknown_event{};
  std::span<const extra_field> extra = {};
};

/// The event's name on the wire.
constexpr text name_of(const event& e) {
  return std::visit([](const auto& body) { return text{body.ev}; }, e.body);
}

/// Where events go. An implementation copies what it keeps before write returns.
class sink {
public:
  sink() = default;
  sink(const sink&) = delete;
  sink& operator=(const sink&) = delete;
  virtual ~sink() = default;

  virtual void write(const event& e) = 0;
};

} // namespace cancelscope::trace
