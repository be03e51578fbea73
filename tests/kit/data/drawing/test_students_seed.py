"""The seed in a student's record; the commands that use it are in tests/exercises/test_students_folder.py."""

import pytest

from kit.cli.errors import UserError
from kit.data.drawing.students_seed import RECORD_FILE, students_seed


@pytest.mark.parametrize(("record", "seed"), [('{"student": "Ada", "seed": 7}', 7), ('{"seed": 0}', 0), ("{}", 0)])
def test_the_seed_of_the_record(tmp_path, record, seed):
    (tmp_path / RECORD_FILE).write_text(record)
    assert students_seed(tmp_path) == seed


def test_a_folder_without_a_record_has_none(tmp_path):
    assert students_seed(tmp_path) is None
    assert students_seed() is None  # the project itself


@pytest.mark.parametrize("record", ["", "[]", "not json", '{"seed": "7"}', '{"seed": -1}', '{"seed": true}'])
def test_a_damaged_record_is_an_error_that_names_the_file(tmp_path, record):
    (tmp_path / RECORD_FILE).write_text(record)
    with pytest.raises(UserError, match=RECORD_FILE):
        students_seed(tmp_path)
