"""tools/support/results.py counts what ran, and never takes a failure for anything else."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools" / "support"))
import results  # noqa: E402

CTEST = """<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="(empty)" tests="5" failures="1">
  <testcase name="a.passes" status="run"/>
  <testcase name="a.fails" status="fail"><failure message=""/></testcase>
  <testcase name="a.skips" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/></testcase>
  <testcase name="a.off" status="disabled"/>
  <testcase name="a.missing" status="notrun"><skipped message="Unable to find executable"/></testcase>
</testsuite>"""

GOOGLETEST = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="{failures}">
  <testsuite name="s">
    <testcase name="passes" classname="s" status="run" result="completed"/>
    <testcase name="skips" classname="s" status="run" result="skipped"/>
    <testcase name="off" classname="s" status="notrun" result="suppressed"/>
    {more}
  </testsuite>
</testsuites>"""

ONE_FAILURE = '<testcase name="fails" classname="s" status="run" result="completed"><failure message=""/></testcase>'

TAP = """TAP version 13
# Subtest: file.test.mjs
    # Subtest: opens
    ok 1 - opens
    # Subtest: draws
    not ok 2 - draws
      ---
      failureType: 'testCodeFailure'
      ...
    # Subtest: later
    ok 3 - later # SKIP
    1..3
not ok 1 - file.test.mjs
  ---
  failureType: 'subtestsFailed'
  ...
1..1
# tests 3
# pass 1
# fail 1
# cancelled 0
# skipped 1
# todo 0
"""


class Results(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, name: str, text: str) -> Path:
        path = Path(self.folder.name) / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    def assert_outcome(self, outcome: results.Outcome, passed: int, failed: list[str], skipped: int):
        self.assertEqual(outcome, results.Outcome(passed, failed, skipped))

    def test_ctest(self):
        self.assert_outcome(results.read_ctest(self.write("r.xml", CTEST)), 1, ["a.fails", "a.missing"], 2)

    def test_googletest(self):
        report = self.write("r.xml", GOOGLETEST.format(failures=1, more=ONE_FAILURE))
        self.assert_outcome(results.read_googletest(report), 1, ["s.fails"], 2)

    def whole_programs(self, status: str, report: str | None) -> results.Outcome:
        ctest = self.write("ctest.xml", f'<testsuite><testcase name="ui_tests" status="{status}"/></testsuite>')
        if report:
            self.write("results/ui_tests.xml", report)
        return results.read_whole_programs(ctest, Path(self.folder.name) / "results")

    def test_a_program_counts_by_its_cases(self):
        self.assert_outcome(self.whole_programs("run", GOOGLETEST.format(failures=0, more="")), 1, [], 2)

    def test_a_program_that_failed_counts_its_failures(self):
        outcome = self.whole_programs("fail", GOOGLETEST.format(failures=1, more=ONE_FAILURE))
        self.assert_outcome(outcome, 1, ["s.fails"], 2)

    def test_a_program_that_died_before_its_report_failed(self):
        self.assert_outcome(self.whole_programs("fail", None), 0, ["ui_tests"], 0)

    def test_a_program_that_died_after_its_cases_passed_failed(self):
        outcome = self.whole_programs("fail", GOOGLETEST.format(failures=0, more=""))
        self.assert_outcome(outcome, 1, ["ui_tests"], 2)

    def test_tap_counts_cases_and_not_the_files_that_hold_them(self):
        self.assert_outcome(results.read_tap(TAP), 1, ["draws"], 1)

    def test_a_tap_file_that_could_not_be_loaded_failed(self):
        outcome = results.read_tap("not ok 1 - x.test.mjs\n  ---\n  failureType: 'testCodeFailure'\n  ...\n# pass 0\n# fail 1\n")
        self.assert_outcome(outcome, 0, ["x.test.mjs"], 0)


if __name__ == "__main__":
    unittest.main()
