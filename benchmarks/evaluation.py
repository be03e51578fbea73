"""Is evaluating fast? Images per second of evaluating.py, compared with Keras's model.evaluate.

  python benchmarks/evaluation.py

Both evaluate `cnn` on all images of a CSV, after an epoch of training; Keras trains on the validation images only, to
save time. Our rate is the one that evaluating.py prints, in a process that has just started. Keras's is that of the
second call in a process, when everything is warm. The batch size is 256, evaluating.py's default; Keras as documented
has its own default, 32.
"""

import argparse
import tempfile
from functools import partial
from pathlib import Path

from contenders import KERAS, KERAS_BEST, OUR_LEARNING_RATE, OURS, ask_peer
from data_sets import draw, write_lists
from measuring import Comparison, in_turns, publish
from processes import printed_rate, run

from kit.runs.evaluation_report import LARGEST_BATCH

RUN = "evaluated"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="CSV of the images; by default, they are drawn first")
    parser.add_argument("--images_per_class", type=int, default=10_000, help="to draw")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = arguments.data.resolve() if arguments.data else draw(folder, arguments.images_per_class)
        lists = write_lists(data, folder)
        run(folder, "training.py", "--data", data, "--epochs", 1, "--run", RUN)
        keras = {name: partial(keras_rate, name, folder, lists) for name in (KERAS, KERAS_BEST)}
        rates = in_turns({OURS: partial(our_rate, folder, data), **keras}, arguments.rounds)
    comparison = Comparison("`cnn`, images per second", rates)
    comparison.ratio(OURS, KERAS, at_least=1.8)
    comparison.ratio(OURS, KERAS_BEST, at_least=1.2)
    publish("evaluation", "Evaluating, compared with Keras", [comparison])


def our_rate(folder, data, _):
    return [printed_rate(run(folder, "evaluating.py", "--run", RUN, "--data", data))]


def keras_rate(name, folder, lists, seed):
    flags = "--epochs", 1, "--seed", seed, *OUR_LEARNING_RATE, "--data_evaluation", lists.all
    if name == KERAS_BEST:
        flags += "--batch_size", LARGEST_BATCH
    return [ask_peer(name, folder, lists._replace(training=lists.validation), *flags)["evaluated_per_second"]]


if __name__ == "__main__":
    main()
