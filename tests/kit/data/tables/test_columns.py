"""Which columns of a table are the inputs: in training, and for a network that is trained."""

import pytest
from support.data_sets import table_data

from kit.cli.errors import UserError
from kit.data.tables import splits
from kit.data.tables.labels import LabelSource

GENES = "gene_a,gene_b,gene_c,3,kind\n1,2,3,4,ALL\n5,6,7,8,AML\n"
BARE = "1,2,3,ALL\n4,5,6,AML\n"
KIND = LabelSource(None, "kind")
LAST = LabelSource(None, "4")


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text, name="table.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return name

    return write


def look(path, labels=KIND, **options):
    return table_data(path, labels, split=splits.hold_out(0, 0), **options)


def predict(path, trained_on):
    return table_data(path, split=splits.everything(), trained_on=trained_on)


def refusal(function, *arguments, **options):
    with pytest.raises(UserError) as caught:
        function(*arguments, **options)
    return str(caught.value)


# ---- in training


@pytest.mark.parametrize(
    ("columns", "without", "found"),
    [
        ((), (), ("gene_a", "gene_b", "gene_c", "3")),
        (("gene_c", "gene_a"), (), ("gene_c", "gene_a")),
        (("1", "4"), (), ("gene_a", "3")),
        (("3",), (), ("3",)),  # a name goes before a number
        (("2-4",), (), ("gene_b", "gene_c", "3")),
        (("2-5", "1", "gene_b"), (), ("gene_b", "gene_c", "3", "gene_a")),  # labels are no input, nothing counts twice
        ((), ("gene_b", "3"), ("gene_a", "gene_c")),
        (("1-3",), ("2",), ("gene_a", "gene_c")),
    ],
)
def test_chosen_columns(write, columns, without, found):
    table = look(write(GENES), columns=columns, without_columns=without)
    assert table.columns == found
    assert table.fields == tuple(["gene_a", "gene_b", "gene_c", "3"].index(name) for name in found)
    assert (table.num_fields, table.label_column, table.shape) == (5, "kind", (len(found),))


def test_columns_without_names_are_numbers_from_1(write):
    table = look(write(BARE), LAST)
    assert (table.columns, table.fields, table.has_header, table.label_column) == (
        ("1", "2", "3"),
        (0, 1, 2),
        False,
        "4",
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"columns": ("gene_d",)}, "--columns gene_d: no such column among the 5 of table.csv. Did you mean "),
        ({"columns": ("zz",)}, "It has 'gene_a', 'gene_b', 'gene_c', '3', 'kind'."),
        ({"without_columns": ("6",)}, "--without_columns 6: no such column among the 5 of table.csv."),
        ({"columns": ("0",)}, "--columns 0: no such column"),
        ({"columns": ("4-9",)}, "--columns 4-9: table.csv has 5 columns; expected a range within 1-5."),
        ({"columns": ("3-2",)}, "--columns 3-2: table.csv has 5 columns; expected a range within 1-5."),
        ({"columns": ("kind",)}, "table.csv: none of its 5 columns is left as an input.\n  Check --columns"),
        ({"without_columns": ("1-4",)}, "table.csv: none of its 5 columns is left as an input."),
        (
            {"labels": LabelSource(None, "knid")},
            "--label_column knid: no such column among the 5 of table.csv. Did you mean 'kind'?",
        ),
    ],
)
def test_columns_that_there_are_not(write, options, said):
    assert said in refusal(look, write(GENES), **options)


def test_names_without_a_header(write):
    assert refusal(look, write(BARE), LAST, columns=("gene_a",)) == (
        "--columns gene_a: table.csv has no header; choose from its 4 columns by number, from 1.\n"
        "  If its first line is a header: --header yes"
    )


def test_a_name_that_stands_twice(write):
    path = write("a,b,a,y\n1,2,3,0\n4,5,6,1\n")
    y = LabelSource(None, "y")
    assert look(path, y).columns == ("a", "b", "a")
    assert look(path, y, columns=("3",)).fields == (2,)
    assert refusal(look, path, y, columns=("a",)) == (
        "--columns a: columns 1 and 3 of table.csv have this name. Choose one by its number."
    )


@pytest.mark.parametrize("header", ['"a"\t"b"\t"y"', '""\t"a"\t"b"\t"y"'], ids=["one short", "empty"])
def test_row_names_of_r_and_pandas_are_left_out(write, header, capsys):
    path = write(header + '\n"r1"\t1\t2\t"u"\n"r2"\t3\t4\t"v"\n')
    table = look(path, LabelSource(None, "y"))
    assert (table.columns, table.fields, table.num_fields) == (("a", "b"), (1, 2), 4)
    assert table.class_names == ("u", "v")
    said = capsys.readouterr()
    assert (said.err, "first column = names of the rows" in said.out) == ("", True)


def test_a_first_column_of_words_names_the_rows(write, capsys):
    rows = "".join(f"p{number},{number % 3},{number % 2}\n" for number in range(9))
    table = look(write("patient,a,y\n" + rows), LabelSource(None, "y"))
    assert (table.columns, table.name_field) == (("a",), 0)
    said = capsys.readouterr()
    assert (said.err, said.out) == (
        "",
        "table.csv: 10 lines: 1 header, 9 rows of 3 columns; first column = names of the rows; separated by commas\n",
    )
    for cell in ("{}%", "<0.{}", "1\u00a035{},5", "1'00{}", "\u22121.{}"):  # almost numbers
        rows = "".join(f"{cell.format(number)};{number % 3};{number % 2}\n" for number in range(1, 9))
        assert "column 'dose' holds '" in refusal(look, write("dose;a;y\n" + rows), LabelSource(None, "y"))
    assert "column 'sex' holds 'm'" in refusal(look, write("sex,a,y\nm,1,0\nf,2,1\nm,3,1\n"), LabelSource(None, "y"))


def test_row_names_that_are_numbers_may_be_chosen(write):
    path = write(",a,y\n1,5,0\n2,6,1\n")
    assert look(path, LabelSource(None, "y"), columns=("1", "a")).columns == ("row_names", "a")


# ---- for a network that is trained


def test_the_same_columns_in_another_order(write):
    trained = look(write(GENES), columns=("gene_c", "gene_a"))
    test = write("kind,gene_a,more,gene_c\nAML,5,0,7\n", "test.csv")
    table = predict(test, trained)
    assert (table.columns, table.fields, table.scaling) == (("gene_c", "gene_a"), (3, 1), None)
    assert (table.labels.tolist(), table.class_names, table.num_validation) == ([0, 1], ("ALL", "AML"), 1)


def test_columns_of_no_use_are_told(write, capsys):
    trained = look(write(GENES))
    predict(write("x,gene_a,gene_b,gene_c,3,y,z\n1,2,3,4,5,6,7\n", "test.csv"), trained)
    assert capsys.readouterr().err == (
        "warning: test.csv: left out, since the network was trained without: 'x', 'y', 'z'\n"
    )


def test_missing_columns_are_named(write):
    trained = look(write(GENES))
    assert refusal(predict, write("gene_a,gene_x,gene_y,3\n1,2,3,4\n", "test.csv"), trained) == (
        "test.csv: 2 of the 4 columns that the network was trained on are missing: 'gene_b', 'gene_c'.\n"
        "  In this table, but not in training: 'gene_x', 'gene_y'."
    )
    many = write("kind," + ",".join(f"g{i}" for i in range(9)) + "\na" + ",1" * 9 + "\nb" + ",2" * 9 + "\n", "many.csv")
    assert refusal(predict, write("g0,g1\n1,2\n", "test.csv"), look(many)) == (
        "test.csv: 7 of the 9 columns that the network was trained on are missing: "
        "'g2', 'g3', 'g4', 'g5', 'g6' and 2 more."
    )


def test_names_that_stand_twice_keep_their_order(write):
    y = LabelSource(None, "y")
    trained = look(write("a,b,a,y\n1,2,3,0\n4,5,6,1\n"), y)
    assert predict(write("b,a,a\n1,2,3\n", "test.csv"), trained).fields == (1, 0, 2)
    assert refusal(predict, write("b,a,a,a\n1,2,3,4\n", "test.csv"), trained) == (
        "test.csv: 3 columns have the name 'a'; in training it was 2."
    )


def test_without_names_places_count(write):
    trained = look(write(BARE), LAST)
    with_labels = predict(write("7,8,9,AML\n", "test.csv"), trained)
    assert (with_labels.fields, with_labels.labels.tolist()) == ((0, 1, 2), [1])
    without = predict(write("7,8,9\n", "test.csv"), trained)
    assert (without.fields, without.labels) == ((0, 1, 2), None)
    assert refusal(predict, write("7,8,9,AML,5\n", "test.csv"), trained) == (
        "test.csv: 5 columns, but the network was trained on 3 of a table's 4.\n"
        "  Unless both tables have a header, they must have the same columns in the same order."
    )


def test_a_table_that_seems_to_lie_the_other_way_round(write):
    bare, named = look(write("1,2,3,ALL\n4,5,6,AML\n"), LAST), look(write(GENES))
    said = refusal(predict, write("1,2\n3,4\n5,6\n", "test.csv"), bare)
    assert said.endswith("\n  It has 3 lines. If these are the columns of the training: --transpose yes")
    said = refusal(predict, write("1,2\n3,4\n", "test.csv"), bare)
    assert said.endswith("the same columns in the same order.")
    transposed = {"transpose": True, "split": splits.everything()}
    for trained in (bare, named):
        write("1,2,3\n4,5,6\n", "test.csv")
        said = refusal(table_data, "test.csv", trained_on=trained, **transposed)
        assert said.endswith("\n  It is read transposed. If its rows are samples: --transpose no")


def test_without_names_labels_may_have_stood_first(write):
    trained = look(write("ALL,1,2,3\nAML,4,5,6\n"), LabelSource(None, "1"))
    assert predict(write("AML,7,8,9\n", "test.csv"), trained).fields == (1, 2, 3)
    without = predict(write("7,8,9\n", "test.csv"), trained)
    assert (without.fields, without.labels) == ((0, 1, 2), None)


def test_without_names_neither_row_names_nor_labels_take_the_place_of_an_input(write):
    trained = look(write(BARE), LAST)
    assert predict(write(",a,b,c\n1,7,8,9\n2,7,8,9\n", "test.csv"), trained).fields == (1, 2, 3)
    first = table_data(
        write("AML,7,8,9\n", "test.csv"), LabelSource(None, "1"), split=splits.everything(), trained_on=trained
    )
    assert (first.fields, first.labels.tolist()) == ((1, 2, 3), [1])


def test_the_file_of_the_labels_is_no_table(write):
    assert "Is it the file of the labels?" in refusal(predict, write("1\n0\n", "y.csv"), look(write(BARE), LAST))


def test_a_column_that_is_written_otherwise(write):
    trained = look(write(GENES))
    said = refusal(predict, write("Gene-A,gene_b,gene_c,3\n1,2,3,4\n", "test.csv"), trained)
    assert said.endswith("'gene_a'.\n  Its 'Gene-A' seems to be 'gene_a', written otherwise: rename it.")
    said = refusal(predict, write("Gene-A,GENE_B,gene_c,3\n1,2,3,4\n", "test.csv"), trained)
    assert said.endswith(
        "Its 'Gene-A' seems to be 'gene_a', 'GENE_B' seems to be 'gene_b', written otherwise: rename them."
    )


def test_without_names_a_choice_is_kept(write):
    trained = look(write(BARE), LAST, columns=("3", "1"))
    assert predict(write("7,8,9,AML\n", "test.csv"), trained).fields == (2, 0)


def test_a_header_on_one_side_is_warned_of(write, capsys):
    trained = look(write(GENES))
    assert predict(write("1,2,3,4\n", "test.csv"), trained).fields == (0, 1, 2, 3)
    assert capsys.readouterr().err == (
        "warning: test.csv: not both the training table and this one have a header; columns taken in order\n"
    )
