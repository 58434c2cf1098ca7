"""The fingerprint is of what the interface really is: each change of it that a consumer would trip over changes the number, a
change of words does not, and what describe.py cannot read it refuses.

Usage: fingerprint_test.py COMPILER ROOT
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

compiler, root = "", pathlib.Path()

# Each: what it is called, a text that stands in the header once or more, and what its first place becomes.
CHANGES = {
    "a field more": ("  uint32_t place;\n  uint32_t reserved; /* 0 */\n};", "  uint32_t place;\n  uint32_t colour;\n};"),
    "a field of another type": ("  uint64_t leaked;", "  int64_t leaked;"),
    "two fields in another order": ("  uint64_t polls;\n  uint64_t cost;", "  uint64_t cost;\n  uint64_t polls;"),
    "an enumerator more": ("  CS_OUTCOME_PANICKED = 3", "  CS_OUTCOME_PANICKED = 3,\n  CS_OUTCOME_LOST = 4"),
    "an enumerator of another value": ("  CS_WAIT_OTHER = 5", "  CS_WAIT_OTHER = 6"),
    "a function more": ("uint32_t cs_trace_end(void);", "uint32_t cs_trace_end(void);\nuint32_t cs_trace_begin(void);"),
    "a function less": ("uint32_t cs_task_unshield(uint64_t task);\n", ""),
    "a parameter more": ("cs_task_shield(uint64_t task)", "cs_task_shield(uint64_t task, uint32_t depth)"),
    "a parameter of another type": ("cs_task_spend(uint64_t task, uint64_t cost)", "cs_task_spend(uint64_t task, uint32_t cost)"),
    "another result": ("uint32_t cs_trace_end(void);", "uint64_t cs_trace_end(void);"),
    "another minor version": ("CS_MINOR = 0", "CS_MINOR = 1"),
}
UNREADABLE = {
    "a macro": ("enum cs_status {", "#define CS_EXTRA 1\nenum cs_status {"),
    "a gap": ("  uint64_t id;\n", "  uint32_t half;\n  uint64_t id;\n"),
    "a type without a fixed width": ("  uint64_t leaked;", "  long leaked;"),
    "two names in one line": ("  uint64_t polls;\n", "  uint64_t polls, more;\n"),
    "an enumerator without a value": ("  CS_WAIT_OTHER = 5", "  CS_WAIT_OTHER"),
    "a declaration of another form": ("uint32_t cs_trace_end(void);", "typedef uint32_t cs_word;"),
}


def header() -> str:
    return (root / "runtime/abi/cancelscope.h").read_text(encoding="utf-8")


def changed(change: tuple[str, str]) -> str:
    before, after = change
    assert before in header(), f"the header no longer holds {before!r}"
    return header().replace(before, after, 1)


class Built:
    """A variant of the header, described, and compiled with its description in a tree of its own."""

    def __init__(self, text: str):
        with tempfile.TemporaryDirectory() as folder:
            tree = pathlib.Path(folder)
            (tree / "runtime/abi").mkdir(parents=True)
            file = tree / "runtime/abi/cancelscope.h"
            file.write_text(text, encoding="utf-8")
            described = subprocess.run([sys.executable, str(root / "runtime/abi/describe.py"), str(file), "--out", folder],
                                       capture_output=True, text=True, check=False)
            self.refused = described.stderr
            self.number = self.javascript = self.errors = ""
            if described.returncode != 0:
                return
            cpp = tree / "abi_description.cpp"
            compiled = subprocess.run([compiler, "-std=c++20", "-fsyntax-only", f"-I{folder}", str(cpp)],
                                      capture_output=True, text=True, check=False)
            self.errors = compiled.stderr
            self.number = re.search(r"return 0x([0-9a-f]{16})U;", cpp.read_text(encoding="utf-8"))[1]
            self.javascript = re.search(r"fingerprint = 0x([0-9a-f]{16})n", (tree / "abi.mjs").read_text(encoding="utf-8"))[1]


class Fingerprint(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.now = Built(header())

    def test_is_the_same_for_the_compiler_and_for_javascript(self):
        self.assertEqual(self.now.refused, "")
        self.assertEqual(self.now.errors, "")
        self.assertEqual(self.now.number, self.now.javascript)

    def test_is_not_changed_by_words(self):
        other = Built(re.sub(r"/\*.*?\*/", "/* other words */", header(), flags=re.S))
        self.assertEqual(other.number, self.now.number)

    def test_differs_for_every_change(self):
        numbers = {self.now.number: "nothing"}
        for name, change in CHANGES.items():
            with self.subTest(name):
                other = Built(changed(change))
                self.assertEqual(other.refused, "")
                self.assertEqual(other.errors, "", "the compiler sees it otherwise")
                self.assertNotIn(other.number, numbers)
                numbers[other.number] = name

    def test_is_refused_for_what_cannot_be_read(self):
        for name, change in UNREADABLE.items():
            with self.subTest(name):
                other = Built(changed(change))
                self.assertEqual(other.number, "")
                self.assertIn("cancelscope.h: ", other.refused)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    compiler, root = sys.argv[1], pathlib.Path(sys.argv[2])
    unittest.main(argv=sys.argv[:1])
