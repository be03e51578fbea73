"""training.py as a process, and what a run of it leaves behind: for the tests that compare runs bit by bit."""

import csv

import numpy as np

from support import warm

# A network with all that could make a resumed run differ: dropout, moving averages, Adam's own memory.
NETWORK = ["--network", "cnn_regularized", "--batch_size", "4", "--seed", "3"]
SETTINGS = [*NETWORK, "--decay", "1"]  # by default the learning rate depends on --epochs, and some runs are made longer


def start(folder, *arguments, **more):
    """Starts training.py; see support.warm."""
    return warm.start("training.py", folder, *arguments, **more)


def train(folder, *arguments, **more):
    """Runs training.py to its end; gives (exit status, what it printed, what it printed as errors)."""
    result = warm.run("training.py", folder, *arguments, **more)
    return result.returncode, result.stdout, result.stderr


def weights(run, kind="checkpoints"):
    """Every variable of a run's newest checkpoint, or its "best": {name: array}. The data's place is none.

    Nor is the epoch's time so far, which is never the same.
    """
    import kit.tensorflow1 as tf

    reader = tf.train.load_checkpoint(tf.train.latest_checkpoint(str(run / kind)))
    names = [name for name in reader.get_variable_to_shape_map() if "iterator" not in name.lower()]
    names = [name for name in names if name != "epoch_so_far"]
    return {name: reader.get_tensor(name) for name in names}


def history(run):
    """history.csv without its seconds: a list of rows."""
    with open(run / "history.csv", newline="", encoding="utf-8") as file:
        return [{key: value for key, value in row.items() if key != "seconds"} for row in csv.DictReader(file)]


def curves(run, part):
    """A run's curves as TensorBoard shows them: {tag: [(step, value)]}; part is "train" or "validation"."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(run / part), size_guidance={"scalars": 0})
    events.Reload()
    tags = events.Tags()["scalars"]
    assert tags
    return {tag: [(event.step, event.value) for event in events.Scalars(tag)] for tag in tags}


def assert_same(run, other):
    """Two runs ended with the same bits."""
    assert history(run) == history(other)
    ours, theirs = weights(run), weights(other)
    assert ours.keys() == theirs.keys() and len(ours) > 20
    for name, value in ours.items():
        np.testing.assert_array_equal(value, theirs[name], err_msg=name)
