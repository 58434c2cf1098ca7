// `cancelscope view [TRACE…]`: the native window, or a picture of it.
#pragma once

#include "inspector/command_line/command_line.hpp"
#include "ui/platform/native.hpp"

namespace cancelscope::ui {

class view_command final : public inspector::command {
public:
  [[nodiscard]] std::string_view name() const override { return "view"; }
  [[nodiscard]] std::string_view summary() const override;
  void declare(CLI::App& options) override;
  trace::result<inspector::exit_status> run(inspector::console& io) override;

private:
  native_options wanted_;
  std::string size_;
  std::string theme_;
};

} // namespace cancelscope::ui
