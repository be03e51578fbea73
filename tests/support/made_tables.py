"""Small tables for the tests of the scripts, the scripts as processes in a folder, and what they write read again."""

import csv
import json

import numpy as np

from support import warm

ROWS, COLUMNS = 60, 6
CLASSES = ("ALL", "AML")
GENES = [f"gene_{number}" for number in range(1, COLUMNS + 1)]


def rows_and_kinds(num_classes=2, seed=0):
    """Rows of classes that lie apart, but not quite: float32 [ROWS, COLUMNS], and the class of each, int [ROWS]."""
    random = np.random.default_rng(seed)
    kinds = np.arange(ROWS) % num_classes
    centres = 1.5 * random.normal(size=(num_classes, COLUMNS))
    rows = 3 + 5 * (centres[kinds] + random.normal(size=(ROWS, COLUMNS)))
    return rows.round(4).astype(np.float32), kinds


def write_table(path, rows, header=GENES, delimiter="\t"):
    """Writes a table: rows are lists of what str() makes a cell of; header is None for none."""
    lines = [] if header is None else [delimiter.join(header)]
    lines += [delimiter.join(map(str, row)) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def with_table(folder):
    """Writes the rows of two classes, X.tabular, and their labels, y.tabular, into a folder; gives the folder."""
    rows, kinds = rows_and_kinds()
    write_table(folder / "X.tabular", rows)
    write_table(folder / "y.tabular", [[kind] for kind in kinds], header=["kind"])
    return folder


run = warm.run  # of a script of the kit


def run_well(script, folder, *arguments, **more):
    """Runs a script that ends well, with nothing on stderr; gives what it printed."""
    result = run(script, folder, *arguments, **more)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def tabular(path, delimiter="\t"):
    """The rows of a file with a header, as dicts of str."""
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def history(run_folder):
    """history.csv without its seconds."""
    return [{**row, "seconds": None} for row in tabular(run_folder / "history.csv", ",")]


def column(rows, name):
    """A column of what `tabular` gave: float64 [N]."""
    return np.array([float(row[name]) for row in rows])


def probabilities(rows):
    """The probabilities in predictions.tabular: float64 [N, classes]."""
    names = [name for name in rows[0] if name.startswith("probability_")]
    return np.stack([column(rows, name) for name in names], axis=1)


def config(run_folder):
    return json.loads((run_folder / "config.json").read_text(encoding="utf-8"))


def keras_weights(path):
    """Every weight of a legacy .h5 file: {name: array}."""
    import h5py

    found = {}
    with h5py.File(path) as file:
        file.visititems(lambda name, item: found.update({name: item[()]} if isinstance(item, h5py.Dataset) else {}))
    return found


def assert_same_weights(path, other):
    ours, theirs = keras_weights(path), keras_weights(other)
    assert ours.keys() == theirs.keys() and ours
    for name, value in ours.items():
        np.testing.assert_array_equal(value, theirs[name], err_msg=name)


def scalars(events_folder):
    """The scalars in TensorBoard's event files of a folder: {tag: [(step, value)]}."""
    import kit.tensorflow1 as tf

    found = {}
    for path in sorted(events_folder.glob("events.out.tfevents.*")):
        for event in tf.train.summary_iterator(str(path)):
            for value in event.summary.value:
                if value.HasField("simple_value"):
                    found.setdefault(value.tag, []).append((event.step, value.simple_value))
    return found
