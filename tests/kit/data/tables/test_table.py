"""The look over a table: rows, parts, layout, scaling on training rows alone, and what each wrong table is told."""

import gzip
import tracemalloc

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler
from support.data_sets import table_data

from kit.cli.errors import UserError
from kit.data.parts import SKIPPED, TRAINING, VALIDATION
from kit.data.tables import splits
from kit.data.tables.labels import LabelSource
from kit.runs.run_data import check_parts

Y = LabelSource(None, "y")
ROWS = ["a,b,y", "1,2,A", "3,4,B", "5,6,A", "7,8,B"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(content, path="table.csv"):
    content = "\n".join(content) + "\n" if isinstance(content, list) else content
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def look(content, labels=Y, split=None, **options):
    return table_data(write(content), labels, split=split or splits.hold_out(0, 0), **options)


def of_rows(*parts):
    """A split that was settled beforehand."""
    return lambda rows: np.array(parts, np.uint8)


def refusal(content, **options):
    with pytest.raises(UserError) as caught:
        look(content, **options)
    return str(caught.value)


# ---- rows and layout


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(ROWS),
        "\r\n".join(ROWS) + "\r\n",
        "\n".join(ROWS).replace(",", "\t"),
        "\n".join(ROWS).replace(",", ";"),
        "\ufeff" + "\n".join(ROWS),
        gzip.compress("\n".join(ROWS).encode()),
        '"a","b","y"\n"1","2","A"\n3 , 4,B\n5,6,"A"\n7,8,B\n',
    ],
    ids=["commas", "windows", "tabs", "semicolons", "mark", "gzip", "quotes"],
)
def test_the_same_table_however_it_is_written(content):
    table = look(content, split=of_rows(TRAINING, VALIDATION, TRAINING, TRAINING), scale="minmax")
    assert list(table.split_of_line) == [SKIPPED, TRAINING, VALIDATION, TRAINING, TRAINING]
    assert table.labels.tolist() == [0, 0, 1, 0, 1]
    assert (table.columns, table.fields, table.class_names) == (("a", "b"), (0, 1), ("A", "B"))
    assert (table.num_training, table.num_validation, table.num_fields, table.has_header) == (3, 1, 3, True)
    assert (table.scaling.offset.tolist(), table.scaling.spread.tolist()) == ([1, 2], [6, 6])
    is_packed = isinstance(content, bytes)
    assert (table.compression, table.has_missing) == ("GZIP" if is_packed else "", False)
    assert table.has_quotes == (not is_packed and '"' in content)
    if not is_packed:
        assert table.delimiter == next(delimiter for delimiter in ",\t;" if delimiter in content)
    check_parts(table, [TRAINING, VALIDATION])


def test_blank_lines_are_skipped_and_keep_their_number():
    table = look("\n\na,b,y\n \n1,2,A\n,,\n\n3,4,B\n\n")
    assert list(table.split_of_line) == [SKIPPED] * 4 + [TRAINING] + [SKIPPED] * 2 + [TRAINING, SKIPPED]
    assert table.labels.tolist() == [0, 0, 0, 0, 0, 0, 0, 1, 0]
    assert table.labels_of(TRAINING).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("content", "header", "has_header"),
    [
        ("1,2,A\n3,4,B\n", "auto", False),
        ("1,2,A\n3,4,B\n", "yes", True),
        ("x,2,A\n3,4,B\n5,6,A\n", "auto", True),
        ("NA,2,A\n3,4,B\n", "auto", False),
        ("a,b,y\n,,A\nNA,?,B\n3,4,A\n", "auto", True),
    ],
)
def test_whether_there_is_a_header(content, header, has_header):
    labels = LabelSource(None, "3")
    table = look(content + "5,6,A\n7,8,B\n", labels, header=header, fill_missing=True)
    assert (table.has_header, table.split_of_line[0]) == (has_header, SKIPPED if has_header else TRAINING)


@pytest.mark.parametrize(
    ("content", "count"),
    [
        ("1,,A\n3,NA,B\n,4,A\n", "3 missing values in 2 columns"),
        ("1,,A\n3,2,B\n", "1 missing value in 1 column"),
        ("1,2,A\n3,2,B\n", None),
    ],
)
def test_filled_values_are_counted(content, count, capsys):
    look(content, LabelSource(None, "3"), header="no", fill_missing=True)
    said = [line for line in capsys.readouterr().out.splitlines() if "filled" in line]
    assert said == ([f"table.csv: {count}, filled with the column's mean over the training rows"] if count else [])


def test_decimal_commas_do_not_make_commas_the_delimiter():
    table = look("1,5;2,5;A\n3,5;4,5;B\n", LabelSource(None, "3"), scale="minmax")
    assert (table.delimiter, table.decimal, table.scaling.offset.tolist()) == (";", ",", [1.5, 2.5])


def test_delimiters_within_words_do_not_count():
    table = look("gene;x,a\tb\ty\n1\t2\tp,q;r\n3\t4\tp,q;s\n")
    assert (table.delimiter, table.columns, table.class_names) == ("\t", ("gene;x,a", "b"), ("p,q;r", "p,q;s"))


# ---- scaling


def test_scaling_is_fitted_on_training_rows_alone():
    values = np.random.default_rng(1).normal(3.0, 2.0, (400, 5)).astype(np.float32)
    lines = ["\t".join(map(str, row)) + f"\t{number % 2}" for number, row in enumerate(values.tolist())]
    table = look(lines, LabelSource(None, "6"), splits.hold_out(0.3, 4, True), scale="standard")
    is_training = np.frombuffer(table.split_of_line, np.uint8) == TRAINING
    assert (table.num_training, is_training.sum()) == (280, 280)
    wanted = StandardScaler().fit(values[is_training].astype(np.float64))
    np.testing.assert_allclose(table.scaling.offset, wanted.mean_, rtol=1e-6)
    np.testing.assert_allclose(table.scaling.spread, wanted.scale_, rtol=1e-6)


def test_missing_values_are_filled_by_the_training_mean():
    content = "a,b,y\n1,NA,A\n,4,B\n3,8,A\n100,100,B\n"
    table = look(content, split=of_rows(TRAINING, TRAINING, TRAINING, VALIDATION), fill_missing=True, scale="minmax")
    assert table.has_missing
    assert (table.scaling.fill.tolist(), table.scaling.offset.tolist(), table.scaling.spread.tolist()) == (
        [2, 6],
        [1, 4],
        [2, 4],
    )


def test_missing_values_of_columns_that_are_left_out_do_not_matter():
    table = look("a,b,y\n1,NA,A\n2,,B\n", without_columns=("b",))
    assert (table.has_missing, table.columns) == (False, ("a",))


# ---- columns that are advised against


ID_ROWS = [
    "Unnamed: 0,a,copy,y",
    *(f"{number},{number * 7 % 5},{number % 2},{'AB'[number % 2]}" for number in range(12)),
]


@pytest.mark.parametrize(
    ("options", "flag"),
    [
        ({}, '--without_columns "Unnamed: 0" copy'),
        ({"without_columns": ("copy",)}, '--without_columns copy "Unnamed: 0"'),
        ({"columns": ("1", "a")}, '--without_columns "Unnamed: 0"'),
        ({"without_columns": ("1", "copy")}, None),
    ],
)
def test_columns_that_count_rows_or_repeat_labels_are_told_with_the_flag_that_leaves_them_out(options, flag, capsys):
    trained_on = look(ID_ROWS, **options)
    said = capsys.readouterr().err
    assert (f"\n  Leave {'them' if 'copy' in str(flag)[-5:] else 'it'} out: {flag}\n" in said) if flag else said == ""
    look(ID_ROWS, split=splits.everything(), trained_on=trained_on.spec)
    assert capsys.readouterr().err == ""  # evaluating.py can't leave out a column


@pytest.mark.parametrize(
    ("name", "word"), [("a b", '"a b"'), ('a""b', "1"), ("-a", "1"), ("a$b", "1"), ("\u00e9", "\u00e9")]
)
def test_the_flag_names_that_column_and_no_other(name, word, capsys):
    """Or its number, where a shell or argparse would read the name otherwise."""
    rows = [f'"{name}",g,y', *(f"{number},{number % 3},{'AB'[number % 2]}" for number in range(12))]
    look(rows)
    assert capsys.readouterr().err.endswith(f"Leave it out: --without_columns {word}\n")
    assert look(rows, without_columns=(word.strip('"'),)).columns == ("g",)


def test_a_column_whose_number_is_the_name_of_another(capsys):
    rows = ["-n,1,y", *(f"{number},{number % 3},{'AB'[number % 2]}" for number in range(12))]
    look(rows)
    assert capsys.readouterr().err.endswith("--without_columns 1-1\n")
    assert look(rows, without_columns=("1-1",)).columns == ("1",)


@pytest.mark.parametrize(
    ("names", "header", "chosen", "is_told"),
    [
        ("0,1,2", "batch,kind", "2", False),  # pandas numbers columns without names
        ("0,1,2", "0,1", "2", False),
        ("g,kind,h", "batch,kind", "2", True),
        ("g,kind,h", "batch,kind", "kind", True),
    ],
)
def test_a_column_that_is_called_as_the_labels_is_told(names, header, chosen, is_told, capsys):
    write([header, *(f"{number % 5},{'AB'[number % 2]}" for number in range(12))], "y.csv")
    rows = [names, *(f"{number % 5},{number * number % 7},{number % 3}" for number in range(12))]
    look(rows, LabelSource("y.csv", chosen), header="yes")
    said = capsys.readouterr().err
    assert ("column 'kind' repeats the labels" in said) == ("repeats" in said) == is_told


def test_constant_columns_that_vary_later_are_told(capsys):
    rows = ["a,g7,g8,y", "1,0,2.5,A", "2,0,2.5,B", "3,0,2.5,A", "4,1,2.5,B"]
    split = of_rows(TRAINING, TRAINING, TRAINING, VALIDATION)
    spec = look(rows, split=split).spec
    assert (spec.constant_columns, spec.constants) == (("g7", "g8"), (0.0, 2.5))
    told = "warning: table.csv: 1 column has one value in all training rows and others in the rows to evaluate, so the "
    assert capsys.readouterr().err == f"{told}network hasn't learnt from it: 'g7' (always 0)\n"
    look(rows[:-1], split=splits.everything(), trained_on=spec)
    assert capsys.readouterr().err == ""
    look(["g8,a,g7,y", "3,1,0,A"], split=splits.everything(), trained_on=spec)  # constant, but with another value
    assert capsys.readouterr().err == f"{told}network hasn't learnt from it: 'g8' (always 2.5)\n"


def test_constant_columns_of_the_same_name(capsys):
    split = of_rows(TRAINING, TRAINING, TRAINING, VALIDATION)
    spec = look(["x,x,y", "0,1,A", "0,2,B", "0,3,A", "0,4,B"], split=split).spec  # the first is constant
    assert capsys.readouterr().err == ""
    look(["x,x,y", "0,5,A", "0,6,B"], split=splits.everything(), trained_on=spec)
    assert capsys.readouterr().err == ""
    spec = look(["x,x,a,y", "0,2,1,A", "0,2,2,B", "0,2,4,A", "0,2,3,B"], split=split).spec  # both are
    look(["a,x,x,y", "1,0,2,A", "2,0,3,B"], split=splits.everything(), trained_on=spec)
    assert capsys.readouterr().err.endswith("the network hasn't learnt from it: 'x' (always 2)\n")


def test_a_class_without_a_row_for_training_is_told(capsys):
    look(["a,y", "5,A", "3,B", "4,C"], split=of_rows(TRAINING, TRAINING, VALIDATION))
    assert capsys.readouterr().err.startswith(
        "warning: table.csv: no row for training has the label 'C', so the network can't learn it.\n"
    )


def test_one_hot_copies_and_missing_cells_are_told(capsys):
    classes = ["kwz"[number * 7 % 11 % 3] for number in range(30)]
    rows = [
        [str(i or ""), str(i * 7 % 5), *("01"[name == other] for other in "kwz"), name]
        for i, name in enumerate(classes)
    ]
    look(["n,a,y_k,y_w,y_z,y", *map(",".join, rows)], fill_missing=True)
    assert capsys.readouterr().err == (
        "warning: table.csv: column 'n' counts the rows, columns 'y_k', 'y_w', 'y_z' together repeat the labels: what "
        "is learnt from them is of no use for other rows.\n  Leave them out: --without_columns n y_k y_w y_z\n"
    )


# ---- sizes


def test_lines_that_may_be_shuffled_at_once():
    table = look(ROWS)
    assert (table.bytes_per_line, table.most_shuffled) == (5, 50_000)
    wide = look(["1," * 50_000 + "A", "2," * 50_000 + "B"], LabelSource(None, "50001"))
    assert (wide.bytes_per_line, wide.most_shuffled) == (100_001, (1 << 27) // 100_001)


def test_features_are_not_kept():
    line = "\t".join(f"{number / 7:.5f}" for number in range(1000))
    content = "".join(f"{line}\t{number % 2}\n" for number in range(3000)).encode()
    path = write(gzip.compress(content, 1))
    tracemalloc.start()
    try:
        table = table_data(path, LabelSource(None, "1001"), split=splits.hold_out(0, 0))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert table.num_training == 3000
    assert most < len(content) / 4  # the whole, as float32, would take about half


def test_progress_of_a_long_file(monkeypatch, capsys):
    monkeypatch.setattr("kit.data.tables.column_numbers.LONG_FILE", 0)
    monkeypatch.setattr("kit.cli.console.SECONDS_BETWEEN_LINES", 0)
    look(ROWS)
    assert capsys.readouterr().out.startswith("reading table.csv: 4 of 4 rows\n")


# ---- what is wrong


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "table.csv: empty.\n  --data expects a table: one row per line, cells separated by tabs or commas."),
        ("\n \n\n", "table.csv: empty."),
        ("a,b,y\n1,2,A\n3,4\n", "table.csv:3: 2 cells, expected 3 as in the header, separated by commas.\n  Fix the"),
        ("a,b,y\n1,2,A\n3,4,B,5\n", "table.csv:3: 4 cells, expected 3 as in the header"),
        (
            "a,b,c,d,y\n1,2,A\n3,4,B\n",
            "table.csv:1: 5 cells, but the rows below have 3.\n  If it is a title, delete it.",
        ),
        ('a,b,y\n1,2,A\n3,"4\n5",B\n', "table.csv:3: a quote isn't closed; cells with a line break"),
        (
            "a,b,y\n1,x,A\n3,4,B\n",
            "table.csv:2: column 'b' holds 'x', expected a number.\n  Fix the cell.",
        ),
        ("a,b,y\n1,2,A\n3,inf,B\n", "table.csv:3: column 'b' holds 'inf', expected a number."),
        ("a,b,y\n1,2,A\n3,1e39,B\n", "table.csv:3: column 'b' holds '1e39', too large for float32 (3.4e38)."),
        ("a,b,y\n1,2,caf\u00e9".encode("latin-1"), "table.csv:2: not text in UTF-8; save the file as UTF-8."),
        ("a,b,y\n1,2,A\n".encode("utf-16-le"), "table.csv:1: zero bytes, as in UTF-16; save the file as UTF-8."),
        (
            "a,b,y\r1,2,A\r3,4,B",
            "table.csv:1: a carriage return within the line; save the file with Unix or Windows line ends",
        ),
        (
            "a,b,y\n1,2,A\n3,NA,B\n?,4,A\n",
            "table.csv:3: no value in column 'b'; 2 values are missing in all.\n"
            "  Fill with the mean of the column's training rows: --fill_missing.",
        ),
    ],
)
def test_wrong_tables(content, said):
    assert refusal(content).startswith(said)


def test_a_header_and_nothing_else():
    assert refusal("a,b,y\n", header="yes") == (
        "table.csv: a header, but no rows below it.\n  If its line is a row: --header no"
    )


def test_the_first_row_is_not_the_longest():
    said = refusal("1,2,A\n3,4,5,B\n6,7,8,A\n9,1,2,B\n", labels=LabelSource(None, "4"))
    assert said.startswith("table.csv:1: 3 cells, expected 4 as in the first lines, separated by commas.")


def test_a_column_without_any_value_in_training():
    content = "a,b,c,y\n1,,,A\n2,?,NA,B\n3,4,5,A\n"
    said = refusal(content, split=of_rows(TRAINING, TRAINING, VALIDATION), fill_missing=True)
    assert said == (
        "table.csv: column 'b' has no value in any training row; the same in 1 more.\n"
        "  Leave them out: --without_columns b c"
    )


def test_words_all_the_way():
    assert refusal("id,name,y\nr1,x,A\nr2,z,B\n", labels=LabelSource(None, "3")) == (
        "table.csv:1: column '1' holds 'id', expected a number; 5 more cells in 2 columns are no numbers.\n"
        "  If this line names the columns: --header yes"
    )
