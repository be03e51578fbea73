"""Tables as programs write them: read right by both readers, with the numbers worked out by hand; or refused."""

import io

import numpy as np
import pytest
from support.data_sets import table_data
from support.scripts import elements

from dlho2018 import read_lines
from kit.cli.errors import UserError
from kit.data.parts import VALIDATION
from kit.data.tables.labels import LabelSource
from kit.data.tables.layouts import layout_of
from kit.data.tables.number_reader import NumberReader

NAN = float("nan")
TWO = [[1.5, 2], [-3, 0.25]]
NAMES = ("a", "b")


def savetxt(rows, **options):
    file = io.StringIO()
    np.savetxt(file, rows, **options)
    return file.getvalue()


@pytest.fixture
def read(tmp_path, monkeypatch, graph):
    """A file's columns and rows, by the graph's parser and by NumberReader, which must agree."""
    monkeypatch.chdir(tmp_path)

    def read(content, without=(), header="auto", decimal="auto"):
        with open("table", "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        with open("y", "w", encoding="utf-8") as file:
            file.write("kind\n" + "".join(f"{i % 2}\n" for i in range(num_rows_of(header, decimal))))
        table = table_data("table", LabelSource("y"), (), without, header=header, decimal=decimal, fill_missing=True)
        (rows,) = [np.stack([row for row, _ in elements(read_lines(table, VALIDATION).map(table.parse))])]
        layout = layout_of("table", header, "--data", decimal)
        chunks = [values for _, values in NumberReader(layout, table.fields).chunks()]
        np.testing.assert_array_equal(rows, np.concatenate(chunks))
        return table.columns, rows.tolist()

    def num_rows_of(header, decimal):
        return sum(bool(line) for _, line in layout_of("table", header, "--data", decimal).lines())

    return read


def refusal(read, content, **options):
    with pytest.raises(UserError) as caught:
        read(content, **options)
    return str(caught.value)


FORMATS = {  # {what wrote it: (text, columns left out, the names, the rows)}
    "np.savetxt": (savetxt(TWO), (), ("1", "2"), TWO),
    "np.savetxt, header": (savetxt(TWO, header="a b"), (), NAMES, TWO),
    "np.savetxt, commas, header": (savetxt(TWO, header="a,b", delimiter=","), (), NAMES, TWO),
    "np.savetxt, header of numbers": (savetxt(TWO, header="1100 1102"), (), ("1100", "1102"), TWO),
    "np.savetxt, a comment": (savetxt(TWO, header="drawn at random by me"), (), ("1", "2"), TWO),
    "comments above a header": ("# by me\n# a,b\na,b\n1.5,2\n-3,.25\n", (), NAMES, TWO),
    "QIIME": ("# made from a biom file\n#id\ta\tb\ns1\t1.5\t2\ns2\t-3\t.25\n", ("#id",), NAMES, TWO),
    "to_csv": (",a,b\n0,1.5,2.0\n1,-3.0,0.25\n", (), NAMES, TWO),
    "to_csv, names of numbers": (",0,1\nr1,1.5,2.0\nr2,-3.0,0.25\nr3,1,\n", (), ("0", "1"), [*TWO, [1, NAN]]),
    "to_csv, sep=; decimal=,": (";a;b\n0;1,5;2,0\n1;-3,0;0,25\n", (), NAMES, TWO),
    "Excel's sep=": ("sep=;\na;b\n1.5;2\n-3;.25\n", (), NAMES, TWO),
    "sep=, between decimal commas": ('SEP=,\r\na,b\r\n"1,5",2\r\n-3,",25"\r\n', (), NAMES, TWO),
    "sep= that decides": ("sep=;\n1,5;2\n-3,0;0,25\n", (), ("1", "2"), TWO),
    "sep= in quotes": ('"sep=;"\na;b\n1.5;2\n-3;.25\n', (), NAMES, TWO),
    "sep= with empty cells": ("\ufeffsep=,,\na,b\n1.5,2\n-3,.25\n", (), NAMES, TWO),
    "sep= of one column": ("sep=;\na\n82,0\n32,5\n", (), ("a",), [[82], [32.5]]),
    "to_csv, decimal=,": (',a,b\n0,"1,5","2,0"\n1,"-3,0","0,25"\n', (), NAMES, TWO),
    "to_string": ("        a     b\nr1  1.5  2.00\nr2 -3.0  0.25\n", (), NAMES, TWO),
    "to_string, index=False": ("   a    b\n 1.5 2.00\n-3.0 0.25\n", (), NAMES, TWO),
    "write.table": ('"a" "b"\n"r 1" 1.5 2\n"r 2" -3 0.25\n', (), NAMES, TWO),
    "write.table, numbered": ('"a" "b"\n"1" 1.5 2\n"2" -3 0.25\n', (), NAMES, TWO),
    "write.table, words": ('"a" "k" "b"\n"1" 1.5 "x y" 2\n"2" -3 "" 0.25\n', ("k",), NAMES, TWO),
    "write.table, quote=FALSE": ("a b\n1 1.5 2\n2 -3 0.25\n3 NA 1\n", (), NAMES, [*TWO, [NAN, 1]]),
    "write.table, tabs": ('"a"\t"b"\n"r1"\t1.5\t2\n"r2"\t-3\t0.25\n', (), NAMES, TWO),
    "write.table, tabs, names of numbers": (
        "1100\t1102\nr1\t.5\t2.5\nr2\t-3\t.25\n",
        (),
        ("1100", "1102"),
        [[0.5, 2.5], TWO[1]],
    ),
    "write.csv": ('"","a","b"\n"1",1.5,2\n"2",-3,0.25\n', (), NAMES, TWO),
    "write.csv, names of numbers": ('"","7","5"\n"1",1.5,2\n"2",-3,0.25\n', (), ("7", "5"), TWO),
    "write.csv2": ('"";"a";"b"\n"1";1,5;2\n"2";-3;0,25\n', (), NAMES, TWO),
    "vertical bars": ("a|b\n1.5|2\n-3|.25\n", (), NAMES, TWO),
    "spaces, right-aligned": ("a      b\n   1.5   2\n  -3.0 .25  \n", (), NAMES, TWO),
    "spaces and tabs": ("a \t b\n1.5 \t2\n-3\t .25\n", (), NAMES, TWO),
    **{  # which would split as evenly by spaces
        f"names of two words, separated by {name}": (text.replace("|", sign), ("mouse id",), NAMES, TWO)
        for name, sign in {"tabs": "\t", "commas": ",", "semicolons": ";", "vertical bars": "|"}.items()
        for text in ("mouse id|a|b\nAnn 343|1.5|2\nAnn 344|-3|.25\n",)
    },
    "a name and one column, tabs": ("mouse id\ta\nAnn 343\t1.5\nAnn 344\t2\n", ("mouse id",), ("a",), [[1.5], [2]]),
    "spaces and letters": ("k a b\nà 1.5 2\né -3 .25\n", ("k",), NAMES, TWO),
    "spaces, quoted and missing": (
        'a b c\n"1.5" "" 2\n-3 "NA" ".25"\n',
        (),
        ("a", "b", "c"),
        [[1.5, NAN, 2], [-3, NAN, 0.25]],
    ),
    "decimal commas": ("1,5;2\n-3;0,25\n", (), ("1", "2"), TWO),
    "decimal commas, tabs": ("a\tk\tb\n1,5\tx.y\t2\n-3\tu,v\t0,25\n", ("k",), NAMES, TWO),
    "decimal commas, words": ("a;k;l\n1,5;x;u\n-3,0;y;v\n", ("k", "l"), ("a",), [[1.5], [-3]]),
    "decimal commas, spaces": ("a b\n1,5 2\n-3 ,25\n", (), NAMES, TWO),
    "decimal commas, exponents": ("a;b\n1,5e+00;2\n-3;2,5E-1\n", (), NAMES, TWO),
    "decimal commas, one column": (
        "a\n82,0\n32,1\n61,3\n",
        (),
        ("a",),
        [[82], [32.099998474121094], [61.29999923706055]],
    ),
    "one column, some whole": ("a\n82,5\n32\nNA\n61,25\n", (), ("a",), [[82.5], [32], [NAN], [61.25]]),
    "decimal commas, thousands": ("a;b\n1.351,5;2\n887;1.351.200\n", (), NAMES, [[1351.5, 2], [887, 1351200]]),
    "commas in thousands, quoted": ('a,b\n"1,351.5",2\n887,"1,351,200"\n', (), NAMES, [[1351.5, 2], [887, 1351200]]),
    "commas in thousands, tabs": ("a\tb\n1,351.5\t2\n887\t1,351,200\n", (), NAMES, [[1351.5, 2], [887, 1351200]]),
    "delimiters at the end": ("a\tb\n1.5\t2\t\n-3\t.25\t\n", (), NAMES, TWO),
    "delimiters at the end, header too": ("a;b;;\n1.5;2;;\n-3;.25;;\n", (), NAMES, TWO),
    "delimiters at the end of some rows": ("a,b\n1.5,2,\n-3,.25\n", (), NAMES, TWO),
    "tabs at the end of a row": ("a\tb\n1.5\t2\n-3\t.25\t\n", (), NAMES, TWO),
    "lists of numbers beside points": ("a\tk\tb\n1.5\t300,\t2\n-3\t10,200,\t.25\n", ("k",), NAMES, TWO),
    "delimiter at the header's end": ("a,b,\n1.5,2\n-3,.25\n", (), NAMES, TWO),
    "delimiters at the end, no header": ("1.5,2,\n-3,.25,\n", (), ("1", "2"), TWO),
    "a last column without values": ("a,b,c\n1.5,2,\n-3,.25,\n", ("c",), NAMES, TWO),
    "Ctrl-Z at the end": ("a,b\n1.5,2\n-3,.25\n\x1a", (), NAMES, TWO),
    "pandas' missing values": (
        "a,b\n#N/A,<NA>\n-nan,#NA\n-1.#IND,NULL\n1.5,2\n",
        (),
        NAMES,
        [[NAN, NAN]] * 3 + TWO[:1],
    ),
}


@pytest.mark.parametrize(("content", "without", "names", "rows"), FORMATS.values(), ids=FORMATS)
def test_read_right(read, content, without, names, rows):
    columns, found = read(content, without)
    assert columns == names
    np.testing.assert_array_equal(np.array(found, np.float32), np.array(rows, np.float32))


ASKED = {  # {what is doubtful: (text, what is said, the flag, its effect: columns and first row with each value)}
    "wavelengths": (
        "1100\t1102\t1104\n.5\t.25\t.5\n.5\t.5\t.75\n",
        "table:1: 1100, 1102, 1104 may name the columns or be a row: whole numbers above fractions.\n"
        "  If it names the columns: --header yes\n  If it is a row: --header no",
        {"header": {"yes": (("1100", "1102", "1104"), [0.5, 0.25, 0.5]), "no": (("1", "2", "3"), [1100, 1102, 1104])}},
    ),
    "a word beside numbers": (
        "x,2,3,k\n3,4,5,k\n5,6,7,k\n",
        "table:1: x, 2, 3 ... may name the columns or be a row: a word above numbers, 'x', beside numbers.",
        {"header": {"yes": (("x", "2", "3"), [3, 4, 5])}},
    ),
    "an empty first cell": (
        ",5,6\n1,9,3\n4,2,8\n",
        "table:1: , 5, 6 may name the columns or be a row: an empty first cell, as above names of rows, and numbers.",
        {"header": {"yes": (("5", "6"), [9, 3]), "no": (("1", "2", "3"), [NAN, 5, 6])}},
    ),
    "points in thousands": (
        "a;b\n887;3\n1.351;4\n",
        "table:3: '1.351' may be 1.351 or 1351; the same column has 887.\n"
        "  If the points are decimal signs: --decimal point\n  If they only group thousands: --decimal comma",
        {"decimal": {"point": (NAMES, [1.351, 4]), "comma": (NAMES, [1351, 4])}},
    ),
    "points in thousands, no header": (
        "887;1.351\n900;1.800\n",
        "table:1: '1.351' may be 1.351 or 1351.",
        {"decimal": {"point": (("1", "2"), [900, 1.8]), "comma": (("1", "2"), [900, 1800])}},
    ),
    "points in thousands, one column": (
        "a\n887\n1.351\n",
        "table:3: '1.351' may be 1.351 or 1351; the same column has 887.",
        {"decimal": {"point": (("a",), [1.351]), "comma": (("a",), [1351])}},
    ),
    "commas in thousands": (
        'a,b\n"1,351",2\n"2,400",3\n',
        "table:2: '1,351' may be 1.351 or 1351.\n"
        "  If the commas are decimal signs: --decimal comma\n  If they only group thousands: --decimal point",
        {"decimal": {"point": (NAMES, [2400, 3]), "comma": (NAMES, [2.4, 3])}},
    ),
    "both signs": (
        "a;b;c\n1,5;2.5;3\n1,7;2.7;5\n",
        "table:2: '1,5' has a decimal comma, but '2.5' in line 2 a decimal point.\n  Write all numbers",
        {},
    ),
}


@pytest.mark.parametrize(("content", "said", "flags"), ASKED.values(), ids=ASKED)
def test_two_readings_are_asked_for(read, content, said, flags):
    without = ("k",) if "k" in content else ()
    without = ("4",) if without and content[0] != "x" else without
    assert refusal(read, content, without=without).startswith(said)
    for flag, values in flags.items():
        for value, (columns, row) in values.items():
            found, rows = read(content, without, **{flag: value})
            assert found == columns
            assert np.array(row, np.float32).tolist() in rows or NAN in map(abs, row) or np.isnan(rows[0][0])


def likely_header(names, rows):
    return "\t".join(map(str, names)) + "\n" + "".join("\t".join(map(str, row)) + "\n" for row in rows)


CHANCE = np.random.default_rng(3)
NAMES_OF_NUMBERS = {
    "0..n": (range(4), CHANCE.normal(size=(9, 4))),
    "1..n, above whole numbers": (range(1, 9), CHANCE.integers(0, 9, (9, 8))),
    "1..3": (range(1, 4), [[5, 2, 9], [4, 8, 1], [3, 3, 3]]),
    "years": (range(2019, 2022), [[120, 90, 130], [100, 150, 120], [99, 120, 100]]),
    "Entrez ids, above counts": (
        [7157, 672, 675, 5728, 5925, 207, 4609, 1956, 3845, 5290],
        CHANCE.poisson(900, (9, 10)) // 99 * 99,
    ),
    "Entrez ids, above fractions": ([7157, 672], CHANCE.normal(size=(9, 2))),
    "Entrez ids, above 0 and 1": ([7157, 672], CHANCE.integers(0, 2, (9, 2))),
    "wavelengths with fractions": (np.arange(400, 404, 0.5), CHANCE.normal(size=(9, 8)).round(2)),
    "uneven masses": ([50.1, 51.7, 55.2, 58.9, 60.1, 61.3, 70.4, 71.2], CHANCE.normal(size=(9, 8)).round(2)),
    "wavenumbers": ([4000, 3998, 3996, 3994, 3992], CHANCE.normal(size=(9, 5)).round(2)),
}


@pytest.mark.parametrize(("names", "rows"), NAMES_OF_NUMBERS.values(), ids=NAMES_OF_NUMBERS)
def test_numbers_that_name_columns_are_asked_for(tmp_path, names, rows):
    path = tmp_path / "table"
    path.write_text(likely_header(names, rows))
    with pytest.raises(UserError, match="may name the columns or be a row: "):
        layout_of(str(path), "auto", "--data")
    assert layout_of(str(path), "yes", "--data").names == tuple(map(str, names))


def ordinary(chance, rows, columns):
    """Tables without a header, of which no question is to be asked."""
    yield chance.normal(size=(rows, columns))
    yield chance.normal(size=(rows, columns)).round(1)
    yield chance.integers(0, 10, (rows, columns))
    yield chance.integers(0, 256, (rows, columns))
    yield chance.poisson(chance.gamma(0.5, 20, columns), (rows, columns))
    yield chance.negative_binomial(1, 0.01, (rows, columns))
    yield chance.integers(0, 2, (rows, columns))
    yield np.eye(columns, dtype=int)[chance.integers(0, columns, rows)]
    yield np.sort(chance.normal(size=(rows, columns)).round(2), axis=1)
    yield np.sort(chance.integers(0, 100, (rows, columns)), axis=0)
    yield np.arange(rows * columns).reshape(rows, columns)


def test_ordinary_tables_are_read_without_a_question(tmp_path):
    chance, path, num_asked, num_tables = np.random.default_rng(0), tmp_path / "table", 0, 0
    for rows, columns in [(4, 2), (4, 3), (20, 3), (20, 5), (20, 12)] * 6:
        for table in ordinary(chance, rows, columns):
            path.write_text(likely_header(table[0].tolist(), table[1:].tolist()))
            num_tables += 1
            try:
                assert layout_of(str(path), "auto", "--data").names is None
            except UserError:
                num_asked += 1
    assert (num_tables, num_asked) == (330, 0)


REFUSED = {
    "sep= of another delimiter": (
        "sep=;\na,b\n1,2\n3,4\n",
        "1: names semicolons, but the cells are separated by commas.\n  Delete this line",
    ),
    "sep= of none": ("sep=:\na:b\n1:2\n3:4\n", "1: 'sep=:' names a delimiter that isn't read.\n  Separate"),
    "a header one name too long": (
        "a,b,c,d\n1,2,3\n4,5,6\n",
        "1: 4 cells, but the rows below have 3.\n  If it is a title",
    ),
    "a title above": (
        "Table 1\na,b,c\n1,2,3\n4,5,6\n",
        "1: 1 cell, but the rows below have 3.\n  If it is a title, delete",
    ),
    "a missing name": (
        "A\tB\n-1.7\t1.1\t2.3\n-1.3\t3.1\t.5\n",
        "1: 2 names for 3 columns; and the first column, '-1.7' and",
    ),
    "labels without a name": (
        "A,B\nx,1,2\ny,3,4\nx,5,6\n",
        "1: 2 names for 3 columns; and the first column, 'x' and so on",
    ),
    "a name missing at an end": ("A,B,\n1,2,3\n2,3,4\n", "1: a column has no name: the last, or the first."),
    "units": (
        "a,b\ncm,kg\n1,2\n4,5\n5,6\n",
        "2: column 'a' holds 'cm', expected a number; 1 more cell in 2 columns is no",
    ),
    "joined files": ("a,b\n1,2\na,b\n3,4\n", "3: the header of line 1 once more, as when files are joined.\n  Delete"),
    "joined files with marks": (
        "\ufeff1,2\n\ufeff3,4\n",
        "2: a byte order mark within the file, as when files are joined",
    ),
    "#DIV/0!": (
        "a,b\n1,#DIV/0!\n#DIV/0!,2\n3,4\n1,1\n5,#DIV/0!\n",
        "2: column 'b' holds '#DIV/0!', expected a number; the same in 2 more cells, in 2 columns.",
    ),
    "thousands of Switzerland": (
        "a,b\n1'351,2\n1'400,3\n",
        "2: column 'a' holds '1'351', expected a number; 1 more cell is no "
        "number.\n  Fix the cell. A number is written like",
    ),
    "a quote above decimal commas": ('width in "\n12,5\n13,25\n', "1: a quote isn't closed; cells with a line break"),
    "Ctrl-Z in a cell": ("a,b\n1,2\n3,4\x1a", "3: a Ctrl-Z, with which DOS ended its files; delete the character."),
    "a value below dropped cells": ("1,2,\n" * 1001 + "1,2,3\n", "1002: 3 cells, expected 2 as in the first lines"),
    "a row too short": (
        "a b\n1 2\n3 4\n5\n",
        "4: 1 cell, expected 2 as in the header, separated by spaces.\n  Fix the line.",
    ),
}


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_refused(read, content, said):
    assert refusal(read, content).startswith(f"table:{said}")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a\n82,0\n32,1\n61,3\n", "4 lines: 1 header, 3 rows of 1 column; decimal commas"),
        (
            "\n# \n,a\n1,5\n\n2,6\n",
            "6 lines: 1 header, 2 rows of 2 columns, 1 comment, 2 blank; first column = names of the rows; "
            "separated by commas",
        ),
        ("1 2\n", "1 line: no header, 1 row of 2 columns; separated by spaces"),
        (
            "a;b\n1;2;;\n",
            "2 lines: 1 header, 1 row of 2 columns; separated by semicolons; 2 empty last columns dropped",
        ),
        (
            'a|b\n"1,000,000"|2\n',
            "2 lines: 1 header, 1 row of 2 columns; separated by vertical bars; commas may group thousands",
        ),
    ],
)
def test_the_reading_is_described(tmp_path, content, said):
    path = tmp_path / "table"
    path.write_text(content)
    layout = layout_of(str(path), "auto", "--data")
    lines = [line for _, line in layout.lines()]
    assert layout.described(sum(map(bool, lines)), len(lines)) == f"{path}: {said}"


@pytest.mark.parametrize(
    ("content", "header", "decimal", "rows"),
    [
        ("Alter\n82,0\n32,1\n61,3\n", "yes", "auto", [["82.0"], ["32.1"], ["61.3"]]),
        ("82,0\n32,1\n61,3\n", "no", "comma", [["82.0"], ["32.1"], ["61.3"]]),
        ("82,0\n32,1\n61,3\n", "no", "point", [["82", "0"], ["32", "1"], ["61", "3"]]),
        ("x\n1,0\n2,1\n3,1\n", "yes", "auto", [["1", "0"], ["2", "1"], ["3", "1"]]),
        ("kind\nstage 1\nstage 2\n", "yes", "auto", [["stage 1"], ["stage 2"]]),
        ('"x"\n"1" "ALL"\n"2" "AML"\n', "yes", "auto", [["1", "ALL"], ["2", "AML"]]),
        ("1\n" * 30 + "2,5\n", "no", "auto", [["1"]] * 30 + [["2.5"]]),
    ],
)
def test_files_of_labels(tmp_path, content, header, decimal, rows):
    path = tmp_path / "y"
    path.write_text(content)
    layout = layout_of(str(path), header, "--labels", decimal, of_labels=True)
    assert [layout.cells(*pair) for pair in layout.lines() if pair[1]] == [
        [cell.encode() for cell in row] for row in rows
    ]


def test_labels_that_may_be_one_number_or_two_columns(tmp_path):
    path = tmp_path / "y"
    path.write_text("82,0\n32,1\n61,3\n")
    with pytest.raises(UserError) as caught:
        layout_of(str(path), "no", "--labels", of_labels=True)
    assert str(caught.value) == (
        f"{path}:1: '82,0' may be one number or two columns.\n"
        "  If commas are decimal signs: --decimal comma\n  If they separate columns: --decimal point"
    )


def test_decimal_commas_among_labels_are_values(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in (("X.csv", "a,b\n1.5,2\n3,4\n5,.5\n"), ("y.csv", "Alter\n82,0\n32,1\n61,3\n")):
        (tmp_path / name).write_text(text)
    for decimal in ("auto", "comma", "point"):
        table = table_data("X.csv", LabelSource("y.csv"), decimal=decimal)
        np.testing.assert_array_equal(table.labels[1:], np.array([82, 32.1, 61.3], np.float32))
        assert (table.has_values, table.decimal in ("", "."), table.columns) == (True, True, NAMES)


def test_decimal_commas_of_a_label_column(read, tmp_path):
    (tmp_path / "table").write_text("a;y\n1,5;2,5\n2,5;1.000,25\n3;4\n")
    table = table_data("table", LabelSource(None, "y"))
    assert table.labels.tolist() == [0, 2.5, 1000.25, 4]


def test_many_comments(tmp_path):
    path = tmp_path / "table"
    path.write_text("##what it is\n" * 1500 + "#id\ta\nr1\t1.5\nr2\t2.5\n")
    layout = layout_of(str(path), "auto", "--data")
    assert (layout.names, layout.header_line, layout.num_comments) == (("#id", "a"), 1501, 1500)
