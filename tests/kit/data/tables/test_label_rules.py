"""The rules of labels, the same in training and in scoring."""

import pytest
from support.data_sets import table_data

from kit.cli.errors import UserError
from kit.cli.settings import ScoringSettings
from kit.data.tables import label_rules
from kit.data.tables.labels import LabelSource
from kit.evaluation.label_columns import read_columns
from kit.evaluation.two_files import class_names

LABELS = [  # in the order of their classes, with and without the first one as the positive
    (["B", "A", "B", "A"], ("A", "B"), "A"),
    (["10", "9", "9.0", "1e1"], ("9", "10"), "9"),
    (["1.0", "0", "1", "0"], ("0", "1.0"), "0.0"),
    (["1.000000000000000000e+00", "0.000000000000000000e+00"] * 2, ("0", "1"), "0"),
    (["b", "10.0", "b", "10"], ("10.0", "b"), "10"),
    (["none", "mild", "mild", "none"], ("mild", "none"), "mild"),
]


def trained(labels, positive=None):
    rows = [f"{number * number % 7},{label}" for number, label in enumerate(labels)]
    with open("table.csv", "w", encoding="utf-8") as file:
        file.write("\n".join(["a,kind", *rows]) + "\n")
    return table_data("table.csv", LabelSource(None, "kind", positive)).class_names


def scored(labels, positive=None):
    with open("y.csv", "w", encoding="utf-8") as file:
        file.write("\n".join(["kind", *labels]) + "\n")
    settings = ScoringSettings("y.csv", "y.csv", header="yes", positive=positive)
    return class_names(settings, read_columns("y.csv", "--y_true", "yes").columns[0])


@pytest.mark.parametrize("classes_of", [trained, scored])
@pytest.mark.parametrize(("labels", "names", "positive"), LABELS)
def test_classes_of_training_and_of_scoring(tmp_path, monkeypatch, classes_of, labels, names, positive):
    monkeypatch.chdir(tmp_path)
    assert classes_of(labels) == names
    assert classes_of(labels, positive) == names[::-1]


@pytest.mark.parametrize("classes_of", [trained, scored])
@pytest.mark.parametrize("cell", ["", "NA", "#WERT!", "#NAME?", "<NA>"])
def test_cells_without_a_label(tmp_path, monkeypatch, classes_of, cell):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=r":3: "):
        classes_of(["A", f'"{cell}"', "B", "A"])


@pytest.mark.parametrize("names", [("A",), ("A", "A"), ("1", "1.0"), ("A", "B", "A")])
def test_classes_are_named_once(names):
    with pytest.raises(UserError) as error:
        label_rules.check_names("--classes", names, "in the order of the outputs")
    assert str(error.value) == (
        f"--classes {' '.join(names)}: expected two or more different names, in the order of the outputs."
    )
    label_rules.check_names("--classes", ("A", "B", "1"), "")
    with pytest.raises(UserError, match=r"^--classes A B: expected 3 different names, of the outputs.$"):
        label_rules.check_names("--classes", ("A", "B"), "of the outputs", 3)
