"""Whatever a course system, a computer or a student makes of a folder: scripts are found, or what is there is told."""

import functools

import pytest
from support.hand_ins import MINE, OTHERS, PLACE, handed_out, laid_out, renamed, tar_of, under, unpacked, zip_of

from exercises.grading.hand_ins import hand_ins
from exercises.scripts import empty_script
from kit.cli.errors import UserError

READ_FROM = "training.py is read from '{}'"
VENV = {".venv/pyvenv.cfg": b"", "my env/pyvenv.cfg": b""}
FOUND = [  # (title, files, the only note)
    ("a folder", under("my_handson", handed_out()), None),
    ("Windows' slashes", {f"my_handson\\{name}": content for name, content in handed_out().items()}, None),
    ("a virtual environment", {**handed_out(), ".venv/lib/site-packages/training.py": OTHERS.encode()}, None),
    ("one of another name", {**handed_out(), **VENV, "my env/Lib/x/training.py": OTHERS.encode()}, None),
    ("one in the folder itself", {
        **under("h", handed_out()), "h/pyvenv.cfg": b"", "h/lib/training.py": b"#", "h/Scripts/training.py": b"#"
    }, None),
    ("packages without an environment", {**handed_out(record=None), "site-packages/training.py": b"#"}, "no record"),
    ("Mac's own files", {**handed_out(), "__MACOSX/._training.py": b"#", "._training.py": b"\0\5\x16\7"}, None),
    ("caches", {**handed_out(), "__pycache__/training.py": b"#", ".ipynb_checkpoints/training.py": b"#"}, None),
    ("a repository", {**handed_out(), ".git/training.py": b"#", ".git/x/training.py": b"#"}, None),
    ("names that aren't UTF-8", under("h\xe4nds \u0416", handed_out()), None),
    ("names that lead out", under("../../up", handed_out()), None),
    ("a zip in the zip", {"my_handson.zip": zip_of(under("my_handson", handed_out()))}, None),
    ("a tar in the zip", {"my_handson.tar.gz": tar_of(handed_out())}, None),
    ("a zip in a zip in the zip", {"a.zip": zip_of({"b/b.ZIP": zip_of(handed_out())})}, None),
    ("the class's zip beside the scripts", {**handed_out(), "class.zip": zip_of(handed_out(text=OTHERS))}, None),
    ("a number by the browser", renamed(handed_out(), {"training.py": "training (1).py"}), "training (1).py"),
    ("a copy by Windows", renamed(handed_out(), {"training.py": "training - Copy.py"}), "training - Copy.py"),
    ("a copy by Google", renamed(handed_out(), {"training.py": "Copy of training.py"}), "Copy of training.py"),
    ("a name by OneDrive", renamed(handed_out(text=PLACE), {"training.py": "training-PC01.py"}), "training-PC01.py"),
    ("a conflict by Dropbox", renamed(handed_out(), {"training.py": "training (PC copy).py"}), "training (PC copy).py"),
    ("another case", renamed(handed_out(), {"training.py": "Training.PY"}), "Training.PY"),
    ("a hidden .txt", renamed(handed_out(), {"training.py": "training.py.txt"}), "training.py.txt"),
    ("a name of its own", renamed(handed_out(text=PLACE), {"training.py": "hw3_final.py"}), "hw3_final.py"),
    ("the untouched beside it", {**handed_out("dlho2018.py", ""), "training (1).py": MINE.encode()}, "training (1).py"),
    ("an older copy beside it", {**handed_out(), "training (1).py": OTHERS.encode()}, None),
    ("an unfinished copy in a folder", {**handed_out(), "old/training.py": OTHERS.encode()}, "not graded: old"),
    ("Moodle", under("Jane Doe_12345_assignsubmission_file_", handed_out()), None),
    ("a folder in Moodle's", under("Jane Doe_12345_assignsubmission_file_/my_handson", handed_out()), None),
    ("a zip in Moodle's", {"Jane_1_assignsubmission_file_/h.zip": zip_of(handed_out())}, None),
    ("Moodle without folders", {f"Jane Doe_12_assignsubmission_file_{n}": c for n, c in handed_out().items()}, None),
    ("Blackboard", {f"hw1_jdoe_attempt_2026-11-02-10-11-12_{n}": c for n, c in handed_out().items()}, None),
    ("Canvas", {f"doejane_LATE_12345_{67890 + i}_{n}": c for i, (n, c) in enumerate(handed_out().items())}, None),
]  # fmt: skip


@pytest.mark.parametrize(("files", "note"), [each[1:] for each in FOUND], ids=[each[0] for each in FOUND])
@pytest.mark.parametrize("kind", ["zip", "folder", "tar"])
def test_the_scripts_are_found(files, note, kind, tmp_path):
    if kind == "folder":
        if any("\\" in name or ".." in name for name in files):
            pytest.skip("names that a folder can't have")
        path = laid_out(tmp_path / "handed_in", files)
    else:
        path = tmp_path / {"zip": "handed_in.zip", "tar": "handed_in.tar.gz"}[kind]
        path.write_bytes(zip_of(files) if kind == "zip" else tar_of(files))
    (hand_in,) = hand_ins([path])
    notes, texts = unpacked(hand_in, tmp_path)
    assert texts["training.py"] in (MINE, PLACE)
    assert texts["dlho2018.py"] in (empty_script("dlho2018.py"), "")
    expected = (
        [] if note is None else [note if note.startswith(("no record", "not graded")) else READ_FROM.format(note)]
    )
    assert len(notes) == len(expected) and all(map(str.startswith, notes, expected)), notes


LARGE = bytes(1_000_000) + zip_of(handed_out())  # of a few KB, zipped
TAR = tar_of({"x.json": bytes(1 << 20)})
TOLD = [  # (title, file name, content, words of the error)
    ("no file", "a.zip", None, "neither a file nor a folder"),
    ("an empty file", "a.zip", b"", "a.zip is empty, 0 bytes"),
    ("an empty zip", "a.zip", zip_of({}), "an empty zip"),
    ("a zip of folders only", "a.zip", zip_of({"my_handson/": b""}), "an empty zip"),
    ("an empty tar", "a.tar", tar_of({}, "w"), "not a zip that can be read"),
    ("what is no zip", "a.zip", b"not a zip", "not a zip that can be read"),
    ("half a zip", "a.zip", zip_of(handed_out())[:5000], "not a zip that can be read"),
    ("half a tar by xz", "a.tar.xz", tar_of(handed_out(), "w:xz")[:5000], "not a zip that can be read"),
    ("half a tar", "a.tar.gz", tar_of(handed_out())[:5000], "not a zip that can be read"),
    ("7z", "a.7z", b"7z\xbc\xaf\x27\x1c" + b"\0" * 99, "a 7z archive.*unpack it, and name the folder"),
    ("rar, called zip", "a.zip", b"Rar!\x1a\x07\x01\0" + b"\0" * 99, "a rar archive.*unpack it"),
    ("a page of a login", "a.zip", b"\n<!DOCTYPE html><html>", "a web page, perhaps of a login"),
    ("a PDF", "a.pdf", b"%PDF-1.7", "a PDF, and not a zip"),
    ("a pointer", "a.zip", b"version https://git-lfs.github.com/spec/v1", "a pointer of Git LFS"),
    ("a notebook", "training.ipynb", b'{"cells": []}', "training.ipynb is a notebook.*ask for the scripts"),
    ("an essay", "a.zip", zip_of({"essay.txt": b"x"}), "none of the scripts is in it: .*Found instead: 'essay.txt'"),
    ("a notebook in it", "a.zip", zip_of({"training.ipynb": b"{}"}), "'training.ipynb', a notebook"),
    ("a document", "a.docx", zip_of({"word/document.xml": b"x"}), "Found instead: 'word/document.xml'"),
    ("many files", "a.zip", zip_of({f"{i}.png": b"" for i in range(99)}), "'4.png', 94 more"),
    ("a 7z in the zip", "a.zip", zip_of({"a.7z": b"7z\xbc\xaf\x27\x1c"}), "a.7z is a 7z archive"),
    ("a virtual environment alone", "a.zip", zip_of({"v/pyvenv.cfg": b"", "v/Lib/training.py": b"#"}), "none of"),
    ("another script", "essay.py", b"print(1)", "none of the scripts is in it.*Found instead: 'essay.py'"),
    ("two folders", "a.zip", zip_of({**under("a", handed_out()), **under("b", handed_out())}), "are in it: a, b; hand"),
    ("zips without end", "a.zip", functools.reduce(lambda inner, _: zip_of({"a.zip": inner}), range(9), b""), "none"),
    ("a large zip in the zip", "a.zip", zip_of({"b.zip": bytes(2 << 20)}), "more than 1 MB in the hand-in"),
    ("too many files", "a.zip", zip_of({f"{i}/training.py": b"" for i in range(51)}), "more than 50 Python"),
    ("much in tars in a zip", "a.zip", zip_of({"a.zip": zip_of({f"{i}.tgz": TAR for i in range(9)})}), "than 8 MB"),
    ("much in zips in a zip", "a.zip", zip_of({"a.zip": zip_of({f"{i}.zip": LARGE for i in range(9)})}), "than 8 MB"),
    ("a name without end", "a.tgz", tar_of({"x" * (2 << 20): b""}), "can be read .*name is too long"),
    ("much in all", "a.zip", zip_of({f"{i}/training.py": bytes(1 << 20) for i in range(9)}), "more than 8 MB"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "words"), [each[1:] for each in TOLD], ids=[each[0] for each in TOLD])
def test_what_was_found_instead_is_told(name, content, words, tmp_path, monkeypatch):
    for limit, value in (("MOST_READ", 8 << 20), ("LARGEST_ARCHIVE", 1 << 20), ("MOST_FILES", 50)):
        monkeypatch.setattr(f"exercises.grading.files.{limit}", value)
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    (hand_in,) = hand_ins([path])
    with pytest.raises(UserError, match=words):
        unpacked(hand_in, tmp_path)


def test_an_encrypted_zip_is_told(tmp_path):
    content = bytearray(zip_of({"training.py": b"#"}))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + at] |= 1  # the flag by which a zip says so
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(UserError, match="an encrypted zip: it asks for a password"):
        unpacked(tmp_path / "a.zip", tmp_path)


MISSING = [  # (title, changes to a folder, the note on training.py)
    ("nothing", {}, "missing: training.py"),
    ("a notebook", {"training.ipynb": b"{}"}, "missing: training.py (found instead: 'training.ipynb', a notebook)"),
    ("iCloud", {".training.py.icloud": b"x"}, "(found instead: '.training.py.icloud', not downloaded from iCloud)"),
    ("in another folder", {"old/training.py": MINE.encode()}, "(found instead: 'old/training.py')"),
    ("two copies", {"training (1).py": b"a", "training (2).py": b"b"}, "'training (1).py', 'training (2).py')"),
    ("what can't be read", {"training.py": b"#" * (1 << 21)}, "training.py can't be read, or has more than"),
]


@pytest.mark.parametrize(("changes", "note"), [each[1:] for each in MISSING], ids=[each[0] for each in MISSING])
def test_a_script_that_is_missing_is_told_with_what_is_there_instead(changes, note, tmp_path):
    files = {**renamed(handed_out("first_graph.py"), {"training.py": None}), **changes}
    notes, texts = unpacked(laid_out(tmp_path / "my_handson", files), tmp_path)
    assert "training.py" not in texts and texts["first_graph.py"] == MINE
    assert note in notes[0]


def test_one_file_of_a_damaged_zip_costs_only_itself(tmp_path):
    content = bytearray(zip_of({**handed_out(), "training.py": b"0123456789" * 5}))
    content[content.index(b"training.py") + len("training.py") + 2] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(content)
    notes, texts = unpacked(tmp_path / "a.zip", tmp_path)
    assert "training.py can't be read" in notes[0] and "training.py" not in texts and "dlho2018.py" in texts
