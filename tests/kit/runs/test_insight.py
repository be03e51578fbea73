"""Before --importance and --explain_rows: which rows are meant, and what is refused."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest
from support.data_sets import table_data
from support.made_tables import write_table

from kit.cli.errors import UserError
from kit.cli.settings import EvaluatingSettings
from kit.data.parts import TEST, TRAINING, UNUSED, VALIDATION
from kit.data.tables.labels import LabelSource
from kit.model.integrated_gradients import Attribution
from kit.model.keras import architectures
from kit.runs import explained_rows, importance
from kit.runs.evaluated_rows import places_of
from kit.runs.insight import check_data, check_wanted

NAMES = ["Ann", "Bob", "7", "Eve", "Bob", "Ida"]
PARTS = np.uint8([VALIDATION, VALIDATION, TRAINING, VALIDATION, VALIDATION, VALIDATION])


@pytest.fixture
def named(tmp_path):
    """A table whose first column names its rows; all but the third are held out."""
    return data_of(tmp_path, [[name, i, i * i] for i, name in enumerate(NAMES)], ["", "dose", "age"])


def data_of(folder, rows, header, labels=("a", "b", "a", "b", "a", "b")):
    write_table(folder / "X.tabular", rows, header)
    write_table(folder / "y.tabular", [[label] for label in labels], ["kind"])
    source = LabelSource(str(folder / "y.tabular"))
    return table_data(str(folder / "X.tabular"), source, split=lambda rows: PARTS, header="yes")


def test_rows_are_found_by_name_and_by_number(named):
    assert places_of(("Eve", "1", "Ida", "Ann"), named, "--explain_rows").tolist() == [0, 2, 4]
    assert places_of(("2", "5"), named, "--explain_rows").tolist() == [1, 3]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("Bob", "--explain_rows Bob: 2 rows have this name. Give a number instead: 2, 5."),
        ("3", "--explain_rows 3: the network was trained on this row of"),
        ("7", "--explain_rows 7: the network was trained on this row of"),
        ("9", "has no such row among the 5 that are evaluated"),
        ("Zoe", "They are Ann, Bob, Eve, Bob, Ida."),
    ],
)
def test_rows_that_are_not_there(named, asked, says):
    with pytest.raises(UserError) as error:
        places_of((asked,), named, "--explain_rows")
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("part", "says"),
    [
        (TEST, "another --part, validation or test, has this row of"),
        (UNUSED, "neither training nor validation used this row of"),
    ],
)
@pytest.mark.parametrize("asked", ["4", "Eve"])
def test_a_row_of_another_part_is_told_as_such(named, part, says, asked):
    parts = bytearray(named.split_of_line)
    parts[4] = part  # of the line of row 4; the first is the header
    named = dataclasses.replace(named, split_of_line=bytes(parts))
    with pytest.raises(
        UserError, match=rf"^--explain_rows {asked}: {says} .*\n  Name one that is evaluated, such as 1, 2"
    ):
        places_of((asked,), named, "--explain_rows")


@pytest.fixture
def turned(tmp_path):
    """A table with its rows in columns, of which a copy is read: (the user's file, data)."""
    path = tmp_path / "genes.tabular"
    write_table(path, [["dose", *range(6)], ["age", *range(6, 12)]], ["", *"ABCDEF"])
    write_table(tmp_path / "y.tabular", [[label] for label in "ababab"], ["kind"])
    source = LabelSource(str(tmp_path / "y.tabular"))
    return str(path), table_data(str(path), source, split=lambda rows: PARTS, header="yes", transpose=True)


def test_errors_name_the_users_file_not_its_copy(turned, capsys):
    path, data = turned
    for asked in ("Zoe", "3"):
        with pytest.raises(UserError) as error:
            places_of((asked,), data, "--explain_rows")
        assert path in str(error.value) and data.path not in str(error.value)
    with pytest.raises(UserError, match="has no labels") as error:
        importance.check_rows(dataclasses.replace(data, labels=None))
    assert path in str(error.value) and data.path not in str(error.value)


def test_too_many_rows(named, monkeypatch):
    monkeypatch.setattr(explained_rows, "MOST_EXPLAINED", 1)
    with pytest.raises(UserError, match="--explain_rows: 2 rows, expected 1 or less"):
        explained_rows.check_rows(("1", "2"), named)


def test_the_picture_of_a_row_says_how_many_columns_it_shows():
    shares = np.zeros(7129)
    shares[[7128, 0]] = -3, 7.5
    found = Attribution(shares, 4.5, 0.01, 64)
    named = {"row": 7, "name": "Ida", "predicted": "AML"}
    bars = explained_rows._bars(named, found, [f"gene {i}" for i in range(7129)], np.array([7128, 0]))
    assert bars.title == "row 7, Ida, predicted AML; 2 of 7,129 columns, all add up to +4.5"
    assert (bars.names, bars.lengths.tolist()) == (["gene 7128", "gene 0"], [-3, 7.5])


@pytest.mark.parametrize("flags", [{"importance": True}, {"explain_rows": ("3",)}])
def test_runs_on_images_are_refused(flags):
    run = SimpleNamespace(name="shapes", data_spec=SimpleNamespace(is_of_images=True))
    with pytest.raises(UserError) as error:
        check_wanted(EvaluatingSettings(**flags), run)
    first, second = str(error.value).splitlines()
    assert first == f"--{next(iter(flags))} is only for tables, but run 'shapes' was trained on images."
    assert second.endswith("labs/look_inside.py --run shapes")
    check_wanted(EvaluatingSettings(), run)


def test_repeats_alone_do_nothing():
    run = SimpleNamespace(name="a", data_spec=SimpleNamespace(is_of_images=False))
    with pytest.raises(UserError, match="--importance_repeats needs --importance"):
        check_wanted(EvaluatingSettings(importance_repeats=5), run)


@pytest.mark.parametrize(
    ("alphabet", "architecture", "says"),
    [
        ("ACGT", None, "learnt from letters"),
        ("", "embedding 20 4, flatten, dense 1", "has an Embedding, which looks up"),
    ],
)
def test_what_is_looked_up_is_not_explained(named, alphabet, architecture, says):
    spec = dataclasses.replace(named.spec, alphabet=alphabet)
    run = SimpleNamespace(name="reads", data_spec=spec, architecture=architecture and architectures.read(architecture))
    with pytest.raises(UserError, match=f"--explain_rows: run 'reads' {says}"):
        check_wanted(EvaluatingSettings(explain_rows=("1",)), run)
    check_wanted(EvaluatingSettings(importance=True), run)


def test_importance_needs_labels_that_differ_and_two_rows(tmp_path, named):
    other = SimpleNamespace(name="a", data_spec=SimpleNamespace(digest="other"))
    check_data(EvaluatingSettings(importance=True, data=named.path), other, named)
    alone = np.uint8([TRAINING] * 5 + [VALIDATION])
    values = data_of(tmp_path, [[i, i * i] for i in range(6)], ["dose", "age"], (0.5, 2.5, 1.5, 2.5, 2.5, 2.5))
    for data, says in (
        (
            SimpleNamespace(has_labels=False, source="X.tabular"),
            "X.tabular has no labels, so no prediction can get worse",
        ),
        (SimpleNamespace(has_labels=True, source="X.tabular", labels_of=lambda part: alone[-1:]), "one row"),
        (values, None),
        (
            SimpleNamespace(has_labels=True, source="X", has_values=True, labels_of=lambda part: np.ones(9)),
            "are 1, so that",
        ),
    ):
        if says is None:
            importance.check_rows(data)
            continue
        with pytest.raises(UserError, match="--importance: ") as error:
            importance.check_rows(data)
        assert says in str(error.value)


def test_rows_that_were_learnt_from_are_told(named, capsys):
    run = SimpleNamespace(name="mine", data_spec=named.spec)
    check_data(EvaluatingSettings(importance=True), run, named)  # its own, held out
    assert capsys.readouterr().err == ""
    check_data(EvaluatingSettings(importance=True, data=named.path), run, named)
    told = capsys.readouterr().err
    assert "--importance: run 'mine' was trained on" in told and "has learnt from 1 of these 5 rows. There, it" in told


def test_the_accuracy_that_a_column_loses_is_by_the_threshold():
    probabilities = np.float32([[[0.7, 0.3], [0.9, 0.1], [0.4, 0.6]]])  # [columns, rows, classes]
    labels = np.array([1, 0, 1])
    assert importance._accuracy(labels, None)(probabilities).tolist() == pytest.approx([2 / 3])
    assert importance._accuracy(labels, 0.2)(probabilities).tolist() == [1.0]
