"""Programs outside the tree find the installed package, build against it, and run.

Usage: install_test.py CMAKE BUILD_FOLDER COMPILER
"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

CONSUMER = pathlib.Path(__file__).resolve().parent / "consumer"
arguments: list[str] = []


def run(*command: str, cwd=None) -> str:
    ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise AssertionError(f"{' '.join(command)}\n{ran.stdout}{ran.stderr}")
    return ran.stdout


class Installed(unittest.TestCase):
    def test_is_found_and_used_by_a_program_outside_the_tree(self):
        cmake, build, compiler = arguments
        with tempfile.TemporaryDirectory() as place:
            prefix, made = f"{place}/prefix", f"{place}/build"
            run(cmake, "--install", build, "--prefix", prefix, "--component", "libraries")
            run(cmake, "-S", str(CONSUMER), "-B", made, f"-DCMAKE_PREFIX_PATH={prefix}",
                f"-DCMAKE_CXX_COMPILER={compiler}")
            run(cmake, "--build", made)
            self.assertEqual(run(f"{made}/consumer", cwd=place), "the deadline of 'wait' passed\n")
            trace = pathlib.Path(place, "consumer.jsonl").read_text(encoding="utf-8")
            self.assertIn('"kind":"timeout"', trace)
            self.assertEqual(run(f"{made}/explorer", cwd=place), "an addition is lost\n")
            # Sockets are left out where Asio is missing.
            has_sockets = pathlib.Path(build, "runtime/libcancelscope_io.a").exists()
            self.assertEqual(pathlib.Path(made, "talker").exists(), has_sockets)
            if has_sockets:
                self.assertEqual(run(f"{made}/talker", cwd=place), "hello\n")

    def test_names_no_place_of_the_build(self):
        cmake, build, _ = arguments
        with tempfile.TemporaryDirectory() as prefix:
            run(cmake, "--install", build, "--prefix", prefix, "--component", "libraries")
            root = str(CONSUMER.parents[2])
            for file in pathlib.Path(prefix).rglob("*.cmake"):
                self.assertNotIn(root, file.read_text(encoding="utf-8"), file)

    def test_shows_no_library_that_a_consumer_does_not_need(self):
        cmake, build, _ = arguments
        with tempfile.TemporaryDirectory() as prefix:
            run(cmake, "--install", build, "--prefix", prefix, "--component", "libraries")
            for file in pathlib.Path(prefix).rglob("*.hpp"):
                self.assertNotIn("#include <asio", file.read_text(encoding="utf-8"), file)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if len(arguments) != 3:
        sys.exit(__doc__)
    unittest.main(argv=sys.argv[:1])
