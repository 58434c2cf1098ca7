"""Reads what test programs report, and counts."""

import re
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Outcome:
    """Test cases that really ran; a skipped one did not."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: int = 0

    def __iadd__(self, other: "Outcome") -> "Outcome":
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        return self

    @staticmethod
    def of_check(name: str, well: bool) -> "Outcome":
        return Outcome(passed=1) if well else Outcome(failed=[name])


def read_ctest(report: Path) -> Outcome:
    """ctest --output-junit."""
    outcome = Outcome()
    for case in xml.parse(report).iter("testcase"):
        skipped = case.find("skipped")
        if case.get("status") == "run":
            outcome.passed += 1
        elif case.get("status") == "disabled":
            outcome.skipped += 1
        # ctest also calls a test skipped whose program is missing; that one failed.
        elif skipped is not None and skipped.get("message", "").startswith("SKIP_"):
            outcome.skipped += 1
        else:
            outcome.failed.append(case.get("name", "?"))
    return outcome


def read_googletest(report: Path) -> Outcome:
    """GoogleTest's --gtest_output=xml."""
    outcome = Outcome()
    for case in xml.parse(report).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed.append(f"{case.get('classname')}.{case.get('name')}")
        elif case.get("status") == "run" and case.get("result") == "completed":
            outcome.passed += 1
        else:
            outcome.skipped += 1
    return outcome


def read_whole_programs(ctest: Path, folder: Path) -> Outcome:
    """ctest's entries that stand for a whole GoogleTest program each, with the programs' own reports in a folder.

    A program that died has no report, or one that tells of no failure: that is a failure of its own.
    """
    outcome = Outcome()
    for entry in xml.parse(ctest).iter("testcase"):
        name = entry.get("name", "?")
        report = folder / f"{name}.xml"
        cases = read_googletest(report) if report.is_file() else Outcome()
        outcome += cases
        if entry.get("status") == "run":
            # No report: the entry is a test of another sort, and counts as the one it is.
            outcome.passed += 0 if report.is_file() else 1
        elif not cases.failed:
            outcome.failed.append(name)
    return outcome


def read_tap(text: str) -> Outcome:
    """node --test --test-reporter=tap; a file or group that failed only for what is in it does not count again."""
    outcome = Outcome()
    for line in text.splitlines():
        if match := re.match(r"# (pass|skipped|todo) (\d+)$", line):
            if match[1] == "pass":
                outcome.passed = int(match[2])
            else:
                outcome.skipped += int(match[2])
        elif match := re.match(r"\s*not ok \d+ - (.*)$", line):
            if not re.search(r"# (SKIP|TODO)\b", match[1]):
                outcome.failed.append(match[1])
        elif re.match(r"\s*failureType: 'subtestsFailed'$", line):
            outcome.failed.pop()
    return outcome
