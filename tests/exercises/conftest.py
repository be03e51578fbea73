"""What the tests of the hands-on share."""

import zipfile

import pytest
from support.students import command

from exercises.build_handout import build_folder


@pytest.fixture(scope="module")
def handout(tmp_path_factory):
    """A handout, unpacked: its folder."""
    folder = tmp_path_factory.mktemp("teacher")
    result = command(None, "handout", folder / "class.zip")
    assert (result.returncode, result.stderr) == (0, "")
    with zipfile.ZipFile(folder / "class.zip") as archive:
        archive.extractall(folder)
    return folder / "class"


@pytest.fixture
def folder(tmp_path):
    """A student's folder, fresh."""
    build_folder(tmp_path / "my_handson", with_solutions=True)
    return tmp_path / "my_handson"
