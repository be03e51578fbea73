"""training.py as a user runs it: it learns, tells what it does, stops and goes on without a trace."""

import json
import re
import shutil
import signal

import numpy as np
import pytest
from PIL import Image
from support import warm
from support.scripts import copy_project
from support.trained import SETTINGS, assert_same, history, start, train, weights

EPOCHS = 8
EPOCH_LINE = re.compile(r"(?m)^epoch +(\d+) +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+) +[\d.]+ s$")


@pytest.fixture(scope="module")
def folder(drawn, tmp_path_factory):
    """A copy of the drawn data set, where these tests train."""
    copy = tmp_path_factory.mktemp("training") / "class"
    shutil.copytree(drawn, copy)
    return copy


@pytest.fixture(scope="module")
def undisturbed(folder):
    """A run that was never stopped."""
    assert train(folder, *SETTINGS, "--epochs", EPOCHS, "--run", "undisturbed", cold=True)[0] == 0
    return folder / "runs" / "undisturbed"


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    """`cnn` on 800 plain images: (folder, what training.py printed, its errors)."""
    folder = tmp_path_factory.mktemp("learned")
    for shape in ("square", "triangle"):
        words = ["--shape", shape, "--num_images", "400", "--size", "32", "--style", "plain"]
        warm.run("dataset_creation.py", folder, *words, "--output_directory", f"{shape}s").check_returncode()
    parts = [(folder / f"{shape}s" / "info.csv").read_bytes() for shape in ("square", "triangle")]
    (folder / "dataset.csv").write_bytes(b"".join(parts))
    status, output, errors = train(folder, "--epochs", "6", "--run", "learned", cold=True)  # as a user starts it
    assert status == 0, errors
    return folder, output, errors


# ----------------------------------------------------------------------------- what a user sees


def test_it_learns(learned):
    _, output, _ = learned
    accuracies = [float(match[5]) for match in EPOCH_LINE.finditer(output)]
    assert len(accuracies) == 6
    assert max(accuracies) > 0.97


def test_the_console_is_plain_text_without_chatter(learned):
    _, output, errors = learned
    assert errors == ""
    assert "\x1b" not in output and "\r" not in output
    assert "tensorflow" not in output.lower()


def test_the_table_of_layers_comes_first(learned):
    _, output, _ = learned
    rows = [line.split() for line in output[: output.index("epoch")].splitlines()]
    assert ["conv1", "conv", "[B,", "16,", "16,", "8]", "608"] in rows
    assert ["logits", "fc", "[B,", "2]", "130"] in rows
    total = 608 + (9 * 8 * 16 + 16) + (9 * 16 * 32 + 32) + (9 * 32 * 64 + 64) + (2 * 2 * 64 * 64 + 64) + 130
    assert ["total", f"{total:,}"] in rows


def test_the_next_commands_come_last(learned):
    _, output, _ = learned
    *_, evaluate, tensorboard = output.splitlines()
    assert evaluate.endswith("evaluating.py") and tensorboard.endswith("tensorboard --logdir runs")


def test_the_runs_folder(learned):
    run = learned[0] / "runs" / "learned"
    names = {path.name for path in run.iterdir()}
    assert names == {".lock", "config.json", "history.csv", "checkpoints", "best", "train", "validation"}
    settings = json.loads((run / "config.json").read_text())["settings"]
    assert (settings["network"], settings["epochs"], settings["batch_size"]) == ("cnn", 6, 32)
    printed = [match.groups() for match in EPOCH_LINE.finditer(learned[1])]
    columns = ("training_loss", "training_accuracy", "validation_loss", "validation_accuracy")
    kept = [(row["epoch"], *(f"{float(row[column]):.4f}" for column in columns)) for row in history(run)]
    assert kept == printed


def test_the_best_checkpoint_is_of_the_best_epoch(learned):
    import kit.tensorflow1 as tf

    run = learned[0] / "runs" / "learned"
    best = max(history(run), key=lambda row: (float(row["validation_accuracy"]), -float(row["validation_loss"])))
    assert tf.train.latest_checkpoint(str(run / "best")).endswith(f"-{best['step']}")


# ----------------------------------------------------------------------------- stopped and resumed


def test_a_longer_run_goes_on_where_it_ended(folder, undisturbed):
    assert train(folder, *SETTINGS, "--epochs", "3", "--run", "longer")[0] == 0
    status, output, _ = train(folder, "--resume", "--run", "longer", "--epochs", EPOCHS)
    assert status == 0
    assert [int(match[1]) for match in EPOCH_LINE.finditer(output)] == [4, 5, 6, 7, 8]
    assert_same(folder / "runs" / "longer", undisturbed)


def stop_after_the_first_epoch(folder, number, *arguments):
    """Starts training.py, sends it a signal once an epoch is over; gives its outcome."""
    return stop_at(EPOCH_LINE, folder, number, *SETTINGS, "--epochs", EPOCHS, *arguments)


def stop_at(pattern, folder, number, *arguments):
    """Starts training.py, sends it a signal once it has printed a line of a pattern; gives its outcome."""
    process = start(folder, *arguments)
    printed = ""
    for line in process.stdout:
        printed += line
        if re.search(pattern, line):
            process.send_signal(number)
            break
    output, errors = process.communicate(timeout=120)
    return process.returncode, printed + output, errors


@pytest.mark.long
@pytest.mark.parametrize(
    "killed_at",
    [
        pytest.param("^Skipping", id="before its first checkpoint"),
        pytest.param(EPOCH_LINE, id="after an epoch"),
    ],
)
def test_a_longer_run_that_is_killed_goes_on_to_the_same_bits(folder, undisturbed, killed_at, request):
    run = f"killed_{request.node.callspec.id.split()[0]}"
    assert train(folder, *SETTINGS, "--epochs", "2", "--run", run)[0] == 0
    status, _, _ = stop_at(killed_at, folder, signal.SIGKILL, "--resume", "--run", run, "--epochs", EPOCHS)
    assert status == -signal.SIGKILL
    status, _, errors = train(folder, "--resume", "--run", run)
    assert (status, errors) == (0, "")
    assert_same(folder / "runs" / run, undisturbed)


def test_a_run_killed_before_it_began_leaves_its_name_free(folder):
    (folder / "runs" / "stillborn" / "checkpoints").mkdir(parents=True)
    assert train(folder, *SETTINGS, "--epochs", "1", "--run", "stillborn")[0] == 0
    assert len(history(folder / "runs" / "stillborn")) == 1


def test_ctrl_c_saves_and_the_run_goes_on_to_the_same_bits(folder, undisturbed):
    status, output, errors = stop_after_the_first_epoch(folder, signal.SIGINT, "--run", "stopped")
    assert status == 130 and "Traceback" not in errors
    step = int(re.search(r"Saved at step (\d+)", output)[1])
    assert 0 < step < int(history(undisturbed)[-1]["step"])
    assert "--resume --run stopped" in output
    status, _, errors = train(folder, "--resume", "--run", "stopped")
    assert (status, errors) == (0, "")
    ours, theirs = weights(folder / "runs" / "stopped"), weights(undisturbed)
    for name, value in theirs.items():
        np.testing.assert_array_equal(ours[name], value, err_msg=name)


def test_sigterm_saves_too(folder):
    status, output, _ = stop_after_the_first_epoch(folder, signal.SIGTERM, "--run", "ended")
    assert status == 130
    step = int(re.search(r"Saved at step (\d+)", output)[1])
    assert weights(folder / "runs" / "ended")["global_step"] == step


def test_other_settings_are_refused_when_resuming(folder, undisturbed):
    for words in (["--batch_size", "8"], ["--network", "cnn"]):
        status, _, errors = train(folder, "--resume", "--run", "undisturbed", *words)
        assert status == 2 and errors.startswith(f"error: {words[0]} {words[1]}: run 'undisturbed' began with")


def test_a_taken_or_impossible_name_is_refused(folder, undisturbed):
    status, _, errors = train(folder, "--run", "undisturbed")
    assert status == 2 and "--resume --run undisturbed" in errors
    status, _, errors = train(folder, "--run", "../elsewhere")
    assert status == 2 and "'../elsewhere'" in errors


# ----------------------------------------------------------------------------- settings that end or change a run


def test_patience_ends_a_run_that_gets_no_better(folder):
    words = ["--network", "simple_fc", "--learning_rate", "1e-30", "--patience", "2", "--epochs", "50"]
    status, output, _ = train(folder, *words, "--run", "patient")
    assert status == 0
    assert [int(match[1]) for match in EPOCH_LINE.finditer(output)] == [1, 2, 3]


def test_decay_lowers_the_learning_rate_after_every_epoch(folder):
    words = ["--network", "simple_fc", "--optimizer", "momentum", "--loss", "sigmoid_cross_entropy"]
    words += ["--learning_rate", "0.008", "--decay", "0.5", "--epochs", "3", "--run", "decaying"]
    assert train(folder, *words)[0] == 0
    rates = [float(row["learning_rate"]) for row in history(folder / "runs" / "decaying")]
    np.testing.assert_allclose(rates, [0.008, 0.004, 0.002], rtol=1e-6)


def test_a_loss_that_is_no_number_stops_and_keeps_the_last_good_checkpoint(folder, tmp_path):
    project = copy_project(tmp_path / "kit")
    designs = (project / "dlho2018_nns.py").read_text()
    mine = """    import kit.tensorflow1 as tf
    x = j_fc_layer(j_flatten_layer(images), 4, "fc1")
    return j_logits(x, num_classes) * tf.where(tf.train.get_global_step() < 30, 1.0, float("nan"))
"""
    before, after = re.split(r'(?<=beat the others\.""")\n(?:    .*\n)+', designs)
    (project / "dlho2018_nns.py").write_text(f"{before}\n{mine}{after}")
    words = ["--network", "my_network", "--batch_size", "4", "--run", "broken"]
    status, output, errors = train(folder, *words, project=project)
    assert status == 2
    assert errors.startswith("error: Step 31: the loss is nan") and "learning_rate" in errors
    assert len(EPOCH_LINE.findall(output)) == 1
    kept = weights(folder / "runs" / "broken")
    assert kept["global_step"] == int(history(folder / "runs" / "broken")[0]["step"]) < 30
    assert all(np.isfinite(value).all() for value in kept.values())


# ----------------------------------------------------------------------------- a student's design


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return j_fc_layer(images, 2, 'out')", "layer 'out': got [?, 32, 32, 3], wants rows [B, D]"),
        ("return undefined_layer(images)", "name 'undefined_layer' is not defined"),
        ("return images / 0 if num_classes else 1 / 0", "returned a tensor of shape (?, 32, 32, 3), expected [B, 2]"),
        ("j_flatten_layer(images)", "returned None, expected logits"),
    ],
)
def test_a_mistake_in_a_network_is_reported_with_its_line(graph, tmp_path, body, message):
    import kit.tensorflow1 as tf
    import tf_layers
    from kit.cli.errors import UserError
    from kit.model.design_errors import check_logits, design_errors_explained

    path = tmp_path / "dlho2018_nns.py"
    path.write_text(f"def my_network(images, num_classes, is_training):\n    {body}\n")
    names = dict(vars(tf_layers))
    exec(compile(path.read_text(), str(path), "exec"), names)
    images = tf.placeholder(tf.float32, [None, 32, 32, 3])
    with pytest.raises(UserError) as error, design_errors_explained():
        check_logits(names["my_network"](images, 2, tf.constant(False)), "my_network", 2)
    assert "dlho2018_nns.py" in str(error.value) and message in str(error.value)
    if "returned" not in message:
        assert str(error.value).startswith("dlho2018_nns.py:2, in my_network:") and body in str(error.value)


def test_images_of_another_format_train_too(tmp_path):
    for number in range(40):
        image = Image.new("L", (20, 20), 255 * (number % 2))
        image.save(tmp_path / f"{number}.jpg") if number % 3 else image.convert("P").save(tmp_path / f"{number}.png")
    files = sorted(path.name for path in tmp_path.iterdir())
    lines = [f"{name},{name},{int(name.split('.')[0]) % 2}" for name in files]
    (tmp_path / "dataset.csv").write_text("\n".join(lines))
    status, output, errors = train(tmp_path, "--network", "simple_fc", "--epochs", "4", "--batch_size", "8")
    assert (status, errors) == (0, "")
    assert max(float(match[5]) for match in EPOCH_LINE.finditer(output)) == 1.0
