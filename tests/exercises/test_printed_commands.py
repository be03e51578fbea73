"""The commands that are printed work in the shell that printed them: they are run there, as a user would paste them."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.scripts import PROJECT, copy_project, environment

from exercises.blanks import all_blanks

VIRTUALENV = Path(sys.executable).parent.parent
INACTIVE = os.pathsep.join(["/usr/bin", "/bin"])
ACTIVE = os.pathsep.join([str(VIRTUALENV / "bin"), INACTIVE])
pytestmark = pytest.mark.skipif(os.name == "nt", reason="these commands are for a POSIX shell")


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    """A copy of the project with its virtualenv in it."""
    copy = copy_project(tmp_path_factory.mktemp("commands") / "the kit")
    shutil.copytree(PROJECT / "docs", copy / "docs")
    (copy / ".venv").symlink_to(VIRTUALENV)
    return copy


def shell(command, folder, path=INACTIVE, status=0):
    """Runs a command in a shell whose PATH is given; gives what it prints."""
    environ = {name: value for name, value in environment().items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    result = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env={**environ, "PATH": path},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
    )
    assert (result.returncode, result.stderr) == (status, ""), f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout


def next_commands(printed):
    """The commands below the last "Next:"."""
    return [line.strip() for line in printed.rpartition("\nNext:\n")[2].splitlines()]


@pytest.mark.parametrize(
    ("folder", "path", "python"),
    [
        ("my_handson", INACTIVE, "../.venv/bin/python"),
        pytest.param("my_handson", ACTIVE, "python", marks=pytest.mark.long),
        pytest.param("deep/er/my handson", INACTIVE, "../../../.venv/bin/python", marks=pytest.mark.long),
        pytest.param("../elsewhere", INACTIVE, None, marks=pytest.mark.long),
    ],
)
def test_start_says_how_to_go_on(kit, tmp_path, folder, path, python):
    here = shutil.copytree(kit, tmp_path / "kit", symlinks=True)
    printed = shell(f".venv/bin/python -m exercises start {shlex.quote(folder)}", here, path)
    change_folder, check = next_commands(printed)
    assert python is None or shlex.split(check) == [python, "check.py"]
    checked = shell(f"{change_folder} && {check}", here, path, status=1)
    assert f"0 of {len(all_blanks())} done" in checked


@pytest.mark.long
def test_a_folder_of_any_path(kit, tmp_path):
    folder = tmp_path / "students' folders" / "ada"
    command = shlex.join([".venv/bin/python", "-m", "exercises", "start", str(folder)])
    printed = shell(command, kit)
    assert "0 of" in shell(" && ".join(next_commands(printed)), kit, status=1)


@pytest.mark.long
@pytest.mark.parametrize(("path", "from_where"), [(INACTIVE, "../the kit/"), (ACTIVE, "")])
def test_the_scripts_say_how_to_go_on(kit, path, from_where):
    """From drawing to evaluating with nothing but what is printed, in the kit's folder and in one beside it."""
    folder = kit if not from_where else kit.parent / "work"
    folder.mkdir(exist_ok=True)
    python = "python" if path == ACTIVE else shlex.quote(f"{from_where}.venv/bin/python")
    draw = shlex.join([f"{from_where}dataset_creation.py", "--shape", "square", "--num_images", "20", "--size", "16"])
    printed = shell(f"{python} {draw} --output_directory squares", folder, path)
    triangles, join, train = next_commands(printed)
    assert next_commands(shell(triangles, folder, path))[-1] == train
    assert (folder / "triangles").is_dir()
    shell(join, folder, path)
    evaluate, tensorboard = next_commands(shell(f"{train} --epochs 1 --run first", folder, path))
    assert next_commands(shell(evaluate, folder, path)) == [tensorboard]
    program, *words = shlex.split(tensorboard)
    assert words == ["--logdir", "runs"]
    assert shutil.which(program, path=path) or (folder / program).is_file()
