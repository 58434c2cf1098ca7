#include "tests/ui/headless.hpp"

#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace cancelscope::ui {
namespace {

ImGuiContext* make_context(ImVec2 size) {
  ImGuiContext* context = ImGui::CreateContext();
  apply_style();
  build_fonts(1);
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = size;
  io.DeltaTime = 1.0F / 60;
  return context;
}

} // namespace

// What moves is there at once, so that a test sees what it asked for.
headless::headless(ImVec2 size) : context(make_context(size)), app(host) {
  app.let_move(false);
}

headless::~headless() {
  ImGui::DestroyContext(context);
}

std::string headless::open(std::string_view name, std::string_view bytes) {
  app.begin_open(std::string(name), bytes.size());
  app.feed(bytes);
  const auto failed = app.finish_open();
  draw();
  return failed ? failed->message : std::string();
}

std::string headless::open_data(const std::string& name) {
  return open(name, read_data(name));
}

void headless::draw(int frames) {
  for (int i = 0; i < frames; ++i) {
    ImGui::NewFrame();
    app.frame({});
    ImGui::Render();
  }
}

void headless::click(ImVec2 at) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(at.x, at.y);
  draw();
  io.AddMouseButtonEvent(ImGuiMouseButton_Left, true);
  draw();
  io.AddMouseButtonEvent(ImGuiMouseButton_Left, false);
  draw();
}

void headless::right_click(ImVec2 at) {
  ImGuiIO& io = ImGui::GetIO();
  hover(at);
  io.AddMouseButtonEvent(ImGuiMouseButton_Right, true);
  draw();
  io.AddMouseButtonEvent(ImGuiMouseButton_Right, false);
  draw();
}

void headless::hover(ImVec2 at) {
  ImGui::GetIO().AddMousePosEvent(at.x, at.y);
  draw();
}

void headless::type(std::string_view text) {
  for (const char c : text)
    ImGui::GetIO().AddInputCharacter(static_cast<unsigned char>(c));
  draw();
}

void headless::press(ImGuiKey key) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddKeyEvent(key, true);
  draw();
  io.AddKeyEvent(key, false);
  draw();
}

void headless::drag(ImVec2 from, ImVec2 to) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(from.x, from.y);
  draw();
  io.AddMouseButtonEvent(ImGuiMouseButton_Left, true);
  draw();
  io.AddMousePosEvent(to.x, to.y);
  draw();
  io.AddMouseButtonEvent(ImGuiMouseButton_Left, false);
  draw();
}

void headless::wheel(ImVec2 at, float steps) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(at.x, at.y);
  draw();
  io.AddMouseWheelEvent(0, steps);
  draw();
}

std::vector<shown_item> headless::all(std::string_view panel, std::string_view role) const {
  std::vector<shown_item> found;
  for (const shown_item& item : app.shown().items()) {
    if (item.panel == panel && item.role == role) found.push_back(item);
  }
  return found;
}

shown_item headless::one(std::string_view panel, std::string_view role, std::string_view id) const {
  for (const shown_item& item : all(panel, role)) {
    if (item.id == id) return item;
  }
  ADD_FAILURE() << "the screen shows no " << role << " “" << id << "” in " << panel;
  return {};
}

ImVec2 headless::middle_of(const shown_item& item) {
  return {(item.min.x + item.max.x) / 2, (item.min.y + item.max.y) / 2};
}

std::string read_data(const std::string& name) {
  std::ifstream file(std::string(CANCELSCOPE_SOURCE_DIR) + "/tests/data/" + name, std::ios::binary);
  EXPECT_TRUE(file) << "tests/data/" << name << " cannot be read";
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string_view deadline_trace() {
  return R"({"ev":"trace","format":"cancelscope","version":1}
{"t":0,"ev":"region_open","region":"r0.1","parent":null,"name":"service"}
{"t":10,"ev":"task_spawn","task":"t0.1","region":"r0.1","name":"guard"}
{"t":20,"ev":"region_open","region":"r1.1","parent":"r0.1","name":"request"}
{"t":30,"ev":"task_spawn","task":"t1.1","region":"r1.1","name":"charge card"}
{"t":40,"ev":"task_spawn","task":"t2.1","region":"r1.1","name":"reserve stock"}
{"t":60,"ev":"task_end","task":"t2.1","outcome":"ok"}
{"t":70,"ev":"task_join","task":"t2.1","by":"t0.1"}
{"t":100,"ev":"cancel","cancel":"c1","kind":"timeout","target":"r1.1","origin_region":"r0.1","origin_task":"t0.1"}
{"t":100,"ev":"cancel","cancel":"c2","kind":"parent","target":"t1.1","cause":"c1","origin_region":"r1.1"}
{"t":100,"ev":"region_state","region":"r1.1","state":"closing","cancel":"c1"}
{"t":110,"ev":"cancel_phase","target":"t1.1","cancel":"c2","phase":"draining"}
{"t":150,"ev":"cancel_phase","target":"t1.1","cancel":"c2","phase":"completed"}
{"t":150,"ev":"task_end","task":"t1.1","outcome":"cancelled","cancel":"c2"}
{"t":160,"ev":"task_join","task":"t1.1","by":"t0.1"}
{"t":170,"ev":"release","id":"t1.1"}
{"t":170,"ev":"release","id":"t2.1"}
{"t":180,"ev":"region_state","region":"r1.1","state":"closed","cancel":"c1","outcome":"cancelled"}
{"t":190,"ev":"task_end","task":"t0.1","outcome":"ok"}
{"t":195,"ev":"task_join","task":"t0.1","by":"r0.1"}
{"t":200,"ev":"region_state","region":"r0.1","state":"closed","outcome":"ok"}
{"t":200,"ev":"end"}
)";
}

} // namespace cancelscope::ui
