"""What a student's lines can't do: hang a check, fill the disk, pass without being right."""

import shutil
import subprocess
import sys

import pytest
from support.answers import mistake
from support.scripts import PROJECT, environment
from support.students import folder_with

from exercises import edition
from exercises.folder import StudentFolder
from exercises.runner import Runner

SECONDS = 3
TRICKS = [
    mistake(1, "an endless loop", says=f"not finished after {SECONDS} s", place_1="while True:\n    pass"),
    mistake(1, "a crash", says="your lines end the process", place_1="import ctypes\nctypes.string_at(0)"),
    mistake(1, "leaving early", says="your lines end the process", place_1="import os\nos._exit(0)"),
    mistake(1, "exit", says="your lines end the program", place_1="raise SystemExit(0)"),
    mistake(1, "endless output", says="File too large", place_1='while True:\n    print("x" * 1_000_000)'),
    mistake(
        1, "too much memory", says="MemoryError", place_1="hoard = []\nwhile True:\n    hoard.append(bytes(1 << 28))"
    ),
    mistake(
        1,
        "printing that it is done",
        says="value isn't a number but missing",
        place_1='print("  1  done    run it in a session")\nprint("All 13 blanks are done.")',
    ),
    mistake(
        1,
        "a process that goes on",
        says=f"not finished after {SECONDS} s",
        place_1="import subprocess\nsubprocess.run(['sleep', '600'])",
    ),
]


@pytest.fixture(scope="module")
def runner():
    return Runner()


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.title)
def test_a_trick_fails_and_costs_only_its_own_check(runner, tmp_path, trick):
    solved = mistake(0, "solved", says="")
    first, second = runner.check(folder_with(tmp_path, solved, trick), [0, 1], seconds=SECONDS)
    assert first.solved and not second.solved
    assert trick.says in second.finding.found
    assert len(second.printed) <= 2000


def test_nothing_is_gained_by_editing_the_folders_own_checks(tmp_path):
    folder = tmp_path / "my_handson"
    edition.make(folder)
    for path in (folder / "exercises" / "checks").glob("*.py"):
        path.write_text(path.read_text().replace("raise Finding", "yield\n    return\n    raise Finding"))
    shutil.rmtree(folder / "kit")
    words = [sys.executable, "-m", "exercises", "check", str(folder)]
    result = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, env=environment(), timeout=120)
    assert result.returncode == 1 and "0 of 13 done" in result.stdout
    assert StudentFolder(folder).record.passed == {}
