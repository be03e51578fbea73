"""The record of a student's folder: what two commands at once note, and a record that was damaged."""

import json

import pytest
from support.students import command_here

from exercises.findings import Verdict
from exercises.folder import StudentFolder
from kit.cli.errors import UserError
from kit.data.drawing.students_seed import RECORD_FILE


def test_what_another_command_notes_meanwhile_stays(folder, tmp_path, monkeypatch):
    """As in `watch`, while a hint is taken in another terminal."""
    monkeypatch.chdir(tmp_path)
    watching = StudentFolder(folder)
    command_here(folder, "hint", 4)
    command_here(folder, "show", 5, "--give_up")
    watching.note_work(watching.places())
    watching.note_verdict(Verdict(1, ("all",), 1, (), None, "", 1.0), watching.places())
    assert watching.note_hint(4, 3) == 2
    command_here(folder, "hand_in", "--student", "Ada")
    watching.note_give_up(6)
    watching.reset(0)
    record = StudentFolder(folder).record
    assert (record.hints, record.gave_up, record.student) == ({"4": 2}, [5, 6], "Ada")
    assert list(record.passed) == ["1"] and record.last_check > 0


@pytest.mark.parametrize("kept", [True, 3, None, [], {}, {"lines": 3}, {"lines": "x", "remarks": [3]}])
def test_a_damaged_pass_is_told(folder, kept):
    record = json.loads((folder / RECORD_FILE).read_text())
    (folder / RECORD_FILE).write_text(json.dumps({**record, "passed": {"4": kept}}))
    with pytest.raises(UserError, match=r"\.handson\.json: 'passed' is not as the kit writes it"):
        StudentFolder(folder)


def test_a_pass_of_an_older_record_counts(folder):
    (folder / RECORD_FILE).write_text('{"passed": {"4": {"lines": "x"}}}')
    assert "changed" in command_here(folder, "status").stdout
