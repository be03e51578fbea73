"""The results of a training: the best epoch, weights for Keras, scores."""

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from support.scored import EPOCHS, LABELS, TWO, epoch, files_of, table, text_of
from support.scripts import PROJECT, environment

import kit.tensorflow1 as tf
from kit.evaluation.result import EvaluationResult
from kit.model.keras import architectures, weights
from kit.model.keras.network import build
from kit.runs import results

pytestmark = pytest.mark.filterwarnings("error")


class FakeRun(SimpleNamespace):
    """As much of kit.runs.run_folder.Run as results need."""

    def checkpoint_prefix(self, kind):
        return str(self.folder / kind / "model.ckpt")


def fake_run(folder, architecture=None):
    folder.mkdir(parents=True, exist_ok=True)
    return FakeRun(
        folder=folder, name=folder.name, architecture=architecture, left_out={}, settings=SimpleNamespace(fold=None)
    )


def history(epochs):
    return SimpleNamespace(epochs=epochs, best=max(epochs, key=lambda each: each.rank))


def test_a_tables_training_saves_the_scores_of_its_last_epoch(tmp_path, capsys):
    data = table(tmp_path, ["ALL", "ALL", "ALL", "AML", "AML"])
    capsys.readouterr()  # what was found in the files
    run = fake_run(tmp_path / "runs" / "a")
    results.save_results(run, data, history(EPOCHS), EvaluationResult(0.5, 0.6, LABELS, TWO))
    assert capsys.readouterr().out == (
        "The best: epoch 2, with a validation accuracy of 0.9000\n"
        f"{run.folder}/scores.tabular: of epoch 3, the last; the best was chosen by these very rows\n"
    )
    assert text_of(run.folder / "scores.tabular") == (
        "epoch\taccuracy\tbalanced_accuracy\tprecision\trecall\tf1\troc_auc\taverage_precision\tlog_loss\n"
        "3\t0.6\t0.583333\t0.5\t0.5\t0.5\t0.833333\t0.833333\t0.503552\n"
    )


def test_a_training_on_values_saves_theirs(tmp_path, capsys):
    data = table(tmp_path, ["1.5", "2", "2.5"])
    capsys.readouterr()  # what was found in the files
    run = fake_run(tmp_path / "runs" / "a")
    result = EvaluationResult(0.5, 0.25, np.float32([1.5, 2, 2.5]), np.float32([[1.5], [2], [3]]))
    results.save_results(run, data, history(EPOCHS), result)
    assert capsys.readouterr().out.startswith("The best: epoch 2, with a validation R2 of 0.9000\n")
    assert text_of(run.folder / "scores.tabular") == "epoch\trmse\tmae\tr2\n3\t0.288675\t0.166667\t0.5\n"


def test_a_training_on_everything_has_no_scores(tmp_path, capsys):
    data = table(tmp_path, ["ALL", "AML"])
    capsys.readouterr()  # what was found in the files
    run = fake_run(tmp_path / "runs" / "a")
    results.save_results(run, data, history([epoch(n, validation=(None, None)) for n in (1, 2)]), None)
    assert capsys.readouterr().out == "Trained on everything: epoch 2, training accuracy 0.7500\n"
    assert not files_of(run.folder)


def test_a_training_of_kerass_architecture_writes_the_best_checkpoints_weights(graph, tmp_path, capsys):
    architecture = architectures.read("dense 2 relu, batchnormalization, dense 1 sigmoid")
    architecture = architectures.with_input_shape(architecture, (1,))
    run = fake_run(tmp_path / "runs" / "a", architecture)
    build(architecture, tf.placeholder(tf.float32, [None, 1]), tf.placeholder_with_default(False, []))
    variables = tf.global_variables()
    rng = np.random.default_rng(0)
    values = {variable.op.name: rng.normal(size=variable.shape.as_list()) for variable in variables}
    tf.train.get_or_create_global_step()  # is in the checkpoint too, and no weight
    saver = tf.train.Saver()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for variable in variables:
            variable.load(values[variable.op.name], session)
        (run.folder / "best").mkdir()
        saver.save(session, run.checkpoint_prefix("best"), 7)
    results.save_results(run, table(tmp_path, ["ALL", "AML"]), history(EPOCHS), None)
    assert f"{run.folder}/weights.h5: its weights, for Keras\n" in capsys.readouterr().out
    read = weights.read_weights(run.folder / "weights.h5", architecture)
    assert list(read) == [variable.op.name for variable in variables if "/" in variable.op.name]
    for name, array in read.items():
        np.testing.assert_array_equal(array, values[name].astype(np.float32))


def test_a_training_on_equal_values_says_that_r2_is_undefined(tmp_path, capsys):
    data = table(tmp_path, ["0.1", "0.1", "0.1", "0.2"])
    run, labels = fake_run(tmp_path / "runs" / "a"), np.float32([0.1] * 3)
    assert np.isnan(data.score(0.0, labels, labels[:, None] + 1))
    capsys.readouterr()  # what was found in the files
    epochs = [epoch(n, (0.5, None), (loss, None)) for n, loss in enumerate((0.3, 0.2, 0.25), 1)]
    results.save_results(run, data, history(epochs), EvaluationResult(0.25, np.nan, labels, labels[:, None]))
    output = capsys.readouterr().out
    assert output.startswith("The best: epoch 2, with a validation loss of 0.2; R2 undefined\n")
    assert output.endswith("\nlabels that are all equal: R2 undefined\n")
    assert text_of(run.folder / "scores.tabular") == "epoch\trmse\tmae\tr2\n3\t0\t0\t\n"


def test_scikit_learn_and_matplotlib_are_imported_only_where_they_are_used(tmp_path):
    code = """
import sys
from types import SimpleNamespace
from kit.evaluation import plots
from kit.evaluation import report_files as reports
from kit.runs import results
from kit.evaluation import scores
from kit.runs import tensorboard as summaries
from kit.runs.history import Epoch
epochs = [Epoch(1, 10, 0.1, 0.5, 0.75, 0.6, 0.7, 1.0)]
run = SimpleNamespace(folder=None, architecture=None)
data = SimpleNamespace(keeps_scores=False, score_name="accuracy")
results.save_results(run, data, SimpleNamespace(epochs=epochs, best=epochs[0]), object())
print(sorted({"sklearn", "matplotlib", "tensorflow", "h5py"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=environment(), capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("The best: epoch 1, with a validation accuracy of 0.7000\n[]\n", "")
