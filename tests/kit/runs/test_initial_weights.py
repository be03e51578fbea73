"""A run that starts from another run's weights. From Keras's files: test_export.py."""

import json
import shutil

import numpy as np
import pytest
from support.made_tables import run_well

import kit.tensorflow1 as tf

STILL = ["--epochs", 1, "--learning_rate", "1e-30"]  # steps too small to change a weight


@pytest.fixture(scope="module")
def folder(drawn, tmp_path_factory):
    """A folder with the drawn images, the same with circles, and a run `first` on squares and triangles."""
    folder = tmp_path_factory.mktemp("initial") / "class"
    shutil.copytree(drawn, folder)
    words = ["--shape", "circle", "--num_images", 20, "--output_directory", "circles", "--size", 32, "--workers", 1]
    run_well("dataset_creation.py", folder, *words)
    three = (folder / "dataset.csv").read_text() + (folder / "circles" / "info.csv").read_text()
    (folder / "three.csv").write_text(three)
    run_well("training.py", folder, "--epochs", 1, "--run", "first")
    return folder


def weights(folder, run):
    """{name: value} of the weights in a run's best checkpoint."""
    saved = tf.train.load_checkpoint(tf.train.latest_checkpoint(str(folder / "runs" / run / "best")))
    return {name: saved.get_tensor(name) for name in saved.get_variable_to_shape_map() if name != "global_step"}


def test_a_run_starts_from_the_best_weights_of_another(folder):
    said = run_well("training.py", folder, *STILL, "--initial_weights", "first", "--seed", 7, "--run", "second")
    assert "Starting from the weights in runs/first/best/model.ckpt-" in said and "at random" not in said
    first, second = weights(folder, "first"), weights(folder, "second")
    assert first.keys() == second.keys() and len(first) == 12
    for name, value in first.items():
        np.testing.assert_array_equal(second[name], value)


def test_for_other_classes_the_last_layer_starts_at_random(folder):
    words = ["--data", "three.csv", "--initial_weights", "runs/first", "--run", "three"]
    assert "logits starts at random: runs/first has other classes" in run_well("training.py", folder, *STILL, *words)
    first, three = weights(folder, "first"), weights(folder, "three")
    assert three["logits/weights"].shape == (64, 3)
    for name in first.keys() - {"logits/weights", "logits/biases"}:
        np.testing.assert_array_equal(three[name], first[name])


def test_images_of_some_classes_leave_no_layer_at_random(folder, run_script):
    """The run keeps the classes, also where it is resumed without the run that it started from, and evaluated."""
    run_well("training.py", folder, *STILL, "--data", "three.csv", "--run", "all")
    lines = (folder / "squares" / "info.csv").read_text() + (folder / "circles" / "info.csv").read_text()
    (folder / "some.csv").write_text(lines)
    words = ["--data", "some.csv", "--initial_weights", "all", "--run", "some"]
    done = run_script("training.py", *STILL, *words, cwd=folder)
    assert done.returncode == 0 and "warning: some.csv: no images of triangle: " in done.stderr
    assert "at random" not in done.stdout + done.stderr
    before, after = weights(folder, "all"), weights(folder, "some")
    for name, value in before.items():
        np.testing.assert_allclose(after[name], value, atol=1e-20)  # a bias may be 0
    shutil.move(folder / "runs" / "all", folder / "moved")
    run_script("training.py", "--resume", "--run", "some", "--epochs", 2, cwd=folder).check_returncode()
    data = json.loads((folder / "runs" / "some" / "config.json").read_text())["data"]
    assert data["class_names"] == ["square", "triangle", "circle"]
    assert "triangle" in run_well("evaluating.py", folder, "--run", "some")


def test_outputs_that_stand_for_other_classes_are_told(folder, run_script):
    lines = (folder / "dataset.csv").read_text().replace(",0\n", ",round\n").replace(",1\n", ",angular\n")
    (folder / "words.csv").write_text(lines)
    words = ["--data", "words.csv", "--initial_weights", "first", "--run", "words"]
    done = run_script("training.py", *STILL, *words, cwd=folder)
    expected = "first has learnt square, triangle; these outputs now stand for angular, round, in this order."
    assert done.returncode == 0 and expected in done.stderr


def test_frozen_layers_start_from_them_and_keep_them(folder):
    layers = "conv2d 4 3 relu, batchnormalization, flatten, dense 2 softmax"
    frozen = layers.replace("relu", "relu trainable=false").replace("ion,", "ion trainable=false,")
    run_well("training.py", folder, "--architecture", layers, "--epochs", 1, "--run", "learnt")
    words = ["--architecture", frozen, "--epochs", 1, "--initial_weights", "learnt", "--run", "tuned"]
    assert "trained" in run_well("training.py", folder, *words)
    before, after = weights(folder, "learnt"), weights(folder, "tuned")
    assert before.keys() == after.keys()
    changed = {name for name in before if not np.array_equal(before[name], after[name])}
    assert changed == {"dense/kernel", "dense/bias"}


def test_a_table_is_scaled_by_its_own_rows(folder):
    words = ["--label_column", "kind", "--scale", "standard", "--architecture", "dense 2 softmax", *STILL]
    for name, more in (("small", 0), ("large", 5_000_000)):
        rows = "".join(f"{row % 7 + more}\t{row * 17 % 23}\t{'ab'[row % 2]}\n" for row in range(40))
        (folder / f"{name}.tabular").write_text(f"one\ttwo\tkind\n{rows}")
        start = ["--initial_weights", "small"] if more else []
        run_well("training.py", folder, "--data", f"{name}.tabular", *words, "--run", name, *start)
    small, large = weights(folder, "small"), weights(folder, "large")
    learnt = [name for name in small if not name.startswith("scale_columns")]
    assert len(learnt) == 2 and all(np.allclose(small[name], large[name], atol=1e-20) for name in learnt)
    assert large["scale_columns/offset"][0] - small["scale_columns/offset"][0] == pytest.approx(5e6, rel=1e-3)


def test_initial_weights_that_do_not_fit_are_one_error(folder, run_script):
    for words, expected in (
        (["--initial_weights", "nobody"], "--initial_weights nobody: runs/nobody: no run of this name.\n  There are: "),
        (["--initial_weights", "no.h5"], "--initial_weights no.h5: there is no such file."),
        (["--initial_weights", "first", "--network", "simple_fc"], "first: these weights don't fit the network: fc1, "),
    ):
        done = run_script("training.py", *STILL, *words, "--run", "refused", cwd=folder)
        assert done.returncode == 2 and expected in done.stderr and "Traceback" not in done.stderr
        assert not (folder / "runs" / "refused").exists()
