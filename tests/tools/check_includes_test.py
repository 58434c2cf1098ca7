"""tools/check-includes sees what must not be, and passes what may be."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "tools" / "check-includes"

# A tree with one file in each place, each including only what it may.
CLEAN = {
    "trace-format/events.hpp": "#include <string>\n",
    "runtime/kernel/kernel.hpp": '#include "trace-format/events.hpp"\n#include <vector>\n',
    "runtime/executor/loop.hpp": '#include "runtime/kernel/kernel.hpp"\n#include <coroutine>\n',
    "runtime/combinators/race.hpp": '#include "runtime/executor/loop.hpp"\n',
    "inspector/trace.hpp": '#include "trace-format/events.hpp"\n',
    "inspector/serve.cpp": '#include "inspector/trace.hpp"\n#include <httplib.h>\n',
    "ui/panel.cpp": '#include "inspector/trace.hpp"\n#include "fonts.hpp"\n#include <imgui.h>\n',
    "samples/checkout/main.cpp": '#include "runtime/executor/loop.hpp"\n#include <CLI/CLI.hpp>\n',
    "tests/ui/panel_test.cpp": '#include "ui/panel.cpp"\n#include "runtime/kernel/kernel.hpp"\n#include <imgui.h>\n',
}


class CheckIncludes(unittest.TestCase):
    def run_on(self, extra: dict[str, str]) -> subprocess.CompletedProcess:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (CLEAN | extra).items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return subprocess.run([sys.executable, TOOL, folder], capture_output=True, text=True)

    def assert_refused(self, file: str, include: str, sentence: str):
        result = self.run_on({file: f"#pragma once\n#include {include}\n"})
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertEqual(len(result.stdout.splitlines()), 1, result.stdout)
        self.assertTrue(result.stdout.startswith(f"{file}:2: "), result.stdout)
        self.assertIn(sentence, result.stdout)

    def test_a_clean_tree_passes(self):
        result = self.run_on({})
        self.assertEqual((result.returncode, result.stdout), (0, ""))

    def test_the_runtime_may_not_include_the_inspector(self):
        self.assert_refused("runtime/x.hpp", '"inspector/trace.hpp"', "runtime may not include")

    def test_the_inspector_may_not_include_the_runtime(self):
        self.assert_refused("inspector/x.hpp", '"runtime/kernel/kernel.hpp"', "inspector may not include")

    def test_the_kernel_may_not_include_an_executor(self):
        self.assert_refused("runtime/kernel/x.hpp", '"runtime/executor/loop.hpp"', "runtime/kernel may not include")

    def test_an_executor_may_not_include_a_combinator(self):
        self.assert_refused("runtime/executor/x.hpp", '"runtime/combinators/race.hpp"', "runtime/executor may not include")

    def test_only_sockets_and_signals_stand_on_asio(self):
        self.assert_refused("runtime/executor/x.cpp", "<asio/io_context.hpp>", "the runtime does without Asio")

    def test_the_kernel_has_no_threads(self):
        self.assert_refused("runtime/kernel/x.cpp", "<thread>", "no clock, no thread")

    def test_the_trace_format_includes_nothing_of_ours(self):
        self.assert_refused("trace-format/x.hpp", '"inspector/trace.hpp"', "nothing of ours")

    def test_the_interface_may_not_include_the_runtime(self):
        self.assert_refused("ui/x.hpp", '"runtime/kernel/kernel.hpp"', "ui may not include")

    def test_samples_may_not_include_the_inspector(self):
        self.assert_refused("samples/x.cpp", '"inspector/trace.hpp"', "samples may not include")

    def test_the_model_may_not_include_imgui(self):
        self.assert_refused("inspector/x.cpp", "<imgui.h>", "knows nothing of Dear ImGui")

    def test_product_code_may_not_include_tests(self):
        self.assert_refused("inspector/x.cpp", '"tests/ui/panel_test.cpp"', "inspector may not include")

    def test_ours_are_written_from_the_root(self):
        self.assert_refused("inspector/x.cpp", '"trace.hpp"', "from the root")

    def test_brackets_do_not_hide_an_include(self):
        self.assert_refused("runtime/x.hpp", "<inspector/trace.hpp>", "is ours")

    def test_spaces_do_not_hide_an_include(self):
        result = self.run_on({"runtime/x.hpp": '  #  include  "inspector/trace.hpp"\n'})
        self.assertEqual(result.returncode, 1)

    def test_a_comment_is_no_include(self):
        result = self.run_on({"runtime/x.hpp": '// #include "inspector/trace.hpp"\n'})
        self.assertEqual((result.returncode, result.stdout), (0, ""))

    def test_a_folder_that_is_not_there_is_an_error(self):
        result = subprocess.run([sys.executable, TOOL, "/nonexistent"], capture_output=True, text=True)
        self.assertEqual(result.returncode, 2)
        self.assertIn("/nonexistent is no folder", result.stderr)


if __name__ == "__main__":
    unittest.main()
