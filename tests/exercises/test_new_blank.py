"""A new blank is a folder, two marker lines and a section of a guide: two are added to a copy and walked through.

One is the lesson's, the other a lab's, which is optional: without --labs nobody sees a word of it.
"""

import csv
import json
import shutil
import subprocess
import sys
import zipfile

import pytest
from support.scripts import PROJECT, copy_project, environment

from exercises.blanks import all_blanks, lab_blanks

NUMBER = 90  # which no other has
COUNT = len(all_blanks()) + 1
LABS_COUNT = len(lab_blanks()) + 1
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

LAB = NUMBER + 1
LAB_SCRIPT = "labs/weigh.py"
LAB_TEXT = f'''"""Says which weight is the largest."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

import dlho2018
from kit.cli.errors import run_script


def main():
    print(largest_of([3, 5, 4]), dlho2018.__name__)


def largest_of(weights):
    # blank {LAB}: the largest weight
    largest = max(weights)
    # end of blank {LAB}
    return largest


if __name__ == "__main__":
    run_script(main)
'''
LAB_TASK = """# the largest weight
guide: docs/labs.md#weights

## task
Define `largest`, the largest of `weights`.

## hint
Python has a function for it.
"""
LAB_CHECK = '''"""Is largest the largest?"""

from pathlib import Path

from exercises.findings import Finding

PARTS = ("largest is there", "largest is right")


def check(blank):
    names = blank.at().run({"weights": [3, 5, 4]})
    assert Path(names["dlho2018"].__file__) != Path(blank.path("dlho2018.py")), "the student's, and not as handed out"
    if "largest" not in names:
        raise Finding("there is no largest", "largest = ...", "The function returns it.", blank.at().line_with("="))
    yield
    if names["largest"] != 5:
        raise Finding(f"largest is {names['largest']}", "5", "It is the largest.", blank.at().line_with("largest ="))
    yield
'''
LAB_SOLUTION = "largest = max(weights)"
NOT_YET = "labs/not_yet.py"  # a lab whose blank has no folder yet
FOLDERS = {
    f"{NUMBER}_weights": {"task.md": TASK, "check.py": CHECK, "answers.py": ANSWERS},
    f"{LAB}_largest": {"task.md": LAB_TASK, "check.py": LAB_CHECK, "answers.py": "VARIANTS, MISTAKES = {}, {}\n"},
}

STEPS = """
import json, shutil, sys
from pathlib import Path
from exercises.__main__ import main
from exercises.markers import places_in, with_lines
from kit.cli.errors import run_script
for word, *words in json.loads(sys.argv[1]):
    print("\\f", end="")
    try:
        if word == "write":
            script, lines = Path(words[0]), words[1]
            text = script.read_text(encoding="utf-8")
            (place,) = places_in(script.name, text).values()
            script.write_text(with_lines(script.name, text, {place.name: [place.indent + lines]}), encoding="utf-8")
        elif word == "remove":
            shutil.rmtree(words[0])
        else:
            sys.stderr = sys.stdout
            run_script(lambda: main([word, *words]))
    except SystemExit as ended:
        print("status", ended.code)
"""  # what a student does, in one process
FIND = """
import json, sys, tempfile
from pathlib import Path
from exercises.grading.hand_ins import hand_ins
from exercises.grading.unpack import unpack
for path in sys.argv[1:]:
    for labs in (True, False):
        told = []
        for hand_in in hand_ins([path]):
            with tempfile.TemporaryDirectory() as folder:
                try:
                    notes = unpack(hand_in, Path(folder), labs).notes
                    told.append([[str(each.relative_to(folder)) for each in Path(folder).rglob("*.py")], *notes])
                except Exception as error:
                    told.append(f"{type(error).__name__}: {error}")
        print(json.dumps(told))
"""  # what is found in what was handed in, with the labs and without


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with one blank more, and one in a lab."""
    copy = copy_project(tmp_path_factory.mktemp("new") / "kit")
    shutil.copytree(PROJECT / "docs", copy / "docs")
    with open(copy / SCRIPT, "a", encoding="utf-8") as file:
        file.write(FUNCTION)
    with open(copy / "docs" / "handson.md", "a", encoding="utf-8") as file:
        file.write(f"\n### Exercise {NUMBER}\n\n**The number of weights** · `{SCRIPT}`, `# blank {NUMBER}`\n")
    (copy / LAB_SCRIPT).write_text(LAB_TEXT, encoding="utf-8")
    (copy / NOT_YET).write_text(f"# blank {LAB + 1}: the largest weight\nx = 1\n# end of blank {LAB + 1}\n")
    with open(copy / "docs" / "labs.md", "a", encoding="utf-8") as file:
        file.write("\n## Weights\n")
    for folder, files in FOLDERS.items():
        (copy / "exercises" / "blanks" / folder).mkdir()
        for name, text in files.items():
            (copy / "exercises" / "blanks" / folder / name).write_text(text, encoding="utf-8")
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


def walk(folder, *steps):
    """What each of some steps prints: a command's words, or what STEPS knows besides."""
    result = run(folder, "-c", STEPS, json.dumps(steps))
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout.split("\f")[1:]


def write(script, lines):
    """Writes lines into the new blank of a student's script."""
    from exercises.markers import places_in, with_lines

    text = script.read_text(encoding="utf-8")
    (place,) = places_in(script.name, text).values()
    script.write_text(with_lines(script.name, text, {place.name: [place.indent + lines]}), encoding="utf-8")


def has_words_of(folder, words):
    """Which text files of a folder hold some words."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix() for path in files if words in path.read_text(errors="replace")}


@pytest.mark.long
def test_a_student_walks_through_it(project, tmp_path):
    folder = tmp_path / "my_handson"
    told = exercises(project, "start", folder, "--labs")
    assert f"{COUNT} blanks" in told and f"In its labs: {LABS_COUNT} optional blank" in told
    text = (folder / SCRIPT).read_text()
    assert "raise NotImplementedError" in text and SOLUTION not in text
    check = ["check", "--blank", str(NUMBER)]
    wrong, right = (
        "total = sum(sum(shape) for shape in shapes)",
        "total = int(sum(math.prod(shape) for shape in shapes))",
    )
    others = [[word, str(NUMBER)] for word in ("hint", "show", "diff", "reset")]
    check_lab, others_of_lab = ["check", "--blank", str(LAB)], [[word, str(LAB)] for word in ("hint", "show", "diff")]
    steps = [check, ["write", SCRIPT, wrong], check, ["write", SCRIPT, right], check, *others]
    steps += [["write", LAB_SCRIPT, "largest = weights[0]"], check_lab, ["write", LAB_SCRIPT, "largest = 2 + 3"]]
    steps += [check_lab, *others_of_lab, ["status"], ["remove", "labs"], ["reset", str(LAB)], check_lab]
    told = walk(folder, *steps)
    empty, _, failed, _, solved, hint, show, diff, _ = told[: len(others) + 5]
    assert f"{NUMBER}  empty   the number of weights" in empty and f"0 of {COUNT} done" in empty
    assert "total is 45" in failed and "right so far   total is there" in failed
    assert empty.endswith("status 1\n") and failed.endswith("status 1\n")
    assert f"{NUMBER}  done    the number of weights" in solved and "status" not in solved
    assert "sizes multiplied" in hint and SOLUTION in show and f"+    {SOLUTION}" in diff
    assert "raise NotImplementedError" in (folder / SCRIPT).read_text()

    _, failed, _, solved, hint, show, diff, status, _, _, empty = told[len(others) + 5 :]
    line = LAB_TEXT.splitlines().index(f"    {LAB_SOLUTION}") + 1
    assert f"{LAB_SCRIPT}:{line}: largest = weights[0]" in failed and "docs/labs.md#weights" in failed
    assert f"labs (optional)\n {LAB}  done    the largest weight" in solved and "status" not in solved
    assert f"0 of {COUNT} done, 1 of {LABS_COUNT} done in the labs. Next: blank {lab_blanks()[0].number}" in solved
    assert "Python has a function" in hint and LAB_SOLUTION in show and f"+    {LAB_SOLUTION}" in diff
    lesson, _, labs = status.partition("labs (optional)")
    assert "the number of weights" in lesson and "the largest weight" in labs and "the largest weight" not in lesson
    assert f"{LAB}  empty   the largest weight" in empty
    result = run(folder, LAB_SCRIPT)
    assert result.returncode == 2
    assert result.stderr == f"error: {LAB_SCRIPT}: blank {LAB} is still empty: the largest weight\n"


def test_without_labs_nobody_sees_a_word_of_it(project, tmp_path):
    folder = tmp_path / "my_handson"
    assert "optional" not in exercises(project, "start", folder)
    assert not has_words_of(folder, "the largest weight") and not (folder / "exercises" / "empty" / "labs").exists()
    assert run(folder, LAB_SCRIPT).stdout == "5 dlho2018\n"
    status, hint, start = walk(folder, ["status"], ["hint", str(LAB)], ["start", "another", "--labs"])
    assert f"0 of {COUNT} done. Next" in status and "optional" not in status
    assert f"There is no blank '{LAB}'" in hint and hint.endswith("status 2\n")
    assert "the labs have no blanks in this copy" in start and not (folder / "another").exists()


@pytest.mark.long
def test_a_teacher_hands_it_out_and_grades_it(project, tmp_path):
    for name, flags in (("class", []), ("labs_class", ["--labs"])):
        exercises(project, "handout", tmp_path / f"{name}.zip", *flags)
        with zipfile.ZipFile(tmp_path / f"{name}.zip") as archive:
            archive.extractall(tmp_path)
        write(tmp_path / name / SCRIPT, SOLUTION)
    plain, folder = tmp_path / "class", tmp_path / "labs_class"
    assert has_words_of(folder, SOLUTION) == {SCRIPT} and not has_words_of(folder, LAB_SOLUTION)
    assert has_words_of(plain, LAB_SOLUTION) == {LAB_SCRIPT} and not has_words_of(plain, "the largest weight")
    for name in FOLDERS:
        files = [path.name for path in sorted((folder / "exercises" / "blanks" / name).iterdir())]
        assert files == ["check.py", "task.md"]
    (again,) = walk(folder, ["start", "another"])  # a copy like itself
    assert "In its labs" in again and LAB_SOLUTION not in (folder / "another" / LAB_SCRIPT).read_text()
    shutil.rmtree(folder / "another")
    write(folder / LAB_SCRIPT, "largest = weights[1]")
    words = ["--labs", "--csv", tmp_path / "grades.csv", "--json", tmp_path / "results.json"]
    words += ["--report", tmp_path / "graded"]
    told = exercises(project, "grade", plain, folder, *words)
    assert told.count(f"1 of {COUNT} blanks solved, 10 of {10 * COUNT} points; in the labs ") == 2
    with open(tmp_path / "grades.csv", newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    for row, name, in_lab in zip(rows, ("class", "labs_class"), ("missing", "10")):
        assert row[f"blank {NUMBER}"] == row["points"] == "10" and row["of"] == str(10 * COUNT)
        assert row[f"blank {LAB}"] == in_lab and row["of lab points"] == str(10 * LABS_COUNT)
        assert row["lab points"] == in_lab.replace("missing", "0") and row["notes"] == ""
        results = json.loads((tmp_path / f"results-{name}.json").read_text(encoding="utf-8"))
        scores = {test["number"]: test["score"] for test in results["tests"]}
        assert results["score"] == scores[str(NUMBER)] == 10 and len(scores) == COUNT + LABS_COUNT
        assert scores[str(LAB)] == results["extra_data"]["lab_points"] == float(row["lab points"])


def test_a_lab_is_found_in_what_is_handed_in(project, tmp_path):
    """In its folder or beside the other scripts, renamed, alone; without --labs it is passed over."""
    mine, training = LAB_TEXT.replace("max(weights)", "5"), "# mine\n"
    in_folder = {"training.py": training, "labs/weigh.py": mine, "labs/look_inside.py": "#"}
    layouts = {  # {file: ({name: text}, the notes on the lab)}
        "folder.zip": (in_folder, []),
        "windows.zip": ({f"mine\\{name.replace('/', chr(92))}": text for name, text in in_folder.items()}, []),
        "flat.zip": ({"training.py": training, "weigh.py": mine}, []),
        "in_labs.zip": ({f"labs/{name}": text for name, text in in_folder.items()}, []),
        "flat_in_labs.zip": ({"labs/training.py": training, "labs/weigh.py": mine}, []),
        "renamed.zip": (
            {"training.py": training, "labs/weigh (1).py": mine},
            [f"{LAB_SCRIPT} is read from 'weigh (1).py'"],
        ),
        "own_name.zip": ({"training.py": training, "hw3.py": mine}, [f"{LAB_SCRIPT} is read from 'hw3.py'"]),
        "kit.zip": ({**in_folder, "exercises/empty/labs/weigh.py": "#", "exercises/empty/training.py": "#"}, []),
    }
    for name, (files, _) in layouts.items():
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for path, text in files.items():
                archive.writestr(path, text)
    (tmp_path / "alone").mkdir()
    for student in ("ada", "bob"):
        (tmp_path / "alone" / student).mkdir()
        (tmp_path / "alone" / student / "weigh.py").write_text(mine)
    result = run(project, "-c", FIND, *(tmp_path / name for name in [*layouts, "alone"]))
    assert result.returncode == 0, result.stderr
    found = [json.loads(line) for line in result.stdout.splitlines()]
    for name, (_, notes) in layouts.items():
        ((files, missing, *others),), ((files_without, *notes_without),) = found.pop(0), found.pop(0)
        assert sorted(files) == [LAB_SCRIPT, "training.py"] and others[:-1] == notes, name
        assert files_without == ["training.py"] and notes_without == [missing, others[-1]], name
        assert missing.startswith("missing: ") and "weigh" not in missing and others[-1].startswith("no record")
    with_labs, without = found
    assert [files for files, *_ in with_labs] == [[LAB_SCRIPT], [LAB_SCRIPT]]
    assert all(told.startswith("NoScripts: none of the scripts is in it") for told in without)


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
    """But for the folders, the scripts and the guides, the copy is the project."""
    changed = set()
    for path in project.rglob("*"):
        original = PROJECT / path.relative_to(project)
        if path.is_file() and "__pycache__" not in path.parts:
            is_same = original.is_file() and path.read_bytes() == original.read_bytes()
            changed |= set() if is_same else {path.relative_to(project).as_posix()}
    files = {f"exercises/blanks/{folder}/{name}" for folder, files in FOLDERS.items() for name in files}
    assert changed == files | {SCRIPT, LAB_SCRIPT, NOT_YET, "docs/handson.md", "docs/labs.md"}
