"""The labels of a table: where they are, and what they mean."""

import numpy as np
import pytest
from support.data_sets import table_data

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.data.tables import splits
from kit.data.tables.labels import LabelSource

Y = LabelSource(None, "y")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def table_of(labels, trained_on=None, prefer_values=False):
    """The Table of rows whose last column holds some labels."""
    with open("table.csv", "w", encoding="utf-8") as file:
        file.write("x,y\n" + "".join(f"{number},{label}\n" for number, label in enumerate(labels)))
    split = splits.everything() if trained_on else splits.hold_out(0, 0)
    return table_data("table.csv", Y, split=split, prefer_values=prefer_values, trained_on=trained_on)


def with_own_file(text, num_rows=3, column=None, trained_on=None, name="labels.tsv"):
    """The Table of some rows whose labels are in a file of their own."""
    with open("table.csv", "w", encoding="utf-8") as file:
        file.write("a,b\n\n" + "".join(f"{number},{number}\n" for number in range(num_rows)))
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)
    return table_data("table.csv", LabelSource(name, column), split=splits.hold_out(0, 0), trained_on=trained_on)


def refusal(function, *arguments, **options):
    with pytest.raises(UserError) as caught:
        function(*arguments, **options)
    return str(caught.value)


# ---- what they mean


@pytest.mark.parametrize(
    ("labels", "class_names", "numbers"),
    [
        (["B", "A", "C", "A"], ("A", "B", "C"), [1, 0, 2, 0]),
        (["10", "9", "-1", "9"], ("-1", "9", "10"), [2, 1, 0, 1]),
        (["1.0", "0", "1", "0.0", "1e0"], ("0", "1.0"), [1, 0, 1, 0, 1]),
        (["1.000000000000000000e+00", "0.000000000000000000e+00", "1"], ("0", "1"), [1, 0, 1]),  # numpy.savetxt
        ([" ALL", "AML ", "ALL"], ("ALL", "AML"), [0, 1, 0]),
        (["none", "mild", "None"], ("None", "mild", "none"), [2, 1, 0]),
        (['"a, b"', "c"], ("a, b", "c"), [0, 1]),
        (["é", "z"], ("z", "é"), [1, 0]),
    ],
)
def test_classes(labels, class_names, numbers):
    table = table_of(labels)
    assert table.class_names == class_names
    assert table.labels.tolist() == [0, *numbers]  # the header's line first
    assert (table.labels.dtype, table.has_values, table.num_classes) == (np.int64, False, len(class_names))


def test_numbers_that_are_not_whole_are_values():
    table = table_of(["1", "2.5", "-3", "0.1"])
    assert (table.class_names, table.has_values, table.num_classes, table.score_name) == ((), True, 0, "R2")
    np.testing.assert_array_equal(table.labels, np.array([0, 1, 2.5, -3, 0.1], np.float32))
    assert table.labels.dtype == np.float32


def test_r2_of_a_batch_compares_with_the_variance_of_the_training_labels(graph):
    table = table_of(["1", "2.5", "-3", "0.1"])
    score = table.batch_score(tf.constant(0.0), tf.constant([1.0, 2.0]), tf.constant([[1.5], [2.0]]))
    with tf.Session() as session:
        assert session.run(score) == pytest.approx(1 - 0.125 / np.var([1, 2.5, -3, 0.1]))


def test_whole_numbers_are_values_where_the_loss_wants_values():
    assert table_of(["1", "2", "3"], prefer_values=True).has_values
    assert not table_of(["a", "b", "a"], prefer_values=True).has_values
    assert table_of([str(number) for number in range(12_000)] + ["0.5"]).has_values


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (
            ["A", "", "B"],
            "table.csv:3: no label, found ''.\n  Each row needs a label. Write it, or remove the row, from",
        ),
        (["A", "", "B", "?", "NA"], "table.csv:3: no label, found ''.\n  Each row needs a label. 3 rows have none."),
        (["A", "NA"], "table.csv:3: no label, found 'NA'."),
        (["A", "A"], "table.csv: every row has the label 'A'; a classifier needs at least two classes."),
        (["1.5", "1.5"], "table.csv: every row has the label 1.5; there is nothing to learn."),
        (
            ["1", "2.5", "low"],
            "table.csv:4: label 'low', but other labels are numbers such as 2.5.\n  Labels are either classes",
        ),
        (["low", "1", "2.5"], "table.csv:2: label 'low', but other labels are numbers such as 2.5."),
        ([f"p{i}" for i in range(20)], "table.csv: 20 different labels in 20 rows; are these the labels?"),
        (map(str, range(10_002)), "table.csv: more than 10,000 different labels; are these the labels?"),
    ],
)
def test_wrong_labels(labels, said):
    assert refusal(table_of, labels).startswith(said)


def test_words_among_numbers_are_warned_of(capsys):
    assert table_of(["1", "2", "X", "1"]).class_names == ("1", "2", "X")
    assert capsys.readouterr().err == (
        "warning: table.csv:4: label 'X' is a word, others are numbers; all count as classes\n"
    )


def test_classes_of_like_names_are_warned_of(capsys):
    table_of(["none", "mild", "None", "mild"])
    assert capsys.readouterr().err == (
        "warning: table.csv: classes that differ only in upper and lower case count as different ones: 'none' and "
        "'None'\n"
    )


@pytest.mark.parametrize("cell", ["#N/A", "<NA>", "#value!", "#DIV/0!", "n/a", "NaN", "#NV", "#WERT!", "#VALEUR!"])
def test_what_programs_write_for_no_label_is_none(cell):
    assert refusal(table_of, ["A", cell, "B", cell]) == (
        f"table.csv:3: no label, found '{cell}'.\n"
        "  Each row needs a label. 2 rows have none. Write it, or remove the row, from the table as well."
    )


@pytest.mark.parametrize(
    ("first", "others", "is_doubtful"),
    [
        ("kind", "ABAB", True),
        ("7", "0101", True),
        ("kind", "ABABC", True),  # one class of two has one row; most have more
        ("A", "BAB", False),
        ("A", "B", False),
        ("kind", "ABC", False),
    ],
)
def test_a_first_label_of_its_own_may_be_a_header(first, others, is_doubtful):
    """In a table whose first line doesn't look like a header."""
    with open("table.csv", "w", encoding="utf-8") as file:
        file.write("".join(f"{number % 4},{label}\n" for number, label in enumerate([first, *others])))
    look = table_data, "table.csv", LabelSource(None, "2"), (), ()
    if is_doubtful:
        assert refusal(*look, split=splits.hold_out(0, 0)) == (
            f"table.csv:1: '{first}' is the label of no other row. Is it a label, or the header?\n"
            "  If this line is the header: --header yes. If it is a row: --header no."
        )
    for header, count in (("no", len(others) + 1), ("yes", len(others))):
        if header == "no" or len({*others}) > 1:
            assert look[0](*look[1:], header, split=splits.hold_out(0, 0)).num_training == count


# ---- for a network that is trained


def test_classes_are_those_of_training():
    trained = table_of(["1", "0", "2"])
    table = table_of(["2.0", "2"], trained_on=trained)
    assert (table.labels.tolist(), table.class_names) == ([0, 2, 2], ("0", "1", "2"))


@pytest.mark.parametrize(
    ("numbers", "is_told"),
    [
        (range(40, 92), True),
        (range(0, 210, 10), True),
        (range(0, 200, 10), False),  # only 20 of them
        (range(52), False),  # a numbering
        (range(1, 53), False),
    ],
)
def test_many_whole_numbers_may_be_values(numbers, is_told, capsys):
    table = table_of([str(number) for number in [*numbers] * 2])
    assert len(table.class_names) == len(numbers)
    said = (
        f"{len(numbers)} different whole numbers are taken as classes.\n  For values instead of classes: --loss mean_"
    )
    assert (said in capsys.readouterr().err) == is_told


def test_labels_unknown_to_training():
    trained = table_of(["ALL", "AML"])
    assert refusal(table_of, ["ALL", "CLL"], trained_on=trained) == (
        "table.csv:3: label 'CLL', but the network only knows ALL, AML."
    )


@pytest.mark.parametrize(
    ("written", "meant", "difference"),
    [
        ("aml", "AML", "upper and lower case"),
        ("'AML'", "AML", "spaces, quotes or the Unicode form"),
        ("AML\u00a0", "AML", "spaces, quotes or the Unicode form"),
        ("Zoe\u0308", "Zo\u00eb", "spaces, quotes or the Unicode form"),
    ],
)
def test_labels_that_are_written_otherwise_than_in_training(written, meant, difference, capsys):
    trained = table_of(["ALL", meant])
    capsys.readouterr()
    assert table_of(["ALL", written, written], trained_on=trained.spec).labels.tolist() == [0, 0, 1, 1]
    assert capsys.readouterr().err.startswith(
        f"warning: table.csv: labels differ from those of training in {difference}"
    )


def test_labels_that_are_like_two_classes():
    trained = table_of(["none", "mild", "None", "mild"])
    assert refusal(table_of, ["mild", "NONE"], trained_on=trained.spec) == (
        "table.csv:3: label 'NONE', but the network only knows None, mild, none.\n"
        "  It is like None and like none, but for upper and lower case: write it as one of them."
    )


def test_values_stay_values():
    trained = table_of(["0.5", "1"])
    table = table_of(["3", "3"], trained_on=trained)
    assert (table.labels.tolist(), table.has_values) == ([0, 3, 3], True)
    assert refusal(table_of, ["3", "low"], trained_on=trained).startswith("table.csv:3: label 'low', but other labels")


def test_without_labels_the_task_is_still_known():
    for labels, is_regression, dtype in ((["a", "b"], False, np.int64), (["0.5", "1"], True, np.float32)):
        trained = table_of(labels)
        with open("test.csv", "w", encoding="utf-8") as file:
            file.write("x\n1\n2\n")
        table = table_data("test.csv", split=splits.everything(), trained_on=trained)
        assert (table.labels, table.class_names, table.has_values) == (None, trained.class_names, is_regression)
        assert (table.num_validation, table.labels_of_lines.tolist()) == (2, [0, 0, 0])
        assert table.labels_of_lines.dtype == dtype


# ---- in a file of their own


@pytest.mark.parametrize("text", ["cancer\n1\n0\n1\n", "1\n0\n1\n", "1\r\n0\r\n1", "1\n0\n1\n\n\n"])
def test_a_header_is_known_by_the_count(text):
    table = with_own_file(text)
    assert (table.class_names, table.labels.tolist()) == (("0", "1"), [0, 0, 1, 0, 1])
    assert (table.label_column, table.columns, table.num_training) == (None, ("a", "b"), 3)


def test_one_column_of_several():
    text = "patient,kind,age\np1,ALL,3.5\np2,AML,4\np3,ALL,5\n"
    assert with_own_file(text, column="kind").class_names == ("ALL", "AML")
    assert with_own_file(text, column="3").labels.tolist() == [0, 0, 3.5, 4, 5]
    assert refusal(with_own_file, text) == (
        "labels.tsv: 3 columns. Choose the one with the labels, with --label_column: 'patient', 'kind', 'age'."
    )
    assert refusal(with_own_file, text, column="knd").startswith(
        "--label_column knd: no such column among the 3 of labels.tsv. Did you mean 'kind'?"
    )


def test_row_names_of_r_are_no_labels():
    assert with_own_file('"x"\n"1" "u"\n'.replace(" ", "\t") + '"2"\t"v"\n"3"\t"u"\n').class_names == ("u", "v")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "1\n0\n",
            "labels.tsv: 2 lines, but the table has 3 rows.\n"
            "  Expected one label per row: 3 lines, or 4 with a header.",
        ),
        ("y\n1\n0\n1\n0\n", "labels.tsv: 5 lines, but the table has 3 rows."),
        ("cancer\n1\n0\n", "labels.tsv: 3 lines for 3 rows, and the first looks like a header."),
        ("1\n1\n0\n1\n", "labels.tsv: 4 lines for 3 rows, and the first, '1', isn't a header."),
        ("A\nA\nB\nA\n", "labels.tsv: 4 lines for 3 rows, and the first, 'A', isn't a header."),
        ("7\n1\n0\n1\n", "labels.tsv: 4 lines for 3 rows, and the first, '7', isn't a header."),
        ("2.5\n1.5\n3\n1\n", "labels.tsv: 4 lines for 3 rows, and the first, '2.5', isn't a header."),
        ("\n1\n0\n1\n", "labels.tsv:1: no label, but a blank line."),
        ("y\n1\n\n0\n1\n", "labels.tsv:3: no label, but a blank line."),
        ("y\n1\nNA\n1\n", "labels.tsv:3: no label, found 'NA'."),
        ("", "labels.tsv: 0 lines, but the table has 3 rows."),
    ],
)
def test_wrong_files(text, said):
    assert refusal(with_own_file, text).startswith(said)


def test_no_labels_at_all():
    with_own_file("1\n0\n1\n")
    assert refusal(table_data, "table.csv", split=splits.hold_out(0, 0)) == (
        "table.csv: a table needs labels to train on.\n"
        "  Name their file with --labels, or their column in the table with --label_column."
    )
    assert refusal(table_data, "table.csv", LabelSource("none.tsv"), split=splits.hold_out(0, 0)).startswith(
        "none.tsv: no such file.\n  Give --labels a path relative to the current folder."
    )


def test_the_positive_class_becomes_the_second(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("a,kind\n1,ill\n2,well\n3,ill\n4,well\n")
    for positive, names, expected in (
        (None, ("ill", "well"), [0, 1, 0, 1]),
        ("well", ("ill", "well"), [0, 1, 0, 1]),
        ("ill", ("well", "ill"), [1, 0, 1, 0]),
    ):
        data = table_data(str(path), LabelSource(None, "kind", positive), split=splits.hold_out(0, 0))
        assert data.class_names == names and data.labels[1:].tolist() == expected
    with pytest.raises(UserError, match=r"--positive_class il: .* has the classes ill, well; expected one of them"):
        table_data(str(path), LabelSource(None, "kind", "il"), split=splits.hold_out(0, 0))
    path.write_text("a,kind\n1,a\n2,b\n3,c\n4,a\n5,b\n6,c\n")
    with pytest.raises(UserError, match=r"has the classes a, b, c; expected one of two classes"):
        table_data(str(path), LabelSource(None, "kind", "a"), split=splits.hold_out(0, 0))
