"""The guide, docs/handson.md, is true: its code runs and prints what it shows, its commands and links exist.

The shell blocks are run in the folder that the guide's first command makes; those of an exercise in a copy of it, in
which the blanks up to this one are solved. A block that trains and shows no output is not run: what the scripts make
of its flags is looked at, as with the commands in the text.
"""

import functools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from support import warm
from support.scripts import PROJECT, environment

from exercises.arguments import read_arguments
from exercises.blanks import GUIDE as GUIDE_FILE
from exercises.blanks import all_blanks
from exercises.markers import places_in, with_lines
from exercises.scripts import empty_places, empty_script, script_names, solved_places
from kit.cli import settings
from kit.cli.flags import read_command_line

GUIDE = PROJECT / GUIDE_FILE
TEXT = GUIDE.read_text(encoding="utf-8")
PROSE = re.sub(r"(?ms)^```.*?^```$", "", TEXT)
PICTURE_BYTES = 150_000
LONG = re.compile(r"python (training|evaluating|drawing_board|labs/\w+)\.py|tensorboard|python -m exercises watch")
SCRIPT = re.compile(r"python \w+(?<!check)\.py\b[^|><;&]*$")  # a command without a shell's signs
WRONG_INPUT = 2
FIGURE = re.compile(r"\d+\.\d+")
TOLERANCE = 0.1
SETTINGS = {
    "first_graph.py": settings.FirstGraphSettings,
    "dataset_creation.py": settings.DrawingSettings,
    "training.py": settings.TrainingSettings,
    "evaluating.py": settings.EvaluatingSettings,
    "drawing_board.py": settings.BoardSettings,
    "labs/look_inside.py": settings.LookSettings,
}
# Types the code of each section into Python, line by line as pasting does, and tells what each block prints.
TYPE_IN = """
import code, contextlib, io, json, sys
sys.path.insert(0, "")
sections, printed = json.load(sys.stdin), []
for blocks in sections:
    console = code.InteractiveConsole()
    for block in blocks:
        screen = io.StringIO()
        with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
            for line in [*block.splitlines(), ""]:
                console.push(line)
            console.resetbuffer()
        printed.append(screen.getvalue())
    if "tf" in console.locals:
        console.locals["tf"].reset_default_graph()
json.dump(printed, sys.stdout)
"""


@dataclass(frozen=True)
class Block:
    """A block of code in the guide."""

    line: int  # where it begins, from 1
    language: str
    section: str  # the heading of the chapter or exercise that it is part of
    text: str
    shown: str | None  # the block of output below it

    @property
    def id(self):
        return f"line {self.line}"

    @property
    def exercise(self):
        """The number of the exercise that it is part of; -1 before the exercises, 99 after them."""
        number = re.fullmatch(r"Exercise (\d+)", self.section)
        return int(number[1]) if number else 99 if self.section.startswith(("6.", "7.")) else -1

    @property
    def blank(self):
        """The name of the blank that the lines are meant for, or None: they are for Python's prompt."""
        first = re.match(r"# blank (\w+)\n", self.text)
        return first and first[1]


def blocks_of(text):
    """Every Block of a Markdown text; one of output belongs to the block above it."""
    blocks = []
    for match in re.finditer(r"(?ms)^```(\w*)\n(.*?)^```$", text):
        language, code = match.groups()
        if language == "text":
            above = blocks.pop()
            assert above.language in ("python", "sh") and above.shown is None, f"output of what? {code}"
            blocks.append(Block(above.line, above.language, above.section, above.text, code))
        else:
            before = text[: match.start()]
            section = re.findall(r"(?m)^(?:## |### (?=Exercise))(.*)$", before)[-1]
            blocks.append(Block(before.count("\n") + 1, language, section, code, None))
    return blocks


BLOCKS = blocks_of(TEXT)
SHELL = [block for block in BLOCKS if block.language == "sh"]
RUN = [block for block in SHELL if block.shown or not LONG.search(block.text)]
PYTHON = [block for block in BLOCKS if block.language == "python" and not block.blank]
COMMANDS = sorted(
    {command for block in SHELL for command in block.text.splitlines()}
    | set(re.findall(r"`((?:python|tensorboard) [^`]+)`", PROSE))
)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What the blocks print: {line of the block: text}."""
    folder = tmp_path_factory.mktemp("guide") / "my_handson"
    printed = {}
    for block in BLOCKS:
        if block.blank:
            indent = empty_places()[block.blank].indent
            fill(folder, {block.blank: [indent + line for line in block.text.splitlines()[1:]]})
        elif block in RUN and block.exercise < 0:
            printed[block.line] = run(block, folder if folder.exists() else folder.parent)

    def in_a_copy(name, most, job):
        copy = shutil.copytree(folder, folder.with_name(name))
        fill(copy, solutions(most))
        return job(copy)

    with ThreadPoolExecutor(2) as pool:  # the longest first
        exercises = sorted((block for block in RUN if block.exercise >= 0), key=lambda block: -block.exercise)
        jobs = {
            block.line: pool.submit(in_a_copy, str(block.line), block.exercise, functools.partial(run, block))
            for block in exercises
        }
        typed_in = pool.submit(in_a_copy, "python", 99, type_in)
    printed.update({line: job.result() for line, job in jobs.items()})
    return {**printed, **typed_in.result()}


def type_in(folder):
    """Types the Python blocks into a Python that was started in a folder; gives what they print."""
    sections = {}
    for block in PYTHON:
        sections.setdefault(block.section, []).append(block.text)
    result = subprocess.run(
        [sys.executable, "-c", TYPE_IN],
        input=json.dumps(list(sections.values())),
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert result.returncode == 0, result.stderr
    return {block.line: text for block, text in zip(PYTHON, json.loads(result.stdout))}


def run(block, folder):
    """Runs the commands of a shell block, the first in this folder; gives all that they print."""
    printed = ""
    for command in block.text.splitlines():
        if command.startswith("cd "):
            folder = folder / command.removeprefix("cd ")
        else:
            printed += run_command(command, folder, block)
    return printed


def run_command(command, folder, block):
    """Runs a command of a shell block; gives all that it prints."""
    ours = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "PYTHONUNBUFFERED": "1"}
    if "exercises start" in command:
        ours["PYTHONPATH"] = str(PROJECT)  # it is given in the kit's folder; here, in an empty one
    if SCRIPT.match(command):  # TensorFlow's import would take longer than all the rest
        _, script, *words = shlex.split(command)
        result = warm.run(script, folder, *words, project=folder, env={**environment(), "PATH": ours["PATH"]})
        result.stdout += result.stderr
    else:
        result = subprocess.run(
            command,
            shell=True,
            cwd=folder,
            env={**environment(), **ours},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
    stops = "error: " in (block.shown or "")
    expected = {WRONG_INPUT} if stops else {0, 1} if "check.py" in command else {0}
    assert result.returncode in expected and "Traceback" not in result.stdout, f"{command}\n{result.stdout}"
    return result.stdout


def solutions(most):
    return {name: place.lines for name, place in solved_places().items() if place.number <= most}


def fill(folder, lines):
    """Puts lines into places of the scripts, {name: lines}; the other blanks are emptied."""
    for script in script_names():
        (folder / script).write_text(with_lines(script, empty_script(script), lines), encoding="utf-8")


def test_the_guide_has_code_of_each_kind():
    assert {block.language for block in BLOCKS} == {"python", "sh", "bat"}
    assert len(PYTHON) >= 15 and len(RUN) >= 8


@pytest.mark.parametrize("block", PYTHON, ids=lambda block: block.id)
def test_python_prints_what_the_guide_shows(outputs, block):
    assert outputs[block.line].rstrip() == (block.shown or "").rstrip()


@pytest.mark.parametrize("block", RUN, ids=lambda block: block.id)
def test_commands_print_what_the_guide_shows(outputs, block):
    printed = iter(masked(line) for line in outputs[block.line].splitlines())
    for line in (block.shown or "").splitlines():
        assert line == "..." or masked(line) in printed, f"not printed, or not in this order: {line}"


def masked(line):
    """A line without the figures that differ from machine to machine, and without the width of columns."""
    return FIGURE.sub("#.#", " ".join(line.split()))


@pytest.mark.parametrize("block", RUN, ids=lambda block: block.id)
def test_figures_are_about_those_that_are_printed(outputs, block):
    """Losses and accuracies: other processors round otherwise."""
    printed = iter(outputs[block.line].splitlines())
    for line in (block.shown or "").splitlines():
        if FIGURE.search(line):
            same = next(other for other in printed if masked(other) == masked(line))
            assert figures_in(same) == pytest.approx(figures_in(line), abs=TOLERANCE), line


def figures_in(line):
    """The figures of a line, but for seconds."""
    return [float(figure) for figure in FIGURE.findall(re.sub(r"\d+\.\d+ s\b", "", line))]


def test_the_network_learns_as_the_guide_says(outputs):
    (trained,) = (block for block in RUN if block.exercise == 10)
    (last,) = re.findall(r"epoch +10 +\S+ +\S+ +\S+ +(\S+)", outputs[trained.line])
    assert float(last) > 0.9


@pytest.mark.parametrize("command", COMMANDS)
def test_the_scripts_know_the_commands(command):
    program, *words = shlex.split(command.replace("\\", "/"))
    if program == "python" and words[:2] == ["-m", "exercises"]:
        assert read_arguments(words[2:]).command
    elif program == "python" and words[:2] == ["-m", "kit.data.pictures"]:
        read_command_line(settings.PicturesSettings, "", arguments=words[2:])
    elif program == "python" and words[:2] == ["-m", "kit.data.tfrecord"]:
        read_command_line(settings.TfrecordSettings, "", arguments=words[2:])
    elif program == "python" and words[0] == "check.py":
        assert read_arguments(["check", *words[1:]]).command
    elif program == "python" and words[1:] == ["--help"]:
        assert words[0] in SETTINGS
    elif program == "python":
        read_command_line(SETTINGS[words[0]], "", choices_of(words[0]), words[1:])
    elif program == "tensorboard":
        assert words[:1] == ["--logdir"] and words[1:] in (["runs"], ["graphs"])
        assert (Path(sys.executable).parent / "tensorboard").exists()
    else:
        assert program in ("cd", "cat")


def choices_of(script):
    from dlho2018_nns import NETWORKS
    from kit.model.losses import LOSSES
    from kit.model.optimizers import OPTIMIZERS

    return {"network": NETWORKS, "loss": LOSSES, "optimizer": OPTIMIZERS} if script == "training.py" else {}


def test_windows_joins_the_same_files():
    (join,) = (block.text.split() for block in BLOCKS if block.language == "bat")
    (cat,) = re.findall(r"(?m)^cat (.*) > dataset\.csv$", TEXT)
    assert join[:2] == ["copy", "/b"]
    assert join[2].replace("\\", "/").split("+") == cat.split()


def test_each_blank_has_its_exercise():
    numbers = [int(number) for number in re.findall(r"(?m)^### Exercise (\d+)$", TEXT)]
    assert numbers == [blank.number for blank in all_blanks()]
    assert [blank.guide for blank in all_blanks()] == [f"{GUIDE_FILE}#exercise-{number}" for number in numbers]


@pytest.mark.parametrize("number", [blank.number for blank in all_blanks()])
def test_an_exercise_names_the_places_of_its_blank(number):
    (head,) = re.findall(rf"### Exercise {number}\n\n(\*\*.*\*\* .*)\n", TEXT)
    named = {}
    for script, places in re.findall(r"`(\w+\.py)`, ((?:(?: and )?`# blank \w+`)+)", head):
        named.update({name: script for name in re.findall(r"blank (\w+)", places)})
    texts = {script: (PROJECT / script).read_text(encoding="utf-8") for script in script_names()}
    places = [place for script, text in texts.items() for place in places_in(script, text).values()]
    assert named == {place.name: place.script for place in places if place.number == number}


def test_links_lead_somewhere():
    anchors = {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in re.findall(r"(?m)^#+ (.*)$", PROSE)
    }
    for target in re.findall(r'\]\(([^)]+)\)|src="([^"]+)"', PROSE):
        target = "".join(target)
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif not re.match(r"https?://", target):
            assert (GUIDE.parent / target.partition("#")[0]).is_file(), target  # its anchor: test_documents.py


def test_pictures_are_small_and_shown():
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    for picture in (GUIDE.parent / "pictures").glob("*.png"):
        assert picture.stat().st_size < PICTURE_BYTES
        assert picture.name in TEXT + readme


def test_lines_fit():
    assert max(len(line) for line in TEXT.splitlines()) <= 120
