"""The version stands in pyproject.toml, and in the changelog's headings; nowhere else."""

import os
import re
from pathlib import Path

from support.scripts import PROJECT

VERSION = re.search(r'(?m)^version = "(.+)"$', (PROJECT / "pyproject.toml").read_text(encoding="utf-8"))[1]
HOLDS_A_VERSION = {"pyproject.toml", "CHANGELOG.md"}
TEXT = {".py", ".md", ".toml", ".yml", ".yaml", ".cfg", ".in"}
ALSO = {"Makefile", "run"}
LEFT_OUT = {".venv", ".git", "node_modules", "results", "__pycache__"}


def texts():
    for folder, folders, names in os.walk(PROJECT):
        folders[:] = set(folders) - LEFT_OUT
        for path in (Path(folder, name) for name in names if name not in HOLDS_A_VERSION):
            if path.suffix in TEXT or path.name in ALSO:
                yield path


def test_no_other_file_holds_the_version():
    version = re.compile(rf"(?<![\d.]){re.escape(VERSION)}(?![\d.]*\d)")
    assert [str(path) for path in texts() if version.search(path.read_text(encoding="utf-8"))] == []


def test_the_newest_release_of_the_changelog_is_the_version():
    releases = re.findall(r"(?m)^## \[(\d+\.\d+\.\d+)\]", (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert releases[0] == VERSION
