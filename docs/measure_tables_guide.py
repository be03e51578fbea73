"""Measures the figures that docs/tables.md shows: runs its commands on Golub's tables with several seeds.

python docs/measure_tables_guide.py --tables FOLDER --seeds 10

FOLDER holds the four files of the guide's first chapter. It writes docs/tables_figures.json: of each line of output
that the guide shows, between which values its figures were; and sentences on all seeds, which the guide has, too.
tests/end_to_end/test_tables_guide.py compares the guide with it.
"""

import argparse
import contextlib
import io
import math
import os
import runpy
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from docs.guide_blocks import Block, blocks_of, figures_of, shown_lines, words_of  # noqa: E402
from kit.system.files import write_json  # noqa: E402

GUIDE, FIGURES = PROJECT / "docs" / "tables.md", PROJECT / "docs" / "tables_figures.json"
FILES = [f"{kind}_{part}.tabular" for kind in "Xy" for part in ("train", "test")]
TEST_PATIENTS = 34
NOT_MEASURED = ("genes_in_rows", "printf", "from_keras", "--help", "--export")  # in blocks without figures of Golub's
SPREAD = {  # {run: what the guide calls it}
    "tutorial": "The tutorial's network",
    "standardised": "The standardised one",
    "recipe": "The recipe",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=Path, required=True, help="folder of the four tables")
    parser.add_argument("--seeds", type=int, default=8, help="how many: 0, 1, 2, ...")
    parser.add_argument("--workers", type=int, default=1, help="processes that share the seeds")
    arguments = parser.parse_args()
    blocks = [*filter(is_known, blocks_of(GUIDE.read_text(encoding="utf-8")))]
    seen: Seen = {}
    with ProcessPoolExecutor(arguments.workers, get_context("spawn")) as pool:
        one = partial(figures_with, blocks, arguments.tables.resolve())
        for found in pool.map(one, range(arguments.seeds)):
            for command, line, figures in found:
                seen.setdefault(command, {}).setdefault(line, []).append(figures)
    sentences = [sentence(what, seen, run_name) for run_name, what in SPREAD.items()]
    ranges = {command: {line: ranges_of(each) for line, each in lines.items()} for command, lines in seen.items()}
    write_json(FIGURES, {"seeds": arguments.seeds, "sentences": sentences, "ranges": ranges})
    print("\n".join(sentences))


Seen = dict[str, dict[str, list[list[float]]]]  # {a block's last command: {a line's words: its figures, for each seed}}


def figures_with(blocks: list[Block], tables: Path, seed: int) -> list[tuple[str, str, list[float]]]:
    """The figures of a seed: (a block's last command, a line's words, its figures); some seeds don't print a line."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name in FILES:
            shutil.copy(tables / name, name)
        for block in blocks:
            printed = "".join(run(command, seed) for command in block.commands)
            if seed == 0 and block.shown:
                print(f"--- {block.commands[-1]}\n{printed}", flush=True)
            for line, same in shown_lines(block, printed):
                if same and figures_of(line):
                    found.append((block.commands[-1], words_of(line), figures_of(same)))
        os.chdir(PROJECT)
    print(f"seed {seed} done", flush=True)
    return found


def is_known(block: Block) -> bool:
    """Whether a block needs no other files than Golub's, and ends without an error."""
    is_measured = block.language == "sh" and block.is_run and not block.stops
    return is_measured and not any(word in block.text for word in NOT_MEASURED)


def run(command: str, seed: int) -> str:
    """Runs a command of the guide, a training with a seed; gives what it prints. A script, in this process."""
    if not command.startswith("python "):
        return subprocess.run(command, shell=True, check=True, capture_output=True, text=True).stdout
    _, script, *words = shlex.split(command)
    words += ["--seed", str(seed)] if script == "training.py" and "--write_architecture" not in words else []
    sys.argv, screen = [script, *words], io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
        runpy.run_path(str(PROJECT / script), run_name="__main__")
    return screen.buffer.getvalue().decode()  # type: ignore[attr-defined]


def ranges_of(figures: list[list[float]]) -> list[list[float | None]]:
    """Of each figure of a line, [lowest, highest] over the seeds; [None, None] first where it was undefined, too."""
    found = []
    for values in zip(*figures):
        known = [value for value in values if not math.isnan(value)]
        found.append([min(known, default=None), max(known, default=None), len(known) < len(values)])
    return found


def sentence(what: str, seen: dict, run_name: str) -> str:
    """How many test patients a run got right, over the seeds."""
    start, end = f"python evaluating.py --run {run_name} ", "y_test.tabular"
    (lines,) = (lines for command, lines in seen.items() if command.startswith(start) and command.endswith(end))
    (figures,) = (each for line, each in lines.items() if line.startswith("accuracy #,"))
    right = sorted(round(values[0] * TEST_PATIENTS) for values in figures)
    median = statistics.median(right)
    return f"{what}: {right[0]} to {right[-1]} of {TEST_PATIENTS}, median {median:g}, over {len(right)} seeds"


if __name__ == "__main__":
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    main()
