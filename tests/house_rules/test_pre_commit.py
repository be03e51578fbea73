"""pre-commit checks what `make lint` checks."""

import re

from support.scripts import PROJECT


def commands_of_lint() -> list[str]:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8").replace("$(BIN)", ".venv/bin")
    return re.search(r"(?m)^lint:.*\n((?:\t.+\n)+)", makefile)[1].replace("\t", "").splitlines()


def test_pre_commit_runs_the_commands_of_make_lint():
    hooks = (PROJECT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^ +entry: (.+)$", hooks) == commands_of_lint()
