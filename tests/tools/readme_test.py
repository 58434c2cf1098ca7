"""What the README and the runtime's page show stands in a file that is compiled or loaded."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = ["README.md", "docs/runtime.md"]


def read(page):
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```", read(page), re.S | re.M)


def stands_in(block, folder, suffix):
    files = (ROOT / folder).rglob(f"*{suffix}")
    return any(block in file.read_text(encoding="utf-8") for file in files)


class Pages(unittest.TestCase):
    def test_show_code_of_a_compiled_sample(self):
        for page in PAGES:
            self.assertTrue(blocks(page, "cpp"), page)
            for block in blocks(page, "cpp"):
                self.assertTrue(stands_in(block, "samples", ".cpp"), f"{page}: {block}")

    def test_show_a_trace_that_the_tests_load(self):
        self.assertTrue(blocks("README.md", "jsonl"))
        for block in blocks("README.md", "jsonl"):
            self.assertTrue(stands_in(block, "tests/data", ".jsonl"), block)

    def test_link_to_files_that_exist(self):
        for page in ["README.md", *(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))]:
            prose = re.sub(r"^```.*?^```", "", read(page), flags=re.MULTILINE | re.DOTALL)
            for target in re.findall(r"\]\(([^)#:]+)\)", prose):
                self.assertTrue((ROOT / page).parent.joinpath(target).exists(), f"{page}: {target}")

    def test_find_what_is_not_there(self):
        self.assertFalse(stands_in("no sample says this", "samples", ".cpp"))


if __name__ == "__main__":
    unittest.main()
