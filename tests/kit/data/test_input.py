"""--input: four ways for a batch to come to the network, and the same training by each."""

import dataclasses
import importlib.util
import os
import shutil

import numpy as np
import pytest
from support.data_sets import image_data
from support.scripts import PROJECT, elements
from support.trained import SETTINGS, assert_same, history, train

import kit.tensorflow1 as tf
from dlho2018 import read_lines
from kit.cli.errors import UserError
from kit.cli.settings import INPUTS
from kit.data import inputs
from kit.data.decoded_cache import cached_examples
from kit.data.inputs import look_up
from kit.data.parts import TRAINING
from kit.data.pipeline import decode, decode_all

CACHE = "dataset.csv.decoded"


@pytest.fixture(scope="module")
def folder(drawn, tmp_path_factory):
    """A copy of the drawn data set, where these tests train."""
    copy = tmp_path_factory.mktemp("input") / "class"
    shutil.copytree(drawn, copy)
    return copy


@pytest.fixture(scope="module")
def fed(folder):
    """A run that was fetched and fed, as ever."""
    return trained(folder, "feed")


def trained(folder, kind):
    status, _, errors = train(folder, *SETTINGS, "--epochs", 3, "--input", kind, "--run", kind)
    assert (status, errors) == (0, "")
    return folder / "runs" / kind


def losses(run):
    """Every point of TensorBoard's training curve: [(step, loss)]."""
    points = []
    for path in sorted((run / "train").glob("events*")):
        for event in tf.train.summary_iterator(str(path)):
            points += [(event.step, value.simple_value) for value in event.summary.value if value.tag == "curves/loss"]
    return points


@pytest.mark.parametrize("kind", [kind for kind in INPUTS if kind != "feed"])
def test_every_input_trains_to_the_same_bits(kind, folder, fed):
    run = trained(folder, kind)
    assert_same(run, fed)
    assert len(losses(fed)) > 5
    assert losses(run) == losses(fed)


def test_the_flag_names_the_inputs_that_there_are():
    assert tuple(inputs.INPUTS) == INPUTS


@pytest.mark.parametrize(  # "feed": end_to_end/test_training.py
    "kind",
    ["cached", *(pytest.param(kind, marks=pytest.mark.long) for kind in INPUTS if kind not in ("feed", "cached"))],
)
def test_every_input_goes_on_to_the_same_bits(kind, folder, fed):
    words = [*SETTINGS, "--input", kind]
    assert train(folder, *words, "--epochs", 2, "--run", f"{kind}_longer")[0] == 0
    status, _, errors = train(folder, "--resume", "--run", f"{kind}_longer", "--epochs", 3)
    assert (status, errors) == (0, "")
    assert_same(folder / "runs" / f"{kind}_longer", fed)


def test_a_table_trains_to_the_same_bits_by_every_input(tmp_path):
    rows = np.random.default_rng(0).normal(size=(40, 3))
    lines = ["a,b,c,kind", *(f"{','.join(map(str, row))},{'up' if row[0] > 0 else 'down'}" for row in rows)]
    (tmp_path / "table.csv").write_text("\n".join(lines) + "\n")
    words = ["--data", "table.csv", "--label_column", "kind", "--architecture", "dense 4 relu, dense 2 softmax"]
    for kind in INPUTS:
        status, _, errors = train(tmp_path, *words, "--epochs", 3, "--batch_size", 4, "--input", kind, "--run", kind)
        assert (status, errors) == (0, "")
    assert len(history(tmp_path / "runs" / "feed")) == 3
    for kind in INPUTS:
        assert history(tmp_path / "runs" / kind) == history(tmp_path / "runs" / "feed")


# ----------------------------------------------------------------------------- the cache


@pytest.fixture
def data_folder(drawn, tmp_path, monkeypatch):
    """A folder of its own with the drawn data set, which the test is in."""
    shutil.copytree(drawn, tmp_path / "data")
    monkeypatch.chdir(tmp_path / "data")
    return tmp_path / "data"


def cached(data):
    """(the cached examples, how many were decoded for it)."""
    decoded = []

    def batches():
        for batch in decode(data, lambda: read_lines(data, TRAINING), data.num_training):
            decoded.append(len(batch[1]))
            yield batch

    return cached_examples(data, batches()), sum(decoded)


def test_the_cache_holds_the_images_and_is_written_once(graph, data_folder):
    data = image_data("dataset.csv", 0.2)
    examples, decoded = cached(data)
    images, labels = decode_all(data, lambda: read_lines(data, TRAINING), data.num_training)
    np.testing.assert_array_equal(examples["example"], images)
    np.testing.assert_array_equal(examples["label"], labels)
    assert decoded == data.num_training
    assert cached(data)[1] == 0


def test_a_batch_is_looked_up_by_number(graph, data_folder):
    data = image_data("dataset.csv", 0.2)
    examples, _ = cached(data)
    numbers = [5, 0, 5]
    ((images, labels),) = elements(tf.data.Dataset.from_tensors(numbers).map(lambda batch: look_up(batch, examples)))
    np.testing.assert_array_equal(images, examples["example"][numbers])
    np.testing.assert_array_equal(labels, examples["label"][numbers])
    assert (images.dtype, labels.dtype) == (np.uint8, np.int64)


def test_a_changed_image_is_decoded_again(graph, data_folder):
    data = image_data("dataset.csv", 0.2)
    first, _ = cached(data)
    before = first["example"].copy()
    is_training = np.frombuffer(data.split_of_line, np.uint8) == TRAINING
    path = (
        data_folder
        / (data_folder / "dataset.csv").read_text().splitlines()[np.flatnonzero(is_training)[0]].split(",")[1]
    )
    shutil.copy(data_folder / "triangles" / "triangle_000000.png", path)
    os.utime(path, ns=(0, 0))
    after, decoded = cached(data)
    assert decoded == data.num_training
    assert [number for number in range(len(before)) if (after["example"][number] != before[number]).any()] == [0]


def test_images_are_decoded_again_after_a_change_of_the_lesson(graph, data_folder):
    data = image_data("dataset.csv", 0.2)
    before = cached(data)[0]["example"].copy()
    text = (PROJECT / "dlho2018.py").read_text(encoding="utf-8")
    (data_folder / "dlho2018.py").write_text(text.replace("    # end of blank 2b", "    image = 255 - image"))
    spec = importlib.util.spec_from_file_location("changed_lesson", data_folder / "dlho2018.py")
    lesson = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(lesson)
    changed = dataclasses.replace(data, lesson=lesson)
    after, decoded = cached(changed)
    assert decoded == data.num_training
    np.testing.assert_array_equal(after["example"], 255 - before)
    assert cached(changed)[1] == 0


@pytest.mark.parametrize("damage", [b"", b"not a cache", None])
def test_a_torn_cache_is_written_again(damage, graph, data_folder):
    data = image_data("dataset.csv", 0.2)
    cached(data)
    whole = (data_folder / CACHE).read_bytes()
    (data_folder / CACHE).write_bytes(whole[:-1] if damage is None else damage)
    _, decoded = cached(data)
    assert decoded == data.num_training
    assert (data_folder / CACHE).read_bytes() == whole


def test_another_split_has_another_cache(graph, data_folder):
    cached(image_data("dataset.csv", 0.2))
    data = image_data("dataset.csv", 0.4)
    examples, decoded = cached(data)
    assert decoded == len(examples) == data.num_training


def test_a_cache_that_cannot_be_written_is_an_error(graph, data_folder):
    (data_folder / CACHE).mkdir()
    with pytest.raises(UserError, match=CACHE):
        cached(image_data("dataset.csv", 0.2))


def test_a_cache_whose_writing_is_cut_short_leaves_nothing(graph, data_folder):
    def batches():
        yield np.zeros((4, 32, 32, 3), np.uint8), np.zeros(4, np.int64)
        raise OSError(28, "No space left on device")

    with pytest.raises(UserError, match="No space left"):
        cached_examples(image_data("dataset.csv", 0.2), batches())
    assert not [path for path in data_folder.iterdir() if "decoded" in path.name]
