"""What a student's lines can't do: hang a check, fill the disk, pass without being right."""

import pickle
import shutil
import subprocess
import sys

import pytest
from support.scripts import PROJECT, environment
from support.students import command_here, folder_with

from exercises import overtime
from exercises.answers import Answer
from exercises.blanks import all_blanks
from exercises.build_handout import build_folder
from exercises.findings import Verdict
from exercises.folder import StudentFolder
from exercises.runner import Runner

SECONDS = 3
TRICKS = [  # (what it is, words of the finding, lines)
    ("an endless loop", f"not finished after {SECONDS} s", "while True:\n    pass"),
    ("a crash", "your lines end the process", "import ctypes\nctypes.string_at(0)"),
    ("leaving early", "your lines end the process", "import os\nos._exit(0)"),
    ("exit", "your lines end the program", "raise SystemExit(0)"),
    ("a debugger", "stop at a breakpoint", "breakpoint()"),
    ("input", "wait for something to be typed", 'value = float(input("x = "))'),
    ("recursion", "calls itself again and again", "def f(x):\n    return f(x)\nvalue = f(1)"),
    ("another folder", "change the current folder", "import os\nos.chdir('/')\nvalue = 1"),
    ("no UTF-8", "value isn't a number", "import sys\nsys.stdout.buffer.write(bytes(range(256)))"),
    ("no Unicode", "value isn't a number", "print('\\ud800 \\x1b[2J')"),
    ("endless output", "File too large", 'while True:\n    print("x" * 1_000_000)'),
    ("too much memory", "MemoryError", "hoard = []\nwhile True:\n    hoard.append(bytes(1 << 28))"),
    (
        "printing that it is done",
        "value isn't a number but missing",
        'print("  1  done    run it in a session")\nprint("All blanks are done.")',
    ),
    (
        "a process that goes on",
        f"not finished after {SECONDS} s",
        "import subprocess\nsubprocess.run(['sleep', '600'])",
    ),
]


@pytest.fixture(scope="module")
def runner():
    return Runner()


def test_only_the_checks_own_processes_import_tensorflow():
    code = "import sys; from exercises import student_blank, runner, blanks; "
    code += "[each.parts for each in blanks.all_blanks()]; sys.exit('tensorflow' in sys.modules)"
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, cwd=PROJECT, env=environment(), timeout=60).returncode == 0


def test_an_endless_loop_is_told_with_its_line(runner, tmp_path):
    lines = "with tf.Session() as session:\n    value = 1\n    while value:\n        value += 1\n"
    (verdict,) = runner.check(folder_with(tmp_path, Answer(1, "endless", lines)), [1], seconds=1)
    assert verdict.finding.found.startswith("not finished after 1 s: still at this line")
    assert verdict.finding.line[2] in ("while value:", "value += 1")


@pytest.mark.parametrize(
    ("queued", "told"), [(0, "There may be a loop"), (40, "There may be a loop"), (50, "On a machine so busy")]
)
def test_a_busy_machine_is_told_apart(queued, told):
    found = overtime.finding(20, queued, None)
    assert found.found.startswith("not finished after 20 s") and found.why.startswith(told)
    assert ("50 s more" in found.found) == (queued == 50)
    verdict = Verdict(1, ("all",), 0, (), pickle.loads(pickle.dumps(found)), "", 60.0)
    assert verdict.is_open == (queued == 50) and not verdict.solved


def test_what_a_busy_machine_could_not_check_stays_as_it_was(tmp_path):
    build_folder(tmp_path / "mine")
    folder = StudentFolder(tmp_path / "mine")
    folder.note_verdict(Verdict(1, ("all",), 1, (), None, "", 1.0), folder.places())
    folder.note_verdict(Verdict(1, ("all",), 0, (), overtime.finding(20, 50, None), "", 60.0), folder.places())
    assert folder.is_passed(1)
    folder.note_verdict(Verdict(1, ("all",), 0, (), overtime.finding(20, 0, None), "", 20.0), folder.places())
    assert not folder.is_passed(1)


@pytest.mark.parametrize(("title", "says", "lines"), TRICKS, ids=[title for title, *_ in TRICKS])
def test_a_trick_fails_and_costs_only_its_own_check(runner, tmp_path, title, says, lines):
    folder = folder_with(tmp_path, Answer(0), Answer(1, title, lines))
    first, second = runner.check(folder, [0, 1], seconds=SECONDS)
    assert first.solved and not second.solved
    assert says in second.finding.found
    assert len(second.printed) <= 2000


def test_nothing_is_gained_by_editing_the_folders_own_checks(tmp_path):
    folder = tmp_path / "my_handson"
    build_folder(folder)
    for path in (folder / "exercises" / "blanks").glob("*/*.py"):
        path.write_text(path.read_text().replace("raise Finding", "yield\n    return\n    raise Finding"))
    shutil.rmtree(folder / "kit")
    result = command_here(folder, "check")
    assert result.returncode == 1 and f"0 of {len(all_blanks())} done" in result.stdout
    assert StudentFolder(folder).record.passed == {}
