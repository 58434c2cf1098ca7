#include "ui/platform/native.hpp"

#include "ui/app/application.hpp"
#include "ui/app/remote.hpp"
#include "ui/platform/new_file.hpp"
#include "ui/platform/platform.hpp"
#include "ui/platform/png.hpp"
#include "ui/platform/preferences.hpp"
#include "ui/platform/sdl_window.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace cancelscope::ui {
namespace {

class desktop final : public platform {
public:
  desktop(std::unique_ptr<sdl_window> window, preferences likes)
      : window_(std::move(window)), likes_(std::move(likes)), app_(*this) {
    if (likes_.get("theme") == "light") app_.carry_out(intent::switch_theme{theme::light});
    if (likes_.get("motion") == "reduced") app_.let_move(false);
    if (const auto sizes = parse_layout(likes_.get("layout")))
      app_.carry_out(intent::arrange_panels{*sizes});
    offer_recent_files();
  }

  void show_hint_once() {
    if (likes_.get("hint").empty()) app_.show_hint();
  }

  bool choose_file() override { return false; } // the application shows the chooser in the window
  void show_title(std::string_view title) override { window_->set_title(std::string(title)); }
  void announce(std::string_view /*sentence*/) override {} // SDL 2 has no way to a screen reader
  void show_link(std::string_view /*link*/) override {}    // a window has no address
  bool keep(std::string_view preference, std::string_view value) override {
    return likes_.set(preference, value);
  }
  [[nodiscard]] std::string kept(std::string_view preference) const override {
    return likes_.get(preference);
  }
  trace::result<std::string> save_file(const std::string& path, std::string_view bytes) override {
    return write_new_file(path, bytes);
  }
  void remember_file(const std::string& path) override {
    likes_.remember_file(path);
    offer_recent_files();
  }
  void request_frame() override { window_->want_frames(); }

  application& app() { return app_; }

  /// From now on a line of standard input is a request, and its answer a line of standard output.
  void answer_requests() {
    requests_ = SDL_RegisterEvents(1);
    // It waits in a read that nothing but the end of the input ends, and with it the program.
    std::thread([type = requests_] {
      const auto hand_over = [type](std::string* line) {
        SDL_Event event{};
        event.type = line != nullptr ? type : static_cast<Uint32>(SDL_QUIT);
        event.user.data1 = line;
        if (SDL_PushEvent(&event) != 1) delete line;
      };
      for (std::string line; std::getline(std::cin, line);)
        hand_over(new std::string(std::move(line)));
      hand_over(nullptr);
    }).detach();
  }

  /// Draws until the window is closed; between two inputs it sleeps.
  void run() {
    while (!closed_) {
      wait_for_input();
      if (closed_ || !window_->needs_frame()) continue;
      draw();
      window_->present();
      if (app_.reads_file()) app_.read_on(a_while);
      if (app_.animating()) window_->want_frames(1);
    }
  }

  /// Draws what is being read until it is; nothing where it is open now.
  std::optional<trace::failure> finish_reading() {
    std::optional<trace::failure> failed;
    while (app_.reads_file() && !closed_) {
      SDL_Event event;
      while (SDL_PollEvent(&event) != 0)
        handle(event);
      draw();
      window_->present();
      failed = app_.read_on(a_while);
    }
    return failed;
  }

  /// What the window looks like once everything has found its place.
  picture settled_picture() {
    constexpr int frames_to_settle = 5;
    for (int i = 0; i < frames_to_settle; ++i) {
      SDL_Event event;
      while (SDL_PollEvent(&event) != 0)
        handle(event);
      draw();
      if (i + 1 < frames_to_settle) window_->present();
    }
    return window_->read_pixels();
  }

  /// Opens the first, and the second beside it; says what became of the others.
  std::optional<trace::failure> open_all(const std::vector<std::string>& paths) {
    if (paths.empty()) return {};
    auto failed = app_.open_file(paths.front());
    if (failed || paths.size() == 1) return failed;
    // To compare them, the first has to be there.
    if (auto unread = finish_reading()) return unread;
    failed = app_.open_file(paths[1], true);
    if (!failed && paths.size() > 2)
      app_.show_notice(fmt::format("{} traces were given; “{}” and “{}” are compared, the others "
                                   "were left.",
                                   paths.size(), paths[0], paths[1]));
    return failed;
  }

private:
  /// Between two pictures of the progress.
  static constexpr std::chrono::milliseconds a_while{60};

  void offer_recent_files() {
    std::vector<offer> offers;
    for (const std::string& path : likes_.recent_files()) {
      const std::filesystem::path file(path);
      offers.push_back({file.filename().string(), file.parent_path().string(), path});
    }
    app_.show_offers(std::move(offers));
  }

  void draw() {
    window_->draw([this] { app_.frame(window_->stats()); });
  }

  void wait_for_input() {
    SDL_Event event;
    if (!window_->needs_frame()) {
      if (SDL_WaitEvent(&event) == 0) return;
      handle(event);
    }
    while (SDL_PollEvent(&event) != 0)
      handle(event);
    // Files dropped together arrive one by one.
    if (!dropped_.empty()) open_all(std::exchange(dropped_, {}));
  }

  void answer(const std::string& request) {
    const auto said = answer_request(app_, nlohmann::json::parse(request, nullptr, false));
    std::cout << said.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
  }

  void handle(const SDL_Event& event) {
    if (requests_ != 0 && event.type == requests_) {
      const std::unique_ptr<std::string> request(static_cast<std::string*>(event.user.data1));
      answer(*request);
      return; // a question alone changes nothing that is shown
    }
    if (event.type == SDL_QUIT) closed_ = true;
    if (event.type == SDL_DROPFILE) {
      dropped_.emplace_back(event.drop.file);
      SDL_free(event.drop.file);
    }
    window_->handle(event);
  }

  std::unique_ptr<sdl_window> window_;
  preferences likes_;
  application app_;
  std::vector<std::string> dropped_;
  Uint32 requests_ = 0; ///< the type of event that carries one; 0 while none is answered
  bool closed_ = false;
};

std::optional<trace::failure> select_and_seek(application& app, const native_options& options) {
  if (options.light) app.carry_out(intent::switch_theme{theme::light});
  if (!options.link.empty()) app.follow(options.link);
  if (!options.select.empty() && app.open_document() != nullptr) {
    const inspector::entity who = app.open_document()->trace.find(options.select);
    if (!who) return trace::failure{fmt::format("The trace has no “{}”.", options.select)};
    app.carry_out(intent::select{{who, {}}});
    app.carry_out(intent::zoom_to_selection{});
  }
  if (!options.panel.empty()) app.carry_out(intent::show_lower{options.panel});
  if (options.at) app.carry_out(intent::seek{*options.at});
  return {};
}

} // namespace

std::optional<trace::failure> run_native_window(const native_options& options) {
  const bool picture_only = !options.screenshot.empty();
  auto window = sdl_window::open({.width = options.width,
                                  .height = options.height,
                                  .scale = options.scale,
                                  .hidden = picture_only});
  if (!window) return window.error();
  // A picture is the same on every machine.
  desktop host(std::move(*window),
               picture_only ? preferences{} : preferences{preferences::usual_file()});
  if (picture_only) host.app().let_move(false);
  if (options.remote) host.answer_requests();
  auto unopened = host.open_all(options.traces);
  if (!unopened) unopened = host.finish_reading();
  auto unselected = select_and_seek(host.app(), options);
  if (!picture_only) {
    host.show_hint_once();
    host.run();
    return {};
  }
  if (unopened) return unopened;
  if (unselected) return unselected;
  return write_png(host.settled_picture(), options.screenshot);
}

} // namespace cancelscope::ui
