"""Misuse that types can catch does not compile: misuse.cpp is built once right, and once wrong in each of its cases.

Usage: misuse_test.py COMPILER ROOT [FLAGS…]
"""

import pathlib
import re
import subprocess
import sys
import unittest

SOURCE = pathlib.Path(__file__).resolve().parent / "misuse.cpp"
# Of each case, what the compiler says when it refuses for the right reason.
REASONS = {
    1: r"task_handle|convert",
    2: r"await_transform|no match|constraints",
    3: r"deleted|use of deleted|copy",
    4: r"convert",
    5: r"discards qualifiers|rvalue|lvalue|passing",
    6: r"discards qualifiers|rvalue|lvalue|passing",
    7: r"deleted|use of deleted|copy",
    8: r"no matching function|constraints",
    9: r"nodiscard|unused",
    10: r"nodiscard|unused",
    11: r"no match for .operator\*|indirection requires",
    12: r"no matching function|constraints",
}
arguments: list[str] = []


def compile_misuse(*flags: str) -> subprocess.CompletedProcess:
    compiler, root, *more = arguments
    return subprocess.run(
        [compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", f"-I{root}", *flags, *more,
         str(SOURCE)],
        capture_output=True, text=True, check=False)


def case_of_line() -> list[int]:
    """The case that each line stands in; 0 before the first."""
    case, cases = 0, [0]
    for line in SOURCE.read_text(encoding="utf-8").splitlines():
        begins = re.match(r"// (\d+): ", line)
        case = int(begins[1]) if begins else case
        cases.append(case)
    return cases


class Misuse(unittest.TestCase):
    """The cases share one run of the compiler, most of which goes into the headers."""

    @classmethod
    def setUpClass(cls):
        cases = case_of_line()
        cls.cases = sorted(set(cases[1:]) - {0})
        cls.errors: dict[int, list[str]] = {}
        said = compile_misuse("-DMISUSE").stderr
        for line, error in re.findall(r"misuse\.cpp:(\d+):\d+: error: (.*)", said):
            cls.errors.setdefault(cases[int(line)], []).append(error)

    def test_compiles_in_its_right_form(self):
        built = compile_misuse()
        self.assertEqual(built.returncode, 0, built.stderr)

    def test_has_a_reason_for_each_case(self):
        self.assertEqual(self.cases, list(REASONS))

    def test_is_refused_in_the_cases_only(self):
        self.assertNotIn(0, self.errors)


def refusal(case: int, reason: str):
    def test(self):
        self.assertIn(case, self.errors, "it compiled")
        self.assertRegex("\n".join(self.errors[case]), reason)
    return test


for number, why in REASONS.items():
    setattr(Misuse, f"test_case_{number}_is_refused", refusal(number, why))

if __name__ == "__main__":
    arguments = sys.argv[1:]
    if len(arguments) < 2:
        sys.exit(__doc__)
    unittest.main(argv=sys.argv[:1])
