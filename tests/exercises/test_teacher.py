"""What a teacher uses: the handout holds no solutions, and grading survives whatever is handed in."""

import csv
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from support.scripts import PROJECT, environment
from support.students import command, solve

from exercises.blanks import all_blanks, numbers
from exercises.build_handout import build_folder
from exercises.scripts import solved_places
from kit.data.drawing.students_seed import RECORD_FILE

WITHOUT_PACKAGES = """
import sys
sys.path[:] = [sys.argv.pop(1), *(path for path in sys.path if "-packages" not in path)]
from exercises.__main__ import main
from kit.cli.errors import run_script
run_script(main)
"""
POINTS = 10 * len(all_blanks())


def zipped(folder, path):
    """Zips a student's folder, as a student would."""
    shutil.make_archive(str(path.with_suffix("")), "zip", folder.parent, folder.name)
    return path


def test_the_handout_holds_the_guide_and_no_solutions(handout):
    assert (handout / "docs" / "handson.md").exists() and (handout / "README.md").exists()
    assert any((handout / "docs" / "pictures").iterdir())
    texts = {path: path.read_text(errors="replace") for path in handout.rglob("*") if path.suffix in (".py", ".md")}
    for place in solved_places().values():
        for path, text in texts.items():
            assert place.text.strip() not in text, (place.name, path)
        code = [line.strip() for line in place.lines if re.search(r"\w", line) and not line.strip().startswith("#")]
        script = texts[handout / place.script]
        assert any(line not in script for line in code), place.name
    for left_out in ("*.sealed", "*answers.py", "grading"):
        assert not list((handout / "exercises").rglob(left_out))


def test_a_handout_overwrites_nothing(handout):
    result = command(None, "handout", handout.parent / "class.zip")
    assert result.returncode == 2 and "class.zip: there is such a file already. Remove it" in result.stderr


def test_the_handout_works_by_itself(handout):
    words = [sys.executable, "check.py"]
    result = subprocess.run(words, cwd=handout, capture_output=True, text=True, env=environment(), timeout=120)
    assert result.returncode == 1 and f"0 of {len(all_blanks())} done" in result.stdout
    result = command(None, "show", 4, "--give_up", cwd=handout)
    assert result.returncode == 2 and "holds no solutions" in result.stderr
    assert command(None, "hint", 4, cwd=handout).returncode == 0
    assert command(None, "grade", "x.zip", cwd=handout).returncode == 2
    assert command(None, "start", "another", "--student", "Ada", cwd=handout).returncode == 0
    assert (handout / "another" / "training.py").read_text() == (handout / "training.py").read_text()


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class of students graded: (csv rows by file stem, folder)."""
    folder = tmp_path_factory.mktemp("class")
    students = {}
    for name in ("solved", "partly", "loops", "cheats"):
        students[name] = folder / name / "my_handson"
        build_folder(students[name], student=name.capitalize())
    solve(students["solved"])
    record = json.loads((students["solved"] / RECORD_FILE).read_text())
    record.update(hints={"4": 2, "7": 1}, gave_up=[9])
    (students["solved"] / RECORD_FILE).write_text(json.dumps(record))
    solve(students["partly"], 0, 1)
    script = students["partly"] / "first_graph.py"
    script.write_text(script.read_text().replace("2 * x**2 + 3", "2 * x**2 + 4"))
    (students["partly"] / "evaluating.py").unlink()
    script = students["partly"] / "dlho2018_nns.py"
    script.write_text(script.read_text().replace("# end of blank 12", "# the end"))
    solve(students["loops"])
    for name, old, new in (
        ("first_graph.py", "        value = session.run(y", "        while True: print('x' * 10**6)"),
        ("dlho2018_nns.py", "    logits = j_logits(x, num_classes)  ", "    while True: pass"),
    ):
        script = students["loops"] / name
        text = script.read_text()
        assert text.count(old) >= 1
        script.write_text(text.replace(old, f"{new}\n{old}", 1))
    for path in (students["cheats"] / "exercises" / "blanks").glob("*/check.py"):
        path.write_text("PARTS = ('all',)\n\n\ndef check(blank):\n    yield\n")
    zips = [zipped(path, folder / f"{name}.zip") for name, path in students.items()]
    (folder / "junk.zip").write_bytes(b"not a zip")
    with zipfile.ZipFile(folder / "other.zip", "w") as archive:
        archive.writestr("../evil.py", "print('out of the folder')")
        archive.writestr("essay.txt", "my essay")
    zips += [folder / "junk.zip", folder / "other.zip"]
    words = [
        "--report",
        folder / "graded",
        "--csv",
        folder / "grades.csv",
        "--json",
        folder / "results.json",
        "--seconds",
        "8",
    ]
    result = command(None, "grade", *zips, *words)
    assert (result.returncode, result.stderr) == (1, "") and "2 of 6 could not be graded." in result.stdout
    with open(folder / "grades.csv", newline="", encoding="utf-8-sig") as file:
        rows = {re.sub(r".*[/\\]|\.zip$", "", row["file"]): row for row in csv.DictReader(file)}
    return rows, folder


def test_points_and_partial_credit(graded):
    rows, _ = graded
    assert float(rows["solved"]["points"]) == POINTS == int(rows["solved"]["of"])
    assert (rows["solved"]["student"], rows["solved"]["hints"], rows["solved"]["gave up"]) == ("Solved", "3", "9")
    partly = rows["partly"]
    assert (partly["blank 0"], partly["blank 1"], partly["blank 2"]) == ("5", "10", "0")
    assert "x is a placeholder" in partly["why 0"] and "y = 2 * x**2 + 4" in partly["why 0"]
    assert float(partly["points"]) == 15


def test_what_is_missing_is_not_empty(graded):
    """A script that isn't there, and a blank without its marker lines; an empty blank has 0 points."""
    rows, _ = graded
    partly = rows["partly"]
    assert partly["blank 10"] == partly["blank 12"] == "missing" and partly["blank 4"] == "0"
    assert partly["why 10"] == "missing: there is no evaluating.py in what was handed in"
    assert partly["why 12"].startswith("missing: dlho2018_nns.py has no line '# end of blank 12'")
    assert "is still empty" in partly["why 4"] and partly["notes"] == "missing: evaluating.py"
    assert {rows["other"][f"blank {number}"] for number in numbers()} == {"missing"}
    assert {rows["junk"][f"blank {number}"] for number in numbers()} == {"unread"}
    assert "Found instead: 'evil.py', 'essay.txt'" in rows["other"]["why 0"]


def test_a_students_loop_or_broken_file_costs_only_its_own_points(graded):
    rows, _ = graded
    assert "File too large" in rows["loops"]["why 1"]
    assert rows["loops"]["blank 0"] == rows["loops"]["blank 8"] == "10"
    assert rows["loops"]["blank 12"] in ("0", "unread")  # the latter on a machine that is busy
    assert "not finished after 8 s" in rows["loops"]["why 12"]
    assert float(rows["cheats"]["points"]) == 0
    assert float(rows["junk"]["points"]) == 0 and "not a zip that can be read" in rows["junk"]["why 0"]
    assert float(rows["other"]["points"]) == 0 and "none of the scripts is in it" in rows["other"]["why 0"]


def test_a_class_at_a_glance(graded):
    rows, folder = graded
    page = (folder / "graded" / "class.html").read_text(encoding="utf-8")
    assert all(f">{row['student']}</a>" in page for row in rows.values()) and "File too large" in page
    feedback = {path.stem: path.read_text(encoding="utf-8") for path in (folder / "graded" / "feedback").iterdir()}
    assert feedback.keys() == {row["student"] for row in rows.values()}
    assert feedback["Partly"].startswith("# Partly\n\n1 of 13 blanks solved, 15 of 130 points.")


def test_results_in_gradescopes_format(graded):
    rows, folder = graded
    for name in rows:
        results = json.loads((folder / f"results-{name}.json").read_text(encoding="utf-8"))
        assert results["score"] == pytest.approx(float(rows[name]["points"]))
        assert [test["number"] for test in results["tests"]] == [str(number) for number in numbers()]
        assert sum(test["score"] for test in results["tests"]) == pytest.approx(results["score"])
        for test in results["tests"]:
            assert 0 <= test["score"] <= test["max_score"] == 10
            assert test["status"] == ("passed" if test["score"] == 10 else "failed")
            assert isinstance(test["output"], str) and test["output"]
        assert isinstance(results["execution_time"], float) and results["visibility"] == "visible"


def test_one_zip_gives_one_results_json(handout, tmp_path):
    path = zipped(handout, tmp_path / "one.zip")
    result = command(None, "grade", path, "--json", tmp_path / "results.json", "--report", tmp_path / "graded")
    assert result.returncode == 0
    assert json.loads((tmp_path / "results.json").read_text())["score"] == 0
    assert {each.name for each in tmp_path.iterdir()} == {"one.zip", "results.json", "graded"}
    assert PROJECT not in tmp_path.parents


@pytest.mark.long
def test_a_folder_is_graded_like_its_zip(handout, tmp_path):
    result = command(None, "grade", handout, "--csv", tmp_path / "grades.csv", "--report", tmp_path / "graded")
    assert result.returncode == 0 and f"0 of {len(all_blanks())} blanks solved, 0 of {POINTS} points" in result.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--seconds", "0"], "--seconds"),
        (["--csv", "/dev/full"], "/dev/full: a folder or a device"),
        (["--json", "nowhere/results.json"], "there is no folder 'nowhere'"),
        (["--csv", "other.zip"], "other.zip: by its name it was handed in"),
        (["--csv", "grades.csv", "--json", "grades.csv"], "--csv and --json name the same file"),
        (["--report", "README.md"], "--report README.md: README.md is a file"),
        ([""], "'': no such file"),
    ],
)
def test_a_wrong_flag_is_told_before_anything_is_graded(handout, words, told):
    result = command(None, "grade", handout, *words)
    assert result.returncode == 2 and result.stdout == "" and told in result.stderr


@pytest.mark.parametrize("words", [[], ["--isolated"]])
def test_a_virtualenv_that_is_not_active_is_told_once_before_anything_is_graded(handout, tmp_path, words):
    base = Path(sys.base_prefix, "bin", "python3")
    words = [base, "-I", "-c", WITHOUT_PACKAGES, PROJECT, "grade", handout, "--report", tmp_path / "graded", *words]
    result = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert result.returncode == 2 and result.stdout == "" and list(tmp_path.iterdir()) == []
    told = result.stderr.splitlines()
    assert len(told) == 2 and told[0].startswith("error: the package '") and "Activate the virtualenv" in told[1]


def test_students_whose_zips_have_one_name_are_told_apart():
    from exercises.grading.hand_ins import HandIn
    from exercises.grading.tables import labels_of

    paths = ["ada/class.zip", "bob/class.zip", "eve.zip", "ada/class.zip", "ada-class-2.zip"]
    labels = ["ada-class", "bob-class", "eve", "ada-class-2", "ada-class-2-2"]
    assert labels_of([HandIn((Path(path),)) for path in paths]) == labels
