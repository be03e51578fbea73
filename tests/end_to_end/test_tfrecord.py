"""The scripts on TFRecord files: to the last bit what they do on the image files."""

import csv
import shutil

import numpy as np
import pytest
from support import warm
from support.keras_process import keras_answers
from support.scripts import PROJECT, environment
from support.trained import SETTINGS, assert_same, history, train, weights

from kit.data.image_shown import shown_image


def pack(folder, *words):
    return warm.run("-m", folder, "kit.data.tfrecord", *words, env={**environment(), "PYTHONPATH": str(PROJECT)})


@pytest.fixture(scope="module")
def folder(drawn, tmp_path_factory):
    """The class's data set, the same in TFRecord files, and a run on the image files."""
    folder = tmp_path_factory.mktemp("records") / "class"
    shutil.copytree(drawn, folder)
    done = pack(folder, "--output_directory", "shards", "--shards", "3")
    assert (done.returncode, done.stderr) == (0, "")
    assert "shards/info.csv: 120 images, square (60), triangle (60), in 3 files" in done.stdout
    assert train(folder, *SETTINGS, "--epochs", 2, "--deterministic", "--run", "files")[::2] == (0, "")
    return folder


@pytest.mark.parametrize("way", ["feed", *(pytest.param(way, marks=pytest.mark.long) for way in ("direct", "cached"))])
def test_a_training_comes_to_the_same_bits(folder, way):
    words = [*SETTINGS, "--data", "shards", "--epochs", 2, "--deterministic", "--input", way, "--run", way]
    assert train(folder, *words)[::2] == (0, "")
    assert_same(folder / "runs" / way, folder / "runs" / "files")


@pytest.mark.long
def test_so_does_one_that_is_resumed(folder):
    words = [*SETTINGS, "--data", "shards", "--deterministic", "--run", "resumed"]
    assert train(folder, *words, "--epochs", 1)[::2] == (0, "")
    assert train(folder, "--resume", "--epochs", 2, "--run", "resumed")[::2] == (0, "")
    assert_same(folder / "runs" / "resumed", folder / "runs" / "files")


def test_evaluating_says_the_same(folder):
    reports = []
    for data in ("dataset.csv", "shards"):
        done = warm.run("evaluating.py", folder, "--run", "files", "--data", data)
        assert (done.returncode, done.stderr) == (0, "")
        evaluation = folder / "runs" / "files" / "evaluation"
        reports.append((evaluation / "predictions.csv").read_bytes())
        assert (evaluation / "mistakes.png").exists()
    assert reports[0] == reports[1] and reports[0].count(b"\n") == 121


def test_a_damaged_record_ends_a_training_with_one_error(folder):
    shutil.copytree(folder / "shards", folder / "kept")
    path = folder / "shards" / "part-00001-of-00003.tfrecord"
    content = bytearray(path.read_bytes())
    content[len(content) // 2 + 1000] ^= 1  # a pixel
    path.write_bytes(content)
    status, _, errors = train(folder, *SETTINGS, "--data", "shards", "--epochs", 1, "--run", "damaged")
    shutil.rmtree(folder / "shards")
    (folder / "kept").rename(folder / "shards")
    assert status == 2 and errors.startswith("error: shards/info.csv:") and "Traceback" not in errors
    assert "part-00001-of-00003.tfrecord:" in errors and "its record is not what was written.\n" in errors


# ----------------------------------------------------------------------------- a table


TABLE = ["--label_column", "kind", "--batch_size", "8", "--seed", "3", "--decay", "1", "--deterministic"]


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """A table, the same in TFRecord files, and a run on the text."""
    folder = tmp_path_factory.mktemp("tables")
    random = np.random.default_rng(0)
    lines = ["row,a,b,c,kind"]
    for number in range(60):
        values = ",".join(f"{value:.5f}" for value in random.normal(number % 2, 1, 3))
        lines.append(f"r{number},{values},{('ill', 'well')[number % 2]}")
    (folder / "table.csv").write_text("\n".join(lines) + "\n")
    done = pack(folder, *["--data", "table.csv", "--format", "table", "--output_directory", "shards", "--shards", "4"])
    assert (done.returncode, done.stderr) == (0, "") and "shards: 61 lines in 4 files" in done.stdout
    assert "training.py --data shards --label_column NAME" in done.stdout
    words = ["--architecture", "dense 8 elu, dropout 0.5, dense 1 sigmoid", "--scale", "standard"]
    assert train(folder, *TABLE, *words, "--data", "table.csv", "--epochs", 2, "--run", "text")[::2] == (0, "")
    return folder, words


@pytest.mark.parametrize(
    "way", ["feed", "direct", *(pytest.param(way, marks=pytest.mark.long) for way in ("memory", "cached"))]
)
def test_a_training_on_a_table_comes_to_the_same_bits(tables, way):
    folder, words = tables
    status, _, errors = train(
        folder, *TABLE, *words, "--data", "shards", "--epochs", 2, "--input", way, "--run", f"shards_{way}"
    )
    assert (status, errors) == (0, "")
    assert same_weights(folder / "runs" / f"shards_{way}", folder / "runs" / "text") > 4


def test_so_does_one_on_a_table_that_is_resumed(tables):
    folder, words = tables
    assert train(folder, *TABLE, *words, "--data", "shards", "--epochs", 1, "--run", "again")[::2] == (0, "")
    assert train(folder, "--resume", "--epochs", 2, "--run", "again")[::2] == (0, "")
    assert same_weights(folder / "runs" / "again", folder / "runs" / "text") > 4


def same_weights(run, other):
    """Asserts that two runs ended with the same bits; returns how many variables they have."""
    ours, theirs = weights(run), weights(other)
    assert history(run) == history(other) and ours.keys() == theirs.keys()
    for name, value in ours.items():
        np.testing.assert_array_equal(value, theirs[name], err_msg=name)
    return len(ours)


def test_a_table_in_tfrecord_files_is_evaluated_and_predicted(tables):
    folder, _ = tables
    tables_of = []
    for data in ("table.csv", "shards"):
        done = warm.run("evaluating.py", folder, "--run", "text", "--data", data)
        assert (done.returncode, done.stderr) == (0, "")
        tables_of.append((folder / "runs" / "text" / "evaluation" / "predictions.tabular").read_bytes())
    assert tables_of[0] == tables_of[1] and tables_of[0].count(b"\n") == 61 and b"r59" in tables_of[0]


def test_a_damaged_line_ends_a_training_with_one_error(tables):
    folder, words = tables
    shutil.copytree(folder / "shards", folder / "damaged")
    path = folder / "damaged" / "part-00002-of-00004.tfrecord"
    content = bytearray(path.read_bytes())
    content[content.index(b"ill")] ^= 1
    path.write_bytes(content)
    status, _, errors = train(folder, *TABLE, *words, "--data", "damaged", "--epochs", 1, "--run", "damaged")
    assert status == 2 and errors.startswith("error: damaged/part-00002-of-00004.tfrecord: the record at byte ")
    assert "Traceback" not in errors and errors.count("error") == 1
    path.unlink()
    status, _, errors = train(folder, *TABLE, *words, "--data", "damaged", "--epochs", 1, "--run", "damaged")
    assert status == 2 and errors.startswith(f"error: {path.relative_to(folder)}: no such file, but manifest.json")


# ----------------------------------------------------------------------------- TensorFlow's own reader

PLAIN_READER = """
import glob
dtypes = {"int": tf.int64, "bytes": tf.string}
features = {name: tf.io.FixedLenFeature([], dtypes[str(kind)]) for name, kind in given.items()}
records = tf.data.TFRecordDataset(sorted(glob.glob("shards/*.tfrecord")))
examples = [tf.io.parse_single_example(record, features) for record in records]
answers.update({name: np.array([each[name].numpy() for each in examples]) for name in features})
"""


def test_plain_tensorflow_reads_the_images(folder):
    """In a process without the kit, where Keras is."""
    found = keras_answers(PLAIN_READER, folder, name="bytes", label="int", height="int", width="int", image="bytes")
    with open(folder / "dataset.csv", newline="") as file:
        expected = {row["image_name"]: row for row in csv.DictReader(file) if row["label"] != "label"}
    assert len(found["name"]) == len(expected) == 120
    for name, label, height, width, image in zip(*found.values()):
        row = expected.pop(name.decode())
        pixels = np.asarray(shown_image(str(folder / row["image_path"])))
        assert (label, height, width) == (int(row["label"]), *pixels.shape[:2])
        assert bytes(image).ljust(pixels.size, b"\0") == pixels.tobytes()  # NumPy drops zeros at the end
    assert not expected


def test_plain_tensorflow_reads_the_lines_of_a_table(tables):
    folder, _ = tables
    found = keras_answers(PLAIN_READER, folder, number="int", line="bytes")
    assert found["number"].tolist() == list(range(1, 62))
    assert b"\n".join(found["line"].tolist()) + b"\n" == (folder / "table.csv").read_bytes()


# ----------------------------------------------------------------------------- dataset_creation.py --shards


def draw(folder, name, *more, num_images=60):
    words = ["--shape", "square", "--num_images", num_images, "--size", 32, "--output_directory", name, *more]
    return warm.run("dataset_creation.py", folder, *words)


def pixels(folder, name):
    """{image_name: uint8 [H, W, 3]} of a data set, as Pillow reads its files or records."""
    with open(folder / name / "info.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["label"] for row in rows} == {"0"}
    return {row["image_name"]: np.asarray(shown_image(str(folder / row["image_path"]))) for row in rows}


def test_images_are_drawn_into_tfrecord_files(drawn, tmp_path):
    assert draw(tmp_path, "records", "--shards", 4).returncode == 0
    expected, found = pixels(drawn, "squares"), pixels(tmp_path, "records")
    assert expected.keys() == found.keys()
    for name, image in expected.items():
        np.testing.assert_array_equal(found[name], image)
    preview = (tmp_path / "records" / "preview.png").read_bytes()
    assert preview == (drawn / "squares" / "preview.png").read_bytes() and not list(tmp_path.glob("records/square_*"))


def test_what_is_missing_or_damaged_is_drawn_again(tmp_path):
    assert draw(tmp_path, "records", "--shards", 4).returncode == 0
    whole = {path.name: path.read_bytes() for path in (tmp_path / "records").iterdir()}
    first, second, *_ = sorted((tmp_path / "records").glob("*.tfrecord"))
    first.unlink()
    second.write_bytes(second.read_bytes()[:3000] + b"x" + second.read_bytes()[3001:])
    assert "Drew 30 images" in draw(tmp_path, "records", "--shards", 4).stdout
    assert {path.name: path.read_bytes() for path in (tmp_path / "records").iterdir()} == whole
    assert "All images are drawn already." in draw(tmp_path, "records", "--shards", 4).stdout


def test_more_images_are_added_and_fewer_refused(tmp_path):
    assert draw(tmp_path, "records", "--shards", 4).returncode == 0
    fewer = draw(tmp_path, "records", "--shards", 4, num_images=59)
    assert fewer.returncode == 2
    assert fewer.stderr.startswith("error: records: holds 60 images, so more than --num_images 59.\n")
    assert "Drew 16 images" in draw(tmp_path, "records", "--shards", 4, num_images=61).stdout  # one file has one more
    assert len(pixels(tmp_path, "records")) == 61
    other = draw(tmp_path, "records", num_images=61)
    assert other.returncode == 2 and "its images were drawn with --shards 4, not without --shards." in other.stderr


def test_more_files_than_images_are_refused(tmp_path):
    result = draw(tmp_path, "records", "--shards", 4, num_images=3)
    assert (result.returncode, result.stderr) == (2, "error: --shards 4: more files than --num_images 3. Give fewer.\n")
    assert not (tmp_path / "records").exists()


def test_a_drawn_folder_is_evaluated_by_its_name(folder):
    assert draw(folder, "records", "--shards", 2).returncode == 0
    done = warm.run("evaluating.py", folder, "--run", "files", "--data", "records")
    assert done.returncode == 0 and "on 60 images of records/info.csv" in done.stdout, done.stderr
