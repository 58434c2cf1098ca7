// What the native window keeps from one time to the next.
#include "tests/ui/headless.hpp"
#include "ui/platform/preferences.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace cancelscope::ui {
namespace preferences_test {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class kept_preferences : public testing::Test {
protected:
  kept_preferences() { std::filesystem::create_directories(folder); }
  ~kept_preferences() override { std::filesystem::remove_all(folder); }

  std::string made(const std::string& name) const {
    std::ofstream(folder / name) << "x";
    return (folder / name).string();
  }

  std::filesystem::path folder = std::filesystem::temp_directory_path() /
                                 ("cancelscope-preferences-" + std::to_string(getpid()));
  std::filesystem::path file = folder / "config" / "preferences";
};

TEST_F(kept_preferences, are_there_the_next_time) {
  preferences(file).set("theme", "light");
  preferences(file).set("layout", "1,2,3,hide:tree");
  const preferences again(file);
  EXPECT_EQ(again.get("theme"), "light");
  EXPECT_EQ(again.get("layout"), "1,2,3,hide:tree");
  EXPECT_EQ(again.get("other"), "");
}

TEST_F(kept_preferences, list_the_last_files_once_each_the_last_first) {
  preferences likes(file);
  const std::string a = made("a.jsonl");
  const std::string b = made("b = c.jsonl");
  for (const std::string& one : {a, b, a})
    likes.remember_file(one);
  EXPECT_THAT(likes.recent_files(), ElementsAre(a, b));
  EXPECT_THAT(preferences(file).recent_files(), ElementsAre(a, b));
  std::filesystem::remove(a);
  EXPECT_THAT(preferences(file).recent_files(), ElementsAre(b)) << "what is gone is not offered";
}

TEST_F(kept_preferences, list_no_more_than_fit_and_nothing_that_is_no_file) {
  preferences likes(file);
  for (int i = 0; i < 20; ++i)
    likes.remember_file(made(std::to_string(i) + ".cst"));
  likes.remember_file("standard input");
  EXPECT_THAT(likes.recent_files(), SizeIs(8));
  EXPECT_EQ(likes.recent_files().front(), (folder / "19.cst").string());
}

TEST_F(kept_preferences, of_a_damaged_file_are_what_can_be_read_of_it) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << "theme = light\nnonsense\n\0\xff\nrecent = \n = \n";
  EXPECT_EQ(preferences(file).get("theme"), "light");
  EXPECT_THAT(preferences(file).recent_files(), IsEmpty());
}

TEST(offers, are_shown_before_the_first_trace_and_found_by_name) {
  headless screen;
  screen.app.show_offers({{"cascade", "one request, a hundred effects", "samples/cascade.cst"},
                          {"anomalies.jsonl", "",
                           std::string(CANCELSCOPE_SOURCE_DIR) + "/tests/data/anomalies.jsonl"}});
  screen.draw();
  ASSERT_THAT(screen.all("welcome", "offer"), SizeIs(2));
  EXPECT_EQ(screen.all("welcome", "offer")[0].text, "cascade");
  screen.app.carry_out(intent::show_finder{true});
  screen.draw();
  for (const char c : std::string_view("anomal"))
    ImGui::GetIO().AddInputCharacter(static_cast<unsigned char>(c));
  screen.draw();
  screen.press(ImGuiKey_Enter);
  EXPECT_TRUE(screen.app.reads_file());
}

} // namespace preferences_test
} // namespace cancelscope::ui
