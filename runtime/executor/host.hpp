// host: an executor as a program sees it. It runs programs; the tasks of one know it as their executor only.
//
// current_thread is one, the lab another. A program takes a host and cannot tell which: none has
// options of its own in `run`, and none is asked what it is.
//
// Threading: each host says so itself.
// Failure:   in the outcome; a broken invariant aborts.
//
//     outcome<int> total(host& runtime) {
//       return runtime.run("totals", {.deadline = 1s}, [](region r) -> task<int> { ... });
//     }
#pragma once

#include "runtime/executor/scope.hpp"

namespace cancelscope {

class host : protected executor {
public:
  /// Opens a root region, runs `body(region)` in it, and returns when that region is closed.
  template <region_body Body>
  auto run(std::string_view name, const region_options& options, Body body,
           const std::source_location& where = std::source_location::current()) {
    const working_for here{guard()};
    const runtime_entry entry;
    root_scope<detail::body_value_t<Body>> root;
    if (root.open(*this, detail::spec_of(name, options, *this, where), body)) {
      running_ = root.handle();
      run_until_closed(running_);
      running_ = {};
    }
    return root.take();
  }
  template <region_body Body>
  auto run(std::string_view name, Body body,
           const std::source_location& where = std::source_location::current()) {
    return run(name, region_options{}, std::move(body), where);
  }

  /// Requests the end of what is running, with kind `shutdown`; to be called from a task.
  void shutdown(std::string_view message,
                const std::source_location& where = std::source_location::current());

  /// The kernel, for questions: what lives, what was found. A program that may run on several threads asks inside a
  /// `runtime_entry`.
  using executor::core;

protected:
  explicit host(kernel& core) noexcept : executor(core) {}
  ~host() = default;
  /// Held by whoever is inside the runtime; none where one thread runs everything.
  [[nodiscard]] virtual kernel_lock* guard() noexcept { return nullptr; }
  /// Runs what is ready, keeps time, and returns when the region is closed.
  virtual void run_until_closed(region_handle root) = 0;

private:
  template <class Value> struct root_scope final : detail::scope<Value> {
    void closed() noexcept override {}
  };

  region_handle running_{};
};

} // namespace cancelscope
