"""tools/format --check names what is not formatted, and passes what is."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Format(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = Path(folder.name)
        (self.tree / "tools").mkdir()
        (self.tree / "runtime").mkdir()
        shutil.copy(ROOT / "tools/format", self.tree / "tools/format")
        shutil.copy(ROOT / ".clang-format", self.tree / ".clang-format")
        (self.tree / "runtime/neat.hpp").write_text("int neat();\n")

    def format(self, *options: str) -> subprocess.CompletedProcess:
        return subprocess.run([self.tree / "tools/format", *options], capture_output=True, text=True)

    def test_formatted_sources_pass(self):
        result = self.format("--check")
        self.assertEqual((result.returncode, result.stdout), (0, ""), result.stderr)

    def test_an_unformatted_source_is_named_and_left_alone(self):
        untidy = self.tree / "runtime/untidy.cpp"
        untidy.write_text("int   untidy( );\n")
        result = self.format("--check")
        self.assertEqual((result.returncode, result.stdout), (1, "runtime/untidy.cpp\n"))
        self.assertEqual(untidy.read_text(), "int   untidy( );\n")

    def test_formatting_makes_the_check_pass(self):
        (self.tree / "runtime/untidy.cpp").write_text("int   untidy( );\n")
        self.assertEqual(self.format().returncode, 0)
        self.assertEqual(self.format("--check").returncode, 0)

    def test_what_the_build_generates_is_not_looked_at(self):
        (self.tree / "build").mkdir()
        (self.tree / "build/made.cpp").write_text("int   made( );\n")
        self.assertEqual(self.format("--check").returncode, 0)


if __name__ == "__main__":
    unittest.main()
