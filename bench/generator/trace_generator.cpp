#include "bench/generator/trace_generator.hpp"

#include "bench/generator/order_script.hpp"
#include "trace-format/names.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <queue>
#include <random>
#include <utility>

namespace cancelscope::bench {

namespace {

using namespace trace;

constexpr std::array<text, tasks_of_order> task_names{"charge card", "reserve stock", "send mail"};
constexpr std::array<text, 4> wait_labels{"payment gateway", "stock level", "rate limit",
                                          "mail server"};
constexpr std::uint64_t chains_wanted = 24;
constexpr std::size_t examples_wanted = 8;

/// Slots of one kind, recycled last in, first out.
class slot_list {
public:
  template <class Id> Id take() {
    if (free_.empty()) {
      generations_.push_back(1);
      return {generations_.size() - 1, 1};
    }
    const std::uint64_t slot = free_.back();
    free_.pop_back();
    return {slot, ++generations_[static_cast<std::size_t>(slot)]};
  }
  void give_back(std::uint64_t slot) { free_.push_back(slot); }

private:
  std::vector<std::uint64_t> generations_;
  std::vector<std::uint64_t> free_;
};

struct order {
  std::uint64_t number = 0;
  std::uint64_t next_at = 0; ///< when its next step is due
  std::vector<planned_step> script{};
  std::size_t done = 0;
  region_id region{};
  std::array<task_id, tasks_of_order> tasks{};
  std::array<std::uint64_t, tasks_of_order> cancels{}; ///< the one that reached each task
  obligation_id permit{};
  std::uint64_t cause = 0; ///< the cancel of the region
  cancel_kind kind{};
  std::string message{};
};

class generator {
public:
  generator(const trace_plan& plan, const std::function<void(const event&)>& write)
      : plan_(plan), write_(write), random_(plan.seed) {}

  known_answers run() {
    write_({.body = header{.clock = clock_kind::virtual_time,
                           .producer = producer_info{
                               .name = "trace_generator", .version = "1", .language = "C++"}}});
    root_ = regions_.take<region_id>();
    emit(region_open{.region = root_, .name = "service"});
    ++answers_.regions;
    answers_.max_depth = 1;
    orders_.resize(plan_.in_flight);
    for (std::size_t i = 0; i < orders_.size(); ++i)
      begin_order(i, below(1'000'000));
    while (!due_.empty())
      do_next_step();
    // Marks fill up to the number that was asked for.
    while (answers_.events + 3 < plan_.events)
      emit(mark{.label = "heartbeat"});
    emit(region_moved{.region = root_, .state = region_state::closing});
    emit(region_moved{.region = root_, .state = region_state::closed, .outcome = outcome_kind::ok});
    emit(end_of_trace{});
    answers_.duration = now_;
    return std::move(answers_);
  }

private:
  using due_step = std::pair<std::uint64_t, std::size_t>; ///< when, and of which order

  template <class Body> void emit(const Body& body) {
    write_({.t = now_, .th = worker_, .body = body});
    ++answers_.events;
  }

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  /// The next order, at that place. False when its events would be more than are left.
  bool begin_order(std::size_t which, std::uint64_t at) {
    constexpr std::uint64_t kept_for_the_end = 4;
    std::vector<planned_step> script =
        script_of(begun_ + 1, [this](std::uint64_t bound) { return below(bound); });
    if (answers_.events + promised_ + script.size() + kept_for_the_end > plan_.events) return false;
    promised_ += script.size();
    orders_[which] = {.number = ++begun_, .next_at = at, .script = std::move(script)};
    schedule(which);
    return true;
  }

  void schedule(std::size_t which) {
    order& o = orders_[which];
    o.next_at += o.script[o.done].gap;
    due_.push({o.next_at, which});
  }

  void do_next_step() {
    const std::size_t which = due_.top().second;
    due_.pop();
    order& o = orders_[which];
    now_ = std::max(now_, o.next_at);
    o.next_at = now_;
    worker_ = which % 4;
    const planned_step step = o.script[o.done++];
    --promised_;
    do_step(o, step);
    if (o.done < o.script.size())
      schedule(which);
    else
      begin_order(which, now_);
  }

  void do_step(order& o, const planned_step& step) {
    task_id& task = o.tasks[step.task];
    switch (step.what) {
    case step_kind::open:
      o.region = regions_.take<region_id>();
      emit(region_open{.region = o.region,
                       .parent = root_,
                       .name = "order",
                       .budget = budget_limits{.deadline = now_ + 50'000'000}});
      ++answers_.regions;
      answers_.max_depth = 2;
      break;
    case step_kind::spawn:
      task = tasks_.take<task_id>();
      emit(task_spawn{.task = task, .region = o.region, .name = task_names[step.task]});
      ++answers_.tasks;
      break;
    case step_kind::run:
      emit(task_run{.task = task, .dur = 500 + below(20'000)});
      break;
    case step_kind::wait:
      wait(o, task);
      break;
    case step_kind::reserve:
      o.permit = obligations_.take<obligation_id>();
      emit(obligation_open{.obligation = o.permit,
                           .kind = obligation_kind::permit,
                           .task = task,
                           .label = "payment slot"});
      ++answers_.obligations;
      break;
    case step_kind::resolve:
      resolve(o, o.cause == 0 ? obligation_fate::committed : obligation_fate::aborted);
      break;
    case step_kind::leak:
      resolve(o, obligation_fate::leaked);
      break;
    case step_kind::release_permit:
      emit(slot_release{.id = o.permit});
      obligations_.give_back(o.permit.slot);
      o.permit = {};
      break;
    case step_kind::request_deadline:
      request(o, cancel_kind::timeout, "deadline of order " + std::to_string(o.number), {});
      break;
    case step_kind::request_user:
      request(o, cancel_kind::user, "order " + std::to_string(o.number) + " was withdrawn", {});
      break;
    case step_kind::request_fail_fast:
      request(o, cancel_kind::fail_fast, "charge card failed", task);
      break;
    default:
      end_step(o, step);
    }
    if (!step.finding.empty()) ++answers_.findings[std::string(step.finding)];
    if (step.finding == "slow-drain" && answers_.hold_ups.size() < examples_wanted)
      answers_.hold_ups.push_back({to_string(o.region), to_string(task)});
  }

  /// The steps of the second half of an order's life.
  void end_step(order& o, const planned_step& step) {
    const task_id task = o.tasks[step.task];
    switch (step.what) {
    case step_kind::region_drains:
      emit(region_moved{
          .region = o.region, .state = region_state::draining, .cancel = cancel_id{o.cause}});
      break;
    case step_kind::pass_on:
      pass_on(o, step.task);
      break;
    case step_kind::drain:
      emit(cancel_phase{
          .target = task, .cancel = {o.cancels[step.task]}, .phase = cancel_phase_name::draining});
      break;
    case step_kind::end_ok:
      end_task(o, step.task, outcome_kind::ok);
      break;
    case step_kind::end_err:
      end_task(o, step.task, outcome_kind::err);
      break;
    case step_kind::end_cancelled:
      end_task(o, step.task, outcome_kind::cancelled);
      break;
    case step_kind::join:
      emit(task_join{.task = task});
      break;
    case step_kind::release_task:
      emit(slot_release{.id = task});
      tasks_.give_back(task.slot);
      break;
    case step_kind::use_stale:
      use_stale(o, task);
      break;
    case step_kind::close:
      emit(region_moved{.region = o.region,
                        .state = region_state::closed,
                        .cancel = o.cause == 0 ? maybe<cancel_id>{} : cancel_id{o.cause},
                        .outcome = o.cause == 0 ? outcome_kind::ok : outcome_kind::cancelled});
      break;
    case step_kind::release_region:
      emit(slot_release{.id = o.region});
      regions_.give_back(o.region.slot);
      break;
    default:
      break;
    }
  }

  void wait(const order& o, task_id task) {
    const std::uint64_t pick = below(wait_labels.size());
    const std::string permit = to_string(o.permit);
    const bool for_permit = pick == 2 && o.permit.generation != 0;
    emit(task_wait{.task = task,
                   .on = for_permit ? wait_reason::permit : wait_reason::io,
                   .what = for_permit ? maybe<text>{permit} : maybe<text>{},
                   .label = wait_labels[static_cast<std::size_t>(pick)]});
  }

  void resolve(const order& o, obligation_fate how) {
    emit(obligation_end{.obligation = o.permit, .how = how});
  }

  void use_stale(const order& o, task_id task) {
    emit(stale_use{.id = entity_id{entity_kind::task, task.slot, task.generation},
                   .live = task.generation + 1,
                   .op = "cancel",
                   .by = entity_id{entity_kind::region, o.region.slot, o.region.generation}});
    if (answers_.stale_uses.size() < examples_wanted)
      answers_.stale_uses.push_back({to_string(task), to_string(o.region), now_});
  }

  std::uint64_t count_cancel(cancel_kind kind) {
    ++answers_.by_kind[std::string(to_string(kind))];
    return ++answers_.cancels;
  }

  void request(order& o, cancel_kind kind, std::string message, maybe<task_id> origin) {
    o.kind = kind;
    o.message = std::move(message);
    o.cause = count_cancel(kind);
    emit(cancel_request{.cancel = {o.cause},
                        .kind = kind,
                        .target = o.region,
                        .origin_region = o.region,
                        .origin_task = origin,
                        .message = o.message});
  }

  void pass_on(order& o, std::size_t task) {
    const std::uint64_t number = count_cancel(cancel_kind::parent);
    o.cancels[task] = number;
    emit(cancel_request{.cancel = {number},
                        .kind = cancel_kind::parent,
                        .target = o.tasks[task],
                        .cause = cancel_id{o.cause},
                        .origin_region = o.region});
    // Chains from the whole length of the trace, about as many as are wanted.
    if (answers_.events * chains_wanted / plan_.events < answers_.chains.size()) return;
    answers_.chains.push_back(
        {.task = to_string(o.tasks[task]),
         .cancels = {to_string(cancel_id{number}), to_string(cancel_id{o.cause})},
         .kinds = {"parent", std::string(to_string(o.kind))},
         .root_message = o.message});
  }

  void end_task(order& o, std::size_t task, outcome_kind outcome) {
    const std::uint64_t cancel = o.cancels[task];
    emit(task_end{.task = o.tasks[task],
                  .outcome = outcome,
                  .cancel = outcome == outcome_kind::cancelled ? maybe<cancel_id>{cancel_id{cancel}}
                                                               : maybe<cancel_id>{},
                  .error =
                      outcome == outcome_kind::err ? maybe<text>{"card refused"} : maybe<text>{}});
    ++answers_.outcomes[std::string(to_string(outcome))];
  }

  trace_plan plan_;
  const std::function<void(const event&)>& write_;
  std::mt19937_64 random_;
  known_answers answers_;
  std::uint64_t now_ = 0;
  std::uint64_t worker_ = 0;
  std::uint64_t begun_ = 0;
  std::uint64_t promised_ = 0; ///< events of the steps that orders in flight have still to do
  region_id root_;
  slot_list regions_;
  slot_list tasks_;
  slot_list obligations_;
  std::vector<order> orders_;
  std::priority_queue<due_step, std::vector<due_step>, std::greater<>> due_;
};

} // namespace

known_answers generate(const trace_plan& plan, const std::function<void(const event&)>& write) {
  return generator{plan, write}.run();
}

std::string to_json(const known_answers& answers) {
  nlohmann::ordered_json json;
  json["stats"] = {{"events", answers.events},       {"duration_ns", answers.duration},
                   {"regions", answers.regions},     {"tasks", answers.tasks},
                   {"cancels", answers.cancels},     {"obligations", answers.obligations},
                   {"max_depth", answers.max_depth}, {"by_kind", answers.by_kind},
                   {"outcomes", answers.outcomes}};
  json["findings"] = answers.findings;
  for (const known_chain& chain : answers.chains)
    json["explain"][chain.task] = {
        {"chain", chain.cancels}, {"kinds", chain.kinds}, {"root_message", chain.root_message}};
  for (const known_stale_use& use : answers.stale_uses)
    json["stale"].push_back({{"id", use.id}, {"by", use.by}, {"t", use.t}});
  for (const known_hold_up& held : answers.hold_ups)
    json["held_up"].push_back({{"region", held.region}, {"by", held.by}});
  return json.dump(1) + "\n";
}

} // namespace cancelscope::bench
