"""From a table's lines to fed batches: rows, labels, parts and scaling, against the numbers that were written."""

import gzip

import numpy as np
import pytest
from support.data_sets import table_data
from support.scripts import elements

import kit.tensorflow1 as tf
from dlho2018 import read_lines
from kit.data.parts import TRAINING, VALIDATION
from kit.data.pipeline import decode_all
from kit.data.tables import splits
from kit.data.tables.labels import LabelSource

ROWS, COLUMNS = 40, 5


@pytest.fixture
def values():
    return np.random.default_rng(4).normal(size=(ROWS, COLUMNS)).astype(np.float32)


@pytest.fixture
def write(tmp_path):
    """Writes a table of numbers, labels a column of their own ('kind': odd, even); gives its path."""

    def write(values, delimiter="\t", packed=False, cell=str):
        header = delimiter.join([*(f"gene_{column}" for column in range(values.shape[1])), "kind"])
        rows = [
            delimiter.join([*map(cell, row), "odd" if number % 2 else "even"])
            for number, row in enumerate(values.tolist())
        ]
        content = "\n".join([header, *rows, ""]).encode()
        path = tmp_path / "table"
        path.write_bytes(gzip.compress(content) if packed else content)
        return str(path)

    return write


def look(path, share=0.25, **options):
    return table_data(path, LabelSource(None, "kind"), split=splits.hold_out(share, 0), **options)


def read(dataset):
    """All elements of a tf.data.Dataset: (rows [N, D], labels [N])."""
    return tuple(map(np.stack, zip(*elements(dataset))))


@pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
@pytest.mark.parametrize("packed", [False, True])
def test_rows_and_labels_of_each_part(graph, write, values, delimiter, packed):
    table = look(write(values, delimiter, packed))
    is_training = np.frombuffer(table.split_of_line, np.uint8)[1:] == TRAINING  # after the header
    for part, wanted in ((TRAINING, is_training), (VALIDATION, ~is_training)):
        rows, labels = read(read_lines(table, part).map(table.parse))
        np.testing.assert_array_equal(rows, values[wanted])
        np.testing.assert_array_equal(labels, (np.arange(ROWS) % 2)[wanted])  # even is 0: in the alphabet's order
        assert rows.dtype == np.float32 and labels.dtype == np.int64


def test_chosen_columns_in_their_order(graph, write, values):
    table = look(write(values), columns=("gene_3", "1"))
    rows, _ = read(read_lines(table, TRAINING).map(table.parse))
    order = [int(name.removeprefix("gene_")) for name in table.columns]
    assert sorted(order) == [0, 3]
    is_training = np.frombuffer(table.split_of_line, np.uint8)[1:] == TRAINING
    np.testing.assert_array_equal(rows, values[is_training][:, order])


def test_a_table_read_at_several_places_is_the_same_table(graph, write, values):
    table = look(write(values))
    rows, labels = read(read_lines(table, TRAINING).map(table.parse))
    mixed_rows, mixed_labels = read(read_lines(table, TRAINING, places=4).map(table.parse))
    order, mixed_order = np.argsort(rows[:, 0]), np.argsort(mixed_rows[:, 0])
    assert not np.array_equal(rows, mixed_rows)
    np.testing.assert_array_equal(rows[order], mixed_rows[mixed_order])
    np.testing.assert_array_equal(labels[order], mixed_labels[mixed_order])


def test_rows_in_memory_are_the_streamed_ones(graph, write, values):
    table = look(write(values))
    kept = decode_all(table, lambda: read_lines(table, TRAINING), table.num_training)
    for array, streamed in zip(kept, read(read_lines(table, TRAINING).map(table.parse))):
        np.testing.assert_array_equal(array, streamed)


def test_quoted_cells(graph, tmp_path):
    path = tmp_path / "quoted.csv"
    path.write_text('"patient, name","a",b,kind\n"Ann, ""the first""","1.5",2,"x, y"\nBob,-3e2,"4",z\n')
    table = table_data(
        str(path), LabelSource(None, "kind"), (), ("1",), split=lambda rows: np.full(rows.count, TRAINING, np.uint8)
    )
    rows, labels = read(read_lines(table, TRAINING).map(table.parse))
    np.testing.assert_array_equal(rows, [[1.5, 2], [-300, 4]])
    assert [table.class_names[label] for label in labels] == ["x, y", "z"]


@pytest.mark.parametrize("scale", ["none", "standard", "minmax"])
def test_scaling_is_of_the_training_rows_with_missing_values_at_their_mean(graph, write, values, scale):
    values[7, 2] = values[11, 0] = np.nan
    path = write(values, cell=lambda value: "NA" if value != value else str(value))
    table = look(path, scale=scale, fill_missing=True)
    is_training = np.frombuffer(table.split_of_line, np.uint8)[1:] == TRAINING
    training = values[is_training].astype(np.float64)
    filled = np.where(np.isnan(values), np.nanmean(training, axis=0), values)
    offset, spread = {
        "none": (0, 1),
        "standard": (filled[is_training].mean(axis=0), None),
        "minmax": (np.nanmin(training, axis=0), np.nanmax(training, axis=0) - np.nanmin(training, axis=0)),
    }[scale]
    if spread is None:
        spread = np.nanstd(training, axis=0)  # of the values that are there
    rows_ph = tf.placeholder(table.dtype, [None, *table.shape])
    inputs = table.scale(rows_ph)
    rows, _ = read(read_lines(table, VALIDATION).map(table.parse))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        np.testing.assert_allclose(
            session.run(inputs, {rows_ph: rows}), ((filled - offset) / spread)[~is_training], rtol=1e-5, atol=1e-5
        )


@pytest.mark.parametrize("text", ["+1", " 1.5 ", "1e5", ".5", "1.", "-0", "1e-40", "3.4e38", "0x1p3", "1d3", "\uff11"])
def test_a_number_is_what_tensorflow_reads(graph, tmp_path, text):
    """What the look over takes for a number, TensorFlow reads as the same number."""
    from kit.cli.errors import UserError

    path = tmp_path / "table.csv"
    path.write_text(f"a,b,kind\n1,{text},x\n2,3,y\n", encoding="utf-8")
    try:
        table = table_data(
            str(path), LabelSource(None, "kind"), split=lambda rows: np.full(rows.count, TRAINING, np.uint8)
        )
    except UserError as error:
        assert f"'{text.strip()}'" in str(error)
        return
    rows, _ = read(read_lines(table, TRAINING).map(table.parse))
    assert rows[0, 1] == np.float32(float(text))
