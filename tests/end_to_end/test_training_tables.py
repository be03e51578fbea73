"""training.py on tables, as a user runs it: the data in all its forms, folds, stopped and resumed, values."""

import gzip
import json
import re
import signal

import numpy as np
import pytest
from support.made_tables import (
    CLASSES,
    COLUMNS,
    GENES,
    ROWS,
    assert_same_weights,
    column,
    config,
    history,
    keras_weights,
    rows_and_kinds,
    run,
    run_well,
    scalars,
    tabular,
    write_table,
)
from support.trained import start

import dlho2018
from kit.cli.settings import TrainingSettings
from kit.model.keras import architectures, writing
from kit.runs.run_data import open_training_data
from kit.runs.run_folder import Run

NETWORK = "dense 16 elu, dense 16 elu, dense 1 sigmoid"
# What the guide trains with, and the scaling without which so few epochs learn little of these rows.
GALAXY = ["--data", "X.tabular", "--labels", "y.tabular", "--architecture", "galaxy.json"]
GALAXY += ["--loss", "binary_crossentropy", "--optimizer", "rmsprop", "--batch_size", "4", "--validation", "0.2"]
GALAXY += ["--scale", "standard"]
EPOCH_LINE = re.compile(r"(?m)^epoch +(\d+) +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+) +[\d.]+ s$")
SCORES = ("accuracy", "balanced_accuracy", "precision", "recall", "f1", "roc_auc", "average_precision", "log_loss")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with one table in several forms, where these tests train."""
    folder = tmp_path_factory.mktemp("training_tables")
    rows, kinds = rows_and_kinds()
    words = [CLASSES[kind] for kind in kinds]
    write_table(folder / "X.tabular", rows.tolist())
    write_table(folder / "y.tabular", [[word] for word in words], ["kind"])
    # commas, words in a column of the table, two values missing
    cells = [[*row, word] for row, word in zip(rows.tolist(), words)]
    cells[3][1] = cells[40][4] = "NA"
    write_table(folder / "whole.csv", cells, [*GENES, "kind"], ",")
    # packed, without a header, numbers for labels in the first column
    write_table(folder / "plain", [[kind, *row] for kind, row in zip(kinds, rows.tolist())], None)
    (folder / "packed").write_bytes(gzip.compress((folder / "plain").read_bytes()))
    values = 2 * rows[:, 0] - rows[:, 3] + 0.5
    write_table(folder / "values.tabular", [[value] for value in values.tolist()], ["value"])
    return folder


@pytest.fixture(scope="module")
def galaxy(folder):
    """The issue's command, with the architecture in a file: (run's folder, what was printed)."""
    words = ["--architecture", NETWORK, "--write_architecture", "galaxy.json"]
    run_well("training.py", folder, *words)
    printed = run_well("training.py", folder, *GALAXY, "--epochs", 10, "--run", "galaxy")
    return folder / "runs" / "galaxy", printed


# ----------------------------------------------------------------------------- the command


def test_it_learns(galaxy):
    run_folder, printed = galaxy
    lines = [match.groups() for match in EPOCH_LINE.finditer(printed)]
    assert len(lines) == 10 and max(float(line[4]) for line in lines) >= 0.9
    columns = ("training_loss", "training_accuracy", "validation_loss", "validation_accuracy")
    assert lines == [(row["epoch"], *(f"{float(row[name]):.4f}" for name in columns)) for row in history(run_folder)]


def test_the_console_fits_and_has_no_chatter(galaxy):
    _, printed = galaxy
    assert "tensorflow" not in printed.lower() and "\x1b" not in printed
    assert "X.tabular: 48 training and 12 validation rows of 6 columns, classes ALL, AML" in printed
    table = printed[printed.index("Run galaxy") : printed.index("The best")].splitlines()
    assert len(table) == 13 and max(map(len, table)) <= 80
    assert table[2].split() == ["loss", "accuracy"] * 2
    assert printed.splitlines()[-2].endswith("evaluating.py")


def test_the_layers_are_the_architecture_s(galaxy):
    rows = [line.split() for line in galaxy[1].splitlines()]
    for name, size, count in (("dense", 16, 16 * 7), ("dense_1", 16, 16 * 17), ("dense_2", 1, 17)):
        assert [name, "Dense", "[B,", f"{size}]", str(count)] in rows
    assert ["total", str(16 * 7 + 16 * 17 + 17)] in rows


def test_the_run_s_folder(galaxy):
    run_folder, _ = galaxy
    files = {".lock", "config.json", "architecture.json", "history.csv", "scores.tabular", "weights.h5"}
    assert {path.name for path in run_folder.iterdir()} == files | {"checkpoints", "best", "train", "validation"}
    assert config(run_folder)["data"]["class_names"] == list(CLASSES)
    layers = json.loads((run_folder / "architecture.json").read_text())["config"]["layers"]
    assert layers[0]["class_name"] == "InputLayer" and layers[0]["config"]["batch_input_shape"] == [None, COLUMNS]


def test_the_scores_are_of_the_last_epoch(galaxy):
    run_folder, _ = galaxy
    (scores,), last = tabular(run_folder / "scores.tabular"), history(run_folder)[-1]
    assert tuple(scores) == ("epoch", *SCORES) and scores["epoch"] == "10"
    assert float(scores["accuracy"]) == pytest.approx(float(last["validation_accuracy"]), abs=1e-5)
    assert float(scores["log_loss"]) == pytest.approx(float(last["validation_loss"]), abs=1e-5)


# ----------------------------------------------------------------------------- tables of all forms


def test_a_column_of_the_table_chosen_columns_and_missing_values(folder):
    words = ["--data", "whole.csv", "--label_column", "kind", "--columns", "gene_5", "2-3", "--fill_missing"]
    words += ["--scale", "standard", "--stratified", "--validation", "0.3", "--batch_size", "6", "--epochs", 15]
    printed = run_well("training.py", folder, *words, "--run", "chosen")
    assert "Run chosen: network simple_fc, softmax_cross_entropy" in printed
    run_folder = folder / "runs" / "chosen"
    data = config(run_folder)["data"]
    assert (data["columns"], data["fields"], data["label_column"]) == (
        ["gene_5", "gene_2", "gene_3"],
        [4, 1, 2],
        "kind",
    )
    assert (data["num_training"], data["num_validation"], data["has_header"]) == (42, 18, True)
    assert max(column(history(run_folder), "validation_accuracy")) >= 0.8
    (report,) = tabular(run_folder / "scores.tabular")
    assert report["balanced_accuracy"] == report["accuracy"]  # nine of each class


def test_a_packed_table_without_a_header_from_memory(folder):
    words = ["--data", "packed", "--label_column", 1, "--without_columns", 3, "--scale", "minmax", "--input", "memory"]
    words += ["--optimizer", "sgd", "--optimizer_options", "momentum=0.9", "nesterov=true", "--epochs", 25]
    run_well("training.py", folder, *words, "--batch_size", 8, "--network", "simple_fc", "--run", "packed")
    run_folder = folder / "runs" / "packed"
    data = config(run_folder)["data"]
    assert (data["columns"], data["class_names"]) == (["2", "4", "5", "6", "7"], ["0", "1"])
    assert (data["has_header"], data["label_column"]) == (False, "1")
    assert max(column(history(run_folder), "validation_accuracy")) >= 0.9
    assert not (run_folder / "weights.h5").exists()  # Keras has no such network


def test_nothing_held_back(folder):
    words = ["--data", "X.tabular", "--labels", "y.tabular", "--validation", 0, "--epochs", 3]
    printed = run_well("training.py", folder, *words, "--run", "everything")
    assert "60 training and 0 validation rows" in printed and "epoch 3, training accuracy" in printed
    assert "evaluating.py needs --data" in printed and "..." not in printed.split("Next:")[1]
    run_folder = folder / "runs" / "everything"
    rows = history(run_folder)
    assert len(rows) == 3 and {row["validation_loss"] + row["validation_accuracy"] for row in rows} == {""}
    assert [path.name for path in (run_folder / "best").glob("*.index")] == [f"model.ckpt-{rows[-1]['step']}.index"]
    assert not (run_folder / "scores.tabular").exists()


# ----------------------------------------------------------------------------- folds


# A network with all that could make a resumed run differ: dropout, moving averages, RMSprop's own memory.
FOLDS = ["--data", "X.tabular", "--labels", "y.tabular", "--folds", 3, "--stratified", "--batch_size", 4]
FOLDS += ["--architecture", "folds.json", "--optimizer", "rmsprop", "--epochs", 5]
FOLDS_NETWORK = "dense 8 elu, batchnormalization, dropout 0.3, dense 2 softmax"


@pytest.fixture(scope="module")
def folds(folder):
    """A cross-validation: (folder of the runs, what was printed)."""
    (folder / "folds.json").write_text(writing.to_json(architectures.read(FOLDS_NETWORK)))
    printed = run_well("training.py", folder, *FOLDS, "--run", "cross")
    return folder / "runs", printed


def test_each_fold_is_a_run_and_each_row_is_held_back_once(folds):
    runs, printed = folds
    assert printed.count("epoch    5") == 3
    sizes = [config(runs / f"cross_fold_{number}")["data"]["num_validation"] for number in (1, 2, 3)]
    assert sizes == [20, 20, 20]


def test_the_mean_scores(folds):
    runs, printed = folds
    *rows, mean, std, _, _, pooled = tabular(runs / "cross" / "scores.tabular")
    assert [row["fold"] for row in rows] == ["1", "2", "3"] and (mean["fold"], std["fold"]) == ("mean", "std")
    for number, row in enumerate(rows, 1):
        (own,) = tabular(runs / f"cross_fold_{number}" / "scores.tabular")
        assert {name: own[name] for name in SCORES} == {name: row[name] for name in SCORES}
    for name in SCORES:
        values = column(rows, name)
        assert float(mean[name]) == pytest.approx(values.mean(), rel=1e-5)
        assert float(std[name]) == pytest.approx(values.std(ddof=1), rel=1e-4, abs=1e-6)
    shown = printed[printed.index("runs/cross/scores.tabular") :].partition("Next:")[0].splitlines()
    assert [f"{float(mean[name]):.4f}" for name in SCORES] in [line.split()[1:] for line in shown]
    assert max(map(len, shown[1:])) <= 80
    together = tabular(runs / "cross" / "predictions.tabular")
    (own,) = (tabular(runs / f"cross_fold_{number}" / "predictions.tabular") for number in [2])
    assert len(together) == 60 and [int(row["row"]) for row in together] == sorted(int(row["row"]) for row in together)
    assert [row for row in together if row["fold"] == "2"] == [{"fold": "2", **row} for row in own]
    right = np.mean([row["label"] == row["predicted"] for row in together])
    assert float(pooled["accuracy"]) == pytest.approx(right, rel=1e-5)


def test_a_stopped_cross_validation_goes_on_with_the_other_folds(folder, folds):
    runs, _ = folds
    (folder / "folds.json").write_text(writing.to_json(architectures.read(FOLDS_NETWORK)))
    run_well("training.py", folder, *FOLDS, "--fold", 1, "--run", "part_fold_1")  # as if stopped after it
    printed = run_well("training.py", folder, "--resume", "--run", "part")
    assert printed.count("epoch    5") == 2
    assert (runs / "part" / "scores.tabular").read_text() == (runs / "cross" / "scores.tabular").read_text()
    assert config(runs / "part_fold_3")["settings"]["fold"] == 3
    result = run("evaluating.py", folder, "--run", "part")
    assert result.returncode == 2
    assert "Each fold of this cross-validation is a run: part_fold_1, part_fold_2, part_fold_3." in result.stderr


def stop_after(pattern, folder, *arguments):
    """Starts training.py and presses Ctrl-C once it has printed a line; gives (exit status, output, errors)."""
    process = start(folder, *arguments)
    printed = ""
    for line in process.stdout:
        printed += line
        if re.search(pattern, line):
            process.send_signal(signal.SIGINT)
            break
    output, errors = process.communicate(timeout=120)
    return process.returncode, printed + output, errors


def test_a_fold_alone_that_is_stopped_and_resumed_ends_with_the_same_bits(folder, folds):
    """As in the cross-validation, where nothing disturbed it; and whatever became of the architecture's file."""
    status, output, errors = stop_after("^epoch +1 ", folder, *FOLDS, "--fold", 2, "--run", "alone")
    assert status == 130 and "Traceback" not in errors and "--resume --run alone" in output
    steps = int(re.search(r"Saved at step (\d+)", output)[1])
    (folder / "folds.json").write_text("another file")
    run_well("training.py", folder, "--resume", "--run", "alone")
    (folder / "folds.json").write_text((folds[0] / "cross_fold_2" / "architecture.json").read_text())
    alone, undisturbed = folds[0] / "alone", folds[0] / "cross_fold_2"
    assert 10 <= steps < 50  # of ten an epoch
    for ours, theirs in zip(history(alone), history(undisturbed), strict=True):
        if int(ours["step"]) - 10 < steps < int(ours["step"]):  # the means of this epoch are of what was left of it
            ours["training_loss"], ours["training_accuracy"] = theirs["training_loss"], theirs["training_accuracy"]
        assert ours == theirs
    assert_same_weights(alone / "weights.h5", undisturbed / "weights.h5")
    for name in ("architecture.json", "scores.tabular"):
        assert (alone / name).read_text() == (undisturbed / name).read_text()


def test_a_taken_name_is_refused_before_anything_is_trained(folder, folds):
    runs = folds[0]
    (runs / "cross_fold_1").rename(runs / "kept_fold_1")
    (runs / "cross_fold_3").rename(runs / "kept_fold_3")
    (runs / "cross").rename(runs / "kept")
    try:
        before = sorted(runs.iterdir())
        result = run("training.py", folder, *FOLDS, "--run", "cross")
        assert sorted(runs.iterdir()) == before
        kept = run("training.py", folder, *FOLDS[:4], "--run", "kept")
    finally:
        for name in ("kept", "kept_fold_1", "kept_fold_3"):
            (runs / name).rename(runs / name.replace("kept", "cross"))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("error: runs/cross_fold_2: a run of this name exists already.")
    assert (kept.returncode, kept.stdout) == (2, "")
    assert kept.stderr == "error: runs/kept: a cross-validation of this name exists already. Choose another name.\n"


def test_folds_do_not_write_into_another_run(folder, galaxy):
    before = (galaxy[0] / "scores.tabular").read_text()
    result = run("training.py", folder, *FOLDS, "--run", "galaxy")
    assert result.returncode == 2 and "error: runs/galaxy: a run of this name exists already." in result.stderr
    assert (galaxy[0] / "scores.tabular").read_text() == before and not (folder / "runs" / "galaxy_fold_1").exists()


# ----------------------------------------------------------------------------- values; when nothing gets better


@pytest.fixture(scope="module")
def values(folder):
    """A linear network on labels that are values: (run's folder, what was printed)."""
    words = ["--data", "X.tabular", "--labels", "values.tabular", "--architecture", "dense 1", "--scale", "standard"]
    words += ["--optimizer", "sgd", "--learning_rate", 0.1, "--batch_size", 8, "--epochs", 20]
    return folder / "runs" / "values", run_well("training.py", folder, *words, "--run", "values")


def test_values_are_learnt_and_scored_by_r2(values):
    run_folder, printed = values
    rows = history(run_folder)
    assert {"training_R2", "validation_R2"} < set(rows[0]) and "validation_accuracy" not in rows[0]
    assert float(rows[-1]["validation_R2"]) > 0.95
    assert ["loss", "R2", "loss", "R2"] in [line.split() for line in printed.splitlines()]
    assert "labels that are values" in printed and "with a validation R2 of" in printed
    (scores,) = tabular(run_folder / "scores.tabular")
    assert tuple(scores) == ("epoch", "rmse", "mae", "r2")
    assert float(scores["r2"]) == pytest.approx(float(rows[-1]["validation_R2"]), abs=1e-5)
    assert float(scores["rmse"]) ** 2 == pytest.approx(float(rows[-1]["validation_loss"]), rel=1e-4)


def test_the_weights_of_values_are_the_line_s(folder, values):
    """What made the values: 2 gene_1 - gene_4 + 0.5, with the scaling put between."""
    rows, _ = rows_and_kinds()
    kernel = next(value for name, value in keras_weights(values[0] / "weights.h5").items() if "kernel" in name)
    expected = np.array([2, 0, 0, -1, 0, 0]) * rows.std(axis=0)
    np.testing.assert_allclose(kernel[:, 0], expected, atol=0.05 * np.abs(expected).max())


def test_tensorboard_s_curves_of_values(values):
    run_folder, _ = values
    training, validation = scalars(run_folder / "train"), scalars(run_folder / "validation")
    assert set(training) == {"curves/loss", "curves/R2", "curves/learning_rate"}
    assert set(validation) == {"curves/loss", "curves/R2"}
    rows = history(run_folder)
    np.testing.assert_allclose(
        [value for _, value in validation["curves/R2"]], column(rows, "validation_R2"), rtol=1e-4
    )
    assert [step for step, _ in validation["curves/loss"]] == [int(row["step"]) for row in rows]


def test_a_plateau_lowers_the_rate_and_patience_ends_the_run(folder):
    """Nothing gets better at such a rate: reduced after the epochs 3 and 5, and stopped six epochs after the first."""
    words = ["--data", "X.tabular", "--labels", "y.tabular", "--learning_rate", "1e-30", "--epochs", 20]
    words += ["--reduce_on_plateau", 2, "--reduce_factor", 0.5, "--patience", 6]
    run_well("training.py", folder, *words, "--run", "plateau")
    rates = column(history(folder / "runs" / "plateau"), "learning_rate")
    np.testing.assert_allclose(rates, np.array([1, 1, 1, 0.5, 0.5, 0.25, 0.25]) * 1e-30, rtol=1e-6)


@pytest.mark.parametrize(
    ("words", "are_values"),
    [
        ({"architecture": "dense 1", "loss": "mean_squared_error"}, True),
        ({"architecture": "dense 1", "loss": "mae"}, True),
        ({"network": "simple_fc", "loss": "mse"}, True),
        ({"architecture": "dense 1 sigmoid", "loss": "mse"}, False),
        ({"architecture": "dense 2 softmax", "loss": "mse"}, False),
        ({"network": "simple_fc", "loss": "softmax_cross_entropy"}, False),
    ],
)
def test_whole_numbers_are_values_where_network_and_loss_want_values(folder, words, are_values):
    settings = TrainingSettings(data=str(folder / "plain"), label_column="1", **words)
    table = open_training_data(Run(folder / "runs" / "none", settings), dlho2018)
    assert table.has_values == are_values
    assert table.labels.tolist() == rows_and_kinds()[1].tolist()


# ----------------------------------------------------------------------------- contradictions


TABLE = ["--data", "X.tabular", "--labels", "y.tabular"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([*TABLE, "--network", "cnn", "--architecture", NETWORK], "--network and --architecture: two networks"),
        ([*TABLE, "--architecture", "dense 3 softmax"], "outputs of shape (?, 3), and the labels are 2 classes"),
        ([*TABLE, "--architecture", "no.json"], "no.json: cannot read this architecture: No such file or directory"),
        ([*TABLE, "--initial_weights", "bad.h5", "--architecture", NETWORK], "bad.h5: cannot read these weights"),
        ([*TABLE, "--batch_size", 50], "--batch_size 50: more than the 48 training rows of X.tabular"),
        ([*TABLE, "--network", "cnn"], "layer 'conv1': got [?, 6]"),
        (["--data", "X.tabular", "--labels", "short"], "short: 3 lines, but the table has 60 rows"),
        (["--data", "X.tabular", "--labels", "values.tabular"], "--loss softmax_cross_entropy is for classes"),
        (["--data", "images.csv", "--labels", "y.tabular"], "images.csv: a CSV of images, image_name,image_path,label"),
        (["--data", "X.tabular"], "--labels FILE, or --label_column NAME"),
        (["--data", "text", "--labels", "y.tabular"], "text:31: column 'gene_2' holds 'high', expected a number"),
        (
            ["--data", "whole.csv", "--label_column", "kind"],
            "Fill with the mean of the column's training rows: --fill_missing",
        ),
        (["--data", "whole.csv", "--label_column", "sort"], "--label_column sort: no such column"),
    ],
)
def test_wrong_data_and_networks_are_refused_and_leave_no_run(folder, words, message):
    if not (folder / "text").exists():
        lines = (folder / "X.tabular").read_text().splitlines()
        lines[30] = lines[30].replace(lines[30].split("\t")[1], "high")
        (folder / "text").write_text("\n".join(lines))
        (folder / "short").write_text("ALL\nAML\nALL\n")
        (folder / "bad.h5").write_text("no weights")
        (folder / "images.csv").write_text("image_name,image_path,label\na.png,a.png,0\n")
    result = run("training.py", folder, *words, "--run", "refused", "--epochs", 1)
    assert result.returncode == 2 and "Traceback" not in result.stderr
    assert all("lines: " in line for line in result.stdout.splitlines()), "more than what was found in the files"
    assert result.stderr.count("error:") == 1 and message in result.stderr
    assert not (folder / "runs" / "refused").exists()


def test_settings_are_refused_before_a_table_is_read(folder):
    for words, message in (
        (["--optimizer_options", "momentum=0.9"], "--optimizer_options: adam has no option 'momentum'"),
        (
            ["--architecture", "dense 1 sigmoid", "--loss", "categorical_crossentropy"],
            "--loss categorical_crossentropy expects one output per class",
        ),
    ):
        result = run("training.py", folder, "--data", "not_there", "--labels", "y.tabular", *words)
        assert result.returncode == 2 and result.stderr.startswith(f"error: {message}")


def test_other_settings_are_refused_when_resuming(folder, galaxy):
    result = run("training.py", folder, "--resume", "--run", "galaxy", "--scale", "minmax")
    assert result.returncode == 2
    assert result.stderr.startswith("error: --scale minmax: run 'galaxy' began with standard")


def test_other_data_is_refused_when_resuming(folder, galaxy):
    kept = (folder / "X.tabular").read_text()
    (folder / "X.tabular").write_text(kept.replace("gene_2", "gene_two"))
    try:
        result = run("training.py", folder, "--resume", "--run", "galaxy", "--epochs", 20)
    finally:
        (folder / "X.tabular").write_text(kept)
    assert result.returncode == 2 and "not the data that run 'galaxy' began with" in result.stderr
    assert "Different: columns." in result.stderr and str(ROWS) not in result.stderr
