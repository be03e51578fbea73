"""What students hand in, in any folder, encoding and state, is found and read."""

import zipfile

import pytest

from exercises.grading.unpack import unpack
from exercises.scripts import script_names
from kit.cli.errors import UserError
from kit.data.drawing.students_seed import RECORD_FILE


def files_of(folder):
    """{name: content} of what matters in a student's folder."""
    names = [*script_names(), RECORD_FILE]
    return {name: (folder / name).read_bytes() for name in names}


def unpacked(files, tmp_path):
    """What is found in a zip of {name: content}: (notes, has_record, {name: text})."""
    path, folder = tmp_path / "handed_in.zip", tmp_path / "unpacked"
    folder.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    notes, has_record = unpack(path, folder)[:2]
    return notes, has_record, {each.name: each.read_text(encoding="utf-8") for each in folder.iterdir()}


@pytest.mark.parametrize(
    "named",
    [
        pytest.param("{}", id="files at the top"),
        pytest.param("exercises/{}", id="a folder called exercises"),
        pytest.param("./my_handson/{}", id="names that begin with ./"),
        pytest.param("a\\b\\{}", id="backslashes"),
        pytest.param("my work/händs-on/{}", id="folders in a folder"),
    ],
)
def test_scripts_are_found_wherever_they_are(handout, tmp_path, named):
    files = {named.format(name): content for name, content in files_of(handout).items()}
    files[named.format("exercises/empty/training.py")] = b"not this one"
    files["__MACOSX/my_handson/._training.py"] = files["__MACOSX/my_handson/training.py"] = b"nor this"
    notes, has_record, texts = unpacked(files, tmp_path)
    assert notes == () and has_record
    assert texts["training.py"] == (handout / "training.py").read_text(encoding="utf-8")


def test_the_folder_that_was_worked_in_is_graded(handout, tmp_path):
    mine = {**files_of(handout), "first_graph.py": b"# mine"}
    files = {f"class/{name}": content for name, content in files_of(handout).items()}
    _, _, texts = unpacked({**files, **{f"class/me/{name}": content for name, content in mine.items()}}, tmp_path)
    assert texts["first_graph.py"] == "# mine"


def test_two_students_in_one_zip_are_refused(handout, tmp_path):

    mine = {**files_of(handout), "first_graph.py": b"# mine"}
    with pytest.raises(UserError, match="several folders of the hands-on are in it: ada, bob"):
        unpacked({f"{who}/{name}": content for who in ("ada", "bob") for name, content in mine.items()}, tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_a_script_in_any_encoding_and_with_any_line_ends(handout, tmp_path, encoding):
    text = "# \u00e4\n" + (handout / "training.py").read_text(encoding="utf-8")
    content = text.replace("\n", "\r\n").encode(encoding)
    notes, _, texts = unpacked({**files_of(handout), "training.py": content}, tmp_path)
    assert notes == () and texts["training.py"] == text


@pytest.mark.parametrize("declared", ["latin-1", "utf8mb4", "rot13"])
def test_a_declared_encoding_is_no_longer_that_of_the_script(handout, tmp_path, declared):
    """Read as it is, and written in UTF-8: Python would take the declaration at its word."""
    text = f"#!/usr/bin/python\n# -*- coding: {declared} -*-\nx = 'coding=\u00e4'\n"
    notes, _, texts = unpacked({**files_of(handout), "training.py": text.encode("latin-1")}, tmp_path)
    assert notes == () and texts["training.py"] == text.replace("coding: ", "coding  ")
    compile(texts["training.py"].encode(), "training.py", "exec")


def test_what_is_missing_is_told_and_the_rest_is_graded(handout, tmp_path):
    files = files_of(handout)
    del files["training.py"]
    files["evaluating.py"] = b"#" * (1 << 21)
    files[RECORD_FILE] = b'{"hints": {"4": "many"}}'
    notes, has_record, texts = unpacked(files, tmp_path)
    assert "missing: training.py" in notes and not has_record
    assert any("evaluating.py" in note for note in notes) and any("no record" in note for note in notes)
    assert "first_graph.py" in texts and "training.py" not in texts
