"""The numbers of a table: the same float32 as TensorFlow reads, and nothing that it would not."""

import numpy as np
import pytest

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.data.tables.cells import MISSING_VALUES, is_missing, is_number
from kit.data.tables.layouts import layout_of
from kit.data.tables.number_reader import NumberReader

NUMBERS = [" 1 ", "\x0b1\x0c", "+1", "1e5", "1E-5", ".5", "1.", "-0", "1e-40", "1e-50", "0.1", "16777217", "00012"]
NUMBERS += ["3.4028235e38", "1" * 30, "-3.25e+3", "123456.789", "0." + "0" * 40 + "1"]
# What one of Python, NumPy and TensorFlow takes for a number, or none does.
NO_NUMBERS = [
    "1_000",
    "0x10",
    "-0x1p3",
    "inf",
    "-inf",
    "Infinity",
    "1d5",
    "1f",
    "1L",
    "++1",
    "1 2",
    ".",
]
NO_NUMBERS += ["- 1", "1e", "٣", "\u00a01", "1j", "True", "x"]
MISSING = ["", "   ", "NA", "na", "N/A", "nan", "NaN", " NAN ", "?", "null", "NULL", "None"]
MISSING += ["-nan", "+NaN", "#N/A", "#n/a N/A", "#NA", "#NV", "#N/D", "<NA>", "-1.#IND", "1.#QNAN"]


@pytest.fixture
def read(tmp_path):
    """Reads a file's columns: text -> float32 [N, columns]."""

    def read(text, fields=None, header="no"):
        path = tmp_path / "table"
        path.write_text(text, encoding="utf-8")
        layout = layout_of(str(path), header, "--data")
        chunks = [values for _, values in NumberReader(layout, fields or range(layout.num_fields)).chunks()]
        assert all(chunk.dtype == np.float32 for chunk in chunks)
        return np.concatenate(chunks)

    return read


def refusal(read, text, *arguments):
    with pytest.raises(UserError) as caught:
        read(text, *arguments)
    return str(caught.value).partition("table:")[2]


def by_tensorflow(texts):
    with tf.Session() as session:
        return session.run(tf.strings.to_number(tf.constant(texts)))


@pytest.mark.parametrize("other", ["1.5", "NA"], ids=["all at once", "with missing values"])
def test_numbers_are_those_of_tensorflow(graph, read, other):
    values = read("".join(f"{text},{other}\n" for text in NUMBERS))[:, 0]
    np.testing.assert_array_equal(values.view(np.int32), by_tensorflow(NUMBERS).view(np.int32))  # the sign of 0 too


def test_numbers_in_quotes_are_numbers(graph, read):
    values = read("".join(f'"{text.strip()}","a, b"\n' for text in NUMBERS), (0,))[:, 0]
    np.testing.assert_array_equal(values, by_tensorflow(NUMBERS))


@pytest.mark.parametrize("text", NO_NUMBERS)
@pytest.mark.parametrize("other", ["1", "NA", '"1"'])
def test_what_is_no_number(read, text, other):
    said = refusal(read, f"1,1,{other}\n2,{text},{other}\n")
    shown = text.replace("\u00a0", "<U+00A0>")
    assert said.startswith(
        f"2: column '2' holds '{shown}', expected a number.\n  Fix the cell. A number is written like"
    )
    assert said.endswith("Where it means that there is no value, write NA, and pass --fill_missing.")


def test_too_large_for_float32(read):
    for text in ("1e39", "-1e400", "3.4028236e38"):
        said = refusal(read, f"1,1\n2,{text}\n2,1\n")
        assert said == f"2: column '2' holds '{text}', too large for float32 (3.4e38)."


@pytest.mark.parametrize("text", MISSING)
@pytest.mark.parametrize("quote", ["", '"'])
def test_missing_values(read, text, quote):
    values = read(f"{quote}{text}{quote},1,2\n3,4,{text}\n")
    np.testing.assert_array_equal(values, np.array([[np.nan, 1, 2], [3, 4, np.nan]], np.float32))


def test_the_expressions_for_missing_values_mean_the_same_to_tensorflow(graph):
    texts = [*MISSING, *NUMBERS, *NO_NUMBERS, "nap", "a na", "n\\a", "x?"]
    matches = tf.strings.regex_full_match(tf.constant(texts), f"(?i) *({'|'.join(MISSING_VALUES)}) *")
    with tf.Session() as session:
        found = session.run(matches).tolist()
    assert found == [is_missing(text.encode()) for text in texts]
    assert found == [True] * len(MISSING) + [False] * (len(texts) - len(MISSING))


def test_which_cells_are_numbers():
    assert all(is_number(text.encode()) for text in [*NUMBERS, "1e39"])
    assert not any(is_number(text.encode()) for text in [*NO_NUMBERS, *MISSING])


@pytest.mark.parametrize("with_missing", [False, True])
@pytest.mark.parametrize("quote", ["", '"'])
def test_chunks_join_to_the_whole(read, monkeypatch, with_missing, quote):
    monkeypatch.setattr("kit.data.tables.number_reader.VALUES_PER_CHUNK", 8)
    wanted = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    if with_missing:
        wanted[::7, 1] = np.nan
    cells = wanted.astype(str)
    text = "\n\n".join("word_1\t" + "\t".join(f"{quote}{cell}{quote}" for cell in row) for row in cells)
    np.testing.assert_array_equal(read(text, (3, 1)), wanted[:, [2, 0]])
    np.testing.assert_array_equal(read(text, (2,)), wanted[:, [1]])


def test_a_row_of_quotes_alone_is_a_row(read):
    np.testing.assert_array_equal(read('1\n""\n3\n'), np.array([[1], [np.nan], [3]], np.float32))


def test_words_in_several_columns(read):
    said = refusal(read, "id,sex,age,first name,ward,x\nr1,m,1,Ann,a,1\nr2,f,2,Bob,b,2\n", range(6), "yes")
    assert said == (
        "2: column 'id' holds 'r1', expected a number; 7 more cells in 4 columns are no numbers.\n"
        '  Leave out columns without numbers: --without_columns id sex "first name" ward'
    )


@pytest.mark.parametrize(
    ("cells", "end"),
    [
        (["TRUE", "FALSE", "TRUE"], "column of two words, such as 'TRUE' and 'FALSE': write 0 and 1."),
        (["w", "m", "NA", "m"], "column of two words, such as 'w' and 'm': write 0 and 1."),
        (["w", "m", "x"], "  Leave out columns without numbers: --without_columns 1"),
        (["w", "m"], "  Leave out columns without numbers: --without_columns 1"),
        (["30%", "5%"], "  Or leave out columns without numbers: --without_columns 1"),
        (["2024-01-05", "2024-01-06", "2024-01-06"], "  Or leave out columns without numbers: --without_columns 1"),
        (["30%", "5"], "write NA, and pass --fill_missing."),
    ],
)
def test_columns_without_numbers(read, cells, end):
    said = refusal(read, "".join(f"{cell},{number}\n" for number, cell in enumerate(cells)))
    assert said.removesuffix("\n  If this line names the columns: --header yes").endswith(end)


def test_two_words_in_the_only_column(read):
    said = refusal(read, "yes\nno\nyes\n")
    assert "In a column of two words, such as 'yes' and 'no': write 0 and 1." in said


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("gene,size\na,b\n", "  If this line names the columns: --header yes"),
        (
            "1:2:3\n4:5:6\n",
            "  The table has one column. Separate columns by tabs, commas, semicolons, vertical bars, spaces.",
        ),
        ("1,2\n3,#DIV/0!\n4,5\n", "  Where it means that there is no value, write NA, and pass --fill_missing."),
        ("1\t2\n" * 1001 + "1,5\t2\n", "  If commas are decimal signs: --decimal comma"),
        (
            "1.5\t2\n" * 2000 + "1,5\t2\n",
            "  Other numbers of this file have decimal points. Write all with the same sign, none in thousands.",
        ),
        (
            "1;2,5\n" * 1001 + "1.5;2\n",
            "  Other numbers of this file have decimal commas. Write all with the same sign.",
        ),
        ("1\t2\n" * 20 + "cm\tkg\n", "  If this line is no row, but a second header, units or a comment: delete it."),
    ],
)
def test_ways_out(read, text, hint):
    assert hint in refusal(read, text).split("\n")
