"""Gene expression of leukemia patients: does the kit learn as well as Keras, how well can it, and is it faster?

  python benchmarks/gene_expression.py spread --tables FOLDER     the tutorial's network and Keras, 20 seeds each
  python benchmarks/gene_expression.py recipe --tables FOLDER     recipes by cross-validation, and 20 seeds of the best
  python benchmarks/gene_expression.py time   --tables FOLDER     10 epochs, from command to written model

FOLDER holds X_train.tabular, y_train.tabular, X_test.tabular, y_test.tabular; docs/tables.md says where to get them.
The scripts and Keras run as processes of their own, as a user runs them.
"""

import argparse
import csv
import json
import statistics
import sys
import tempfile
from functools import partial
from pathlib import Path

from measuring import in_turns
from processes import finish, run

NETWORK = "dense 16 elu, dense 16 elu, dense 1 sigmoid"  # the tutorial's
TUTORIAL = ["--loss", "binary_crossentropy", "--optimizer", "rmsprop", "--epochs", 10, "--batch_size", 4]
EVERYTHING = ["--validation", 0]
ONE_LAYER = ["--scale", "standard", "--optimizer", "adam", "--epochs", 50, "--batch_size", 4]
RECIPES = {  # the tutorial's network, and a single layer that l1 makes choose its genes
    "the tutorial's, raw": [*TUTORIAL, "--architecture", NETWORK],
    "the tutorial's, standardised": [*TUTORIAL, "--scale", "standard", "--architecture", NETWORK],
    **{
        f"dense 1 sigmoid l1={l1}": [*ONE_LAYER, "--architecture", f"dense 1 sigmoid l1={l1}"]
        for l1 in (0, 0.001, 0.003, 0.01, 0.03, 0.1)
    },
}
KERAS = """
import os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"
import numpy as np
import keras
from keras.layers import Dense
folder, scale, action, *seeds = sys.argv[1:]  # what to do with the models: evaluate, or save
def table(name):
    return np.loadtxt(f"{folder}/{name}.tabular", np.float32, skiprows=1, delimiter="\\t")
X, y, X_test, y_test = map(table, ["X_train", "y_train", "X_test", "y_test"])
if scale == "standard":
    mean, deviation = X.mean(axis=0), X.std(axis=0)
    deviation[deviation == 0] = 1
    X, X_test = (X - mean) / deviation, (X_test - mean) / deviation
for seed in map(int, seeds):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([Dense(16, "elu"), Dense(16, "elu"), Dense(1, "sigmoid")])
    model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
    model.fit(X, y, batch_size=4, epochs=10, verbose=0)
    if action == "save":
        model.save("model.keras")
    else:
        correct = ((model.predict(X_test, verbose=0)[:, 0] > 0.5) == y_test).sum()
        print(int(correct), flush=True)
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("question", choices=["spread", "recipe", "time"])
    parser.add_argument("--tables", type=Path, required=True, help="folder of the four tables")
    parser.add_argument("--seeds", type=int, default=20, help="how many: 0, 1, 2, ...")
    parser.add_argument("--rounds", type=int, default=5, help="with time: how many trainings of each")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ask = {"spread": spread, "recipe": recipe, "time": wall_time}[arguments.question]
        ask(Folder(folder, arguments.tables.resolve()), arguments)


# ----------------------------------------------------------------------------- the questions


def spread(folder, arguments):
    """How many of the 34 test patients each gets right, per seed; and a rank test."""
    from scipy.stats import mannwhitneyu

    for scale in ("none", "standard"):
        ours = [
            folder.correct([*TUTORIAL, *EVERYTHING, "--scale", scale, "--architecture", NETWORK], seed)
            for seed in range(arguments.seeds)
        ]
        keras = folder.keras_correct(scale, range(arguments.seeds))
        worse = mannwhitneyu(ours, keras, alternative="less")
        print(f"scale {scale}")
        for name, answers in (("the kit", ours), ("Keras", keras)):
            print(f"  {name:8} {described(answers)}: {' '.join(map(str, sorted(answers)))}")
        print(f"  is the kit worse? rank test, p = {worse.pvalue:.2f}", flush=True)


def recipe(folder, arguments):
    """Each recipe's log loss in cross-validation on the training patients; then the best one on the test patients."""
    scores = {}
    print("log loss  accuracy  (5 folds, 3 seeds, training patients only)")
    for name, words in RECIPES.items():
        scores[name], accuracy = folder.cross_validated(words, seeds=3)
        print(f"{scores[name]:8.3f}  {accuracy:8.3f}  {name}", flush=True)
    best = min(scores, key=scores.get)
    answers = [folder.correct([*RECIPES[best], *EVERYTHING], seed) for seed in range(arguments.seeds)]
    print(f"{best}: {described(answers)}: {' '.join(map(str, sorted(answers)))}")


def wall_time(folder, arguments):
    """Seconds from command to written model, in turns."""
    words = [*TUTORIAL, *EVERYTHING, "--architecture", NETWORK]
    contenders = {"the kit": partial(folder.seconds_to_train, words), "Keras": folder.seconds_of_keras}
    seconds = in_turns(contenders, arguments.rounds, round_name=None)
    for name, values in seconds.items():
        print(f"{name:8} median {statistics.median(values):.2f} s: {' '.join(f'{value:.2f}' for value in values)}")
    print(f"ratio of medians {statistics.median(seconds['the kit']) / statistics.median(seconds['Keras']):.2f}")


def described(answers):
    return f"median {statistics.median(answers):g}, mean {statistics.mean(answers):.2f} of 34"


# ----------------------------------------------------------------------------- runs


class Folder:
    """A temporary folder in which the scripts and Keras run."""

    def __init__(self, path, tables):
        self.path, self.tables = Path(path), tables
        self.count = 0

    def train(self, words, seed):
        """Trains on the training patients; returns (the run's name, seconds of the process)."""
        self.count += 1
        name = f"run_{self.count}"
        tables = ["--data", self.tables / "X_train.tabular", "--labels", self.tables / "y_train.tabular"]
        finished = run(self.path, "training.py", *tables, *words, "--seed", seed, "--run", name)
        return name, finished.seconds

    def seconds_to_train(self, words, _):
        return self.train(words, seed=0)[1]

    def seconds_of_keras(self, _):
        return self._keras("none", "save", [0]).seconds

    def correct(self, words, seed):
        """How many test patients a training with this seed gets right."""
        name, _ = self.train(words, seed)
        tables = ["--data", self.tables / "X_test.tabular", "--labels", self.tables / "y_test.tabular"]
        run(self.path, "evaluating.py", *tables, "--run", name)
        with open(self.path / "runs" / name / "evaluation" / "report.json", encoding="utf-8") as file:
            matrix = json.load(file)["confusion_matrix"]
        return matrix[0][0] + matrix[1][1]

    def cross_validated(self, words, seeds):
        """The means of log loss and accuracy over the folds, on the training patients only."""
        means = []
        for seed in range(seeds):
            name, _ = self.train([*words, "--folds", 5, "--stratified"], seed)
            with open(self.path / "runs" / name / "scores.tabular", newline="", encoding="utf-8") as file:
                rows = {row["fold"]: row for row in csv.DictReader(file, delimiter="\t")}
            means.append([float(rows["mean"][score]) for score in ("log_loss", "accuracy")])
        return map(statistics.mean, zip(*means))

    def keras_correct(self, scale, seeds):
        """How many test patients Keras gets right, for each of several seeds."""
        return [int(line) for line in self._keras(scale, "evaluate", seeds).output.split()]

    def _keras(self, scale, action, seeds):
        return finish([sys.executable, "-c", KERAS, self.tables, scale, action, *seeds], self.path)


if __name__ == "__main__":
    main()
