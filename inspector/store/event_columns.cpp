#include "inspector/store/event_columns.hpp"

#include <algorithm>

namespace cancelscope::inspector {

static_assert(static_cast<std::size_t>(event_kind::unknown) + 1 ==
                  std::variant_size_v<trace::event_body>,
              "event_kind follows the order of trace::event_body");

std::uint64_t event_columns::line(event_index e) const {
  const auto after = std::upper_bound(
      lines_.begin(), lines_.end(), e.value(),
      [](std::uint32_t number, const line_step& step) { return number < step.from_event; });
  const line_step& step = *(after - 1);
  return step.line + (e.value() - step.from_event);
}

namespace {

template <std::size_t... I, class Tables>
trace::event_body body_of(const Tables& tables, const pools& in, std::size_t kind,
                          std::uint32_t row, std::index_sequence<I...>) {
  trace::event_body body;
  ((I == kind ? void(body = std::get<I>(tables).get(in, row)) : void()), ...);
  return body;
}

} // namespace

trace::event event_columns::get(const pools& in, event_index e,
                                std::vector<trace::extra_field>& extra) const {
  const std::uint32_t number = e.value();
  trace::event whole;
  const auto back =
      std::lower_bound(went_back_.begin(), went_back_.end(), number,
                       [](const time_as_written& w, std::uint32_t n) { return w.event < n; });
  whole.t = back != went_back_.end() && back->event == number ? back->t : times_[number];
  if (const auto thread = threads_.get(in, number)) whole.th = thread->value;
  whole.src = sources_.get(in, number);
  whole.body = body_of(tables_, in, static_cast<std::size_t>(kinds_[number]), rows_[number],
                       std::make_index_sequence<kinds>{});
  extra.clear();
  auto field =
      std::lower_bound(extra_.begin(), extra_.end(), number,
                       [](const unknown_field& f, std::uint32_t n) { return f.event < n; });
  for (; field != extra_.end() && field->event == number; ++field)
    extra.push_back({in.texts[field->key], in.texts[field->json]});
  whole.extra = extra;
  return whole;
}

} // namespace cancelscope::inspector
