"""One process at a time writes in a folder; a killed one leaves it free."""

import pytest
from support import warm
from support.scripts import PROJECT

from kit.system.locks import remove_partial_files

HOLD = f"""
import sys, time
sys.path.insert(0, {str(PROJECT)!r})
from kit.cli.errors import UserError
from kit.system.locks import hold
try:
    hold("here", "training")
except UserError as error:
    sys.exit(str(error).splitlines()[0])
print("held", flush=True)
"""


@pytest.fixture
def here(tmp_path):
    (tmp_path / "here").mkdir()
    return tmp_path


def test_a_second_process_is_refused_until_the_first_is_gone(here):
    first = warm.start("-c", here, f"{HOLD}time.sleep(60)")
    assert next(first.stdout) == "held\n"
    second = warm.run("-c", here, HOLD)
    assert (second.returncode, second.stderr) == (1, "here: another training is writing here.\n")
    first.kill()
    first.communicate()
    assert warm.run("-c", here, HOLD).stdout == "held\n"


def test_a_folder_that_is_not_there_is_for_others_to_tell(tmp_path):
    assert warm.run("-c", tmp_path, HOLD).stdout == "held\n"


def test_only_what_was_half_written_is_removed(tmp_path):
    for name in (".partial-12-a.png", "a.png", "partial.png"):
        (tmp_path / name).touch()
    remove_partial_files(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "partial.png"]
