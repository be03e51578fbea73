"""The set-up of a container or a machine in the cloud: it is the one that README.md and the Makefile have."""

import json
import re
from dataclasses import fields

from support.scripts import PROJECT

from kit.cli.settings import BoardSettings

SETTINGS = PROJECT / ".devcontainer" / "devcontainer.json"
TENSORBOARD = 6006  # its usual port


def settings():
    return json.loads(SETTINGS.read_text(encoding="utf-8"))


def commands():
    """The commands that set it up, one by one."""
    shell, flag, commands = settings()["postCreateCommand"]
    assert (shell, flag) == ("bash", "-c")  # `source` is not for every shell
    return commands.split(" && ")


def test_it_is_set_up_by_the_commands_of_the_readmes():
    for readme in (PROJECT / "README.md", PROJECT / "exercises" / "students_readme.md"):
        told = [line.strip() for line in readme.read_text(encoding="utf-8").splitlines()]
        first = told.index(commands()[0])
        assert told[first : first + len(commands())] == commands()


def test_it_makes_the_virtualenv_that_the_makefile_makes():
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    recipe = re.search(r"(?m)^\.venv/kit: (\S+)\n((?:\t.*\n)+)", makefile)
    make, _, install = commands()
    assert make.replace("python3", "$(PYTHON)") in recipe[2] and recipe[1] == install.split()[-1]
    vscode = settings()["customizations"]["vscode"]
    assert vscode["settings"]["python.defaultInterpreterPath"].endswith("/.venv/bin/python")
    assert "ms-python.python" in vscode["extensions"]


def test_its_python_is_one_that_the_kit_takes_and_its_version_is_pinned():
    image, _, tag = settings()["image"].rpartition(":")
    assert image == "mcr.microsoft.com/devcontainers/python"
    version = re.fullmatch(r"\d+-3\.(\d+)-\w+", tag)
    least, most = re.search(
        r'requires-python = ">=3\.(\d+),<3\.(\d+)"', (PROJECT / "pyproject.toml").read_text()
    ).groups()
    assert version and int(least) <= int(version[1]) < int(most)


def test_the_ports_of_tensorboard_and_of_the_drawing_board_are_forwarded():
    (port,) = (field.default for field in fields(BoardSettings) if field.name == "port")
    assert settings()["forwardPorts"] == [TENSORBOARD, port]
    assert settings()["portsAttributes"].keys() == {str(TENSORBOARD), str(port)}
