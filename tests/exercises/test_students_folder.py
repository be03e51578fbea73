"""A student's folder: the scripts with blanks, which run once they are filled in, and data of one's own."""

import ast
import json
import re
import shutil
import subprocess
import sys

import pytest
from support import warm
from support.scripts import PROJECT, environment
from support.students import command, command_here, solve

from exercises.blanks import all_blanks, lab_blanks, numbers
from exercises.build_handout import build_folder
from exercises.folder import StudentFolder
from exercises.markers import places_in, with_lines
from exercises.scripts import script_names, solved_places
from kit.data.drawing.students_seed import RECORD_FILE


def test_the_scripts_are_the_originals_but_for_the_blanks(folder):
    for script in script_names():
        original, empty = ((where / script).read_text() for where in (PROJECT, folder))
        assert empty != original
        ast.parse(empty)
        solved = {name: place.lines for name, place in places_in(script, original).items()}
        assert with_lines(script, empty, solved) == original


def test_every_blank_is_somewhere_and_says_what_to_write(folder):
    places = StudentFolder(folder).places()
    assert numbers() == list(range(len(all_blanks())))
    assert {place.number for place in places.values()} == set(numbers())
    for blank in all_blanks():
        assert blank.tasks.keys() == {name for name, place in places.items() if place.number == blank.number}
        assert len(blank.hints) == 3 and all(len(hint) > 20 for hint in blank.hints)
        for name, task in blank.tasks.items():
            comment = " ".join(line.strip(" #") for line in places[name].lines[:-1])
            assert " ".join(task.split()) in comment and blank.guide in comment
            assert places[name].lines[-1].strip().startswith("raise NotImplementedError(")


def test_the_guide_has_a_section_for_each_blank():
    guide = (PROJECT / "docs" / "handson.md").read_text(encoding="utf-8")
    for blank in all_blanks():
        assert blank.guide == f"docs/handson.md#exercise-{blank.number}"
        section = re.search(rf"(?ms)^### Exercise {blank.number}$(.+?)(?=^###? |\Z)", guide)[1]
        for place in (place for place in solved_places().values() if place.number == blank.number):
            assert place.script in section and f"blank {blank.number}" in section


def test_each_blank_in_a_lab_has_its_folder_and_its_guide():
    in_labs = set()  # by their marker lines: empty_places(labs=True) passes over those without a folder
    for script in (f"labs/{path.name}" for path in (PROJECT / "labs").glob("*.py")):
        in_labs |= places_in(script, (PROJECT / script).read_text(encoding="utf-8")).keys()
    assert in_labs == {name for blank in lab_blanks() for name in blank.tasks}
    headings = re.findall(r"(?m)^#+ (.*)$", (PROJECT / "docs" / "labs.md").read_text(encoding="utf-8"))
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert {blank.guide.partition("#")[2] for blank in lab_blanks()} <= anchors


def test_a_script_that_is_run_too_early_names_the_blank(folder, drawn):
    for name in ("dataset.csv", "squares", "triangles"):
        (folder / name).symlink_to(drawn / name)

    def run(script):
        return warm.run(script, folder, project=folder)

    result = run("first_graph.py")
    assert result.returncode == 2
    assert result.stderr == "error: first_graph.py: blank 0 is still empty: the graph of 2x^2 + 3\n"
    result = run("training.py")
    assert result.returncode == 2
    assert re.fullmatch(r"error: \w+\.py: blank \d+[abc]? is still empty: .+\n", result.stderr)
    solve(folder, *(number for number in numbers() if number != 2))
    result = run("training.py")  # from within the function that a data set maps
    assert result.returncode == 2 and result.stderr.startswith("error: dlho2018.py: blank 2a is still empty: ")
    assert len(result.stderr.splitlines()) == 1


def test_filled_in_the_scripts_run_by_themselves(folder, drawn):
    solve(folder)
    shutil.rmtree(folder / "exercises")
    for name in ("dataset.csv", "squares", "triangles"):
        (folder / name).symlink_to(drawn / name)
    for words in (["first_graph.py"], ["training.py", "--epochs", "1", "--network", "my_network"], ["evaluating.py"]):
        result = warm.run(words[0], folder, *words[1:], project=folder, cold=words[0] == "first_graph.py")
        assert (result.returncode, result.stderr) == (0, "")
    (run,) = (folder / "runs").iterdir()  # the first graph isn't there: TensorBoard would give it a colour
    assert run.name.startswith("my_network") and list((folder / "graphs").glob("*.tfevents.*"))


def test_each_student_draws_data_of_their_own(tmp_path):
    pixels = {}
    for student in ("Ada Lovelace", "ada  lovelace", "Emmy Noether", None):
        folder = tmp_path / str(student)
        build_folder(folder, student)
        words = ["--shape", "square", "--num_images", "1", "--size", "16", "--output_directory", "drawn"]
        command = [sys.executable, "dataset_creation.py", *words]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, env=environment())
        pixels[student] = (folder / "drawn" / "square_000000.png").read_bytes()
        assert json.loads((folder / RECORD_FILE).read_text())["student"] == student
    assert pixels["Ada Lovelace"] == pixels["ada  lovelace"]
    assert len(set(pixels.values())) == 3


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ("not json", "cannot read the record of the hands-on"),
        ('{"seed": "seven"}', "the seed is 'seven', expected a whole number from 0"),
        ('{"seed": -1}', "the seed is -1"),
        ('{"seed": true}', "the seed is True"),
    ],
)
def test_a_damaged_seed_gets_one_clear_error_and_help_and_a_given_seed_none(folder, record, told):
    (folder / RECORD_FILE).write_text(record)

    def draw(*words):
        words = [sys.executable, "dataset_creation.py", *words]
        return subprocess.run(words, cwd=folder, capture_output=True, text=True, env=environment(), timeout=60)

    flags = ["--shape", "square", "--num_images", "1", "--size", "16", "--output_directory", "drawn"]
    result = draw(*flags)
    assert result.returncode == 2 and told in result.stderr and RECORD_FILE in result.stderr
    assert result.stderr.startswith("error: ") and "Traceback" not in result.stderr
    assert not (folder / "drawn").exists()
    assert draw("--help").returncode == 0
    result = draw(*flags, "--seed", "1")
    assert result.returncode == 0 and "--seed 1" in result.stdout


@pytest.mark.parametrize("name", [".", "", "../here"])
def test_the_current_folder_is_no_new_one(tmp_path, monkeypatch, name):
    """Made in its place, it would leave the terminal in a folder that is gone."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    result = command_here(name, "start")
    assert result.returncode == 2 and "the folder that you are in" in result.stderr
    assert not [*(tmp_path / "here").iterdir()]


def test_start_never_overwrites(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    result = command(tmp_path / "mine", "start")
    assert result.returncode == 2 and "holds something already" in result.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
