"""Which genes does the recommended recipe find in Golub's patients, and how often?

  python benchmarks/genes.py found --tables FOLDER                   10 times 5 folds, each with a seed of its own
  python benchmarks/genes.py found --start zeros --tables FOLDER     the same, with weights that start at 0

FOLDER holds X_train.tabular and y_train.tabular; docs/tables.md says where to get them. Each of the 50 trainings learns
from other patients, from another start. A gene is found if its weight is among the 50 largest. Beside it: whether it is
among the 50 genes that Golub et al. (1999, https://doi.org/10.1126/science.286.5439.531) would choose from the same
patients, 25 for each class with the highest signal-to-noise ratio, (mean - mean) / (deviation + deviation). They are
computed here, from the table as it is; the paper's own list was made after filtering.
"""

import argparse
import csv
import statistics
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
from gene_expression import RECIPES
from processes import run

RECIPE = "dense 1 sigmoid l1=0.01"
FOLDS, GENES, SHOWN = 5, 50, 20


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("question", choices=["found"])
    parser.add_argument("--tables", type=Path, required=True, help="folder of the tables")
    parser.add_argument("--seeds", type=int, default=10, help="how many: 0, 1, 2, ...")
    parser.add_argument("--start", choices=["random", "zeros"], default="random", help="of the weights")
    arguments = parser.parse_args()
    tables = arguments.tables.resolve()
    names, rows, labels = read(tables)
    with tempfile.TemporaryDirectory() as folder:
        trained = [train(Path(folder), tables, seed, arguments.start) for seed in range(arguments.seeds)]
    weights = np.concatenate([each for each, _ in trained])  # [trainings, genes]
    show(names, weights, informative(rows, labels), [accuracy for _, accuracy in trained])


def read(tables):
    """(names of the genes, values [patients, genes], labels [patients])."""
    with open(tables / "X_train.tabular", newline="", encoding="utf-8") as file:
        names = next(csv.reader(file, delimiter="\t"))
        rows = np.loadtxt(file, delimiter="\t", ndmin=2)
    return names, rows, np.loadtxt(tables / "y_train.tabular", int, skiprows=1)


def train(folder, tables, seed, start):
    """Trains all folds with a seed: (weights [folds, genes], accuracy on the patients held out)."""
    import kit.tensorflow1 as tf

    name = f"seed_{seed}"
    *recipe, architecture = RECIPES[RECIPE]
    recipe.append(architecture + " kernel_initializer=zeros" * (start == "zeros"))
    words = [*recipe, "--folds", FOLDS, "--stratified", "--seed", seed, "--run", name]
    data = ["--data", tables / "X_train.tabular", "--labels", tables / "y_train.tabular"]
    run(folder, "training.py", *data, *words)
    weights = []
    for fold in range(1, FOLDS + 1):
        newest = tf.train.load_checkpoint(str(folder / "runs" / f"{name}_fold_{fold}" / "checkpoints"))
        weights.append(newest.get_tensor("dense/kernel")[:, 0])  # after the last epoch
    with open(folder / "runs" / name / "scores.tabular", newline="", encoding="utf-8") as file:
        scores = {row["fold"]: row for row in csv.DictReader(file, delimiter="\t")}
    return np.stack(weights), float(scores["mean"]["accuracy"])


def informative(rows, labels):
    """The genes with the highest signal-to-noise ratio, half of GENES for each class: a set of their places."""
    first, second = rows[labels == 0], rows[labels == 1]
    deviations = first.std(axis=0, ddof=1) + second.std(axis=0, ddof=1)
    ratio = (first.mean(axis=0) - second.mean(axis=0)) / np.where(deviations > 0, deviations, np.inf)
    order = np.argsort(ratio)
    return {*order[: GENES // 2].tolist(), *order[-GENES // 2 :].tolist()}


def show(names, weights, golubs, accuracies):
    """Prints the table, and what it comes to."""
    count, largest = len(weights), np.argsort(-np.abs(weights), axis=1)[:, :GENES]  # [trainings, GENES]
    often = Counter(largest.ravel().tolist())
    print(f"gene                       found  mean weight  signal-to-noise  ({count} trainings)")
    for place, times in sorted(often.items(), key=lambda each: (-each[1], each[0]))[:SHOWN]:
        share, mark = f"{times / count:.0%}", "yes" if place in golubs else "-"
        print(f"{names[place]:25} {share:>6} {weights[:, place].mean():12.4f}  {mark}")
    always = sum(times == count for times in often.values())
    half = [place for place, times in often.items() if 2 * times >= count]
    print(f"{len(often)} genes found at least once, {len(half)} in half of the trainings, {always} in all")
    print(f"of the {len(half)}, {len({*half} & golubs)} are among the {GENES} with the highest signal-to-noise ratio")
    means = np.abs(weights.mean(axis=0))
    top = {*np.argsort(-means)[:GENES].tolist()}
    print(f"of the {GENES} with the largest mean weight, {len(top & golubs)} are")
    seeds = weights.reshape(-1, FOLDS, weights.shape[1]).mean(axis=1)  # [seeds, genes]
    halves = [{*np.argsort(-np.abs(seeds[first::2].mean(axis=0)))[:GENES].tolist()} for first in (0, 1)]
    shared = [len({*one} & {*other}) for i, one in enumerate(largest) for other in largest[:i]]
    print(f"two trainings share {statistics.mean(shared):.0f} of {GENES} genes, {min(shared)} to {max(shared)}")
    print(f"mean weights of every other seed share {len(halves[0] & halves[1])} of {GENES} with those of the others")
    print(
        f"accuracy on the patients held out: mean {statistics.mean(accuracies):.3f}, by seed "
        f"{min(accuracies):.3f} to {max(accuracies):.3f}"
    )


if __name__ == "__main__":
    main()
