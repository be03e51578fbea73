"""The data that the flags name, opened to train on or to evaluate."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from support.data_sets import image_data
from support.made_tables import write_table

import dlho2018
from kit.cli.errors import UserError
from kit.cli.settings import EvaluatingSettings, TrainingSettings
from kit.data.image_data import ImageData, UnlabelledImages
from kit.data.parts import TRAINING, VALIDATION
from kit.data.tables.table_data import TableData
from kit.model.keras import architectures
from kit.runs.run_data import check_batch_size, check_parts, open_evaluation_data, open_training_data


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The current folder, with 40 images in dataset.csv, 10 in other.csv, and a table of 20 rows."""
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (6, 8)).save("a.png")
    lines = [f"{('square', 'triangle')[number % 2]}_{number},a.png,{number % 2}\n" for number in range(40)]
    (tmp_path / "dataset.csv").write_text("".join(lines))
    (tmp_path / "other.csv").write_text("".join(lines[:10]))
    write_table(tmp_path / "X.tabular", [[number, -number] for number in range(20)], ["a", "b"])
    write_table(tmp_path / "y.tabular", [[number % 2] for number in range(20)], None)
    return tmp_path


def run_of(architecture=None, data_spec=None, **settings):
    """As much of kit.runs.run_folder.Run as its data needs."""
    architecture = architectures.read(architecture) if architecture else None
    settings = TrainingSettings(**{"batch_size": 4, "loss": "softmax_cross_entropy", **settings})
    is_resumed = data_spec is not None
    return SimpleNamespace(
        name="mine",
        settings=settings,
        architecture=architecture,
        data_spec=data_spec,
        is_resumed=is_resumed,
        is_finished_model=False,
        inner=None,
    )


TABLE = {"data": "X.tabular", "labels": "y.tabular"}


# ----------------------------------------------------------------------------- training


def test_images_are_split_and_know_their_lesson():
    data = open_training_data(run_of(), dlho2018)
    assert type(data) is ImageData and data.lesson is dlho2018
    assert data.num_training + data.num_validation == 40 and min(data.num_training, data.num_validation) > 0


def test_a_table_gives_an_architecture_its_shape():
    run = run_of("dense 4 relu, dense 2 softmax", **TABLE)
    data = open_training_data(run, dlho2018)
    assert type(data) is TableData and (data.num_training, data.num_validation) == (16, 4)
    assert run.architecture.input_shape == (2,)


@pytest.mark.parametrize(
    ("architecture", "loss", "num_classes"),
    [
        ("dense 1", "mean_squared_error", 0),
        ("dense 1 sigmoid", "mean_squared_error", 2),
        ("dense 2 softmax", "categorical_crossentropy", 2),
        (None, "mean_squared_error", 0),
        (None, "softmax_cross_entropy", 2),
    ],
)
def test_network_and_loss_decide_whether_whole_numbers_are_values(architecture, loss, num_classes):
    assert open_training_data(run_of(architecture, loss=loss, **TABLE), dlho2018).num_classes == num_classes


def test_the_folds_share_the_rows():
    rows = []
    for fold in (1, 2, 3, 4):
        data = open_training_data(run_of(folds=4, fold=fold, **TABLE), dlho2018)
        rows += data.numbers(VALIDATION).tolist()
    assert sorted(rows) == list(range(1, 21))


def test_a_csv_of_images_is_no_table(folder):
    (folder / "info.csv").write_text("image_name,image_path,label\nsquare_1,a.png,0\n")
    with pytest.raises(UserError, match=r"info\.csv: a CSV of images(.|\n)*leave them out"):
        open_training_data(run_of(data="info.csv", labels="y.tabular"), dlho2018)


@pytest.mark.parametrize(("validation", "part"), [(0.0, "validation"), (1.0, "training")])
def test_a_split_that_leaves_nothing(validation, part):
    data = image_data("dataset.csv", validation)
    with pytest.raises(UserError, match=f"of its 40 images, the split left none for {part}(.|\n)*--validation"):
        check_parts(data, [TRAINING, VALIDATION], has_share=True)
    with pytest.raises(UserError, match=r"left none for .*\n  Draw more images"):
        check_parts(data, [TRAINING, VALIDATION])


def test_a_batch_larger_than_the_training_images():
    data = image_data("dataset.csv", 0.5)
    check_batch_size(data, data.num_training)
    with pytest.raises(UserError, match=f"--batch_size.*more than the {data.num_training} training images"):
        check_batch_size(data, data.num_training + 1)


# ----------------------------------------------------------------------------- evaluating


def test_a_runs_own_validation_data_are_evaluated():
    trained_on = open_training_data(run_of(), dlho2018)
    data = open_evaluation_data(EvaluatingSettings(), run_of(data_spec=trained_on.spec), dlho2018)
    np.testing.assert_array_equal(data.numbers(VALIDATION), trained_on.numbers(VALIDATION))


@pytest.mark.parametrize(("settings", "changed"), [({}, "dataset.csv"), (TABLE, "X.tabular"), (TABLE, "y.tabular")])
def test_data_that_changed_since_the_training_are_told(folder, settings, changed, capsys):
    path = settings.get("data", "dataset.csv")
    run = run_of(data_spec=open_training_data(run_of(**settings), dlho2018).spec, **settings)
    capsys.readouterr()
    open_evaluation_data(EvaluatingSettings(), run, dlho2018)
    assert "began" not in capsys.readouterr().err
    text = (folder / changed).read_text()
    (folder / changed).write_text(text[: len(text) // 2].replace("1", "0") + text[len(text) // 2 :])
    open_evaluation_data(EvaluatingSettings(), run, dlho2018)
    assert f"warning: {path}: not as it was when run 'mine' began; some of the " in capsys.readouterr().err
    open_evaluation_data(
        EvaluatingSettings(), run_of(data_spec=replace(run.data_spec, digest=""), **settings), dlho2018
    )
    assert "began" not in capsys.readouterr().err  # a run of an earlier version, which kept no digest


def test_what_is_found_in_the_files_is_told_once(capsys):
    for fold in (1, 2, 3):
        run = run_of(folds=3, fold=fold, **TABLE)
        data = open_training_data(run, dlho2018)
    open_evaluation_data(EvaluatingSettings(), run_of(data_spec=data.spec, folds=3, fold=3, **TABLE), dlho2018)
    printed = capsys.readouterr()
    assert printed.out.count("X.tabular: 21 lines: 1 header, 20 rows of 2 columns") == 1
    assert printed.out.count("y.tabular: 20 lines: no header, 20 rows") == 1
    assert printed.err.count("column 'a' counts the rows") == 1


def test_all_of_other_data_are_evaluated():
    run = run_of(data_spec=open_training_data(run_of(), dlho2018).spec)
    data = open_evaluation_data(EvaluatingSettings(data="other.csv"), run, dlho2018)
    assert (data.num_training, data.num_validation, data.class_names) == (0, 10, ("square", "triangle"))


def test_a_table_without_labels_is_evaluated():
    run = run_of(data_spec=open_training_data(run_of(**TABLE), dlho2018).spec, **TABLE)
    data = open_evaluation_data(EvaluatingSettings(data="X.tabular"), run, dlho2018)
    assert (data.num_validation, data.has_labels, data.class_names) == (20, False, ("0", "1"))


def test_single_images_are_evaluated():
    run = run_of(data_spec=open_training_data(run_of(), dlho2018).spec)
    data = open_evaluation_data(EvaluatingSettings(images=("a.png",)), run, dlho2018)
    assert type(data) is UnlabelledImages and data.names == ["a.png"]


def test_header_and_decimal_sign_of_another_table():
    spec = open_training_data(run_of(**TABLE), dlho2018).spec
    run = run_of(data_spec=spec, **TABLE)
    Path("other.csv").write_text("a;b\n1.351;2\n887;3\n")
    with pytest.raises(UserError, match="--decimal comma"):
        open_evaluation_data(EvaluatingSettings(data="other.csv"), run, dlho2018)
    data = open_evaluation_data(EvaluatingSettings(data="other.csv", decimal="comma", header="yes"), run, dlho2018)
    assert (data.decimal, data.count(VALIDATION), data.columns) == (",", 2, ("a", "b"))


@pytest.mark.parametrize("flag", ["header", "decimal"])
def test_flags_of_another_table_need_one(flag):
    spec = open_training_data(run_of(**TABLE), dlho2018).spec
    value = "yes" if flag == "header" else "comma"
    with pytest.raises(UserError, match=f"--{flag} needs --data."):
        open_evaluation_data(EvaluatingSettings(**{flag: value}), run_of(data_spec=spec, **TABLE), dlho2018)
    pictures = SimpleNamespace(name="pictures", data_spec=image_data("dataset.csv", 0.2).spec)
    with pytest.raises(UserError, match=f"--{flag} is only for tables"):
        open_evaluation_data(EvaluatingSettings(data="dataset.csv", **{flag: value}), pictures, dlho2018)


def test_numbers_evaluated_by_a_network_that_learnt_words_are_told(folder, capsys):
    words = "".join(f"{number},a.png,{('cat', 'dog')[number % 2]}\n" for number in range(40))
    (folder / "words.csv").write_text(words)
    run = run_of(data="words.csv", data_spec=open_training_data(run_of(data="words.csv"), dlho2018).spec)
    open_evaluation_data(EvaluatingSettings(data="words.csv"), run, dlho2018)
    assert "learnt words" not in capsys.readouterr().err
    (folder / "numbers.csv").write_text(words.replace("cat", "0").replace("dog", "1"))
    open_evaluation_data(EvaluatingSettings(data="numbers.csv"), run, dlho2018)
    told = "numbers.csv: labels are numbers, and run 'mine' learnt words: 0 as cat, 1 as dog"
    assert told in " ".join(capsys.readouterr().err.split())
