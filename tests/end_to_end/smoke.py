"""The class's first hour, on any system: draw, join, train an epoch, evaluate, fill in blank 0 and check it.

python tests/end_to_end/smoke.py                               in a fresh virtualenv, from requirements.txt
python tests/end_to_end/smoke.py --python .venv/bin/python     with a Python that has the requirements

Every command is run as the README gives it for this system. The first one that ends otherwise than it should ends
this script, with status 1. It needs nothing but Python's own library; CI runs it on macOS and Windows.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
IS_WINDOWS = os.name == "nt"
JOIN = (
    r"copy /b squares\info.csv+triangles\info.csv dataset.csv"
    if IS_WINDOWS
    else "cat squares/info.csv triangles/info.csv > dataset.csv"
)
BLANK_0 = re.compile(r"(?s)( *# blank 0:[^\n]*\n)(.*?)( *# end of blank 0\n)")
NOT_DONE = 1  # exit status of a check that found an empty blank


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", help="a Python that has the requirements; without it, a fresh virtualenv is made")
    python = parser.parse_args().python
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        folder = Path(folder)
        python = os.path.abspath(python) if python else fresh_virtualenv(folder / "venv")
        make_and_train(python, folder)
        fill_in_blank_0(python, folder)
    say("All went as it should.")


def fresh_virtualenv(folder: Path) -> str:
    """Makes a virtualenv with the requirements; returns its Python."""
    say(f"a virtualenv in {folder}")
    run(folder.parent, sys.executable, "-m", "venv", folder)
    python = str(folder / ("Scripts/python.exe" if IS_WINDOWS else "bin/python"))
    run(folder, python, "-m", "pip", "install", "--quiet", "--requirement", PROJECT / "requirements.txt")
    return python


def make_and_train(python: str, folder: Path) -> None:
    for shape in ("square", "triangle"):
        run(folder, python, PROJECT / "dataset_creation.py", "--shape", shape, "--num_images", 40,
            "--output_directory", f"./{shape}s", "--size", 32, "--style", "plain")  # fmt: skip
    run_in_shell(folder, JOIN)
    run(folder, python, PROJECT / "training.py", "--epochs", 1)
    run(folder, python, PROJECT / "evaluating.py")


def fill_in_blank_0(python: str, folder: Path) -> None:
    """Starts the hands-on; blank 0 must fail while it is empty, and pass with the solution."""
    students = folder / "my_handson"
    run(PROJECT, python, "-m", "exercises", "start", students)
    run(students, python, "check.py", "--blank", 0, status=NOT_DONE)
    solution = BLANK_0.search((PROJECT / "first_graph.py").read_text(encoding="utf-8")).group(2)
    script = students / "first_graph.py"
    filled_in = BLANK_0.sub(lambda blank: blank[1] + solution + blank[3], script.read_text(encoding="utf-8"))
    script.write_text(filled_in, encoding="utf-8")
    run(students, python, "check.py", "--blank", 0)


def run(folder: Path, *words, status: int = 0) -> None:
    """Runs a command in a folder; ends this script if it ends with another status than `status`."""
    words = [str(word) for word in words]
    say(f"$ {' '.join(words)}")
    check(subprocess.run(words, cwd=folder).returncode, status)


def run_in_shell(folder: Path, command: str) -> None:
    say(f"$ {command}")
    check(subprocess.run(command, cwd=folder, shell=True).returncode, 0)


def check(found: int, expected: int) -> None:
    if found != expected:
        sys.exit(f"The last command ended with status {found}, expected {expected}.")


def say(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


if __name__ == "__main__":
    main()
