"""Makes the pictures of docs/tables.md, by running the scripts on a made-up table of gene expression:

python docs/make_table_pictures.py

It takes some minutes, most of them for the 20 seeds of tables/spread.png, and prints the numbers that the guide quotes.
"""

import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from kit.system.files import write_csv  # noqa: E402

PICTURES = PROJECT / "docs" / "pictures" / "tables"
PATIENTS = {"train": {"ALL": 27, "AML": 11}, "test": {"ALL": 20, "AML": 14}}  # as many as Golub's
GENES, INFORMATIVE = 1000, 60  # genes; how many of them differ between the two kinds of leukemia
NETWORK = "dense 16 elu, dense 16 elu, dense 1 sigmoid"
TUTORIAL = ["--loss", "binary_crossentropy", "--optimizer", "rmsprop", "--epochs", "10", "--batch_size", "4"]
SEEDS = 20
BLUE, ORANGE, GREY = "#3b6ea5", "#d9822b", "#777777"
COPIED = ("confusion_matrix.png", "roc.png", "precision_recall.png", "learning_curves.png")  # from an evaluation


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        make_tables(folder, [f"GENE{number}_at" for number in range(1, GENES + 1)])
        network = ["--architecture", NETWORK, *TUTORIAL]
        train(folder, "shown", *network, "--scale", "standard", "--stratified")
        report = evaluate(folder, "shown")
        print(f"shown: {report['confusion_matrix']}, ROC AUC {report['roc_auc']:.3f}")
        for name in COPIED:
            content = (folder / "runs" / "shown" / "evaluation" / name).read_bytes()
            save_small(content, PICTURES / name)
        draw_spread(
            {
                f"--scale {scale}": [
                    correct_answers(folder, f"{scale}_{seed}", *network, "--scale", scale, "--seed", str(seed))
                    for seed in range(SEEDS)
                ]
                for scale in ("none", "standard")
            }
        )
    for path in sorted(PICTURES.glob("*.png")):
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


# ----------------------------------------------------------------------------- the table


def make_tables(folder, genes, seed=0):
    """Writes X_train.tabular, y_train.tabular, X_test.tabular and y_test.tabular: made-up gene expression.

    The numbers are like a microarray's: whole, tens for some genes and tens of thousands for others; some are negative,
    because the background was subtracted. The last genes, INFORMATIVE or half of them, are stronger in AML.

    Args:
      folder: Path.
      genes: the columns' names, a list of str.
      seed: of the numbers.
    """
    generator = np.random.default_rng(seed)
    usual = generator.lognormal(5.5, 1.5, len(genes))  # [genes]
    informative = min(INFORMATIVE, len(genes) // 2)
    for part, counts in PATIENTS.items():
        labels = [label for label, count in counts.items() for _ in range(count)]
        rows = usual * generator.lognormal(0, 0.5, (len(labels), len(genes)))  # [patients, genes]
        rows[np.array(labels) == "AML", -informative:] *= 1.7
        rows += generator.normal(0, 100, rows.shape)
        write_csv(folder / f"X_{part}.tabular", genes, rows.astype(int), "\t")
        write_csv(folder / f"y_{part}.tabular", ["cancer"], [[label] for label in labels], "\t")


# ----------------------------------------------------------------------------- the scripts


def train(folder, name, *words):
    run(folder, "training.py", "--data", "X_train.tabular", "--labels", "y_train.tabular", "--run", name, *words)


def evaluate(folder, name):
    """Evaluates a run on the test patients; returns the report."""
    run(folder, "evaluating.py", "--data", "X_test.tabular", "--labels", "y_test.tabular", "--run", name)
    return json.loads((folder / "runs" / name / "evaluation" / "report.json").read_text(encoding="utf-8"))


def correct_answers(folder, name, *words):
    """How many test patients a network trained on all training patients gets right."""
    train(folder, name, *words, "--validation", "0")
    return int(np.trace(evaluate(folder, name)["confusion_matrix"]))


def run(folder, script, *words):
    subprocess.run([sys.executable, PROJECT / script, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)


# ----------------------------------------------------------------------------- pictures


def draw_spread(answers):
    """spread.png: how many seeds got how many test patients right, with each --scale."""
    from matplotlib.figure import Figure

    patients, most = sum(PATIENTS["test"].values()), max(PATIENTS["test"].values())
    figure = Figure(figsize=(7, 2.8), layout="constrained")
    axes = figure.subplots()
    bins = np.arange(min(map(min, answers.values())), patients + 2) - 0.5
    axes.hist(list(answers.values()), bins, color=[ORANGE, BLUE], label=list(answers))
    axes.axvline(most, color=GREY, linestyle="--", linewidth=1, label="always ALL")
    axes.set(xlabel=f"correct answers of {patients}", ylabel="seeds", xticks=range(int(bins[0] + 1), patients + 1))
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=9)
    figure.savefig(PICTURES / "spread.png", dpi=120)
    for name, values in answers.items():
        print(f"{name}: {min(values)} to {max(values)}, median {np.median(values):g}, mean {np.mean(values):.1f}")


def save_small(png, path):
    """Saves a PNG with 64 colours; these plots need no more."""
    from PIL import Image

    Image.open(io.BytesIO(png)).convert("RGB").quantize(64).save(path, optimize=True)


if __name__ == "__main__":
    main()
