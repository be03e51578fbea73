"""The guide to tables, docs/tables.md, is true.

The guide's commands and code are run in its order, in one folder: made tables have the names and the size of Golub's
files. The code for Keras runs in one process, as at a prompt, and trainings are cut to a few epochs. What is shown must
be printed: words and whole numbers as they stand, but for numbers of epochs. The other figures must lie between those
that docs/measure_tables_guide.py found on Golub's files with several seeds.
"""

import contextlib
import csv
import dataclasses
import json
import math
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from support import warm
from support.scripts import PROJECT, environment

from docs.guide_blocks import blocks_of, figures_of, shown_lines, words_of
from docs.make_table_pictures import make_tables
from docs.measure_tables_guide import NOT_MEASURED
from kit.cli import settings
from kit.model.activations import ACTIVATION_ALIASES, ACTIVATIONS
from kit.model.keras.classes import LAYERS
from kit.model.keras.short_form import TYPED
from kit.model.keras.translation import OLD_HARD_SIGMOID
from kit.model.losses import ALIASES, LOSSES
from kit.model.optimizers import OPTIMIZERS
from kit.system.files import write_csv

GUIDE = PROJECT / "docs" / "tables.md"
TEXT = GUIDE.read_text(encoding="utf-8")
PROSE = re.sub(r"(?ms)^```.*?^```$", "", TEXT)
FIGURES = json.loads((PROJECT / "docs" / "tables_figures.json").read_text(encoding="utf-8"))
GENES = ["AFFX-BioB-5_at", *(f"GENE{number}_at" for number in range(2, 7129)), "M16038_at"]  # as many as Golub's
MOST_EPOCHS = 4
WRONG_INPUT = 2
PICTURE_BYTES = 150_000
OTHER_FLAGS = {"help", "logdir", "seeds", "start", "tables"}
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
                status, printed[block.line] = code(block.text)
                assert status == 0, printed[block.line]
            else:
                printed[block.line] = "".join(run(command, folder, block) for command in block.commands)
    return printed


def make_data(folder):
    """Golub's files, small: 38 and 34 patients, labels 0 and 1; and a table with genes in rows, and its labels."""
    make_tables(folder, GENES)
    for part in ("train", "test"):
        path = folder / f"y_{part}.tabular"
        path.write_text(path.read_text().replace("ALL", "0").replace("AML", "1"))
    patients = [f"patient_{number}" for number in range(1, 39)]
    with open(folder / "X_train.tabular", newline="") as file:
        genes = zip(*csv.reader(file, delimiter="\t"))
        write_csv(folder / "genes_in_rows.tabular", ["gene", *patients], genes, "\t")
    labels = (folder / "y_train.tabular").read_text().split()[1:]
    write_csv(folder / "diagnoses.tabular", ["patient", "cancer"], zip(patients, labels), "\t")


def run(command, folder, block):
    """Runs a command of a shell block; gives all that it prints."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    if command.startswith("python "):
        _, script, *words = shlex.split(re.sub(r"--epochs \d+", f"--epochs {MOST_EPOCHS}", command))
        result = warm.run(script, folder, *words, env={**environment(), "PATH": path})
    else:
        result = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True)
    status, printed = result.returncode, result.stdout + result.stderr
    stops = block.stops and command == block.commands[-1]
    assert status == (WRONG_INPUT if stops else 0) and "Traceback" not in printed, f"{command}\n{printed}"
    return printed.replace(f"{PROJECT}{os.sep}", "")  # the reader works in the project's folder


# ----------------------------------------------------------------------------- what is run


def test_the_guide_has_code_of_each_kind():
    assert {block.language for block in BLOCKS} == {"sh", "python", "r"}
    assert sum(block.language == "python" for block in RUN) >= 5
    assert sum(block.language == "sh" for block in RUN) >= 20


@pytest.mark.long
@pytest.mark.parametrize("block", RUN, ids=lambda block: block.id)
def test_what_is_shown_is_printed(outputs, block):
    whole = dataclasses.replace(block, shown=without_epochs(block.shown))
    for line, same in shown_lines(whole, without_epochs(outputs[block.line])):
        assert same, f"not printed, or not in this order: {line}"


def without_epochs(text):
    """A text without numbers of epochs, which are cut; and without the spaces with which NumPy fills arrays."""
    text = re.sub(r"(?m)(?<=epoch)( +)\d+|(?<=epochs:)( +)\d+", " 0", text)
    return re.sub(r" +(?=\])|(?<=\[) +", "", text)


def test_figures_lie_between_those_that_were_measured():
    num_compared = 0
    for block in BLOCKS:
        for line in block.shown.splitlines() if block.language == "sh" and not block.stops else ():
            ranges = FIGURES["ranges"].get(block.commands[-1], {}).get(words_of(line), [])
            assert len(ranges) == len(figures_of(line)) or is_not_measured(block), line
            for figure, (low, high, may_be_undefined) in zip(figures_of(line), ranges):
                assert may_be_undefined if math.isnan(figure) else low <= figure <= high, line
                num_compared += 1
    assert num_compared > 100


def is_not_measured(block):
    return any(word in block.text for word in NOT_MEASURED)


def test_sentences_on_several_seeds_are_those_that_were_measured():
    prose = " ".join(PROSE.split())
    for sentence in FIGURES["sentences"]:
        assert sentence in prose
    assert FIGURES["seeds"] >= 8


def test_probabilities_of_keras_and_of_the_exported_network_are_those_of_evaluating():
    (head,) = (block for block in RUN if block.text.startswith("head -3"))
    chances = [float(line.split("\t")[-1]) for line in head.shown.splitlines()[1:]]
    shown = [figures_of(block.shown) for block in RUN if ".round(3)" in block.text]
    assert len(shown) == 2 and all(figures == [round(chance, 3) for chance in chances] for figures in shown)


@pytest.mark.long
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
    downloads = next(block for block in BLOCKS if block.text.startswith("curl"))
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
    scripts = (
        *(settings.TrainingSettings, settings.EvaluatingSettings),
        *(settings.TfrecordSettings, settings.ScoringSettings),
    )
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
