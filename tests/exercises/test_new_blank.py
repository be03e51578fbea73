"""A new blank is a folder, two marker lines and a section of the guide: one is added to a copy and walked through."""

import csv
import json
import shutil
import subprocess
import sys
import zipfile

import pytest
from support.scripts import PROJECT, copy_project, environment

from exercises.blanks import all_blanks

NUMBER = len(all_blanks())  # the next
SCRIPT = "tf_layers.py"  # which has no blank yet
FUNCTION = f'''

def count_weights(shapes):
    """How many weights there are in arrays of some shapes."""
    # blank {NUMBER}: the number of weights
    total = sum(math.prod(shape) for shape in shapes)
    # end of blank {NUMBER}
    return total
'''
TASK = f"""# the number of weights
guide: #exercise-{NUMBER}

## task
`shapes` is a list of shapes, such as [5, 5, 3, 16]. Define `total`, how many weights such arrays have together.

## hint
An array has as many weights as its sizes multiplied.

## hint
math.prod multiplies; sum adds up.

## hint
total = sum(math.prod(...) for shape in ...)
"""
CHECK = '''"""Is total the number of all weights?"""

import math

from exercises.findings import Finding

PARTS = ("total is there", "total is right")


def check(blank):
    names = blank.at().run({"shapes": [[5, 5, 3, 16], [16]], "math": math})
    if "total" not in names:
        raise Finding("there is no total", "total = ...", "The function returns it.", blank.at().line_with("="))
    yield
    if names["total"] != 1216:
        raise Finding(f"total is {names['total']}", "1216", "Sizes multiply.", blank.at().line_with("total ="))
    yield
'''
ANSWERS = '''"""Answers to this blank."""

VARIANTS = {"a loop": "total = 0\\nfor shape in shapes:\\n    total += math.prod(shape)"}
MISTAKES = {"total is 45": ("math.prod(", "sum(")}
'''
SOLUTION = "total = sum(math.prod(shape) for shape in shapes)"


STEPS = """
import json, sys
from pathlib import Path
from exercises.__main__ import main
from exercises.markers import places_in, with_lines
script = Path(sys.argv[1])
for word, *words in json.loads(sys.argv[2]):
    print("\\f", end="")
    try:
        if word == "write":
            text = script.read_text(encoding="utf-8")
            (place,) = places_in(script.name, text).values()
            script.write_text(with_lines(script.name, text, {place.name: [place.indent + words[0]]}), encoding="utf-8")
        else:
            main([word, *words])
    except SystemExit as ended:
        print("status", ended.code)
"""  # what a student does, in one process


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with one blank more."""
    copy = copy_project(tmp_path_factory.mktemp("new") / "kit")
    shutil.copytree(PROJECT / "docs", copy / "docs")
    with open(copy / SCRIPT, "a", encoding="utf-8") as file:
        file.write(FUNCTION)
    with open(copy / "docs" / "handson.md", "a", encoding="utf-8") as file:
        file.write(f"\n### Exercise {NUMBER}\n\n**The number of weights** · `{SCRIPT}`, `# blank {NUMBER}`\n")
    folder = copy / "exercises" / "blanks" / f"{NUMBER}_weights"
    folder.mkdir()
    for name, text in (("task.md", TASK), ("check.py", CHECK), ("answers.py", ANSWERS)):
        (folder / name).write_text(text, encoding="utf-8")
    return copy


def run(folder, *words):
    """Runs Python in a folder; gives its subprocess.CompletedProcess."""
    words = [sys.executable, *map(str, words)]
    return subprocess.run(
        words, cwd=folder, capture_output=True, text=True, encoding="utf-8", env=environment(), timeout=120
    )


def exercises(folder, *words, status=0):
    """What `python -m exercises ...` prints."""
    result = run(folder, "-m", "exercises", *words)
    assert (result.returncode, result.stderr) == (status, "")
    return result.stdout


def write(script, lines):
    """Writes lines into the new blank of a student's script."""
    from exercises.markers import places_in, with_lines

    text = script.read_text(encoding="utf-8")
    (place,) = places_in(script.name, text).values()
    script.write_text(with_lines(script.name, text, {place.name: [place.indent + lines]}), encoding="utf-8")


def test_a_student_walks_through_it(project, tmp_path):
    folder = tmp_path / "my_handson"
    assert f"{NUMBER + 1} blanks" in exercises(project, "start", folder)
    text = (folder / SCRIPT).read_text()
    assert "raise NotImplementedError" in text and SOLUTION not in text
    check = ["check", "--blank", str(NUMBER)]
    wrong, right = (
        "total = sum(sum(shape) for shape in shapes)",
        "total = int(sum(math.prod(shape) for shape in shapes))",
    )
    others = [[word, str(NUMBER)] for word in ("hint", "show", "diff", "reset")]
    steps = [check, ["write", wrong], check, ["write", right], check, *others]
    result = run(folder, "-c", STEPS, SCRIPT, json.dumps(steps))
    assert (result.returncode, result.stderr) == (0, "")
    _, empty, _, failed, _, solved, hint, show, diff, _ = result.stdout.split("\f")
    assert f"{NUMBER}  empty   the number of weights" in empty and f"0 of {NUMBER + 1} done" in empty
    assert "total is 45" in failed and "right so far   total is there" in failed
    assert empty.endswith("status 1\n") and failed.endswith("status 1\n")
    assert f"{NUMBER}  done    the number of weights" in solved and "status" not in solved
    assert "sizes multiplied" in hint and SOLUTION in show and f"+    {SOLUTION}" in diff
    assert "raise NotImplementedError" in (folder / SCRIPT).read_text()


def test_a_teacher_hands_it_out_and_grades_it(project, tmp_path):
    exercises(project, "handout", tmp_path / "class.zip")
    with zipfile.ZipFile(tmp_path / "class.zip") as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "class"
    assert not any(SOLUTION in path.read_text(errors="replace") for path in folder.rglob("*") if path.is_file())
    assert [path.name for path in sorted((folder / "exercises" / "blanks" / f"{NUMBER}_weights").iterdir())] == [
        "check.py",
        "task.md",
    ]
    write(folder / SCRIPT, SOLUTION)
    words = ["--csv", tmp_path / "grades.csv", "--json", tmp_path / "results.json"]
    assert f"1 of {NUMBER + 1} blanks solved" in exercises(project, "grade", folder, *words)
    with open(tmp_path / "grades.csv", newline="", encoding="utf-8-sig") as file:
        (row,) = csv.DictReader(file)
    assert row[f"blank {NUMBER}"] == "10" and row["of"] == str(10 * (NUMBER + 1))
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert results["tests"][NUMBER]["score"] == 10


def test_the_tests_of_answers_take_it_in(project):
    """Its solution, its variant and its mistake, found by the folder."""
    code = (
        "from exercises import answers; from exercises.blanks import blank; "
        f"each = blank({NUMBER}); print(answers.Answer({NUMBER}).lines(), len(answers.variants(each)), "
        "answers.mistakes(each)[0].lines())"
    )
    result = run(project, "-c", code)
    assert SOLUTION in result.stdout and "sum(sum(shape)" in result.stdout, result.stderr


def test_nothing_else_was_changed(project):
    """But for the folder, the script and the guide, the copy is the project."""
    changed = set()
    for path in project.rglob("*"):
        original = PROJECT / path.relative_to(project)
        if path.is_file() and "__pycache__" not in path.parts:
            is_same = original.is_file() and path.read_bytes() == original.read_bytes()
            changed |= set() if is_same else {path.relative_to(project).as_posix()}
    files = {f"exercises/blanks/{NUMBER}_weights/{name}" for name in ("task.md", "check.py", "answers.py")}
    assert changed == files | {SCRIPT, "docs/handson.md"}
