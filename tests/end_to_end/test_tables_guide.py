"""The guide to tables, docs/tables.md, is true.

The guide's commands and code are run in its order, in one folder: small made tables have the names of Golub's files.
The code for Keras runs in one process, as at a prompt, and trainings are cut to a few epochs. So figures differ: what
is shown must be printed but for its numbers.
"""

import contextlib
import csv
import dataclasses
import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from support import warm
from support.scripts import PROJECT, environment

from docs.make_table_pictures import make_tables
from kit.cli import settings
from kit.model.activations import ACTIVATION_ALIASES, ACTIVATIONS
from kit.model.keras.classes import LAYERS
from kit.model.keras.short_form import TYPED
from kit.model.keras.translation import OLD_HARD_SIGMOID
from kit.model.losses import ALIASES, LOSSES
from kit.model.optimizers import OPTIMIZERS

GUIDE = PROJECT / "docs" / "tables.md"
TEXT = GUIDE.read_text(encoding="utf-8")
PROSE = re.sub(r"(?ms)^```.*?^```$", "", TEXT)
GENES = ["AFFX-BioB-5_at", *(f"GENE{number}_at" for number in range(2, 80)), "M16038_at"]
COLUMNS = "7129"  # of Golub's tables, in the code
MOST_EPOCHS = 4
WRONG_INPUT = 2
PICTURE_BYTES = 150_000
NOT_RUN = ("curl", "tensorboard", "python benchmarks/")  # the network, a server, an hour
OTHER_FLAGS = {"help", "logdir", "seeds", "tables"}
# Runs what comes in, a text of Python on each line; answers [status, printed].
WORKER = """
import contextlib, io, json, os, sys, traceback
answers, names = os.fdopen(os.dup(1), "w"), {"__name__": "__main__"}
for line in sys.stdin:
    task, status = json.loads(line), 0
    screen = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
        try:
            exec(task, names)
        except Exception:
            traceback.print_exc()
            status = 1
    print(json.dumps([status, screen.buffer.getvalue().decode()]), file=answers, flush=True)
"""


@dataclass(frozen=True)
class Block:
    """A block of code in the guide."""

    line: int  # where it begins, from 1
    language: str
    text: str
    shown: str  # the block of output below it

    @property
    def id(self):
        return f"line {self.line}"

    @property
    def commands(self):
        """Of a shell block: its commands, each on one line."""
        return re.sub(r" \\\n *", " ", self.text).splitlines()

    @property
    def is_run(self):
        return self.language in ("sh", "python") and not self.text.startswith(NOT_RUN)


def blocks_of(text):
    """Every Block of a Markdown text; one of output belongs to the block above it."""
    blocks = []
    for match in re.finditer(r"(?ms)^```(\w*)\n(.*?)^```$", text):
        language, code = match.groups()
        if language == "text":
            assert blocks and not blocks[-1].shown, f"output of what? {code}"
            blocks[-1] = dataclasses.replace(blocks[-1], shown=code)
        else:
            blocks.append(Block(text[: match.start()].count("\n") + 1, language, code, ""))
    return blocks


BLOCKS = blocks_of(TEXT)
RUN = [block for block in BLOCKS if block.is_run]


@contextlib.contextmanager
def worker(folder):
    """A process that runs texts of Python in a folder: yields a function, text -> (status, what it printed)."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER],
        cwd=folder,
        env={**environment(), "TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )

    def ask(task):
        process.stdin.write(json.dumps(task) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        assert answer, f"the process ended in: {task}"
        return json.loads(answer)

    with process:
        yield ask
        process.stdin.close()


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What the blocks print: {line of the block: text}."""
    folder = tmp_path_factory.mktemp("tables")
    make_data(folder)
    printed = {}
    with worker(folder) as code:
        for block in RUN:
            if block.language == "python":
                status, printed[block.line] = code(block.text.replace(COLUMNS, str(len(GENES))))
                assert status == 0, printed[block.line]
            else:
                printed[block.line] = "".join(run(command, folder, block) for command in block.commands)
    return printed


def make_data(folder):
    """Golub's files, small: 38 and 34 patients, labels 0 and 1; and a table that is to be transposed."""
    make_tables(folder, GENES)
    for part in ("train", "test"):
        path = folder / f"y_{part}.tabular"
        path.write_text(path.read_text().replace("ALL", "0").replace("AML", "1"))
    lines = [["gene", "patient_1", "patient_2"], ["A_at", "5", "7"], ["B_at", "-1", "2"]]
    (folder / "genes_in_rows.tabular").write_text("".join("\t".join(line) + "\n" for line in lines))


def run(command, folder, block):
    """Runs a command of a shell block; gives all that it prints."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    if command.startswith("python "):
        _, script, *words = shlex.split(re.sub(r"--epochs \d+", f"--epochs {MOST_EPOCHS}", command))
        result = warm.run(script, folder, *words, env={**environment(), "PATH": path})
    else:
        result = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True)
    status, printed = result.returncode, result.stdout + result.stderr
    stops = block.shown.startswith("error: ") and command == block.commands[-1]
    assert status == (WRONG_INPUT if stops else 0) and "Traceback" not in printed, f"{command}\n{printed}"
    return printed.replace(f"{PROJECT}{os.sep}", "")  # the reader works in the project's folder


# ----------------------------------------------------------------------------- what is run


def test_the_guide_has_code_of_each_kind():
    assert {block.language for block in BLOCKS} == {"sh", "python", "r"}
    assert sum(block.language == "python" for block in RUN) >= 6
    assert sum(block.language == "sh" for block in RUN) >= 20


@pytest.mark.parametrize("block", RUN, ids=lambda block: block.id)
def test_what_is_shown_is_printed(outputs, block):
    printed = iter([masked(line) for line in outputs[block.line].splitlines()])
    for line in block.shown.splitlines():
        assert line == "..." or masked(line) in printed, f"not printed, or not in this order: {line}"


def masked(line):
    """A line without its numbers and the width of its columns."""
    line = re.sub(r" +(?=\])|(?<=\[) +", "", line)  # NumPy fills arrays with spaces
    line = re.sub(r"(?<= )-(?= |$)", "0", " ".join(line.split()))  # an undefined score
    return re.sub(r"-?\b\d([\d,.]*\d)?\.?(e[+-]\d+)?", "#", line)


def test_keras_and_saved_model_give_the_probabilities_of_evaluating(outputs):
    (head,) = (block for block in RUN if block.text.startswith("head -3"))
    header, *rows = csv.reader(outputs[head.line].splitlines(), delimiter="\t")
    chances = [float(row[header.index("probability_1")]) for row in rows]
    others = [outputs[block.line] for block in RUN if ".round(3)" in block.text]
    assert len(others) == 2 and len(chances) == 2
    for printed in others:
        found = [float(number) for number in re.findall(r"\d\.\d*", printed)]
        assert found == pytest.approx(chances, abs=1e-3)


def test_downloads_have_the_names_that_the_guide_uses():
    (downloads,) = (block for block in BLOCKS if block.text.startswith("curl"))
    names = {f"{kind}_{part}" for kind in "Xy" for part in ("train", "test")}
    found = re.findall(r"curl -L -o (\w+)\.tabular https://zenodo\.org/record/3706539/files/(\w+)\.tsv", downloads.text)
    assert {name for name, _ in found} == names and all(name == file for name, file in found)


def test_the_benchmarks_answer_the_guides_questions():
    (benchmarks,) = (block for block in BLOCKS if block.text.startswith("python benchmarks/"))
    for command in benchmarks.commands:
        _, script, question, *words = command.split()
        assert f"{script} {question} " in " ".join((PROJECT / script).read_text(encoding="utf-8").split())
        assert words[-2:] == ["--tables", "."]


# ----------------------------------------------------------------------------- what is listed


def fields_of(*kinds):
    return {field.name for kind in kinds for field in dataclasses.fields(kind)}


def test_flags_of_the_guide_exist():
    scripts = settings.TrainingSettings, settings.EvaluatingSettings, settings.TfrecordSettings
    known = fields_of(*scripts) | OTHER_FLAGS
    assert set(re.findall(r"--(\w+)", TEXT)) <= known


def test_losses_and_their_names():
    rows = re.findall(r"(?m)^\| (`\w+`(?:, `\w+`)*) \|([^|]*)\|[^|]*\|[^|]*\|$", TEXT)
    listed = {}
    for names, others in rows:
        names, others = (re.findall(r"`(\w+)`", text) for text in (names, others))
        listed.update({name: set(others) for name in names})
    assert {name: {alias for alias, of in ALIASES.items() if of == name} for name in LOSSES} == listed


def test_optimizers_with_their_defaults():
    for name, optimizer in OPTIMIZERS.items():
        (rate, options), *_ = re.findall(rf"(?m)^\| `{name}` \| ([\d.]+) \| ([^|]*) \|$", TEXT)
        assert float(rate) == optimizer.learning_rate
        given = dict(re.findall(r"(\w+)=(\S+?),?(?: |$)", options))
        assert given == {option: str(optimizer.options[option]).lower() for option in given}
        for option in optimizer.options:
            assert option in given or (name == "ftrl" and option in PROSE and optimizer.options[option] == 0)


def test_layers_and_activations():
    (table,) = re.findall(r"(?ms)^\| layer \|.*?\n\n", TEXT)
    layers = {name for row in table.split("\n")[2:-2] for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert layers == {name.lower() for name in TYPED}
    (kinds,) = re.findall(r"(?ms)^\| kind \| classes.*?\n\n", TEXT)
    for name in LAYERS:  # ZeroPadding2D is among ZeroPadding
        assert re.search(rf"\b{re.sub('[123]D', '', name)}\b", kinds) or "Pooling" in name, name
    (activations,) = re.findall(r"(?ms)^Activations: (.*?)\.$", TEXT)
    assert set(re.findall(r"`(\w+)`", activations)) == {*ACTIVATIONS, *ACTIVATION_ALIASES} - {OLD_HARD_SIGMOID}


# ----------------------------------------------------------------------------- links, pictures


def anchors_of(path):
    prose = re.sub(r"(?ms)^```.*?^```$", "", path.read_text(encoding="utf-8"))
    headings = re.findall(r"(?m)^#+ (.*)$", prose)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)]+)\)", PROSE):
        file, _, anchor = target.partition("#")
        if not file.startswith("https://"):
            path = GUIDE.parent / file if file else GUIDE
            assert path.is_file(), target
            assert not anchor or anchor in anchors_of(path), target


def test_pictures_are_small_and_shown():
    for picture in (GUIDE.parent / "pictures" / "tables").glob("*.png"):
        assert picture.stat().st_size < PICTURE_BYTES
        assert f"(pictures/tables/{picture.name})" in TEXT


def test_lines_fit():
    lines = [
        line for line in re.sub(r"(?ms)^```text.*?^```$", "", TEXT).splitlines() if not line.startswith("[tutorial]:")
    ]
    assert max(map(len, lines)) <= 120
