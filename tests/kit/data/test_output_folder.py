"""The output directory of a command: new, gone on with, or refused as it is."""

import json
import re

import pytest

from kit.cli.errors import UserError
from kit.data.output_folder import check_name, claim


def claimed(folder, size):
    claim(str(folder), "x.json", {"size": size}, "make x", lambda found: f"was made with {found['size']}.\n  Go on so.")


def test_a_new_folder_notes_its_settings_and_is_gone_on_with(tmp_path):
    folder = tmp_path / "a" / "b"
    claimed(folder, 3)
    (folder / ".partial-1-y").touch()  # of a process that was killed
    claimed(folder, 3)
    assert {path.name for path in folder.iterdir()} == {".lock", "x.json"}
    assert json.loads((folder / "x.json").read_text()) == {"size": 3}


def test_other_settings_and_other_files_are_refused(tmp_path):
    claimed(tmp_path / "begun", 3)
    with pytest.raises(UserError, match=re.escape(f"{tmp_path / 'begun'}: was made with 3.\n  Go on so.")):
        claimed(tmp_path / "begun", 4)
    assert json.loads((tmp_path / "begun" / "x.json").read_text()) == {"size": 3}
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").touch()
    with pytest.raises(UserError, match=r"other: holds files, but no x\.json of make x\.\n  Choose another"):
        claimed(tmp_path / "other", 3)
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("name", ["", "a\nb", "a\x7f"])
def test_a_name_that_no_csv_can_hold(name):
    with pytest.raises(UserError, match="expected a folder's name"):
        check_name(name)
