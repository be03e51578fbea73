"""A class, graded: several at once, stopped and gone on with; whose work it is; and forty who try to get out."""

import contextlib
import csv
import json
import shutil
import socket
import threading
from pathlib import PurePosixPath

import pytest
from support.classes import ALL, HOSTILE, POINTS, Trap, make_class
from support.hand_ins import handed_out, laid_out, tar_of, under, zip_of
from support.sandboxes import needs_sandbox
from support.students import command

from exercises.blanks import blank
from exercises.findings import Empty, Finding, TooBusy, Verdict
from exercises.grading import grade
from exercises.grading.course_systems import sent_by
from exercises.grading.earlier_table import check_keeps_all
from exercises.grading.grade import Options, grade_all
from exercises.grading.hand_ins import HandIn, hand_ins
from exercises.grading.kept import Kept, kept_path
from exercises.grading.names import disagreement, names_of, told_of_others
from exercises.grading.one_student import Grader
from exercises.grading.submission import Submission
from kit.cli.errors import UserError

NAMES = ("ada", "bob", "cyd", "dan")


class Checks:
    """In the place of a runner: every blank is solved; keeps whose were asked for."""

    def __init__(self, wait=lambda: None):
        self.asked, self.finding, self._wait = [], None, wait

    def check(self, folder, numbers, seconds):
        self.asked.append(folder.record.student)
        self._wait()
        return [Verdict(n, blank(n).parts, 0, (), self.finding, "", 1.0) for n in numbers]


@pytest.fixture
def class_of(tmp_path, monkeypatch):
    """Grades zips of NAMES with given checks: function(checks, names, csv_path, **options) -> status."""
    for name in NAMES:
        record = json.dumps({"student": name.capitalize(), "seed": 7}).encode()
        (tmp_path / f"{name}.zip").write_bytes(zip_of(handed_out(text=f"# {name}\n", record=record)))

    def run(checks, names=NAMES, csv_path=tmp_path / "grades.csv", **options):
        options = Options(csv_path=str(csv_path), report=str(tmp_path / "graded"), **options)

        class Context:
            def __enter__(self):
                return Grader(checks, 20, options.labs, Kept(kept_path(options.csv_path)), "the same")

            def __exit__(self, *error):
                return False

        monkeypatch.setattr(grade, "_grader", lambda *_: Context())
        return grade_all([str(tmp_path / f"{name}.zip") for name in names], options)

    return run


def test_a_hand_in_that_can_not_be_graded_is_told_to_the_teacher_and_to_the_student(tmp_path):
    laid_out(tmp_path, {"a; b.zip": b"", "c.zip": zip_of({"x; y.txt": b""})})
    grader = Grader(Checks(), 20, False, Kept(None), "")
    empty, essay = (grader.grade(each, each.label) for each in hand_ins(sorted(tmp_path.glob("*.zip"))))
    assert empty.problem == "a; b.zip is empty, 0 bytes; ask for it again."
    assert empty.problem_for_student == "a; b.zip is empty, 0 bytes"
    assert essay.problem == f"{essay.problem_for_student}." and essay.problem_for_student.endswith("'x; y.txt'")
    checks = Checks(lambda: 1 / 0)
    laid_out(tmp_path, {"d.zip": zip_of(handed_out())})
    failed = Grader(checks, 20, False, Kept(None), "").grade(HandIn((tmp_path / "d.zip",)), "d")
    assert failed.problem.startswith("cannot be graded: ZeroDivisionError") and not failed.problem_for_student


def rows_of(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_several_are_graded_at_once_and_told_in_the_order_in_which_they_were_named(class_of, tmp_path, capsys):
    both = threading.Barrier(2, timeout=60)
    assert class_of(Checks(both.wait), isolated=True, workers=2) == 0
    assert [row["student"] for row in rows_of(tmp_path / "grades.csv")] == ["Ada", "Bob", "Cyd", "Dan"]
    told = capsys.readouterr().out.splitlines()
    assert told.pop(0).startswith("Checking the work of 4 students, 2 at once; ")
    assert [line.split("]")[0] for line in told[:4]] == [f"[{number} of 4" for number in (1, 2, 3, 4)]
    assert told[4:] == [f"{tmp_path / 'graded'}: class.html, feedback"]


@pytest.mark.parametrize("workers", [None, 1])
def test_a_grading_that_was_stopped_goes_on_with_the_others(class_of, tmp_path, capsys, workers):
    checks = Checks()

    def stop():
        if len(checks.asked) == 3:
            raise KeyboardInterrupt

    checks._wait = stop
    with pytest.raises(KeyboardInterrupt):
        class_of(checks, isolated=workers is not None, workers=workers)
    assert "2 of 4 are graded. The same command goes on with the others" in capsys.readouterr().out
    assert [row["student"] for row in rows_of(tmp_path / "grades.csv")] == ["Ada", "Bob"]
    changed = zip_of(handed_out(text="# changed\n", record=b'{"student": "Ada"}'))
    (tmp_path / "ada.zip").write_bytes(changed)
    again = Checks()
    assert class_of(again) == 0 and sorted(again.asked) == ["Ada", "Cyd", "Dan"]
    assert [row["student"] for row in rows_of(tmp_path / "grades.csv")] == ["Ada", "Bob", "Cyd", "Dan"]
    class_of(again := Checks())
    assert again.asked == []


def test_what_a_busy_machine_could_not_check_is_checked_again(class_of):
    checks = Checks()
    checks.finding = TooBusy("found", "expected", "why")
    class_of(checks)
    class_of(again := Checks())
    assert len(again.asked) == 4


def test_one_who_handed_in_twice_is_told_in_both_rows(class_of, tmp_path, capsys):
    shutil.copy(tmp_path / "ada.zip", tmp_path / "dan.zip")
    (tmp_path / "cyd.zip").write_bytes(b"no zip")
    class_of(Checks())
    notes = {PurePosixPath(row["file"]).name: row["notes"] for row in rows_of(tmp_path / "grades.csv")}
    assert "twice" not in notes["cyd.zip"] and "twice" not in notes["bob.zip"]
    assert "handed in twice: also" in notes["ada.zip"] and notes["ada.zip"].endswith("dan.zip")
    assert "names differ: 'Ada' (the record), 'dan' (the file's name)" in notes["dan.zip"]
    assert notes["dan.zip"].endswith("ada.zip") and notes["bob.zip"] == ""
    assert "ada.zip: Ada, handed in twice: also" in capsys.readouterr().out


def test_one_whose_first_zip_is_broken_is_told_too(tmp_path):
    for folder in ("monday", "tuesday"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "ada.zip").write_bytes(b"no zip")
    found = hand_ins(sorted(tmp_path.glob("*/ada.zip")))
    grader = Grader(Checks(), 20, False, Kept(None), "")
    told = told_of_others([grader.grade(each, each.label) for each in found])
    assert [each.notes[-1][-len("monday/ada.zip") :] for each in told] == ["uesday/ada.zip", "monday/ada.zip"]


def test_the_tables_may_lie_in_the_folder_of_the_report(class_of, tmp_path):
    folder = tmp_path / "graded"
    for asked in (4, 0):  # the second time, nothing has changed
        checks = Checks()
        class_of(checks, csv_path=folder / "grades.csv", json_path=str(folder / "results.json"))
        assert len(checks.asked) == asked and len(rows_of(folder / "grades.csv")) == 4
        results = [f"results-{name}.json" for name in NAMES]
        names = ["class.html", "feedback", "grades.csv", "grades.graded.json", *results]
        assert sorted(path.name for path in folder.iterdir()) == names


def test_a_later_hand_in_does_not_wipe_the_class(class_of, tmp_path):
    class_of(Checks())
    before = [(tmp_path / name).read_bytes() for name in ("grades.csv", "graded/class.html")]
    with pytest.raises(UserError, match=r"holds 3 students whose work isn't named now: Ada, Bob, Cyd\.\n"):
        class_of(again := Checks(), ("dan",))
    assert again.asked == []
    assert before == [(tmp_path / name).read_bytes() for name in ("grades.csv", "graded/class.html")]
    class_of(again, ("dan",), tmp_path / "later.csv")
    assert again.asked == ["Dan"] and len(rows_of(tmp_path / "grades.csv")) == 4
    (tmp_path / "ada.zip").rename(tmp_path / "Ada (2).zip")  # handed in again, under another name
    class_of(Checks(), ("Ada (2)", *NAMES[1:]))
    assert [row["student"] for row in rows_of(tmp_path / "grades.csv")] == ["Ada", "Bob", "Cyd", "Dan"]
    (tmp_path / "grades.graded.json").unlink()  # to check all again
    class_of(again := Checks(), ("Ada (2)", *NAMES[1:]))
    assert len(again.asked) == 4


@pytest.mark.parametrize("text", ["name;points\nAda;1\n", "student,file\nAda,a.zip\n", "\0\xff"])
def test_a_file_that_is_no_table_of_grades_is_left_as_it_is(class_of, tmp_path, text):
    (tmp_path / "mine.csv").write_text(text, encoding="latin-1")
    with pytest.raises(UserError, match=r"mine\.csv: this file is no table of grade's"):
        class_of(checks := Checks(), csv_path=tmp_path / "mine.csv")
    assert checks.asked == [] and (tmp_path / "mine.csv").read_text(encoding="latin-1") == text


@pytest.mark.parametrize("text", ["[1]", '{"score": 3}', "mine"])
def test_a_file_that_is_no_result_is_left_as_it_is(class_of, tmp_path, text):
    (tmp_path / "results-bob.json").write_text(text)
    with pytest.raises(UserError, match=r"results-bob\.json: this file is none of grade's"):
        class_of(checks := Checks(), json_path=str(tmp_path / "results.json"))
    assert checks.asked == [] and (tmp_path / "results-bob.json").read_text() == text


def test_one_of_two_of_a_name_is_not_lost_for_the_other(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "max.zip").touch()
    table = tmp_path / "grades.csv"
    table.write_text(f"student,file,points,of\nMax,{tmp_path}/a/max.zip,1,2\nMax,{tmp_path}/b/max.zip,1,2\n")
    both = hand_ins([tmp_path / "a" / "max.zip", tmp_path / "b" / "max.zip"])
    check_keeps_all(table, both, ["max", "max"])
    with pytest.raises(UserError, match="holds 1 student whose"):
        check_keeps_all(table, both[:1], ["max"])


@pytest.fixture
def of_moodle(tmp_path, monkeypatch):
    """Grades a download of Moodle, {folder: files}: function(files) -> (rows, folder of the report)."""

    def run(files):
        laid_out(tmp_path / "moodle", files)
        grader = Grader(Checks(), 20, False, Kept(None), "the same")
        monkeypatch.setattr(grade, "_grader", lambda *_: contextlib.nullcontext(grader))
        words = {"csv_path": str(tmp_path / "grades.csv"), "report": str(tmp_path / "graded")}
        grade_all([str(tmp_path / "moodle")], Options(**words))
        return rows_of(tmp_path / "grades.csv"), tmp_path / "graded"

    return run


def test_two_students_of_one_name_are_told_apart_by_their_numbers(of_moodle, tmp_path):
    work = handed_out(text="# max\n", record=b'{"student": "Max Mueller"}')
    names = ["Max Mueller_123462", "Max Mueller_123463"]
    rows, report = of_moodle({k: v for name in names for k, v in under(f"{name}_assignsubmission_file_", work).items()})
    assert [row["file"] for row in rows] == [f"{tmp_path / 'moodle'}: {name}" for name in names]
    assert [(row["student"], row["notes"]) for row in rows] == [("Max Mueller", "")] * 2
    assert sorted(path.stem for path in (report / "feedback").iterdir()) == names


def test_a_course_system_names_its_students_and_loses_none(of_moodle):
    files = {
        **under("Dan Brown_1_assignsubmission_file_", handed_out(record=b'{"student": "Nickname"}')),
        "Eve Xu_2_assignsubmission_file_/page.zip": b"<!doctype html><p>log in",
    }
    rows, report = of_moodle(files)
    assert [row["student"] for row in rows] == ["Dan Brown", "Eve Xu"]
    assert "names differ: 'Nickname' (the record), 'Dan Brown' (the course system)" in rows[0]["notes"]
    worksheet = rows_of(report / "moodle.csv")
    assert [(row["Identifier"], row["Grade"]) for row in worksheet] == [("Participant 1", "0"), ("Participant 2", "")]
    assert "It could not be graded" in worksheet[1]["Feedback comments"]


def test_names_that_are_not_utf_8_end_no_grading(tmp_path, monkeypatch):
    record = b'{"student": "\\ud800 Ada"}'
    inside = under("\udcfcbung", handed_out(text="# Ada\n", record=record))
    folder = tmp_path / "class"
    laid_out(folder, {"M\udcfcller.zip": zip_of(handed_out(text="# m\n", record=None)), "ada.tar.gz": tar_of(inside)})
    grader = Grader(Checks(), 20, False, Kept(kept_path(str(tmp_path / "grades.csv"))), "the same")
    monkeypatch.setattr(grade, "_grader", lambda *_: contextlib.nullcontext(grader))
    options = Options(csv_path=str(tmp_path / "grades.csv"), report=str(tmp_path / "graded"))
    assert grade_all([str(folder / "*")], options) == 0
    rows = rows_of(tmp_path / "grades.csv")
    assert [row["student"] for row in rows] == ["M\ufffdller", "\ufffd Ada"]
    assert len(json.loads((tmp_path / "grades.graded.json").read_text(encoding="utf-8"))) == 2


def test_workers_are_of_sandboxes(tmp_path):
    with pytest.raises(UserError, match="--workers needs --isolated"):
        grade_all([str(tmp_path)], Options(workers=2))


def test_a_damaged_file_of_what_was_graded_is_told(tmp_path):
    (tmp_path / "grades.graded.json").write_text("{")
    with pytest.raises(UserError, match=r"grades\.graded\.json: cannot read what was graded before"):
        Kept(kept_path(str(tmp_path / "grades.csv")))


@pytest.mark.parametrize(
    "finding", [None, Finding("f", "e", "w"), Empty("f", "e", "w"), TooBusy("f", "e", "w", ("training.py", 3, "x"))]
)
def test_a_submission_comes_back_from_json(finding):
    verdict = Verdict(4, ("one", "two"), 1, ("a remark",), finding, "printed", 0.5)
    names = {"the record": "Ada"}
    before = Submission("a.zip", "Ada", 3, (7,), (verdict,), {5: "gone"}, "", ("a note",), 1.5, names, "digest")
    after = Submission.from_json(json.loads(json.dumps(before.to_json())))
    assert (after.grade(4), after.reason(4)) == (before.grade(4), before.reason(4))
    assert after.to_json() == before.to_json() and after.is_final == before.is_final
    assert type(after.verdicts[0].finding) is type(finding)
    assert after.gave_up == (7,) and after.missing == {5: "gone"} and after.verdicts[0].parts == ("one", "two")


@pytest.mark.parametrize(
    ("record", "path", "inside", "differ"),
    [
        ("Ada Lovelace", "ada.zip", "my_handson", False),
        ("Ada Lovelace", "hw1_Lovelace.zip", "", False),
        ("Lovelace, Ada", "lovelaceada_1000_2000_h.zip", "", False),
        ("Zo\xeb", "zoe-final.zip", "hands-on", False),
        ("Ada", "my_handson.zip", "", False),
        (None, "ada.zip", "Ada's folder", False),
        ("Ada", "bob.zip", "", True),
        ("Ada", "ada.zip", "bob/my_handson", False),
        ("Ada", "ada.zip", "bobby", True),
        ("Ada", "ada.zip", "Bob", True),
        *[("Pia", "Pia.zip", folder, False) for folder in ("x", "src", "code", "work", "net2", "handson", "python")],
        ("Ada", "Bob Babbage_12_assignsubmission_file_", "ada.zip/ada", True),
    ],
)
def test_names_that_differ_are_told(record, path, inside, differ, tmp_path):
    (tmp_path / path).touch()
    sent = sent_by(path)
    told = disagreement(names_of(HandIn((tmp_path / path,), sent=sent), PurePosixPath(inside), record))
    assert told.startswith("names differ: ") == differ


def test_a_name_that_stands_at_two_places_is_told_once():
    names = {"the record": "Pia", "the file's name": "Pia", "the folder in it": "Robert"}
    assert disagreement(names) == "names differ: 'Pia' (the record, the file's name), 'Robert' (the folder in it)"


# ----------------------------------------------------------------------------- in sandboxes


@pytest.mark.long
@needs_sandbox
def test_a_hostile_class_gets_the_grades_that_it_has_earned_and_nothing_out(tmp_path):
    secret = tmp_path / "others.py"
    secret.write_text("a secret of others")
    (tmp_path / "class").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as server:
        trap = Trap(tmp_path / "mark", secret, server.getsockname()[1])
        students = make_class(tmp_path / "class", trap, len(HOSTILE) + 8)
        table = tmp_path / "grades.csv"
        words = ["--isolated", "--seconds", "60", "--csv", table, "--report", tmp_path / "graded"]
        result = command(None, "grade", tmp_path / "class", *words, timeout=1800)
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):
            server.accept()
    assert (result.returncode, result.stderr) == (1, "") and "1 of 18 could not be graded." in result.stdout
    rows = {row["student"]: row for row in rows_of(table)}
    for student in students:
        row = rows[student.name]
        given = {number: float(row[f"blank {number}"].replace("missing", "0").replace("unread", "0")) for number in ALL}
        assert given == student.points, (student, row["why 0"])
    assert sum(student.points == dict.fromkeys(ALL, POINTS) for student in students) == 4
    assert not trap.mark.exists() and secret.read_text() not in table.read_text(encoding="utf-8")


@pytest.mark.long
@needs_sandbox
def test_a_submission_is_graded_isolated_by_the_command(tmp_path):
    (tmp_path / "class").mkdir()
    (student, *_) = make_class(tmp_path / "class", Trap(tmp_path, tmp_path, 9), 1)
    words = ["--isolated", "--workers", 1, "--csv", tmp_path / "grades.csv"]
    result = command(None, "grade", *(tmp_path / "class").iterdir(), *words, "--report", tmp_path / "graded")
    assert (result.returncode, result.stderr) == (0, "")
    (row,) = rows_of(tmp_path / "grades.csv")
    assert (row["student"], float(row["points"])) == (student.name, POINTS * len(ALL))
