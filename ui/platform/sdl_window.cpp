#include "ui/platform/sdl_window.hpp"

#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"

#include <imgui.h>
#include <imgui_impl_opengl3.h>
#include <imgui_impl_sdl2.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#if defined(__EMSCRIPTEN__)
#include <GLES3/gl3.h>
#else
#include <SDL_opengl.h>
#endif

namespace cancelscope::ui {
namespace {

#if defined(__EMSCRIPTEN__)
constexpr const char* shader_language = "#version 300 es";
#else
constexpr const char* shader_language = "#version 330 core";
#endif

void ask_for_opengl() {
#if defined(__EMSCRIPTEN__)
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_ES);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 0);
#else
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_CORE);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 3);
#endif
  SDL_GL_SetAttribute(SDL_GL_DOUBLEBUFFER, 1);
  SDL_GL_SetAttribute(SDL_GL_DEPTH_SIZE, 0);
  SDL_GL_SetAttribute(SDL_GL_STENCIL_SIZE, 0);
}

trace::failure no_window(const char* what) {
  const std::string reason = SDL_GetError();
  SDL_Quit();
  return {std::string(what) + (reason.empty() ? "." : ": " + reason)};
}

} // namespace

trace::result<std::unique_ptr<sdl_window>> sdl_window::open(const window_options& options) {
  SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
  SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
  if (SDL_Init(SDL_INIT_VIDEO) != 0) return no_window("There is no screen to open a window on");
  ask_for_opengl();
  const Uint32 visibility = options.hidden ? SDL_WINDOW_HIDDEN : SDL_WINDOW_SHOWN;
  SDL_Window* window = SDL_CreateWindow(
      options.title.c_str(), SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED,
      static_cast<int>(std::lround(static_cast<float>(options.width) * options.scale)),
      static_cast<int>(std::lround(static_cast<float>(options.height) * options.scale)),
      SDL_WINDOW_OPENGL | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI | visibility);
  if (window == nullptr) return no_window("The window could not be opened");
  SDL_GLContext context = SDL_GL_CreateContext(window);
  if (context == nullptr) {
    SDL_DestroyWindow(window);
    return no_window("OpenGL 3.3 is needed to draw and could not be had");
  }
  return std::unique_ptr<sdl_window>(new sdl_window(window, context, options.scale));
}

sdl_window::sdl_window(SDL_Window* window, SDL_GLContext context, float scale)
    : window_(window), context_(context), scale_(scale) {
  ImGui::CreateContext();
  apply_style();
  ImGui_ImplSDL2_InitForOpenGL(window_, context_);
  ImGui_ImplOpenGL3_Init(shader_language);
}

sdl_window::~sdl_window() {
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplSDL2_Shutdown();
  ImGui::DestroyContext();
  SDL_GL_DeleteContext(context_);
  SDL_DestroyWindow(window_);
  SDL_Quit();
}

void sdl_window::handle(const SDL_Event& event) {
  SDL_Event seen = event;
  if (seen.type == SDL_MOUSEMOTION) {
    seen.motion.x = static_cast<Sint32>(std::lround(static_cast<float>(seen.motion.x) / scale_));
    seen.motion.y = static_cast<Sint32>(std::lround(static_cast<float>(seen.motion.y) / scale_));
  }
#if defined(__EMSCRIPTEN__)
  // SDL counts a hundred pixels as a step, and ImGui's backend divides by a hundred once more.
  if (seen.type == SDL_MOUSEWHEEL) seen.wheel.preciseX *= 100;
#endif
  ImGui_ImplSDL2_ProcessEvent(&seen);
  want_frames();
}

void sdl_window::want_frames(int count) {
  frames_due_ = std::max(frames_due_, count);
}

float sdl_window::system_ratio() const {
  int width = 0;
  int pixels = 0;
  SDL_GetWindowSize(window_, &width, nullptr);
  SDL_GL_GetDrawableSize(window_, &pixels, nullptr);
  return width > 0 && pixels > 0 ? static_cast<float>(pixels) / static_cast<float>(width) : 1;
}

void sdl_window::begin_frame() {
  // The canvas's width is rounded to whole device pixels: a hundredth away is the same ratio.
  const float ratio = std::round(system_ratio() * scale_ * 100) / 100;
  if (std::fabs(ratio - font_ratio_) > 0.011F) {
    font_ratio_ = ratio;
    build_fonts(ratio);
    // The backend's first NewFrame uploads the atlas itself.
    if (stats_.frames > 0) {
      ImGui_ImplOpenGL3_DestroyFontsTexture();
      ImGui_ImplOpenGL3_CreateFontsTexture();
    }
  }
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplSDL2_NewFrame();
  if (scale_ != 1) {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {io.DisplaySize.x / scale_, io.DisplaySize.y / scale_};
    io.DisplayFramebufferScale = {io.DisplayFramebufferScale.x * scale_,
                                  io.DisplayFramebufferScale.y * scale_};
    // The backend polls the mouse in the window's own pixels: the last word is ours.
    int x = 0;
    int y = 0;
    SDL_GetMouseState(&x, &y);
    if (SDL_GetMouseFocus() == window_) {
      io.AddMousePosEvent(static_cast<float>(x) / scale_, static_cast<float>(y) / scale_);
    }
  }
  ImGui::NewFrame();
}

void sdl_window::draw(const std::function<void()>& contents) {
  const Uint64 start = SDL_GetPerformanceCounter();
  frames_due_ = std::max(0, frames_due_ - 1);
  begin_frame();
  // ImGui takes keys that came in one burst a frame at a time: what it has not taken yet needs frames, too.
  if (ImGui::GetCurrentContext()->InputEventsQueue.Size > 0) want_frames();
  contents();
  ImGui::Render();
  int width = 0;
  int height = 0;
  SDL_GL_GetDrawableSize(window_, &width, &height);
  glViewport(0, 0, width, height);
  const ImVec4 back = ImGui::ColorConvertU32ToFloat4(colors().background);
  glClearColor(back.x, back.y, back.z, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  const auto ticks = static_cast<double>(SDL_GetPerformanceCounter() - start);
  stats_.last_cpu_ms = ticks * 1e3 / static_cast<double>(SDL_GetPerformanceFrequency());
  stats_.worst_cpu_ms = std::max(stats_.worst_cpu_ms, stats_.last_cpu_ms);
  stats_.vertices = ImGui::GetIO().MetricsRenderVertices;
  ++stats_.frames;
}

void sdl_window::present() {
  SDL_GL_SwapWindow(window_);
}

picture sdl_window::read_pixels() const {
  picture shot;
  SDL_GL_GetDrawableSize(window_, &shot.width, &shot.height);
  const std::size_t stride = static_cast<std::size_t>(shot.width) * 4;
  const auto rows = static_cast<std::size_t>(shot.height);
  std::vector<std::uint8_t> upside_down(stride * rows);
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, shot.width, shot.height, GL_RGBA, GL_UNSIGNED_BYTE, upside_down.data());
  shot.rgba.resize(upside_down.size());
  for (std::size_t row = 0; row < rows; ++row) {
    std::memcpy(&shot.rgba[row * stride], &upside_down[(rows - 1 - row) * stride], stride);
  }
  return shot;
}

void sdl_window::restore_graphics() {
  ImGui_ImplOpenGL3_DestroyDeviceObjects();
  ImGui_ImplOpenGL3_CreateDeviceObjects();
  want_frames();
}

void sdl_window::set_title(const std::string& title) {
  SDL_SetWindowTitle(window_, title.c_str());
}

} // namespace cancelscope::ui
