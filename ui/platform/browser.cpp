// The browser tab: frames come from requestAnimationFrame, only when something happened; traces come from page.mjs
// through the functions exported here.
#include "ui/app/application.hpp"
#include "ui/app/remote.hpp"
#include "ui/platform/platform.hpp"
#include "ui/platform/sdl_window.hpp"

#include <emscripten.h>
#include <emscripten/html5.h>
#include <imgui.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

namespace cancelscope::ui {
namespace {

// clang-format off
EM_JS(void, page_choose_file, (), { Module['chooseFile'](); });
EM_JS(void, page_announce, (const char* text), { Module['announce'](UTF8ToString(text)); });
EM_JS(void, page_show_link, (const char* text), { Module['showLink'](UTF8ToString(text)); });
EM_JS(void, page_open, (const char* address), { Module['openAddress'](UTF8ToString(address)); });
EM_JS(void, page_typing, (int on), { Module['typing'](on !== 0); });
EM_JS(void, page_swapped, (), { Module['tracesSwapped'](); });
EM_JS(int, page_keep, (const char* preference, const char* value), { return Module['keep'](UTF8ToString(preference), UTF8ToString(value)) ? 1 : 0; });
EM_JS(char*, page_kept, (const char* preference), {
    const text = Module['kept'](UTF8ToString(preference));
    const size = lengthBytesUTF8(text) + 1;
    const copy = _malloc(size);
    stringToUTF8(text, copy, size);
    return copy;
});
EM_JS(char*, page_address, (const char* link), {
    const text = Module['addressOf'](UTF8ToString(link));
    const size = lengthBytesUTF8(text) + 1;
    const copy = _malloc(size);
    stringToUTF8(text, copy, size);
    return copy;
});
EM_JS(void, page_save, (const char* name, const char* bytes, int size), {
    Module['saveFile'](UTF8ToString(name), HEAPU8.slice(bytes, bytes + size));
});
EM_JS(void, page_copy, (const char* text), {
    // A page without the permission still has the text in ImGui's own clipboard.
    if (navigator.clipboard) navigator.clipboard.writeText(UTF8ToString(text)).catch(() => {});
});
// clang-format on

/// Text that the page has allocated.
std::string taken(char* text) {
  std::string copy(text);
  std::free(text);
  return copy;
}

class tab final : public platform {
public:
  explicit tab(std::unique_ptr<sdl_window> window) : window_(std::move(window)), app_(*this) {
    SDL_AddEventWatch(&tab::on_input, this);
    ImGuiIO& io = ImGui::GetIO();
    io.ClipboardUserData = this;
    io.SetClipboardTextFn = [](void* self, const char* text) {
      static_cast<tab*>(self)->clipboard_ = text;
      page_copy(text);
    };
    io.GetClipboardTextFn = [](void* self) { return static_cast<tab*>(self)->clipboard_.c_str(); };
    emscripten_set_webglcontextlost_callback("#canvas", this, true, &tab::on_context_lost);
    emscripten_set_webglcontextrestored_callback("#canvas", this, true, &tab::on_context_restored);
    request_frame();
  }

  bool choose_file() override {
    page_choose_file();
    return true;
  }
  bool open_address(const std::string& address) override {
    page_open(address.c_str());
    return true;
  }
  void traces_swapped() override { page_swapped(); }
  void show_title(std::string_view title) override { window_->set_title(std::string(title)); }
  void announce(std::string_view sentence) override {
    page_announce(std::string(sentence).c_str());
  }
  void show_link(std::string_view link) override { page_show_link(std::string(link).c_str()); }
  bool keep(std::string_view preference, std::string_view value) override {
    return page_keep(std::string(preference).c_str(), std::string(value).c_str()) != 0;
  }
  [[nodiscard]] std::string kept(std::string_view preference) const override {
    return taken(page_kept(std::string(preference).c_str()));
  }
  [[nodiscard]] std::string address_of(std::string_view link) const override {
    return taken(page_address(std::string(link).c_str()));
  }
  trace::result<std::string> save_file(const std::string& path, std::string_view bytes) override {
    const std::string name = path.substr(path.find_last_of('/') + 1);
    page_save(name.c_str(), bytes.data(), static_cast<int>(bytes.size()));
    return name;
  }

  void request_frame() override {
    window_->want_frames();
    schedule();
  }

  std::string call(const char* request) {
    const nlohmann::json answer =
        answer_request(app_, nlohmann::json::parse(request, nullptr, false));
    return answer.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }

  /// Progress is drawn now and then only: drawing takes the time that reading needs.
  bool feed(std::string_view bytes) {
    constexpr double ms_between_frames = 100;
    const bool wanted = app_.feed(bytes);
    if (const double now = emscripten_get_now(); now - progress_drawn_ >= ms_between_frames) {
      progress_drawn_ = now;
      request_frame();
    }
    return wanted;
  }

  /// Text that the browser pasted, for the field being typed in; false where none is.
  bool paste(const std::string& text) {
    ImGuiIO& io = ImGui::GetIO();
    if (!io.WantTextInput) return false;
    clipboard_ = text;
    io.AddKeyEvent(ImGuiMod_Ctrl, true);
    io.AddKeyEvent(ImGuiKey_V, true);
    io.AddKeyEvent(ImGuiKey_V, false);
    io.AddKeyEvent(ImGuiMod_Ctrl, false);
    request_frame();
    return true;
  }

  /// Text that no key of its own made.
  void type(const char* text) {
    ImGui::GetIO().AddInputCharactersUTF8(text);
    request_frame();
  }

private:
  static int on_input(void* self, SDL_Event* /*event*/) {
    static_cast<tab*>(self)->schedule();
    return 0;
  }

  static EM_BOOL on_context_lost(int /*type*/, const void* /*reserved*/, void* self) {
    static_cast<tab*>(self)->drawable_ = false;
    return EM_TRUE; // the browser then gives the context back
  }

  static EM_BOOL on_context_restored(int /*type*/, const void* /*reserved*/, void* self) {
    auto* that = static_cast<tab*>(self);
    that->drawable_ = true;
    that->window_->restore_graphics();
    that->schedule();
    return EM_TRUE;
  }

  void schedule() {
    if (scheduled_ || !drawable_) return;
    scheduled_ = true;
    emscripten_request_animation_frame(
        [](double /*now*/, void* self) {
          static_cast<tab*>(self)->on_frame();
          return EM_FALSE;
        },
        this);
  }

  void on_frame() {
    scheduled_ = false;
    SDL_Event event;
    while (SDL_PollEvent(&event) != 0)
      window_->handle(event);
    if (!window_->needs_frame()) return;
    window_->draw([this] { app_.frame(window_->stats()); });
    window_->present();
    page_typing(ImGui::GetIO().WantTextInput ? 1 : 0);
    if (app_.animating()) window_->want_frames(1);
    if (window_->needs_frame()) schedule();
  }

  std::unique_ptr<sdl_window> window_;
  application app_;
  std::string clipboard_;
  double progress_drawn_ = 0; ///< ms, by the page's clock
  bool scheduled_ = false;
  bool drawable_ = true;
};

std::unique_ptr<tab> the_tab;

} // namespace
} // namespace cancelscope::ui

extern "C" {

/// Answers a request (ui/app/remote.hpp); the text is good until the next call.
EMSCRIPTEN_KEEPALIVE const char* cancelscope_call(const char* request) {
  static std::string answer;
  answer = cancelscope::ui::the_tab->call(request);
  return answer.c_str();
}

/// The next bytes of the trace that is being opened; 0 where more would be in vain.
EMSCRIPTEN_KEEPALIVE int cancelscope_feed(const char* bytes, std::size_t size) {
  return cancelscope::ui::the_tab->feed({bytes, size}) ? 1 : 0;
}

/// Text for the field being typed in; the field that is about to open takes it, too.
EMSCRIPTEN_KEEPALIVE void cancelscope_type(const char* text) {
  cancelscope::ui::the_tab->type(text);
}

/// 1 where a text field took the text, 0 where nobody is typing.
EMSCRIPTEN_KEEPALIVE int cancelscope_paste(const char* text) {
  return cancelscope::ui::the_tab->paste(text) ? 1 : 0;
}
}

int main() {
  using namespace cancelscope::ui;
  auto window = sdl_window::open({});
  if (!window) {
    std::fprintf(stderr, "%s\n", window.error().message.c_str());
    return 1;
  }
  the_tab = std::make_unique<tab>(std::move(*window));
  return 0;
}
