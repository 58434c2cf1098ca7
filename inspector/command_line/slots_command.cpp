#include "inspector/answers/answers.hpp"
#include "inspector/command_line/commands.hpp"
#include "inspector/command_line/style.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "inspector/timeline/slots.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace cancelscope::inspector {

namespace {

class slots_printer {
public:
  slots_printer(const trace_store& trace, bool all, console& io)
      : trace_(trace), all_(all), out_(io.out), style_(io) {}

  void print(const slot_table& slots) {
    print_kind("Regions", slots.regions);
    print_kind("Tasks", slots.tasks);
    print_kind("Obligations", slots.obligations);
    print_breaks(slots.lifo_breaks);
  }

private:
  void print_kind(std::string_view title, const std::vector<slot_history>& slots) {
    if (slots.empty()) return;
    std::size_t tenancies = 0;
    for (const slot_history& s : slots)
      tenancies += s.tenancies.size();
    out_ << style_.text(tone::heading, title)
         << style_.text(tone::dim, fmt::format(" · {}, {}", counted(slots.size(), "slot"),
                                               counted(tenancies, "tenancy", "tenancies")))
         << '\n';
    constexpr std::size_t most_slots = 20;
    const std::size_t shown = all_ ? slots.size() : std::min(slots.size(), most_slots);
    table rows("  ");
    rows.align_right({0, 1});
    for (std::size_t i = 0; i < shown; ++i)
      rows.row({fmt::format("{}", slots[i].slot),
                style_.text(tone::dim, fmt::format("×{}", slots[i].tenancies.size())),
                tenants(slots[i])});
    rows.print(out_);
    print_rest(shown, slots.size());
    out_ << '\n';
  }

  std::string tenants(const slot_history& slot) {
    constexpr std::size_t most_tenants = 4;
    const std::size_t count = slot.tenancies.size();
    const std::size_t from = all_ || count <= most_tenants ? 0 : count - most_tenants;
    std::string text = from > 0 ? style_.text(tone::dim, "… ") : std::string{};
    for (std::size_t i = from; i < count; ++i) {
      const tenancy& t = slot.tenancies[i];
      const std::string until = t.to ? time_text(trace_.time_of(t.to)) : std::string("held");
      text +=
          (i > from ? ", " : "") + trace_.id_of(t.who) +
          style_.text(tone::dim, fmt::format(" {} – {}", time_text(trace_.time_of(t.from)), until));
    }
    if (!slot.stale.empty())
      text += "  " + style_.text(tone::warning, counted(slot.stale.size(), "stale use"));
    return text;
  }

  void print_breaks(const std::vector<lifo_break>& breaks) {
    if (breaks.empty()) {
      out_ << "No slot was reused out of turn.\n";
      return;
    }
    out_ << style_.text(tone::heading, "Breaks of last-in-first-out") << '\n';
    constexpr std::size_t most_breaks = 20;
    const std::size_t shown = all_ ? breaks.size() : std::min(breaks.size(), most_breaks);
    table rows("  ");
    rows.align_right({0});
    for (std::size_t i = 0; i < shown; ++i)
      rows.row({style_.text(tone::dim, time_text(trace_.time_of(breaks[i].at))),
                trace_.id_of(breaks[i].who),
                fmt::format("slot {} was next", breaks[i].expected_slot)});
    rows.print(out_);
    print_rest(shown, breaks.size());
  }

  void print_rest(std::size_t shown, std::size_t count) {
    if (shown < count)
      out_ << style_.text(tone::dim, fmt::format("  and {} more (--all shows them)",
                                                 count_text(count - shown)))
           << '\n';
  }

  const trace_store& trace_;
  bool all_;
  std::ostream& out_;
  style style_;
};

class show_slots final : public trace_command {
public:
  [[nodiscard]] std::string_view name() const override { return "slots"; }
  [[nodiscard]] std::string_view summary() const override {
    return "who had which slot, and breaks of last-in-first-out";
  }

private:
  void declare_more(CLI::App& options) override {
    options.add_flag("--all", all_, "show every slot and tenant");
  }

  trace::result<exit_status> answer(const trace_store& trace, console& io) override {
    if (as_json())
      io.out << slots_json(trace) << '\n';
    else
      slots_printer(trace, all_, io).print(slots_of(trace));
    return exit_status::well;
  }

  bool all_ = false;
};

} // namespace

std::unique_ptr<command> slots_command() {
  return std::make_unique<show_slots>();
}

} // namespace cancelscope::inspector
