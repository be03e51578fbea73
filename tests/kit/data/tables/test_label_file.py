"""Labels in a file of their own: paired with the rows by name or in order, told, or refused for what is wrong."""

import pytest
from support.data_sets import table_data

from kit.cli.errors import UserError
from kit.data.tables import splits
from kit.data.tables.labels import LabelSource

NAMES = [f"S{number}" for number in range(1, 13)]
LABELS = list("AABABBBABAAB")  # of S1, S2, ...
PAIRS = list(zip(NAMES, LABELS))
BACKWARDS = PAIRS[::-1]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(path, rows, header=None):
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write("".join("\t".join(row) + "\n" for row in ([header] if header else []) + rows))
    return path


def table(first=NAMES, name=""):
    """A table whose first column is `first`, named `name`; None for none."""
    rows = [[f"{0.5 * (number % 5)}", f"{number * number % 7}"] for number in range(12)]
    if first is None:
        return write("X.tabular", rows, ["a", "b"])
    return write("X.tabular", [[cell, *row] for cell, row in zip(first, rows)], [name, "a", "b"])


def look(rows, names, column=None, trained_on=None, header="auto"):
    """The Table with labels from a file of these rows, whose header is `names`."""
    labels = LabelSource(write("y.tabular", [list(row) for row in rows], names), column)
    split = splits.everything() if trained_on else splits.hold_out(0, 0)
    return table_data("X.tabular", labels, split=split, trained_on=trained_on, header=header)


def letters(data):
    """The labels of the rows, as letters."""
    return [data.class_names[label] for label in data.labels[1:]]


def refusal(*arguments, **options):
    with pytest.raises(UserError) as caught:
        look(*arguments, **options)
    return str(caught.value)


# ----------------------------------------------------------------------------- by name


@pytest.mark.parametrize(
    ("name", "rows", "header", "column"),
    [
        ("", BACKWARDS, ["", "kind"], None),
        ("", BACKWARDS, ["kind"], None),  # as R writes it
        ("", BACKWARDS, None, None),
        ("", BACKWARDS, ["patient", "kind"], None),
        ("sample", BACKWARDS, ["sample", "kind"], None),
        ("sample", BACKWARDS, ["patient", "kind"], "kind"),
        ("sample", [(kind, name) for name, kind in BACKWARDS], ["kind", "sample"], None),
        ("sample", [("61", name, kind) for name, kind in BACKWARDS], ["age", "who", "kind"], "kind"),
        ("", [("T1", "A"), *BACKWARDS, ("T2", "C")], ["", "kind"], None),  # labels of more rows, and a class
        ("", [("T1", "A"), *BACKWARDS], None, None),
        ("", [(name.lower(), kind) for name, kind in BACKWARDS], ["", "kind"], None),
    ],
)
def test_labels_are_matched_by_name(name, rows, header, column, capsys):
    table(name=name)
    data = look(rows, header, column)
    assert (letters(data), data.columns) == (LABELS, ("a", "b"))
    assert (data.class_names, data.name_field) == (("A", "B"), 0)
    assert "y.tabular: matched by name to the rows of X.tabular, which are in another order" in capsys.readouterr().out


def test_names_with_points_in_a_table_of_decimal_commas():
    names = [f"{number}.1" for number in range(12)]
    rows = [[name, f"{number % 5},5", f"{number * number % 7}"] for number, name in enumerate(names)]
    write("X.tabular", rows, ["", "a", "b"])
    labels = LabelSource(write("y.tabular", [*map(list, zip(names, LABELS))][::-1], ["", "kind"]))
    assert letters(table_data("X.tabular", labels, decimal="comma")) == LABELS
    genes = write("genes.tabular", [["1.1", "2,5", "3", "1"], ["2.1", "1,5", "4", "2"]], ["gene", "p1", "p2", "p3"])
    labels = LabelSource(write("y.tabular", [["A"], ["B"], ["A"]], ["kind"]))
    assert table_data(genes, labels, decimal="comma", transpose=True).columns == ("1.1", "2.1")


def test_ids_that_are_numbers_are_names_if_both_files_call_them_so(capsys):
    ids = [str(number * 37 % 101) for number in range(12)]
    table(ids, "id")
    assert letters(look(list(zip(ids, LABELS))[::-1], ["id", "kind"])) == LABELS
    assert (
        "number in each row of 'id'. If they only number the rows, leave them out: --without_columns id"
        in capsys.readouterr().err
    )


IDS = [str(4000 + number * 37 % 101) for number in range(12)]


@pytest.mark.parametrize(
    ("ids", "header", "label_header", "column"),
    [
        (IDS, ["MRN", "a", "b"], ["mrn", "kind"], None),
        (IDS, ["MRN", "a", "b"], ["mrn", "kind"], "kind"),
        (IDS, ["who", "a", "b"], ["whom", "kind"], None),
        (IDS, ["a", "b", "id"], ["id", "kind"], None),
        (IDS, ["a", "ID", "b"], ["id", "kind"], "kind"),
        (NAMES, ["a", "id", "b"], ["id", "kind"], None),
        (NAMES, ["a", "b", "tube"], ["Tube", "kind"], "kind"),
    ],
)
def test_ids_are_found_in_any_column(ids, header, label_header, column):
    place = next(place for place, name in enumerate(header) if name not in "ab")
    rows = [[f"{0.5 * (number % 5)}", f"{number * number % 7}"] for number in range(12)]
    write("X.tabular", [[*row[:place], name, *row[place:]] for name, row in zip(ids, rows)], header)
    labels = LabelSource(write("y.tabular", [[*pair] for pair in zip(ids, LABELS)][::-1], label_header), column)
    split = splits.hold_out(0, 0)
    assert letters(table_data("X.tabular", labels, without_columns=[header[place]], split=split)) == LABELS


def test_a_label_is_no_name_though_the_table_has_it_too():
    write("X.tabular", [["a", "y"], *([f"{number % 5}", str(number * 5 % 13)] for number in range(12))])
    assert "--label_column: 's', 'y'." in refusal([(f"{i % 3}", str(i * 5 % 13)) for i in range(12)], ["s", "y"])


def test_it_is_told(capsys):
    table()
    look([*PAIRS, ("T1", "A"), ("T2", "A")], ["", "kind"])
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("X.tabular: 13 lines: 1 header, 12 rows of 3 columns; first column = names of the rows")
    assert told[1].startswith("y.tabular: 15 lines: 1 header, 14 rows of 2 columns; first column = names of the rows")
    assert told[2:] == ["y.tabular: matched by name to the rows of X.tabular; left out 2 labels of other rows"]
    look([(name.lower(), kind) for name, kind in PAIRS], ["", "kind"])
    assert capsys.readouterr().err.splitlines()[-1] == (
        "warning: y.tabular: 12 names of rows differ from X.tabular in upper and lower case, such as 's1' for 'S1'; "
        "taken as the same"
    )


@pytest.mark.parametrize(
    ("rows", "header", "column", "said"),
    [
        (BACKWARDS[:-1], ["", "kind"], None, "y.tabular: no label for row 1 of X.tabular, 'S1'."),
        ([*PAIRS[1:], ("S13", "A")], ["", "kind"], None, "y.tabular: no label for row 1 of X.tabular, 'S1'."),
        (
            [("P" + name, kind) for name, kind in PAIRS],
            ["", "kind"],
            None,
            "y.tabular: names other rows than X.tabular",
        ),
        ([*PAIRS, PAIRS[0]], ["", "kind"], None, "y.tabular: 2 rows have the name 'S1'"),
        (PAIRS, ["patient", "kind"], "patient", "--label_column patient: this column of y.tabular holds names of the"),
        ([("S1", "NA"), *PAIRS[1:]], ["", "kind"], None, "y.tabular:2: no label, found 'NA'."),
    ],
)
def test_names_that_do_not_match(rows, header, column, said):
    table()
    assert refusal(rows, header, column).startswith(said)


@pytest.mark.parametrize("header", [["kind"], None])
def test_a_line_of_units_is_told_first(header, capsys):
    write("X.tabular", [["mm", "kg"], *([f"{number % 5}.5", f"{number % 7}"] for number in range(12))], ["a", "b"])
    said = refusal([[kind] for kind in "010110100110"], header)
    assert said.startswith("X.tabular:2: column 'a' holds 'mm', expected a number")
    assert "If this line is no row, but a second header, units or a comment: delete it." in said
    assert not capsys.readouterr().err


def test_names_count_in_evaluating_too():
    table()
    trained = look(PAIRS, ["", "kind"]).spec
    assert letters(look(BACKWARDS, ["", "kind"], trained_on=trained)) == LABELS
    assert "names other rows" in refusal([("P" + name, kind) for name, kind in PAIRS], None, trained_on=trained)


@pytest.mark.parametrize(
    ("first", "rows", "header", "said"),
    [
        (NAMES, [[kind] for kind in LABELS], ["kind"], "X.tabular names its rows, and y.tabular doesn't"),
        (None, PAIRS, ["", "kind"], "y.tabular names its rows, and X.tabular doesn't"),
        (map(str, range(12)), PAIRS, ["", "kind"], "names only count the rows in X.tabular, or in y.tabular"),
    ],
)
def test_names_in_one_file_are_told(first, rows, header, said, capsys):
    table(first)
    assert letters(look(rows, header)) == LABELS
    assert f"warning: {said}: labels are paired with rows by their order\n" in capsys.readouterr().err


def test_without_names_nothing_is_said(capsys):
    table(None)
    look([[kind] for kind in LABELS], ["kind"])
    table([str(number) for number in range(12)])  # pandas has numbered the rows
    look([[kind] for kind in LABELS], ["kind"])
    assert "names" not in capsys.readouterr().err.replace("seems to name the rows", "")


# ----------------------------------------------------------------------------- in order


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (["kind", *LABELS[:5], "kind", *LABELS[5:]], "The first line, 'kind', is there again: line 7."),
        (["kind", "text", *LABELS], "Does it have two headers, 'kind' and 'text'?"),
        (["kind", *LABELS[:4], "", *LABELS[6:]], "Line 6 is blank: a label is missing there."),
        (["A", "B"], "The table has 2 columns; if these are the samples: --transpose"),
    ],
)
def test_a_wrong_number_of_lines_has_a_cause(content, cause):
    table(None)
    assert f"\n  {cause}" in refusal([[line] for line in content], None)


@pytest.mark.parametrize("around", [(["# from the clinic"], []), ([], ["", "\x1a"])])
def test_comments_and_the_end_of_a_dos_file_are_no_labels(around):
    table(None)
    above, below = around
    assert look([[line] for line in [*above, "kind", *LABELS, *below]], None).class_names == ("A", "B")


def test_blank_rows_of_the_table_are_the_cause():
    with open(table(None), "a") as file:
        file.write("\t\n\t\n")
    assert "X.tabular has 2 blank lines, which don't count as rows." in refusal(
        [[kind] for kind in ["kind", *LABELS, "A", "B"]], None
    )


def test_a_first_label_that_no_other_row_has_may_be_a_header():
    table(None)
    said = refusal([["kind"], *([kind] for kind in LABELS[1:])], None)
    assert said == (
        "y.tabular:1: 'kind' is the label of no other row. Is it a label, or the header?\n"
        "  If this line is a header, there is one label too few. If it is a label, write a header above it."
    )
    assert letters(look([["C"], *([kind] for kind in LABELS[1:])], ["kind"]))[0] == "C"


@pytest.mark.parametrize("labels", [["grain", *LABELS], ["yield", *map(str, range(11)), "0.5"], LABELS])
def test_a_header_of_numbers_is_asked_for(labels):
    """Whether the table's first line is a header can't be seen; the labels have one line more than it has rows."""
    write("X.tabular", [[f"{number / 8}", f"{number % 7}"] for number in range(12)], ["1100.5", "1102.5"])
    assert "--header yes" in refusal([[kind] for kind in labels], None)
    assert len(look([[kind] for kind in labels], None, header="yes").labels) == 13


def test_one_hot_labels_are_columns_to_choose_from():
    """Though the first line stands there again, and is no header."""
    table(None)
    said = refusal([["1", "0", "0"], *([*"010"], [*"001"], [*"100"]) * 4][:12], None)
    assert said == "y.tabular: 3 columns. Choose the one with the labels, with --label_column: '1', '2', '3'."


def test_swapped_files():
    table(None)
    write("only.tabular", [[str(number % 3)] for number in range(12)])
    with pytest.raises(UserError, match=r"2 columns(.|\n)*are --data and --labels swapped\?"):
        table_data("only.tabular", LabelSource("X.tabular"), split=splits.hold_out(0, 0))
