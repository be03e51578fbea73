"""The zip that a student hands in: named after the student, the scripts and the record only, over nobody's file."""

import json
import os
import zipfile
from pathlib import Path

import pytest
from support.hand_ins import unpacked
from support.students import command_here, solve

from exercises.blanks import all_blanks
from exercises.folder import StudentFolder
from exercises.grading.hand_ins import HandIn
from exercises.scripts import script_names
from kit.data.drawing.students_seed import RECORD_FILE


@pytest.fixture(autouse=True)
def desk(tmp_path, monkeypatch):
    """The folder in which the command is typed, not the student's own."""
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")
    return tmp_path / "desk"


def test_it_holds_the_scripts_and_the_record_and_is_graded(folder, tmp_path, desk):
    (folder / "runs").mkdir()
    (folder / "runs" / "training.py").write_text("a copy")
    (folder / "square_1.png").write_bytes(b"png")
    text = (folder / "training.py").read_text() + "# mine\n"
    (folder / "training.py").write_text(text)
    result = command_here(folder, "hand_in", "--student", " Ada  Lovelace ")
    assert (result.returncode, result.stderr) == (0, "")
    with zipfile.ZipFile("Ada_Lovelace.zip") as archive:
        assert sorted(archive.namelist()) == sorted(f"Ada_Lovelace/{name}" for name in (*script_names(), RECORD_FILE))
        assert json.loads(archive.read(f"Ada_Lovelace/{RECORD_FILE}"))["student"] == "Ada Lovelace"
    notes, texts = unpacked(HandIn((desk / "Ada_Lovelace.zip",)), tmp_path)
    assert notes == () and texts["training.py"] == text
    assert result.stdout.startswith("Ada_Lovelace.zip: what you hand in\nIn it: ")


def test_what_is_not_solved_or_missing_is_told(folder):
    solve(folder, 0)
    opened = StudentFolder(folder)
    opened.record.passed["0"] = {"lines": "those of another day", "remarks": []}
    opened.record.last_check = 1.0
    opened.save()
    (folder / "evaluating.py").unlink()
    told = command_here(folder, "hand_in", "--student", "Ada").stdout
    assert "Missing:\n  evaluating.py\n" in told
    assert told.count("\n  ") == 1 + len(all_blanks()) and f"\n  0, {all_blanks()[0].title}\n" in told


def test_without_a_name_it_asks_and_keeps_the_one_that_is_given(folder):
    result = command_here(folder, "hand_in")
    assert result.returncode == 2 and "--student 'Ada Lovelace'" in result.stderr and not [*Path().iterdir()]
    for name in ("  ", ".."):
        result = command_here(folder, "hand_in", "--student", name)
        assert result.returncode == 2 and f"'{name}' is no name." in result.stderr
    assert command_here(folder, "hand_in", "--student", "Ada").returncode == 0
    assert command_here(folder, "hand_in").returncode == 0
    told = command_here(folder, "hand_in", "--student", "Bob").stdout  # the first one was mistyped
    assert "said 'Ada'; it now says 'Bob'." in told and "Bob.zip: what you hand in" in told
    assert "Never checked. To see what is solved: " in told


def test_only_its_own_zip_is_replaced(folder):
    for name, content in (("Ada.zip", "mine"), ("Ada_2.zip", "mine, too")):
        Path(name).write_text(content)
    assert "Ada_3.zip: what you hand in\n" in command_here(folder, "hand_in", "--student", "Ada").stdout
    (folder / "training.py").write_text("# newer")
    assert "Ada_3.zip: what you hand in. It replaces the one made before.\n" in command_here(folder, "hand_in").stdout
    with zipfile.ZipFile("Ada_3.zip") as archive:
        assert archive.read("Ada_3/training.py") == b"# newer"
    assert Path("Ada.zip").read_text() == "mine" and {each.name for each in Path().iterdir()} == {
        "Ada.zip", "Ada_2.zip", "Ada_3.zip"
    }  # fmt: skip


@pytest.mark.parametrize(("name", "stem"), [("../../x", "x"), ("Zo\xeb O'Neil", "Zo\xeb_O_Neil"), ("a.b/c", "a_b_c")])
def test_no_name_leads_elsewhere(folder, name, stem):
    assert command_here(folder, "hand_in", "--student", name).returncode == 0
    assert [each.name for each in Path().iterdir()] == [f"{stem}.zip"]


def test_a_name_that_is_not_utf_8_is_told_and_one_in_the_record_is_mended(folder):
    result = command_here(folder, "hand_in", "--student", "M\udcfcller")
    assert result.returncode == 2 and "M\\udcfcller: this name isn't UTF-8.\n" in result.stderr
    (folder / RECORD_FILE).write_text('{"student": "Ada \\ud800 L"}')
    assert command_here(folder, "hand_in").returncode == 0 and Path("Ada_L.zip").exists()


def test_a_script_from_before_1980_is_handed_in(folder):
    os.utime(folder / "training.py", (0, 0))
    assert command_here(folder, "hand_in", "--student", "Ada").returncode == 0 and Path("Ada.zip").exists()


def test_a_folder_without_scripts_is_told(folder):
    for script in script_names():
        (folder / script).unlink()
    result = command_here(folder, "hand_in", "--student", "Ada")
    assert result.returncode == 2 and "no script is left" in result.stderr and not [*Path().iterdir()]
