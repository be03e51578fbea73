"""A user's own random.py beside the scripts: found before it does harm; what hides nothing is left alone."""

import subprocess
import sys

import pytest
from support.scripts import PROJECT, copy_project, environment

from kit.cli.hidden_modules import hiding_modules

OWN_NAMES = ("copy", "csv", "json", "logging", "numpy", "PIL", "queue", "random", "string", "tensorboard", "tensorflow")
NEVER_HIDDEN = [name for name in ("sys", "builtins", "time") if name in sys.builtin_module_names]


@pytest.mark.parametrize(
    "path",
    [
        *(f"{name}.py" for name in (*OWN_NAMES, "types", "typing", "dataclasses", "six", "wrapt")),  # six: TensorFlow's
        "json/__init__.py",
        "test/__init__.py",
        "numpy/__init__.py",
        "random.pyc",  # without its source, but not in __pycache__
        "_csv.cpython-311-x86_64-linux-gnu.so",
    ],
)
def test_what_hides_a_module(tmp_path, path):
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).touch()
    assert hiding_modules(str(tmp_path), {}) == [path.partition("/")[0]]


@pytest.mark.parametrize(
    "path",
    [
        "__pycache__/random.cpython-311.pyc",  # of a file that was renamed
        "random/notes.txt",  # no package: Python goes on looking
        "test/image.png",
        "tests/__init__.py",
        "docs/__init__.py",
        "labs/__init__.py",
        "my_network.py",
        "my random.py",
        "random.txt",
        "random.py.bak",
        "training.py",
        "check.py",
        *(f"{name}.py" for name in NEVER_HIDDEN),
    ],
)
def test_what_hides_nothing(tmp_path, path):
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).touch()
    assert hiding_modules(str(tmp_path), {}) == []


def test_a_module_that_is_imported_already_is_hidden_no_more(tmp_path):
    (tmp_path / "random.py").touch()
    (tmp_path / "csv.py").touch()
    import random

    theirs = type(random)("csv")
    theirs.__file__ = str(tmp_path / "csv.py")  # imported, but from this very folder
    assert hiding_modules(str(tmp_path), {"random": random, "csv": theirs}) == ["csv.py"]


def test_the_project_hides_nothing():
    assert hiding_modules(str(PROJECT), {}) == []


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project in which a user has saved files whose names are taken."""
    project = copy_project(tmp_path_factory.mktemp("hidden") / "project")
    for name in ("dataclasses", "numpy", "queue"):
        (project / f"{name}.py").write_text("raise RuntimeError('hidden')\n")
    return project


@pytest.mark.parametrize(
    "command",
    [
        ["dataset_creation.py", "--help"],
        ["first_graph.py"],
        ["training.py"],
        ["evaluating.py", "--help"],
        ["-m", "exercises", "start", "mine"],
    ],
    ids=" ".join,
)
def test_every_command_says_so_before_it_does_anything(project, tmp_path, command):
    cwd, command = (project, command) if command[0] == "-m" else (tmp_path, [project / command[0], *command[1:]])
    result = subprocess.run(
        [sys.executable, *command], cwd=cwd, env=environment(), capture_output=True, text=True, timeout=60
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("error: dataclasses.py, numpy.py, queue.py hide modules of the same names")
    assert str(project) in result.stderr and "dataclasses.py to my_dataclasses.py" in result.stderr
    assert "Traceback" not in result.stderr
