"""training.py --micro_batches in one process: near the undivided batch, and the same bits however it is run."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
from support.made_tables import config, history, run, run_well, with_table
from support.scripts import PROJECT, copy_project, environment
from support.trained import assert_same, start, weights

IMAGES = ["--network", "cnn_regularized", "--batch_size", 16, "--micro_batches", 4, "--seed", 3, "--epochs", 4]
TABLE = ["--data", "X.tabular", "--labels", "y.tabular", "--batch_size", 16, "--micro_batches", 4, "--epochs", 30]
TABLE += ["--architecture", "dense 16 elu, batchnormalization, dropout 0.3, dense 1 sigmoid", "--optimizer", "rmsprop"]
TABLE += ["--reduce_on_plateau", 2, "--patience", 12]


@pytest.fixture(scope="module")
def folder(drawn, tmp_path_factory):
    copy = with_table(shutil.copytree(drawn, tmp_path_factory.mktemp("micro_batches") / "class"))
    run_well("training.py", copy, *IMAGES, "--run", "images")
    run_well("training.py", copy, *TABLE, "--run", "table")
    return copy


@pytest.mark.long
def test_the_weights_are_nearly_those_of_undivided_batches(folder):
    """The network has no batch norm, which sees other batches, and no dropout: what differs is how sums are rounded."""
    words = ["--network", "cnn", "--batch_size", 16, "--epochs", 1, "--precision", "float32"]
    for parts in (1, 4):
        run_well("training.py", folder, *words, "--micro_batches", parts, "--run", f"parts_{parts}")
    whole, divided = (weights(folder / "runs" / f"parts_{parts}") for parts in (1, 4))
    assert whole.keys() == divided.keys()
    for name in ("conv1/weights", "logits/weights"):
        assert (whole[name] != divided[name]).any()
        assert np.abs(whole[name] - divided[name]).max() < 1e-3 * np.abs(whole[name]).max(), name


def rank(epoch):
    return -float(epoch["validation_accuracy"]), float(epoch["validation_loss"])


def test_evaluating_finds_what_the_validation_found(folder):
    run_well("evaluating.py", folder, "--run", "images")
    report = json.loads((folder / "runs" / "images" / "evaluation" / "report.json").read_text())
    best = min(history(folder / "runs" / "images"), key=rank)
    assert report["accuracy"] == pytest.approx(float(best["validation_accuracy"]))
    assert report["loss"] == pytest.approx(float(best["validation_loss"]), rel=1e-5)
    assert config(folder / "runs" / "images")["settings"]["micro_batches"] == 4


@pytest.mark.parametrize(
    "way", ["direct", *(pytest.param(way, marks=pytest.mark.long) for way in ("memory", "cached"))]
)
def test_each_input_gives_the_same_bits(folder, way):
    run_well("training.py", folder, *IMAGES, "--input", way, "--run", way)
    assert_same(folder / "runs" / way, folder / "runs" / "images")


@pytest.mark.long
@pytest.mark.parametrize("kind", ["images", "table"])
def test_a_killed_run_comes_to_the_same_end(folder, kind):
    process = start(folder, *{"images": IMAGES, "table": TABLE}[kind], "--run", f"{kind}_killed")
    for line in process.stdout:
        if line.startswith("epoch    2"):
            break
    process.kill()
    process.communicate()
    run_well("training.py", folder, "--resume", "--run", f"{kind}_killed")
    assert_same(folder / "runs" / f"{kind}_killed", folder / "runs" / kind)


@pytest.mark.long
def test_one_core_gives_the_same_bits_as_several(folder):
    command = ["taskset", "-c", "0", sys.executable, str(PROJECT / "training.py"), *map(str, IMAGES)]
    done = subprocess.run([*command, "--run", "one_core"], cwd=folder, env=environment(), stdout=subprocess.DEVNULL)
    assert done.returncode == 0
    assert_same(folder / "runs" / "one_core", folder / "runs" / "images")


@pytest.mark.long
def test_folds_are_divided_too(folder):
    run_well("training.py", folder, *TABLE, "--folds", 2, "--epochs", 3, "--run", "folds")
    assert (folder / "runs" / "folds" / "scores.tabular").exists()
    assert config(folder / "runs" / "folds_fold_2")["settings"]["micro_batches"] == 4


@pytest.mark.long
def test_the_time_of_divided_batches_is_explained(folder):
    assert "micro_batch_3 backwards" in run_well("training.py", folder, *IMAGES, "--epochs", 20, "--explain_time")


def test_a_batch_that_can_t_be_divided_is_refused(folder):
    refused = run("training.py", folder, *IMAGES, "--micro_batches", 5)
    assert (refused.returncode, refused.stderr) == (
        2,
        "error: --micro_batches 5: a batch of 16 can't be divided into so many equal parts.\n"
        "  Use a divisor of --batch_size, or --batch_size 20.\n",
    )


def test_a_network_with_a_loop_is_one_error(folder, tmp_path):
    project = copy_project(tmp_path / "copy")
    script = project / "dlho2018_nns.py"
    code = script.read_text(encoding="utf-8")
    loop = "    import kit.tensorflow1 as tf\n    images = tf.map_fn(lambda image: 2.0 * image, images)\n"
    before = '    x = j_conv_layer(images, 8, "conv1", kernel_size=5, strides=2)'
    assert before in code
    script.write_text(code.replace(before, loop + before, 1), encoding="utf-8")
    refused = run("training.py", folder, "--network", "cnn", "--micro_batches", 4, project=project)
    assert refused.returncode == 2 and "Traceback" not in refused.stderr
    assert "--micro_batches: the network has a loop (tf.while_loop)" in refused.stderr
