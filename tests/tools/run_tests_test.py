"""tools/support/run_tests.py runs every section, counts all cases, and takes no silence for success."""

import contextlib
import io
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools" / "support"))
import run_tests  # noqa: E402
from results import Outcome  # noqa: E402


class RunTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        patch = mock.patch.object(run_tests, "LOGS", Path(folder.name))
        patch.start()
        self.addCleanup(patch.stop)

    def run_sections(self, sections: dict, *names: str) -> tuple[int, list[str]]:
        printed = io.StringIO()
        with mock.patch.object(run_tests, "SECTIONS", sections), contextlib.redirect_stdout(printed):
            with contextlib.redirect_stderr(printed):
                status = run_tests.main(list(names))
        return status, printed.getvalue().splitlines()

    def test_the_last_line_counts_all_sections(self):
        status, lines = self.run_sections({"a": lambda _: Outcome(passed=2), "b": lambda _: Outcome(passed=3, skipped=1)})
        self.assertEqual((status, lines[-1]), (0, "5 passed, 0 failed"))

    def test_a_failure_is_named_and_the_sections_after_it_still_run(self):
        status, lines = self.run_sections({"a": lambda _: Outcome(failed=["x.y"]), "b": lambda _: Outcome(passed=1)})
        self.assertEqual((status, lines[-1]), (1, "1 passed, 1 failed"))
        self.assertIn("  FAILED x.y", lines)

    def test_a_section_in_which_nothing_ran_failed(self):
        status, lines = self.run_sections({"a": lambda _: Outcome(skipped=7)})
        self.assertEqual((status, lines[-1]), (1, "0 passed, 1 failed"))

    def test_a_section_that_breaks_failed(self):
        def broken(_):
            raise ValueError("no report")

        status, lines = self.run_sections({"a": broken, "b": lambda _: Outcome(passed=1)})
        self.assertEqual((status, lines[-1]), (1, "1 passed, 1 failed"))

    def test_sections_can_be_chosen(self):
        sections = {"a": lambda _: Outcome(passed=1), "b": lambda _: Outcome(failed=["x"])}
        self.assertEqual(self.run_sections(sections, "a")[0], 0)

    def test_an_unknown_section_is_refused_by_name(self):
        status, lines = self.run_sections({"a": lambda _: Outcome(passed=1)}, "z")
        self.assertEqual(status, 2)
        self.assertIn("there is no section z", lines[0])

    def test_a_command_that_hangs_is_ended_with_all_it_started(self):
        with mock.patch.object(run_tests, "SECTION_SECONDS", 1):
            section = run_tests.Section("a")
            start = time.monotonic()
            self.assertFalse(section.run("sh", "-c", "sleep 600 & sleep 600"))
            self.assertLess(time.monotonic() - start, 60)
        self.assertIn("stopped after", section.log.read_text())

    def test_output_of_a_command_is_kept(self):
        section = run_tests.Section("a")
        self.assertTrue(section.run("echo", "hello"))
        self.assertIn("hello", section.log.read_text())
        self.assertFalse(section.run("false"))


if __name__ == "__main__":
    unittest.main()
