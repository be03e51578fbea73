"""Where `grade` may write: told before anything is graded, and nothing of anybody else's is touched."""

import sys
from pathlib import Path

import pytest

from exercises.grading.grade import Options, grade_all
from exercises.grading.hand_ins import HandIn
from exercises.grading.places import check_report, check_tables
from kit.cli.errors import UserError


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_table_has_the_name_of_a_file(tmp_path, name):
    for options in (Options(csv_path=name), Options(json_path=name)):
        with pytest.raises(UserError, match="expected the name of a file, like grades"):
            grade_all([str(tmp_path)], options)


def test_a_report_may_be_new_or_lie_with_other_things(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    check_report(tmp_path, [])
    check_report(tmp_path / "new", [])
    check_tables([tmp_path / "new" / "grades.csv"], tmp_path / "new")  # the folder is made when all is checked
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    "place", ["mine.txt", "mine.txt/new", "feedback_is_a_file", "nowhere/new", "class_is_a_folder"]
)
def test_a_report_that_can_not_be_written_is_told(tmp_path, place):
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "feedback_is_a_file").mkdir()
    (tmp_path / "feedback_is_a_file" / "feedback").write_text("mine")
    (tmp_path / "class_is_a_folder" / "class.html").mkdir(parents=True)
    with pytest.raises(UserError, match=r"another|there is no folder"):
        check_report(tmp_path / place, [])


@pytest.mark.skipif(sys.platform != "linux", reason="no place where even root can't write")
def test_a_place_where_nobody_can_write_is_told(tmp_path):
    for path in (Path("/proc/report"), Path("/proc")):
        with pytest.raises(UserError, match=r"/proc.*: cannot write"):
            check_report(path, [])
    with pytest.raises(UserError, match=r"/proc/grades\.csv: cannot write"):
        check_tables([tmp_path / "results.json", Path("/proc/grades.csv")], tmp_path / "new")


def test_a_report_is_not_written_among_the_work_of_students(tmp_path):
    (tmp_path / "class" / "ada").mkdir(parents=True)
    for folder in ("class", "class/graded", "class/ada"):
        with pytest.raises(UserError, match="lies in what was handed in"):
            check_report(tmp_path / folder, [HandIn((tmp_path / "class",), "ada")])
    check_report(tmp_path / "graded", [HandIn((tmp_path / "class",), "ada")])


def test_a_table_does_not_take_the_name_of_a_page_of_the_report(tmp_path):
    with pytest.raises(UserError, match="the report has a file of this name"):
        check_tables([tmp_path / "moodle.csv"], tmp_path)
