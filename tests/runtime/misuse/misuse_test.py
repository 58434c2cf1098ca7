"""Misuse that types can catch does not compile: misuse.cpp is built right once, and wrong in each of its cases.

Usage: misuse_test.py COMPILER ROOT [FLAGS…]
"""

import pathlib
import re
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
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
    12: r"value_type|not a class|constraints",
}
arguments: list[str] = []


def compile_case(case: int) -> subprocess.CompletedProcess:
    compiler, root, *flags = arguments
    return subprocess.run(
        [compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", f"-I{root}", f"-DMISUSE={case}",
         *flags, str(HERE / "misuse.cpp")],
        capture_output=True, text=True, check=False)


class Misuse(unittest.TestCase):
    def test_compiles_in_its_right_form(self):
        built = compile_case(0)
        self.assertEqual(built.returncode, 0, built.stderr)

    def test_has_a_reason_for_each_case(self):
        cases = re.findall(r"MISUSE == (\d+)", (HERE / "misuse.cpp").read_text(encoding="utf-8"))
        self.assertEqual([int(case) for case in cases], list(REASONS))


def refusal(case: int, reason: str):
    def test(self):
        built = compile_case(case)
        self.assertNotEqual(built.returncode, 0, "it compiled")
        errors = "\n".join(line for line in built.stderr.splitlines() if "error:" in line)
        self.assertRegex(errors, reason)
    return test


for number, why in REASONS.items():
    setattr(Misuse, f"test_case_{number}_is_refused", refusal(number, why))

if __name__ == "__main__":
    arguments = sys.argv[1:]
    if len(arguments) < 2:
        sys.exit(__doc__)
    unittest.main(argv=sys.argv[:1])
