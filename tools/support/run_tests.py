"""Runs every test there is, or the sections named.

Usage: tools/test [SECTION…]

  format      the sources are formatted as .clang-format says
  includes    nothing includes what its layer may not
  native      the tests of the preset `dev`
  asan-ubsan  the same under AddressSanitizer, LeakSanitizer and UndefinedBehaviorSanitizer
  tsan        the tests of what has threads, under ThreadSanitizer
  fuzz        each fuzz target for twenty seconds
  tidy        clang's warnings and clang-tidy
  wasm        the tests as WebAssembly, under node
  javascript  the runtime's package for JavaScript, under node
  browser     the built page in Chromium
  window      the native window, driven by mouse and keyboard of a display of its own

A section that fails does not stop the others. The last line counts the test cases that ran: `N passed, N failed`.
The status is 1 if one failed. What each section said is in build/tests/SECTION.log.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable

import results
from results import Outcome

ROOT = Path(__file__).resolve().parents[2]
LOGS = ROOT / "build" / "tests"
FUZZ_SECONDS = 20
# Far above what any section takes, so that one that hangs ends, and the others still run.
SECTION_SECONDS = 40 * 60


class Section:
    """One section's log and deadline; its commands run in the root of the tree."""

    def __init__(self, name: str):
        self.name = name
        self.log = LOGS / f"{name}.log"
        self.log.write_bytes(b"")
        self.deadline = time.monotonic() + SECTION_SECONDS

    def run(self, *command: object, **environment: str) -> bool:
        """True if the command ended well and in time. Its output goes to the log."""
        words = [str(word) for word in command]
        with self.log.open("ab") as log:
            log.write(f"$ {' '.join(words)}\n".encode())
            log.flush()
            # A group of its own, so that a command that hangs ends with all it started.
            process = subprocess.Popen(
                words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                env=os.environ | environment, start_new_session=True,
            )
            try:
                return process.wait(timeout=max(1.0, self.deadline - time.monotonic())) == 0
            except subprocess.TimeoutExpired:
                log.write(f"\nstopped after {SECTION_SECONDS // 60} minutes\n".encode())
                return False
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()

    def build(self, preset: str, *targets: str) -> bool:
        return self.run("tools/build", preset, *targets)

    def ctest(self, preset: str, *options: object) -> Path | None:
        """Runs a test preset, in a display of its own; None if it could not even report."""
        report = LOGS / f"{self.name}.xml"
        report.unlink(missing_ok=True)
        display = ["xvfb-run", "-a", "-s", "-screen 0 1280x800x24"] if shutil.which("xvfb-run") else []
        self.run(*display, "ctest", "--preset", preset, "-j", os.cpu_count(), "--output-junit", report, *options)
        return report if report.is_file() else None


def test_format(section: Section) -> Outcome:
    return Outcome.of_check("format", section.run("tools/format", "--check"))


def test_includes(section: Section) -> Outcome:
    return Outcome.of_check("includes", section.run("tools/check-includes"))


def native_tests(preset: str) -> Callable[[Section], Outcome]:
    def test(section: Section) -> Outcome:
        outcome = Outcome()
        if not section.build(preset):
            # What was built is tested all the same.
            outcome += Outcome(failed=[f"build of {preset}"])
        report = section.ctest(preset)
        outcome += results.read_ctest(report) if report else Outcome(failed=["ctest"])
        return outcome

    return test


def test_fuzz(section: Section) -> Outcome:
    if not section.build("fuzz"):
        return Outcome(failed=["build of fuzz"])
    outcome = Outcome()
    for target in sorted((ROOT / "build/fuzz/fuzzers").iterdir()):
        corpus = ROOT / "build/fuzz/corpus" / target.name
        corpus.mkdir(parents=True, exist_ok=True)
        seeds = [seed] if (seed := target.read_text().strip()) else []
        outcome += Outcome.of_check(target.name, section.run(
            ROOT / "build/fuzz/bin" / target.name, f"-max_total_time={FUZZ_SECONDS}", "-timeout=10", "-rss_limit_mb=2048",
            "-max_len=65536", "-print_final_stats=1", f"-artifact_prefix={LOGS}/{target.name}-", corpus, *seeds,
        ))
    return outcome


def test_tidy(section: Section) -> Outcome:
    return Outcome.of_check("tidy", section.build("tidy"))


def test_wasm(section: Section) -> Outcome:
    outcome = Outcome()
    if not section.build("wasm"):
        outcome += Outcome(failed=["build of wasm"])
    programs = ROOT / "build/wasm/results"
    shutil.rmtree(programs, ignore_errors=True)
    report = section.ctest("wasm")
    outcome += results.read_whole_programs(report, programs) if report else Outcome(failed=["ctest"])
    return outcome


PROGRAMS = {
    "CANCELSCOPE": str(ROOT / "build/dev/bin/cancelscope"),
    "CANCELSCOPE_PACKAGE": str(ROOT / "build/wasm/package/cancelscope"),
    "TRACE_GENERATOR": str(ROOT / "build/dev/bin/trace_generator"),
}


def node_tests(section: Section, folder: str, *display: str) -> Outcome:
    """Every test file of the folder, under node."""
    report = LOGS / f"{section.name}.tap"
    report.unlink(missing_ok=True)
    well = section.run(
        *display, "node", "--test", "--test-reporter=spec", "--test-reporter-destination=stdout",
        "--test-reporter=tap", f"--test-reporter-destination={report}", *sorted((ROOT / folder).glob("*.test.mjs")),
        **PROGRAMS,
    )
    outcome = results.read_tap(report.read_text()) if report.is_file() else Outcome()
    if not well and not outcome.failed:
        outcome.failed.append("node --test")
    return outcome


def test_javascript(section: Section) -> Outcome:
    if not section.build("wasm", "javascript_package"):
        return Outcome(failed=["build of the package"])
    return node_tests(section, "tests/runtime/js")


def test_browser(section: Section) -> Outcome:
    # The page, and the native program that the tests compare it with or are served by: that of `native`, so that it is
    # compiled once.
    if not (section.build("wasm", "site", "javascript_package", "event_loop_page")
            and section.build("dev", "cancelscope", "checkout", "trace_generator")):
        return Outcome(failed=["build of the page"])
    return node_tests(section, "tests/browser")


def test_window(section: Section) -> Outcome:
    if not section.build("dev", "cancelscope", "checkout"):
        return Outcome(failed=["build of the program"])
    return node_tests(section, "tests/native", "xvfb-run", "-a", "-s", "-screen 0 1440x900x24")


SECTIONS: dict[str, Callable[[Section], Outcome]] = {
    "format": test_format,
    "includes": test_includes,
    "native": native_tests("dev"),
    "asan-ubsan": native_tests("asan-ubsan"),
    "tsan": native_tests("tsan"),
    "fuzz": test_fuzz,
    "tidy": test_tidy,
    "wasm": test_wasm,
    "javascript": test_javascript,
    "browser": test_browser,
    "window": test_window,
}


def run_section(name: str) -> tuple[Outcome, float]:
    print(f"{name} …", flush=True)
    start = time.monotonic()
    section = Section(name)
    try:
        outcome = SECTIONS[name](section)
    except Exception as error:  # A section whose reports cannot be read has failed, and the next one still runs.
        outcome = Outcome(failed=[f"{type(error).__name__}: {error}"])
    if not outcome.passed and not outcome.failed:
        outcome.failed.append("nothing ran")
    if outcome.failed:
        tail = section.log.read_text(errors="replace").splitlines()[-80:]
        print("\n".join(f"    {line}" for line in tail))
        print("\n".join(f"  FAILED {case}" for case in outcome.failed), flush=True)
    return outcome, time.monotonic() - start


def summary(ran: dict[str, tuple[Outcome, float]]) -> str:
    lines = [""]
    for name, (outcome, seconds) in ran.items():
        skipped = f", {outcome.skipped} skipped" if outcome.skipped else ""
        state = "FAILED" if outcome.failed else "passed"
        lines.append(f"{state}  {name:<11}{seconds:6.0f} s   {outcome.passed} passed, {len(outcome.failed)} failed{skipped}")
    passed = sum(outcome.passed for outcome, _ in ran.values())
    failed = sum(len(outcome.failed) for outcome, _ in ran.values())
    return "\n".join([*lines, "", f"{passed} passed, {failed} failed"])


def main(names: list[str]) -> int:
    if {"-h", "--help"} & set(names):
        print(__doc__.strip())
        return 0
    if unknown := [name for name in names if name not in SECTIONS]:
        print(f"test: there is no section {unknown[0]}; there are {', '.join(SECTIONS)}", file=sys.stderr)
        return 2
    LOGS.mkdir(parents=True, exist_ok=True)
    ran = {name: run_section(name) for name in SECTIONS if not names or name in names}
    print(summary(ran))
    return 1 if any(outcome.failed for outcome, _ in ran.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
