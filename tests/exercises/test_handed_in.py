"""Whatever a course system, a computer or a student makes of a folder: scripts are found, or what is there is told."""

import functools
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from exercises import hand_in_files
from exercises.course_systems import sent_by
from exercises.handed_in import HandIn, hand_ins, unpack
from exercises.scripts import empty_script, script_names
from kit.cli.errors import UserError
from kit.data.drawing.students_seed import RECORD_FILE

RECORD = b'{"student": "Ada", "seed": 7}'
MINE, OTHERS = "# mine\n", "# of somebody else\n"
PLACE = "# blank 4: batches\nmine = 1\n# end of blank 4\n"  # of training.py


def handed_out(changed="training.py", text=MINE, record=RECORD):
    """{name: content} of a student's folder, with one script changed."""
    files = {name: empty_script(name).encode() for name in script_names()}
    return {**files, changed: text.encode(), **({RECORD_FILE: record} if record else {})}


def renamed(files, names):
    """Files under other names: {old: new}; None leaves one out."""
    return {names.get(name, name): content for name, content in files.items() if names.get(name, name) is not None}


def under(folder, files):
    return {f"{folder}/{name}": content for name, content in files.items()}


def zip_of(files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name) if name.endswith("/") else name, content)
    return stream.getvalue()


def tar_of(files, mode="w:gz"):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def laid_out(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def unpacked(hand_in, tmp_path):
    """(notes, {name: text}) of what is found."""
    folder = tmp_path / "unpacked"
    folder.mkdir()
    notes, _ = unpack(hand_in, folder)
    return notes, {each.name: each.read_text(encoding="utf-8") for each in folder.iterdir()}


READ_FROM = "training.py is read from '{}'"
VENV = {".venv/pyvenv.cfg": b"", "my env/pyvenv.cfg": b""}
FOUND = [  # (title, files, the only note)
    ("a folder", under("my_handson", handed_out()), None),
    ("Windows' slashes", {f"my_handson\\{name}": content for name, content in handed_out().items()}, None),
    ("a virtual environment", {**handed_out(), ".venv/lib/site-packages/training.py": OTHERS.encode()}, None),
    ("one of another name", {**handed_out(), **VENV, "my env/Lib/x/training.py": OTHERS.encode()}, None),
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


TOLD = [  # (title, file name, content, words of the error)
    ("no file", "a.zip", None, "neither a file nor a folder"),
    ("an empty file", "a.zip", b"", "a.zip is empty, 0 bytes"),
    ("an empty zip", "a.zip", zip_of({}), "an empty zip"),
    ("a zip of folders only", "a.zip", zip_of({"my_handson/": b""}), "an empty zip"),
    ("an empty tar", "a.tar", tar_of({}, "w"), "not a zip that can be read"),
    ("what is no zip", "a.zip", b"not a zip", "not a zip that can be read"),
    ("half a zip", "a.zip", zip_of(handed_out())[:5000], "not a zip that can be read"),
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
    ("a virtual environment alone", "a.zip", zip_of({"v/pyvenv.cfg": b"", "v/training.py": b"#"}), "none of"),
    ("another script", "essay.py", b"print(1)", "none of the scripts is in it.*Found instead: 'essay.py'"),
    ("two folders", "a.zip", zip_of({**under("a", handed_out()), **under("b", handed_out())}), "are in it: a, b; hand"),
    ("zips without end", "a.zip", functools.reduce(lambda inner, _: zip_of({"a.zip": inner}), range(9), b""), "none"),
    ("a large zip in the zip", "a.zip", zip_of({"b.zip": bytes(2 << 20)}), "more than 1 MB in the hand-in"),
    ("too many files", "a.zip", zip_of({f"{i}/training.py": b"" for i in range(51)}), "more than 50 Python"),
    ("much in all", "a.zip", zip_of({f"{i}/training.py": bytes(1 << 20) for i in range(9)}), "more than 8 MB"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "words"), [each[1:] for each in TOLD], ids=[each[0] for each in TOLD])
def test_what_was_found_instead_is_told(name, content, words, tmp_path, monkeypatch):
    for limit, value in (("MOST_READ", 8 << 20), ("LARGEST_ARCHIVE", 1 << 20), ("MOST_FILES", 50)):
        monkeypatch.setattr(hand_in_files, limit, value)
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


# ----------------------------------------------------------------------------- of several students

ADA, BOB = handed_out(text="# Ada\n"), handed_out(text="# Bob\n")
SEVERAL = [  # (title, paths that are named, files in the folder "class", [(label, text of training.py)])
    ("a folder of zips", "class", {"ada.zip": zip_of(ADA), "bob.zip": zip_of(BOB)}, "ada Ada bob Bob"),
    ("a folder of folders", "class", {**under("ada/my_handson", ADA), **under("bob", BOB)}, "ada Ada bob Bob"),
    ("a folder of both", "class", {"ada.tar.gz": tar_of(ADA), **under("bob", BOB)}, "ada Ada bob Bob"),
    ("a zip of zips", "class/all.zip", {"all.zip": zip_of({
        "a/ada.zip": zip_of(ADA), "a/bob.zip": zip_of(BOB)
    })}, "ada Ada bob Bob"),
    ("Moodle's zip", "class/hw1-12.zip", {"hw1-12.zip": zip_of({
        **under("Ada L_1_assignsubmission_file_", ADA), **under("Bob_2_assignsubmission_file_/my_handson", BOB)
    })}, "Ada_L Ada Bob Bob"),
    ("Moodle's zip of zips", "class/hw1.zip", {"hw1.zip": zip_of({
        "Ada_1_assignsubmission_file_/h.zip": zip_of(ADA), "Bob_2_assignsubmission_file_/h.zip": zip_of(BOB)
    })}, "Ada Ada Bob Bob"),
    ("Moodle's zip unpacked, and a straggler", "class", {
        **under("Ada_1_assignsubmission_file_", ADA), "bob.zip": zip_of(BOB)
    }, "Ada Ada bob Bob"),
    ("Canvas's zip of zips", "class/submissions.zip", {"submissions.zip": zip_of({
        "lovelaceada_1000_2000_h.zip": zip_of(ADA), "bob_LATE_3000_4000_h-1.zip": zip_of(BOB)
    })}, "bob Bob lovelaceada Ada"),
    ("Canvas's files", "class", {
        **{f"ada_1000_{2000 + i}_{name}": each for i, (name, each) in enumerate(ADA.items())},
        **{f"bob_3000_{2000 + i}_{name}": each for i, (name, each) in enumerate(BOB.items())},
    }, "ada Ada bob Bob"),
    ("Canvas's files, one by one", "class/*", {
        **{f"ada_1000_{2000 + i}_{name}": each for i, (name, each) in enumerate(ADA.items()) if name != RECORD_FILE},
        **{f"bob_3000_{2000 + i}_{name}": each for i, (name, each) in enumerate(BOB.items()) if name != RECORD_FILE},
    }, "ada Ada bob Bob"),
    ("Blackboard's zips", "class/*", {
        "hw_ada_attempt_2026-11-02-10-11-12_h.zip": zip_of(ADA), "hw_bob_attempt_2026-11-02-10-11-13_h.zip": zip_of(BOB)
    }, "ada Ada bob Bob"),
    ("zips named by a date", "class", {
        "handson_2026_11_ada.zip": zip_of(ADA), "handson_2026_11_bob.zip": zip_of(BOB)
    }, "handson_2026_11_ada Ada handson_2026_11_bob Bob"),
    ("zips named by a time", "class", {
        "hand_20261102_1015_ada.zip": zip_of(ADA), "hand_20261102_1015_bob.zip": zip_of(BOB)
    }, "hand_20261102_1015_ada Ada hand_20261102_1015_bob Bob"),
    ("two zips by name", "class/*", {"ada.zip": zip_of(ADA), "bob.x.zip": zip_of(BOB)}, "ada Ada bob.x Bob"),
    ("one student's scripts", "class/*.py", ADA, "class Ada"),
    ("one script", "class/training.py", ADA, "training Ada"),
    ("one student's folder beside the one handed out", "class", {
        **under("mine", ADA), **under("new", handed_out(text=empty_script("training.py")))
    }, "class Ada"),
]  # fmt: skip


def test_bounds_hold_for_each_student_and_not_for_the_class(tmp_path, monkeypatch):
    monkeypatch.setattr(hand_in_files, "MOST_FILES", len(ADA))
    monkeypatch.setattr(hand_in_files, "MOST_READ", 1 << 20)
    files = {**under("ada", ADA), **under("bob", BOB), **under("eve", {f"{i}/training.py": b"#" for i in range(99)})}
    ada, bob, eve = hand_ins([laid_out(tmp_path / "class", files)])
    assert [unpacked(ada, tmp_path)[1]["training.py"], unpack(bob, tmp_path)[0]] == ["# Ada\n", ()]
    with pytest.raises(UserError, match="more than 6 Python files"):
        unpack(eve, tmp_path)


def test_a_student_of_several_who_sent_something_else_is_told(tmp_path):
    """Not dropped: the class list would be a line short."""
    files = {
        "ada.zip": zip_of(ADA), "bob.zip": zip_of(BOB), "carl.ipynb": b"{}", "dora/essay.pdf": b"%PDF",
        "grades.csv": b"",
        "Eve_1_assignsubmission_file_/training.py": b"#", "Fay_2_assignsubmission_file_/essay.odt": b"PK",
    }  # fmt: skip
    found = {each.label: each for each in hand_ins([laid_out(tmp_path / "class", files)])}
    assert set(found) == {"ada", "bob", "carl.ipynb", "dora", "Eve", "Fay"}
    for who, what in {"carl.ipynb": "carl.ipynb', a notebook", "dora": "dora/essay.pdf'", "Fay": "essay.odt'"}.items():
        with pytest.raises(UserError, match=f"Found instead: '{what}"):
            unpack(found[who], tmp_path)


@pytest.mark.parametrize(("named", "files", "found"), [each[1:] for each in SEVERAL], ids=[each[0] for each in SEVERAL])
def test_whose_it_is(named, files, found, tmp_path):
    laid_out(tmp_path / "class", files)
    grouped = hand_ins(sorted(tmp_path.glob(named)))
    told = []
    for number, hand_in in enumerate(grouped):
        (tmp_path / str(number)).mkdir()
        _, texts = unpacked(hand_in, tmp_path / str(number))
        told += [hand_in.label.replace(" ", "_"), texts["training.py"].strip("# \n")]
    assert told == found.split()


@pytest.mark.parametrize(
    ("name", "student", "rest"),
    [
        ("Jane Doe_12345_assignsubmission_file_", "Jane Doe", ""),
        ("Jane_Doe_12345_assignsubmission_file_training.py", "Jane_Doe", "training.py"),
        ("hw_1_jdoe_attempt_2026-11-02-10-11-12_my_net.py", "jdoe", "my_net.py"),
        ("doejane_LATE_12345_67890_dlho2018_nns-1.py", "doejane", "dlho2018_nns-1.py"),
        ("doejane_12345_67890_dlho2018_nns.py", "doejane", "dlho2018_nns.py"),
    ],
)
def test_names_of_course_systems(name, student, rest):
    sent = sent_by(name)
    assert (sent.student, sent.rest) == (student, rest)


@pytest.mark.parametrize(
    "name",
    [
        "training.py",
        "dlho2018_nns.py",
        "training_2_.py",
        "my_handson",
        "hw1_jdoe.zip",
        "handson_2026_11_anna.zip",
        "lab_2026_1102_bob.zip",
    ],
)
def test_other_names_are_no_course_systems(name):
    assert sent_by(name) is None


def test_a_hand_in_is_shown_by_its_path_and_its_student():
    assert HandIn((Path("a/all.zip"),), "Ada_1", "Ada").shown == f"{Path('a/all.zip')}: Ada"
    assert HandIn((Path("a/b.zip"),)).shown == str(Path("a/b.zip"))
