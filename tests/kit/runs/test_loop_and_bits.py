"""The loop adds nothing to the graph, and says so of a student's; --deterministic promises the same bits."""

import re
import shutil

import pytest
from support.scripts import copy_project
from support.trained import SETTINGS, assert_same, train

STEP = "            step = recorder.add(loss, score, rate, len(labels))\n"


@pytest.fixture
def folder(drawn, tmp_path):
    shutil.copytree(drawn, tmp_path / "class")
    return tmp_path / "class"


@pytest.fixture
def project(tmp_path):
    """A copy of the project, for a test to change."""
    return copy_project(tmp_path / "kit")


def test_an_operation_added_in_the_loop_is_told_with_its_line(folder, project):
    script = (project / "training.py").read_text()
    assert script.count(STEP) == 1
    (project / "training.py").write_text(script.replace(STEP, f"{STEP}            tf.reduce_mean(labels)\n"))
    line = script[: script.index(STEP)].count("\n") + 2
    status, _, errors = train(folder, *SETTINGS, project=project)
    assert status == 2
    assert errors.startswith(f"error: training.py:{line}, in train: adds an operation to the graph in the loop\n")
    assert "    tf.reduce_mean(labels)\n" in errors and "Traceback" not in errors


def test_the_same_seed_gives_the_same_bits_twice(folder):
    for run in ("one", "two"):
        words = [*SETTINGS, "--epochs", 3, "--deterministic", "--run", run]
        assert train(folder, *words, cold=run == "two")[::2] == (0, "")  # another order of sets, too
    assert_same(folder / "runs" / "one", folder / "runs" / "two")


def test_an_operation_that_cannot_promise_it_is_refused_with_its_line(folder, project):
    designs = (project / "dlho2018_nns.py").read_text()
    mine = """    import kit.tensorflow1 as tf
    pooled, _, _ = tf.nn.fractional_max_pool(images, [1.0, 1.44, 1.44, 1.0])
    return j_logits(j_flatten_layer(tf.ensure_shape(pooled, [None, 22, 22, 3])), num_classes)
"""
    before, after = re.split(r'(?<=beat the others\\.""")\\n(?:    .*\\n)+'.replace("\\\\", "\\"), designs)
    (project / "dlho2018_nns.py").write_text(f"{before}\n{mine}{after}")
    words = "--network", "my_network", "--epochs", 1
    assert train(folder, *words, project=project)[::2] == (0, "")
    status, _, errors = train(folder, *words, "--deterministic", project=project)
    assert status == 2 and errors.startswith("error: dlho2018_nns.py:"), errors
    assert "fractional_max_pool" in errors and "determinis" in errors
