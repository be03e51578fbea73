"""Scores from two files: held against scikit-learn, and what is refused."""

import sys

import numpy as np
import pytest
from sklearn import metrics
from support import warm
from support.made_tables import tabular, write_table
from support.scripts import PROJECT, environment

from kit.cli.errors import UserError
from kit.cli.settings import ScoringSettings
from kit.evaluation.label_columns import read_columns
from kit.evaluation.two_files import main, score_files

RANDOM = np.random.default_rng(0)
KINDS = RANDOM.integers(0, 2, 40)
CHANCES = np.clip(0.4 * KINDS + RANDOM.random(40) * 0.6, 0.01, 0.99).round(3)
GRADES = RANDOM.integers(0, 3, 40)
OF_GRADES = RANDOM.dirichlet([1, 1, 1], 40).round(4)
WORDS = np.array(["ALL", "AML"])
VALUES = RANDOM.normal(60, 9, 40).round()


def cells(values):
    return [[value] for value in values.tolist()]


@pytest.fixture
def scored(tmp_path, monkeypatch):
    """A function that writes two files and scores them: (true, its header, predicted, its header, flags) -> report."""
    monkeypatch.chdir(tmp_path)

    def score(true, true_header, predicted, header, **flags):
        write_table(tmp_path / "y.tabular", true, true_header)
        write_table(tmp_path / "p.tabular", predicted, header)
        return score_files(ScoringSettings("y.tabular", "p.tabular", **flags))

    return score


def assert_of_two(report, kinds, predicted, chances=None):
    assert report["confusion_matrix"] == metrics.confusion_matrix(kinds, predicted).tolist()
    assert report["accuracy"] == pytest.approx(metrics.accuracy_score(kinds, predicted))
    assert report["f1"] == pytest.approx(metrics.f1_score(kinds, predicted))
    if chances is None:
        assert report["roc_auc"] is report["log_loss"] is report["average_precision"] is None
    else:
        assert report["roc_auc"] == pytest.approx(metrics.roc_auc_score(kinds, chances))
        assert report["average_precision"] == pytest.approx(metrics.average_precision_score(kinds, chances))
        assert report["log_loss"] == pytest.approx(metrics.log_loss(kinds, chances), rel=1e-5)


@pytest.mark.parametrize("headers", [(None, None), (["cancer"], ["predicted"]), (None, ["0"]), (["cancer"], None)])
def test_classes_in_both_files(scored, tmp_path, headers):
    predicted = (CHANCES > 0.5).astype(int)
    if headers[1] == ["0"]:  # a number may be a label, so it isn't taken for a header in silence
        with pytest.raises(UserError, match="41 rows, but y") as error:
            scored(cells(KINDS), headers[0], cells(predicted), headers[1])
        assert "The first line of y.tabular counts as a row, that of p.tabular counts as a row" in str(error.value)
        return
    report = scored(cells(KINDS), headers[0], cells(predicted), headers[1])
    assert_of_two(report, KINDS, predicted)
    assert report["undefined"] == ["predictions without probabilities: ROC AUC, average precision, log loss undefined"]
    files = {path.name for path in (tmp_path / "scores").iterdir()}
    assert files == {"report.json", "scores.tabular", "confusion_matrix.png"}


def test_probabilities_of_the_positive_class(scored, tmp_path):
    report = scored(cells(WORDS[KINDS]), ["kind"], cells(CHANCES), None)
    assert_of_two(report, KINDS, CHANCES > 0.5, CHANCES)
    assert [row["name"] for row in report["classes"]] == ["ALL", "AML"]
    assert {"roc.png", "precision_recall.png"} <= {path.name for path in (tmp_path / "scores").iterdir()}
    (row,) = tabular(tmp_path / "scores" / "scores.tabular")
    assert float(row["roc_auc"]) == pytest.approx(report["roc_auc"], abs=1e-5)
    report = scored(cells(WORDS[KINDS]), ["kind"], cells(CHANCES), None, positive="ALL")
    assert_of_two(report, 1 - KINDS, CHANCES > 0.5, CHANCES)


def test_a_column_of_probabilities_for_each_class(scored, capsys):
    true = cells(np.array(["b", "a", "c"])[GRADES])  # the order of the columns is not that of the alphabet
    expected = metrics.roc_auc_score(np.eye(3)[GRADES], OF_GRADES, average="macro")
    for header in (["probability_b", "probability_a", "probability_c"], ["b", "a", "c"]):
        assert scored(true, ["grade"], OF_GRADES.tolist(), header)["roc_auc"] == pytest.approx(expected, rel=1e-5)
    capsys.readouterr()
    report = scored(true, ["grade"], OF_GRADES.tolist(), None, classes=("b", "a", "c"))
    assert report["roc_auc"] == pytest.approx(expected, rel=1e-5)
    assert "p.tabular: its columns are taken for the probabilities of b, a, c, in this order" in capsys.readouterr().out


def test_predictions_of_evaluating_are_read(scored):
    header = ["row", "name", "label", "predicted", "probability_ALL", "probability_AML"]
    lines = [
        [i + 1, f"p{i}", WORDS[kind], WORDS[int(chance > 0.5)], f"{1 - chance:.6f}", f"{chance:.6f}"]
        for i, (kind, chance) in enumerate(zip(KINDS, CHANCES))
    ]
    assert_of_two(scored(lines, header, lines, header), KINDS, CHANCES > 0.5, CHANCES)
    without = [line[:4] for line in lines]
    assert_of_two(scored(lines, header, without, header[:4]), KINDS, CHANCES > 0.5)


@pytest.mark.parametrize("name", ["", "sample", "patient_id"])
def test_rows_that_both_files_name_are_paired_by_their_names(scored, name, capsys):
    names, order = np.array([f"p{i}" for i in range(40)]), RANDOM.permutation(40)
    true = [[name, WORDS[kind]] for name, kind in zip(names, KINDS)]
    predicted = [[names[i], CHANCES[i]] for i in order]
    report = scored(true, [name, "label"], predicted, [name, "predicted"])
    assert_of_two(report, KINDS, CHANCES > 0.5, CHANCES)
    says = "y.tabular: its rows are in another order than those of p.tabular: paired by their names"
    assert says in capsys.readouterr().out
    predicted[7][0] = "nobody"
    with pytest.raises(UserError, match=r"p.tabular:9: no row of y.tabular is named 'nobody'"):
        scored(true, [name, "label"], predicted, [name, "predicted"])


def test_the_column_of_the_rows_names_is_no_label(scored):
    lines = [[f"p{i}", WORDS[kind], i % 3] for i, kind in enumerate(KINDS)]
    predicted = cells((CHANCES > 0.5).astype(int))
    with pytest.raises(UserError, match=r"^--label_column 1: this column of y.tabular names the rows. .* kind, batch"):
        scored(lines, ["", "kind", "batch"], predicted, ["predicted"], label_column="1")


@pytest.mark.parametrize(("start", "order"), [(1, 1), (0, -1)])  # from 0 and from 1; the same numbers, in another order
def test_numbers_of_the_rows(scored, start, order):
    true = [[i, WORDS[kind]] for i, kind in enumerate(KINDS)]
    predicted = [[i, chance] for i, chance in enumerate(CHANCES, start)][::order]
    assert_of_two(scored(true, ["", "label"], predicted, ["", "predicted"]), KINDS, CHANCES > 0.5, CHANCES)


def test_a_header_above_words(tmp_path):
    write_table(tmp_path / "y.tabular", [["p1", "ALL"], ["p2", "AML"], ["p3", "ALL"]], ["sample", "kind"])
    columns = read_columns(str(tmp_path / "y.tabular"), "--y_true", "auto")
    assert (columns.has_header, columns.names, columns.row_names) == (True, ["sample", "kind"], ["p1", "p2", "p3"])


def test_values(scored, tmp_path):
    predicted = (VALUES + RANDOM.normal(0, 3, 40)).round(2)
    for flags in ({}, {"values": True}):
        report = scored(cells(VALUES.astype(int)), ["actual"], cells(predicted), ["Predicted"], **flags)
        assert report["r2"] == pytest.approx(metrics.r2_score(VALUES, predicted), rel=1e-5)
        assert report["mae"] == pytest.approx(metrics.mean_absolute_error(VALUES, predicted), rel=1e-5)
    assert {path.name for path in (tmp_path / "scores").iterdir()} == {"report.json", "scores.tabular", "values.png"}


@pytest.mark.parametrize(
    ("predicted", "flags", "says"),
    [
        ([["ALL"], ["AML"]], {}, "p.tabular: 2 rows, but y.tabular has 4."),
        ([["ALL"], ["AML"], ["AMl"], ["ALL"]], {}, "p.tabular:3: label 'AMl' is none of the classes ALL, AML."),
        ([["0.5"], ["0.1"], ["1.5"], ["0.5"]], {}, "p.tabular:3: found '1.5', expected a probability"),
        ([["0.5"], ["0.1"], ["NA"], ["0.5"]], {}, "p.tabular:3: found 'NA', expected a label or a number."),
        ([["0.5", "0.2", "0.3"]] * 4, {}, "p.tabular: 3 columns, 1, 2, 3, for the classes ALL, AML."),
        ([["ALL"], ["AML"], ["ALL"], ["ALL"]], {"positive": "B"}, "--positive B: expected one of two classes"),
        ([["ALL"], ["AML"], ["ALL"], ["ALL"]], {"classes": ("ALL", "B")}, "y.tabular:2: label 'AML' is none of"),
        ([["ALL"], ["AML"], ["ALL"], ["ALL"]], {"classes": ("ALL",)}, "--classes ALL: expected two or more different"),
        ([["ALL"], ["AML"], ["ALL"], ["ALL"]], {"classes": ("ALL", "ALL")}, "--classes ALL ALL: expected two or more"),
        ([["ALL"], ["AML"], ["ALL"], ["ALL"]], {"values": True}, "p.tabular:1: found 'ALL', expected a value"),
    ],
)
def test_what_is_refused(scored, tmp_path, predicted, flags, says):
    with pytest.raises(UserError) as error:
        scored([["ALL"], ["AML"], ["AML"], ["ALL"]], None, predicted, None, **flags)
    assert str(error.value).startswith(says)
    assert not (tmp_path / "scores").exists()


def test_pictures_of_the_last_scores_are_removed(scored, tmp_path):
    (tmp_path / "scores").mkdir()
    (tmp_path / "scores" / "values.png").write_bytes(b"of the last time")
    (tmp_path / "scores" / "mine.png").write_bytes(b"of mine")
    scored(cells(KINDS), ["kind"], cells(KINDS), ["predicted"])
    assert not (tmp_path / "scores" / "values.png").exists() and (tmp_path / "scores" / "mine.png").exists()
    (tmp_path / "scores" / "values.png").mkdir()  # which can't be removed as a file
    with pytest.raises(UserError, match=r"^scores/values.png: "):
        scored(cells(KINDS), ["kind"], cells(KINDS), ["predicted"])


def test_many_whole_numbers_are_told(scored, capsys):
    scored(cells(np.arange(22) // 2), ["actual"], cells(np.arange(22) // 2), ["Predicted"])
    assert "y.tabular: 11 whole numbers are taken for classes. For values: --values" in capsys.readouterr().err


def test_a_single_column_of_words_with_and_without_a_header(tmp_path):
    for header, first in ((["kind"], "a"), (None, "a")):
        write_table(tmp_path / "y.tabular", [["a"], ["b"], ["a"], ["b"]], header)
        columns = read_columns(str(tmp_path / "y.tabular"), "--y_true", "auto")
        assert (columns.has_header, columns.columns[0].cells) == (header is not None, [first, "b", "a", "b"])


def test_files_are_read_by_the_rules_for_labels(tmp_path, scored):
    true = cells(np.array(["grade 1", "grade 2"])[KINDS])
    assert_of_two(scored(true, None, true, ["kind of cancer"]), KINDS, KINDS)
    with pytest.raises(UserError) as error:
        scored([["1,351"], ["2,887"]], ["value"], cells(VALUES[:2]), None)
    assert str(error.value) == (
        "y.tabular:2: '1,351' may be 1.351 or 1351.\n"
        "  Write numbers with a decimal point and no sign between thousands. Separate columns by tabs."
    )
    with pytest.raises(UserError, match=r"no such column among the 2 of y.tabular. It has a row of this name.$"):
        lines = [["p1", "ALL"], ["p2", "AML"], ["p3", "ALL"]]
        scored(lines, ["sample", "kind"], lines, ["sample", "kind"], label_column="p1")


def test_as_a_command(tmp_path, monkeypatch, capsys):
    write_table(tmp_path / "y.tabular", cells(KINDS), ["cancer"])
    write_table(tmp_path / "p.tabular", cells(CHANCES), ["Predicted"])
    words = ["kit.evaluation.scores", "y.tabular", "p.tabular", "--output_directory", "here"]
    result = warm.run("-m", tmp_path, *words, env={**environment(), "PYTHONPATH": str(PROJECT)})
    assert (result.returncode, result.stderr) == (0, "")
    assert f"accuracy {np.mean((CHANCES > 0.5) == KINDS):.4f}, on 40 rows of p.tabular" in result.stdout
    assert (tmp_path / "here" / "roc.png").exists()
    monkeypatch.setattr(sys, "argv", ["scores", "y.tabular"])
    with pytest.raises(UserError, match="y_true"):
        main()
