#include "runtime/abi/boundary.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace cancelscope::abi {

namespace {

// The ABI's numbers are the kernel's own.
template <auto Ours, auto Theirs>
constexpr bool same = static_cast<std::uint32_t>(Ours) == static_cast<std::uint32_t>(Theirs);
static_assert(same<CS_REGION_CLOSED, trace::region_state::closed>);
static_assert(same<CS_TASK_COMPLETED, task_state::completed>);
static_assert(same<CS_OUTCOME_PANICKED, outcome_kind::panicked>);
static_assert(same<CS_CANCEL_USER, cancel_kind::user>);
static_assert(same<CS_CANCEL_RACE_LOST, cancel_kind::race_lost>);
static_assert(same<CS_CANCEL_SHUTDOWN, cancel_kind::shutdown>);
static_assert(same<CS_WAIT_OTHER, trace::wait_reason::other>);
static_assert(same<CS_OBLIGATION_OTHER, trace::obligation_kind::other>);
static_assert(same<CS_CANCEL_SIBLINGS, on_failure::cancel_siblings>);
static_assert(same<CS_KEEP_GOING, on_failure::keep_going>);
static_assert(same<CS_ROLE_MEMBER, task_role::member>);
static_assert(same<CS_ROLE_BODY, task_role::body>);

constexpr std::size_t default_room = std::size_t{4} << 20;

/// A limit as the ABI gives it: 0 is none.
template <class Limit = std::uint64_t> std::optional<Limit> limit(std::uint64_t given) {
  return given == 0 ? std::nullopt : std::optional<Limit>{given};
}

bool names_a_kind(std::uint64_t bits) {
  switch (any_handle::from_bits(bits).kind()) {
  case entity_kind::region:
  case entity_kind::task:
  case entity_kind::obligation:
    return true;
  }
  return false;
}

template <class Id> std::uint64_t bits_of(const std::optional<Id>& id) {
  if (!id) return 0;
  return any_handle{Id::kind, static_cast<std::uint32_t>(id->slot),
                    static_cast<std::uint32_t>(id->generation)}
      .bits();
}

std::uint64_t bits_of(const trace::entity_id& id) {
  return any_handle{id.kind, static_cast<std::uint32_t>(id.slot),
                    static_cast<std::uint32_t>(id.generation)}
      .bits();
}

std::string number(std::uint64_t n) {
  return std::to_string(n);
}

std::string hexadecimal(std::uint64_t n) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), n, 16).ptr;
  const std::string shortest{digits.data(), end};
  return std::string(digits.size() - shortest.size(), '0') + shortest;
}

} // namespace

struct boundary::notice {
  any_handle about{};
  cs_notice_kind kind{};
  std::uint32_t token = 0;
  outcome<void> how{};
};

/// A task whose code runs on the other side.
class boundary::foreign_body final : public task_body {
public:
  explicit foreign_body(boundary& where) : where_(where) {}

  void wake() noexcept override {
    if (!std::exchange(told_, true)) where_.notify({.about = task, .kind = CS_NOTICE_WAKE});
  }
  outcome_taker destroy(std::string_view why) noexcept override {
    where_.notify({.about = task, .kind = CS_NOTICE_DESTROYED});
    if (taker.waits)
      where_.notify({.about = task, .kind = CS_NOTICE_JOINED, .how = panic{std::string{why}}});
    return taker;
  }
  void listen_again() noexcept { told_ = false; }

  task_handle task{};
  outcome_taker taker{};
  std::uint32_t shields = 0;
  bool is_exit_due = false; ///< `finalize` came to one, and it has not been told of yet

private:
  boundary& where_;
  bool told_ = false;
};

class boundary::foreign_owner final : public region_owner {
public:
  explicit foreign_owner(boundary& where) : where_(where) {}

  void region_closed(outcome<void> collected) noexcept override {
    where_.notify({.about = region, .kind = CS_NOTICE_REGION_CLOSED, .how = std::move(collected)});
  }

  region_handle region{};

private:
  boundary& where_;
};

boundary::boundary() = default;
boundary::~boundary() = default;

// ---- Who may speak ----

cs_status boundary::refuse(cs_status status, std::string sentence) {
  message_ = std::move(sentence);
  return status;
}

cs_status boundary::not_attached(std::string_view operation) {
  return refuse(CS_NOT_ATTACHED,
                std::string{operation} +
                    " was called before cs_attach: attach with the version and the "
                    "fingerprint that the consumer was built with");
}

cs_status boundary::attach(const cs_attachment* with, std::string_view name) {
  if (is_attached())
    return refuse(CS_ALREADY_ATTACHED, "a consumer is attached already: one instance serves one");
  if (with == nullptr) return refuse(CS_INVALID, "cs_attach was given no cs_attachment");
  const std::string ours = number(CS_MAJOR) + "." + number(CS_MINOR);
  const std::string theirs = number(with->major) + "." + number(with->minor);
  if (with->major != CS_MAJOR)
    return refuse(CS_OTHER_MAJOR, "the consumer speaks version " + theirs +
                                      " of the interface and this runtime " + ours +
                                      ": take both from one release");
  if (with->minor > CS_MINOR)
    return refuse(CS_NEWER_MINOR, "the consumer wants version " + theirs +
                                      " of the interface and this runtime has " + ours +
                                      ": take a newer runtime");
  if (with->fingerprint != cs_fingerprint())
    return refuse(CS_OTHER_FINGERPRINT,
                  "the consumer was built against the interface " + hexadecimal(with->fingerprint) +
                      " and this runtime is " + hexadecimal(cs_fingerprint()) +
                      ": take both from one build");
  traced_ = with->traced != 0;
  trace_.set_room(with->trace_room == 0 ? default_room : with->trace_room);
  core_ = std::make_unique<kernel>(clock_, traced_ ? &trace_ : nullptr);
  const std::string abi = hexadecimal(cs_fingerprint());
  trace::header header{.clock = trace::clock_kind::monotonic, .abi = abi};
  if (with->start_unix_ns != 0) header.start_unix_ns = with->start_unix_ns;
  trace::producer_info producer{.language = "JavaScript"};
  if (!name.empty()) producer.name = name;
  header.producer = producer;
  core_->trace().trace_began(header);
  return CS_OK;
}

void* boundary::scratch(std::size_t bytes) {
  constexpr std::size_t word = sizeof(std::uint64_t);
  const std::size_t words = (bytes + word - 1) / word;
  if (scratch_.size() < words) scratch_.resize(words);
  return scratch_.data();
}

cs_status boundary::no_spec(std::string_view operation) {
  if (!is_attached()) return not_attached(operation);
  return refuse(CS_INVALID, std::string{operation} + " was given no spec");
}

// ---- Handles ----

template <class Handle>
std::optional<Handle> boundary::presented(std::uint64_t bits, std::string_view operation,
                                          cs_status& status) {
  if (!is_attached()) {
    status = not_attached(operation);
    return std::nullopt;
  }
  const any_handle given = any_handle::from_bits(bits);
  if (bits != 0 && !names_a_kind(bits)) {
    status = refuse(CS_INVALID,
                    std::string{operation} + " was given " + number(bits) + ", which is no handle");
    return std::nullopt;
  }
  auto checked = core_->checked<Handle>(given, operation);
  if (checked) return *checked;
  const bool other = given && given.kind() != Handle::kind;
  status = refuse(!given ? CS_INVALID : other ? CS_OTHER_KIND : CS_STALE, checked.error().message);
  return std::nullopt;
}

template <class Handle>
std::optional<Handle> boundary::presented_or_none(std::uint64_t bits, std::string_view operation,
                                                  cs_status& status) {
  if (bits == 0 && is_attached()) return Handle{};
  return presented<Handle>(bits, operation, status);
}

std::optional<any_handle> boundary::presented_target(std::uint64_t bits, std::string_view operation,
                                                     cs_status& status) {
  if (any_handle::from_bits(bits).kind() == entity_kind::region)
    return presented<region_handle>(bits, operation, status);
  return presented<task_handle>(bits, operation, status);
}

std::optional<task_handle> boundary::unended(std::uint64_t bits, std::string_view operation,
                                             cs_status& status) {
  const auto task = presented<task_handle>(bits, operation, status);
  if (!task) return std::nullopt;
  if (core_->state_of(*task) != cancelscope::task_state::completed) return task;
  status = refuse(CS_REFUSED, std::string{operation} + ": task " + to_string(task->id()) +
                                  " has ended already");
  return std::nullopt;
}

void boundary::keep(std::unique_ptr<foreign_body> body, task_handle task) {
  body->task = task;
  if (bodies_.size() <= task.slot()) bodies_.resize(task.slot() + 1);
  bodies_[task.slot()] = std::move(body);
}

boundary::foreign_body& boundary::body_of(task_handle task) {
  return *bodies_[task.slot()];
}

void boundary::notify(notice what) {
  notices_.push_back(std::move(what));
}

// ---- Time ----

cs_status boundary::time(std::uint64_t now) {
  if (!is_attached()) return not_attached("cs_time");
  clock_.set(now);
  return CS_OK;
}

cs_status boundary::expire() {
  if (!is_attached()) return not_attached("cs_expire");
  core_->expire();
  return CS_OK;
}

cs_status boundary::next_deadline(std::uint64_t* at) {
  if (!is_attached()) return not_attached("cs_next_deadline");
  const auto next = core_->next_deadline();
  if (!next) return CS_NOTHING;
  *at = *next;
  return CS_OK;
}

// ---- Regions ----

cs_status boundary::open_region(const cs_region_spec* spec, std::string_view name,
                                std::uint64_t* region) {
  constexpr std::string_view operation = "cs_region_open";
  constexpr std::uint32_t highest_priority = 255;
  if (spec == nullptr) return no_spec(operation);
  cs_status status = CS_OK;
  const auto parent = presented_or_none<region_handle>(spec->parent, operation, status);
  if (!parent) return status;
  const auto by = presented_or_none<task_handle>(spec->by, operation, status);
  if (!by) return status;
  const auto where = place_at(spec->place);
  if (spec->priority > highest_priority || spec->on_failure > CS_KEEP_GOING || !where ||
      spec->reserved != 0)
    return refuse(CS_INVALID,
                  "cs_region_open: priority, on_failure, place or reserved is out of range");

  // The kernel wants the owner before there is a handle; the slot that it will take is not known.
  auto owner = std::make_unique<foreign_owner>(*this);
  const auto opened =
      core_->open_region({.name = name,
                          .parent = *parent,
                          .by = *by,
                          .owner = owner.get(),
                          .limits = {.deadline = limit(spec->deadline),
                                     .polls = limit(spec->polls),
                                     .cost = limit(spec->cost),
                                     .priority = static_cast<std::uint8_t>(spec->priority)},
                          .cleanup = limit<time_ns>(spec->cleanup),
                          .cleanup_polls = limit(spec->cleanup_polls),
                          .policy = static_cast<on_failure>(spec->on_failure),
                          .where = *where});
  if (!opened) return refuse(CS_REFUSED, opened.error().message);
  owner->region = *opened;
  if (owners_.size() <= opened->slot()) owners_.resize(opened->slot() + 1);
  owners_[opened->slot()] = std::move(owner);
  *region = any_handle{*opened}.bits();
  return CS_OK;
}

cs_status boundary::close_region(std::uint64_t bits) {
  cs_status status = CS_OK;
  if (const auto region = presented<region_handle>(bits, "cs_region_close", status))
    static_cast<void>(core_->close(*region));
  return status;
}

cs_status boundary::on_close(std::uint64_t bits, std::string_view label, std::uint32_t token) {
  cs_status status = CS_OK;
  const auto region = presented<region_handle>(bits, "cs_region_on_close", status);
  if (!region) return status;
  if (core_->state_of(*region) >= trace::region_state::finalizing)
    return refuse(CS_REFUSED, "region " + to_string(region->id()) +
                                  " is finalizing: nothing can be registered for its close");
  // It runs as a task, because what a consumer does at the end may take time.
  static_cast<void>(core_->on_close(
      *region, std::string{label}, [this, region = *region, name = std::string{label}, token] {
        auto body = std::make_unique<foreign_body>(*this);
        const auto task =
            core_->spawn(region, {.name = name, .body = body.get(), .role = task_role::finalizer});
        if (!task) return;
        keep(std::move(body), *task);
        notify({.about = *task, .kind = CS_NOTICE_FINALIZE, .token = token});
      }));
  return CS_OK;
}

cs_status boundary::region_state(std::uint64_t bits, std::uint32_t* state) {
  cs_status status = CS_OK;
  if (const auto region = presented<region_handle>(bits, "cs_region_state_of", status))
    *state = static_cast<std::uint32_t>(*core_->state_of(*region));
  return status;
}

// ---- Tasks ----

cs_status boundary::spawn(const cs_task_spec* spec, std::string_view name, std::uint64_t* bits) {
  constexpr std::string_view operation = "cs_task_spawn";
  if (spec == nullptr) return no_spec(operation);
  cs_status status = CS_OK;
  const auto region = presented<region_handle>(spec->region, operation, status);
  if (!region) return status;
  const auto by = presented_or_none<task_handle>(spec->by, operation, status);
  if (!by) return status;
  const auto where = place_at(spec->place);
  if (spec->role > CS_ROLE_BODY || !where)
    return refuse(CS_INVALID, "cs_task_spawn: role or place is out of range");
  auto body = std::make_unique<foreign_body>(*this);
  const auto task = core_->spawn(*region, {.name = name,
                                           .body = body.get(),
                                           .by = *by,
                                           .role = static_cast<task_role>(spec->role),
                                           .where = *where});
  if (!task) return refuse(CS_REFUSED, task.error().message);
  keep(std::move(body), *task);
  *bits = any_handle{*task}.bits();
  return CS_OK;
}

cs_status boundary::task_state(std::uint64_t bits, std::uint32_t* state) {
  cs_status status = CS_OK;
  if (const auto task = presented<task_handle>(bits, "cs_task_state_of", status))
    *state = static_cast<std::uint32_t>(*core_->state_of(*task));
  return status;
}

cs_status boundary::checkpoint(std::uint64_t bits) {
  cs_status status = CS_OK;
  const auto task = unended(bits, "cs_task_checkpoint", status);
  if (!task) return status;
  return core_->must_stop(*task) ? CS_STOP : CS_OK;
}

cs_status boundary::task_ran(std::uint64_t bits, std::uint64_t duration) {
  cs_status status = CS_OK;
  const auto task = unended(bits, "cs_task_ran", status);
  if (!task) return status;
  const time_ns began = clock_.now();
  clock_.advance(duration);
  core_->task_ran(*task, began, duration);
  return CS_OK;
}

cs_status boundary::task_waits(std::uint64_t bits, std::uint32_t reason, std::uint64_t what,
                               std::string_view label) {
  cs_status status = CS_OK;
  const auto task = unended(bits, "cs_task_waits", status);
  if (!task) return status;
  // What it waits for may have gone meanwhile: that is told, not used.
  if (reason > CS_WAIT_OTHER || (what != 0 && !names_a_kind(what)))
    return refuse(CS_INVALID, "cs_task_waits: reason or what is out of range");
  core_->task_parked(*task, {.on = static_cast<trace::wait_reason>(reason),
                             .what = any_handle::from_bits(what),
                             .label = label});
  return CS_OK;
}

cs_status boundary::task_waits_for_region(std::uint64_t bits, std::uint64_t region) {
  constexpr std::string_view operation = "cs_task_waits_for_region";
  cs_status status = CS_OK;
  const auto task = unended(bits, operation, status);
  if (!task) return status;
  if (const auto awaited = presented_or_none<region_handle>(region, operation, status))
    core_->wait_for_region(*task, *awaited);
  return status;
}

cs_status boundary::spend(std::uint64_t bits, std::uint64_t cost) {
  cs_status status = CS_OK;
  const auto task = unended(bits, "cs_task_spend", status);
  if (!task) return status;
  return core_->spend(*task, cost) ? CS_OK : CS_NOTHING;
}

cs_status boundary::shield(std::uint64_t bits) {
  cs_status status = CS_OK;
  const auto task = unended(bits, "cs_task_shield", status);
  if (!task) return status;
  ++body_of(*task).shields;
  core_->shield(*task);
  return CS_OK;
}

cs_status boundary::unshield(std::uint64_t bits) {
  cs_status status = CS_OK;
  const auto task = unended(bits, "cs_task_unshield", status);
  if (!task) return status;
  foreign_body& body = body_of(*task);
  if (body.shields == 0)
    return refuse(CS_REFUSED, "task " + to_string(task->id()) + " holds no shield of its own");
  --body.shields;
  core_->unshield(*task);
  return CS_OK;
}

cs_status boundary::on_exit(std::uint64_t bits, std::string_view label) {
  cs_status status = CS_OK;
  const auto task = unended(bits, "cs_task_on_exit", status);
  if (!task) return status;
  const auto registered = core_->on_exit(*task, std::string{label}, {});
  return registered ? CS_OK : refuse(CS_REFUSED, registered.error().message);
}

cs_status boundary::finalize(std::uint64_t bits) {
  cs_status status = CS_OK;
  const auto task = unended(bits, "cs_task_finalize", status);
  if (!task) return status;
  foreign_body& body = body_of(*task);
  if (body.is_exit_due)
    return refuse(CS_REFUSED, "task " + to_string(task->id()) +
                                  " has an exit that runs: tell of its end first");
  body.is_exit_due = core_->finalize(*task);
  return body.is_exit_due ? CS_OK : CS_NOTHING;
}

std::optional<outcome<void>> boundary::ended(task_handle task, std::uint32_t how,
                                             std::string_view why, cs_status& status) {
  switch (how) {
  case CS_RETURNED:
    return outcome<void>{};
  case CS_FAILED:
    return outcome<void>{error{std::string{why}}};
  case CS_PANICKED:
    return outcome<void>{panic{std::string{why}}};
  case CS_UNWOUND:
    if (const cancellation in_effect = core_->cancellation_of(task))
      return outcome<void>{in_effect};
    status = refuse(CS_REFUSED, "task " + to_string(task.id()) +
                                    " was never asked to stop, so it cannot have stopped for that");
    return std::nullopt;
  default:
    status = refuse(CS_INVALID, "a body ends in no way that has the number " + number(how));
    return std::nullopt;
  }
}

cs_status boundary::exit_ran(std::uint64_t bits, std::uint32_t how, std::string_view why) {
  cs_status status = CS_OK;
  const auto task = unended(bits, "cs_task_exit_ran", status);
  if (!task) return status;
  foreign_body& body = body_of(*task);
  if (!body.is_exit_due)
    return refuse(CS_REFUSED, "task " + to_string(task->id()) + " has no exit that runs");
  auto end = ended(*task, how, why, status);
  if (!end) return status;
  body.is_exit_due = false;
  core_->finalizer_ran(*task, std::move(*end));
  return CS_OK;
}

cs_status boundary::end_task(std::uint64_t bits, std::uint32_t how, std::string_view why) {
  cs_status status = CS_OK;
  const auto task = unended(bits, "cs_task_end", status);
  if (!task) return status;
  foreign_body& body = body_of(*task);
  auto end = ended(*task, how, why, status);
  if (!end) return status;
  if (body.is_exit_due || core_->finalize(*task)) {
    body.is_exit_due = true;
    return refuse(CS_REFUSED, "task " + to_string(task->id()) +
                                  " has an exit that has not run: cs_task_finalize comes first");
  }
  // Whoever stopped for a request has seen it, whether or not a checkpoint said so.
  if (how == CS_UNWOUND) static_cast<void>(core_->must_stop(*task));
  if (body.taker.waits)
    notify({.about = *task,
            .kind = CS_NOTICE_JOINED,
            .how = combine(*end, core_->finalized_as(*task))});
  core_->end_task(*task, *end, body.taker);
  return CS_OK;
}

cs_status boundary::join(std::uint64_t bits, std::uint64_t by) {
  constexpr std::string_view operation = "cs_task_join";
  cs_status status = CS_OK;
  const auto joiner = presented_or_none<task_handle>(by, operation, status);
  if (!joiner) return status;
  const auto task = presented<task_handle>(bits, operation, status);
  if (!task) return status;
  if (joiner == task)
    return refuse(CS_INVALID, "task " + to_string(task->id()) + " cannot join itself");
  outcome_taker& taker = body_of(*task).taker;
  if (taker.waits)
    return refuse(CS_REFUSED, "task " + to_string(task->id()) + " is waited for already");
  auto joined = core_->join(*task, *joiner);
  if (*joined) {
    load(std::move(**joined));
    return CS_OK;
  }
  taker = *joiner ? outcome_taker{*joiner} : outcome_taker::outside();
  return CS_NOTHING;
}

cs_status boundary::stop_joining(std::uint64_t bits) {
  cs_status status = CS_OK;
  const auto task = unended(bits, "cs_task_join_stop", status);
  if (task) body_of(*task).taker = {};
  return status;
}

// ---- Cancellation ----

cs_status boundary::cancel(const cs_cancel_spec* spec, std::string_view why, std::uint64_t* id) {
  constexpr std::string_view operation = "cs_cancel";
  if (spec == nullptr) return no_spec(operation);
  cs_status status = CS_OK;
  const auto by = presented_or_none<task_handle>(spec->by, operation, status);
  if (!by) return status;
  const auto target = presented_target(spec->target, operation, status);
  if (!target) return status;
  const auto where = place_at(spec->place);
  const bool sayable = spec->kind == CS_CANCEL_USER || spec->kind == CS_CANCEL_RACE_LOST ||
                       spec->kind == CS_CANCEL_SHUTDOWN;
  if (!sayable || !where)
    return refuse(CS_INVALID,
                  "cs_cancel: of kinds, `user`, `race_lost` and `shutdown` are a caller's "
                  "to say; and a place is one that cs_place gave");
  cancel_spec asked{.kind = static_cast<cancel_kind>(spec->kind), .message = why, .where = *where};
  if (*by) {
    asked.origin_task = *by;
    asked.origin_region = core_->region_of(*by);
    if (core_->state_of(*by) >= cancelscope::task_state::draining)
      asked.cause = core_->cancellation_of(*by);
  }
  const auto made = target->kind() == entity_kind::region
                        ? core_->cancel(region_handle{target->slot(), target->generation()}, asked)
                        : core_->cancel(task_handle{target->slot(), target->generation()}, asked);
  if (!made) return refuse(CS_REFUSED, made.error().message);
  *id = *made ? made->id().number : 0;
  return CS_OK;
}

cs_status boundary::why(std::uint64_t bits) {
  cs_status status = CS_OK;
  const auto target = presented_target(bits, "cs_why", status);
  if (!target) return status;
  const cancellation in_effect = core_->cancellation_of(*target);
  if (!in_effect) return CS_NOTHING;
  load(in_effect);
  return CS_OK;
}

// ---- Obligations ----

cs_status boundary::reserve(const cs_obligation_spec* spec, std::string_view label,
                            std::uint64_t* obligation) {
  constexpr std::string_view operation = "cs_obligation_reserve";
  if (spec == nullptr) return no_spec(operation);
  cs_status status = CS_OK;
  const auto region = presented<region_handle>(spec->region, operation, status);
  if (!region) return status;
  const auto task = presented_or_none<task_handle>(spec->task, operation, status);
  if (!task) return status;
  const auto where = place_at(spec->place);
  if (spec->kind > CS_OBLIGATION_OTHER || !where)
    return refuse(CS_INVALID, "cs_obligation_reserve: kind or place is out of range");
  const auto reserved =
      core_->reserve(*region, {.kind = static_cast<trace::obligation_kind>(spec->kind),
                               .label = label,
                               .task = *task,
                               .where = *where});
  if (!reserved) return refuse(CS_REFUSED, reserved.error().message);
  *obligation = any_handle{*reserved}.bits();
  return CS_OK;
}

cs_status boundary::commit(std::uint64_t bits, std::uint64_t by) {
  constexpr std::string_view operation = "cs_obligation_commit";
  cs_status status = CS_OK;
  const auto who = presented_or_none<task_handle>(by, operation, status);
  if (!who) return status;
  if (const auto obligation = presented<obligation_handle>(bits, operation, status))
    static_cast<void>(core_->commit(*obligation, *who));
  return status;
}

cs_status boundary::abort(std::uint64_t bits, std::uint64_t by) {
  constexpr std::string_view operation = "cs_obligation_abort";
  cs_status status = CS_OK;
  const auto who = presented_or_none<task_handle>(by, operation, status);
  if (!who) return status;
  if (const auto obligation = presented<obligation_handle>(bits, operation, status))
    static_cast<void>(core_->abort(*obligation, *who));
  return status;
}

// ---- What is there to be read ----

cs_status boundary::take_notice(cs_notice* into) {
  if (!is_attached()) return not_attached("cs_notice_take");
  if (notices_.empty()) return CS_NOTHING;
  notice first = std::move(notices_.front());
  notices_.pop_front();
  *into = {.handle = first.about.bits(),
           .kind = static_cast<std::uint32_t>(first.kind),
           .token = first.token};
  if (first.kind == CS_NOTICE_WAKE && core_->is_live(first.about))
    body_of({first.about.slot(), first.about.generation()}).listen_again();
  if (first.kind == CS_NOTICE_JOINED || first.kind == CS_NOTICE_REGION_CLOSED)
    load(std::move(first.how));
  return CS_OK;
}

void boundary::load(outcome<void> how) {
  outcome_ = std::move(how);
  chain_.clear();
  if (!outcome_.is_cancelled()) return;
  for (cancellation at = outcome_.why(); at; at = at.cause())
    chain_.push_back(at);
}

std::uint32_t boundary::add_text(std::string_view text) {
  texts_ += text;
  return static_cast<std::uint32_t>(texts_.size() - text.size());
}

cs_status boundary::read_outcome(cs_outcome* into) {
  if (!is_attached()) return not_attached("cs_outcome_read");
  texts_.clear();
  const std::string_view said = outcome_.is_ok() ? std::string_view{} : outcome_.message();
  *into = {.kind = static_cast<std::uint32_t>(outcome_.kind()),
           .chain_length = static_cast<std::uint32_t>(chain_.size()),
           .message_at = add_text(said),
           .message_bytes = static_cast<std::uint32_t>(said.size())};
  return CS_OK;
}

cs_status boundary::read_chain(std::uint32_t index, cs_cancellation* into) {
  if (!is_attached()) return not_attached("cs_chain_read");
  if (index >= chain_.size()) return CS_NOTHING;
  const cancellation& link = chain_[index];
  const std::string_view file = link.where().base_name();
  texts_.clear();
  *into = {.id = link.id().number,
           .target = bits_of(link.target()),
           .origin_region = bits_of(link.origin_region()),
           .origin_task = bits_of(link.origin_task()),
           .superseded = link.superseded() ? link.superseded().id().number : 0,
           .requested_at = link.requested_at(),
           .deadline = link.deadline().value_or(0),
           .kind = static_cast<std::uint32_t>(link.kind()),
           .truncated = link.truncated() ? 1U : 0U,
           .message_at = add_text(link.message()),
           .message_bytes = static_cast<std::uint32_t>(link.message().size()),
           .file_at = add_text(file),
           .file_bytes = static_cast<std::uint32_t>(file.size()),
           .line = link.where().line,
           .reserved = 0};
  return CS_OK;
}

cs_status boundary::read_counts(cs_counts* into) {
  if (!is_attached()) return not_attached("cs_counts_read");
  const kernel_counts counts = core_->counts();
  *into = {.regions = counts.regions,
           .tasks = counts.tasks,
           .obligations = counts.obligations,
           .leaked = counts.leaked,
           .refused = counts.refused,
           .dropped = trace_.dropped()};
  return CS_OK;
}

// ---- The trace ----

std::optional<place> boundary::place_at(std::uint32_t number) const {
  if (number == 0) return place{};
  if (number > places_.size()) return std::nullopt;
  return places_[number - 1];
}

cs_status boundary::place_of(std::string_view file, std::uint32_t line, std::uint32_t* number) {
  if (!is_attached()) return not_attached("cs_place");
  places_.emplace_back(files_.emplace(file).first->c_str(), line);
  *number = static_cast<std::uint32_t>(places_.size());
  return CS_OK;
}

cs_status boundary::mark(std::uint64_t region, std::uint64_t task, std::string_view label) {
  constexpr std::string_view operation = "cs_mark";
  cs_status status = CS_OK;
  const auto where = presented_or_none<region_handle>(region, operation, status);
  if (!where) return status;
  const auto who = presented_or_none<task_handle>(task, operation, status);
  if (!who) return status;
  core_->trace().marked(label, *who, *where);
  return CS_OK;
}

cs_status boundary::take_trace(const char** lines, std::uint32_t* bytes) {
  if (!is_attached()) return not_attached("cs_trace_take");
  const std::string& taken = trace_.take();
  *lines = taken.data();
  *bytes = static_cast<std::uint32_t>(taken.size());
  return taken.empty() ? CS_NOTHING : CS_OK;
}

cs_status boundary::end_trace() {
  if (!is_attached()) return not_attached("cs_trace_end");
  if (traced_) trace_.end(clock_.now());
  return CS_OK;
}

} // namespace cancelscope::abi
