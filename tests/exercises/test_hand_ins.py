"""Whose work lies at a path: one student's, or that of a class, as course systems name it."""

from pathlib import Path

import pytest
from support.hand_ins import handed_out, laid_out, tar_of, under, unpacked, zip_of

from exercises.grading.course_systems import sent_by
from exercises.grading.hand_ins import HandIn, hand_ins
from exercises.grading.unpack import unpack
from exercises.scripts import empty_script
from kit.cli.errors import UserError
from kit.data.drawing.students_seed import RECORD_FILE

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
    ("one of Canvas's files", "class/*", {"ada_1000_2000_training.py": ADA["training.py"]}, "ada Ada"),
    ("Moodle's folders, one by one", "class/*", {
        **under("Ada_1_assignsubmission_file_", ADA), "Bob_2_assignsubmission_file_h.zip": zip_of(BOB)
    }, "Ada Ada Bob Bob"),
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
    ("one whose ending is hidden", "class/*.txt", {"training.py.txt": ADA["training.py"]}, "training Ada"),
    ("one student's folder beside the one handed out", "class", {
        **under("mine", ADA), **under("new", handed_out(text=empty_script("training.py")))
    }, "class Ada"),
]  # fmt: skip


def test_bounds_hold_for_each_student_and_not_for_the_class(tmp_path, monkeypatch):
    monkeypatch.setattr("exercises.grading.files.MOST_FILES", len(ADA))
    monkeypatch.setattr("exercises.grading.files.MOST_READ", 1 << 20)
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
        "handson_20261102_1015_anna.zip",
        "handson_20261102_101530_anna.zip",
        "lab_2026_1102_bob.zip",
    ],
)
def test_other_names_are_no_course_systems(name):
    assert sent_by(name) is None


def test_a_hand_in_is_shown_by_its_path_and_its_student():
    sent = sent_by("Ada_1_assignsubmission_file_")
    assert HandIn((Path("a/all.zip"),), "Ada_1", sent).shown == f"{Path('a/all.zip')}: Ada_1"
    assert HandIn((Path("a/x.py"), Path("a/y.py")), sent=sent).shown == f"{Path('a')}: Ada_1"
    assert HandIn((Path("a/b.zip"),)).shown == str(Path("a/b.zip"))
