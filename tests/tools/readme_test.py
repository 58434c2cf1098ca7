"""What the README shows stands in a file that is compiled or loaded."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def blocks(language):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", readme, re.S | re.M)


def stands_in(block, folder, suffix):
    files = (ROOT / folder).rglob(f"*{suffix}")
    return any(block in file.read_text(encoding="utf-8") for file in files)


class Readme(unittest.TestCase):
    def test_shows_code_of_a_compiled_sample(self):
        self.assertTrue(blocks("cpp"))
        for block in blocks("cpp"):
            self.assertTrue(stands_in(block, "samples", ".cpp"), block)

    def test_shows_a_trace_that_the_tests_load(self):
        self.assertTrue(blocks("jsonl"))
        for block in blocks("jsonl"):
            self.assertTrue(stands_in(block, "tests/data", ".jsonl"), block)

    def test_links_to_files_that_exist(self):
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", readme):
            self.assertTrue((ROOT / target).exists(), target)

    def test_finds_what_is_not_there(self):
        self.assertFalse(stands_in("no sample says this", "samples", ".cpp"))


if __name__ == "__main__":
    unittest.main()
