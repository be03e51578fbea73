"""A student's folder in tests: commands run on it, solutions put into it."""

import contextlib
import io
import subprocess
import sys
from types import SimpleNamespace

from exercises import scripts
from exercises.__main__ import main
from exercises.folder import Record
from exercises.markers import with_lines
from kit.cli.errors import run_script
from support.scripts import PROJECT, environment


def command(folder, *words, cwd=PROJECT, timeout=300):
    """Runs `python -m exercises ... folder`; gives its subprocess.CompletedProcess."""
    words = [sys.executable, "-m", "exercises", *map(str, words), *([str(folder)] if folder else [])]
    return subprocess.run(
        words, cwd=cwd, capture_output=True, text=True, encoding="utf-8", env=environment(), timeout=timeout
    )


def command_here(folder, *words):
    """The same in this process, where the checks' TensorFlow may be warm already."""
    screens = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    with contextlib.redirect_stdout(screens[0]), contextlib.redirect_stderr(screens[1]):
        try:
            run_script(lambda: main([*map(str, words), str(folder)]))
            status = 0
        except SystemExit as ended:
            status = ended.code
    texts = []
    for screen in screens:
        screen.seek(0)
        texts.append(screen.read())
    return SimpleNamespace(returncode=status, stdout=texts[0], stderr=texts[1])


def solve(folder, *numbers):
    """Puts the solutions of blanks, of all by default, into a folder's scripts."""
    solved = scripts.solved_places()
    wanted = {name: place.lines for name, place in solved.items() if not numbers or place.number in numbers}
    for script in scripts.script_names():
        path = folder / script
        path.write_text(with_lines(script, path.read_text(), wanted))


def folder_with(tmp_path, *answers):
    """A stand-in for a student's folder that holds some answers; every other blank, in the labs, too, is empty."""
    lines = {name: each for answer in answers for name, each in answer.lines().items()}
    names = scripts.script_names(labs=True)
    texts = {script: with_lines(script, scripts.empty_script(script), lines) for script in names}
    return SimpleNamespace(path=tmp_path, texts=lambda: texts, record=Record(labs=True))
