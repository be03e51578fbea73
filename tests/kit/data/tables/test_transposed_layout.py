"""Tables with genes in rows: read as the same table with samples in rows is, whatever wrote them; errors are of the
user's own file."""

import gzip

import numpy as np
import pytest
from support.data_sets import table_data
from support.scripts import elements

from dlho2018 import read_lines
from kit.cli.errors import UserError
from kit.data.parts import VALIDATION
from kit.data.tables.labels import LabelSource

NAN = float("nan")
NAMES, ROWS = ("A_at", "B_at"), [[5, -1], [7.5, 2], [1, NAN], [2, 4]]
Y = LabelSource("y.tabular")
GCT = "#1.2\n2\t4\nName\tDescription\tp1\tp2\tp3\tp4\nA_at\ta b\t5\t7.5\t1\t2\nB_at\t\t-1\t2\tNA\t4\n"
GCT_3 = (
    "#1.3\n2\t4\t2\t1\nid\tsymbol\tkind\tp1\tp2\tp3\tp4\nstage\tna\tna\tI\tII\tI\tII\n"
    "A_at\ta\tb\t5\t7.5\t1\t2\nB_at\t\t\t-1\t2\tNA\t4\n"
)
SERIES = (
    '!Series_title\t"A "study" of 5"\n!Sample_title\t"one"\t"two"\t"three"\t"four"\n!Sample_taxid\t"9606"\t"9606"\t'
    '"9606"\t"9606"\n!Sample_characteristics_ch1\t"stage: I"\t"stage: II"\t"age: 3"\t"stage: II"\n'
    '!Sample_characteristics_ch1\t"age: 1"\t"age: 2"\t"stage: I"\t""\n!series_matrix_table_begin\n'
    '"ID_REF"\t"p1"\t"p2"\t"p3"\t"p4"\n"A_at"\t5\t7.5\t1\t2\n"B_at"\t-1\t2\tnull\t4\n!series_matrix_table_end\n'
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch, graph):
    monkeypatch.chdir(tmp_path)
    write("y.tabular", "patient\tkind\np4\tAML\np2\tAML\np1\tALL\np3\tALL\n")


def write(path, content):
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def opened(content, labels=Y, path="genes.txt", **options):
    write(path, content)
    return table_data(path, labels, **{"transpose": True, "fill_missing": True, **options})


def rows_of(table):
    (rows,) = [[row.tolist() for row, _ in elements(read_lines(table, VALIDATION).map(table.parse))]]
    return rows


def refusal(content, **options):
    with pytest.raises(UserError) as caught:
        opened(content, **options)
    return str(caught.value)


FORMS = {
    "tabs": "gene\tp1\tp2\tp3\tp4\nA_at\t5\t7.5\t1\t2\nB_at\t-1\t2\tNA\t4\n",
    "trailing tabs, Windows": "gene\tp1\tp2\tp3\tp4\t\r\nA_at\t5\t7.5\t1\t2\t\r\n\r\nB_at\t-1\t2\t\t4\t\r\n",
    "packed": gzip.compress(b"\xef\xbb\xbfgene\tp1\tp2\tp3\tp4\nA_at\t5\t7.5\t1\t2\nB_at\t-1\t2\t?\t4\n"),
    "write.table": '"p1" "p2" "p3" "p4"\n"A_at" 5 7.5 1 2\n"B_at" -1 2 NA 4\n',
    "write.csv": '"","p1","p2","p3","p4"\n"A_at",5,7.5,1,2\n"B_at",-1,2,NA,4\n',
    "write.csv2": '"";"p1";"p2";"p3";"p4"\n"A_at";5;7,5;1;2\n"B_at";-1;2;NA;4\n',
    "comments, sep=": "sep=;\n# by me\ngene;p1;p2;p3;p4\nA_at;5;7.5;1;2\nB_at;-1;2;;4\n",
    "GCT 1.2": GCT,
    "GCT 1.2, packed": gzip.compress(GCT.replace("2\t4\n", "2\t4\t\t\t\t\n").replace("\n", "\r\n").encode()),
    "GCT 1.3": GCT_3,
    "series matrix": SERIES,
    "series matrix, packed": gzip.compress(("\n\n" + SERIES).encode()),
}


@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS)
def test_the_same_table_however_it_is_written(content, capsys):
    table = opened(content)
    assert (table.columns, table.name_field, table.num_training, table.num_validation) == (NAMES, 0, 0, 4)
    np.testing.assert_array_equal(rows_of(table), ROWS)
    assert (table.class_names, table.labels[1:].tolist()) == (("ALL", "AML"), [0, 1, 0, 1])
    assert list(table.names_of_rows(VALIDATION, 0)) == ["p1", "p2", "p3", "p4"]
    assert (table.source, table.spec.digest.split()) == ("genes.txt", table.spec.digest.split()[:2])
    said = capsys.readouterr().out
    assert said.count("transposed: 4 rows of 2 columns, names for rows and columns") == 1 and table.path not in said


def test_known_formats_are_transposed_by_themselves(capsys):
    for content, kind in ((GCT, "GCT 1.2"), (GCT_3, "GCT 1.3"), (SERIES, "series matrix")):
        np.testing.assert_array_equal(rows_of(opened(content, transpose=False)), ROWS)
        assert f"genes.txt: {kind}, transposed: 4 rows of 2 columns" in capsys.readouterr().out


def test_what_is_said_of_samples_may_be_the_label(capsys):
    for content in (GCT_3, SERIES):
        table = opened(content, LabelSource(None, "stage"), transpose=False)
        assert (table.columns, table.label_column) == (NAMES, "stage")
        assert (table.class_names, table.labels[1:].tolist()) == (("I", "II"), [0, 1, 0, 1])
    assert "said of the samples: 'title', 'stage', 'age'" in capsys.readouterr().out
    table = opened(SERIES, LabelSource(None, "stage"), columns=("A_at", "age"))
    np.testing.assert_array_equal(rows_of(table), [[5, 1], [7.5, 2], [1, 3], [2, NAN]])
    assert "Did you mean 'stage' or 'age'?" in refusal(SERIES, labels=LabelSource(None, "stages"))
    said = refusal(
        SERIES.replace('"stage: I"\n', '""\n').replace('"stage: I"\t""', '""\t""'), labels=LabelSource(None, "stage")
    )
    assert said.startswith("genes.txt:4, column 4: no label, found ''.")


def test_a_row_of_the_file_may_hold_the_labels():
    table = opened(FORMS["tabs"] + "kind\tALL\tAML\tALL\tAML\n", LabelSource(None, "kind"))
    assert (table.columns, table.class_names, table.labels[1:].tolist()) == (NAMES, ("ALL", "AML"), [0, 1, 0, 1])
    said = refusal(FORMS["tabs"] + "kind\tALL\tAML\tALL\t\n", labels=LabelSource(None, "kind"))
    assert said.startswith("genes.txt:4, column 5: no label, found ''.")


def test_without_names():
    write("y", "".join(f"{kind}\n" for kind in ("ALL", "AML", "ALL", "AML")))
    labels = LabelSource("y")
    table = opened("5\t7.5\t1\t2\n-1\t2\tNA\t4\n", labels)
    assert (table.columns, table.name_field) == (("1", "2"), None)
    np.testing.assert_array_equal(rows_of(table), ROWS)
    table = opened("A_at\t5\t7.5\t1\t2\nB_at\t-1\t2\tNA\t4\n", labels)
    assert (table.columns, table.name_field) == (NAMES, None)
    table = opened("p1\tp2\tp3\tp4\n5\t7.5\t1\t2\n-1\t2\tNA\t4\n", labels)
    assert (table.columns, table.name_field) == (("2", "3"), 0)
    np.testing.assert_array_equal(rows_of(table), ROWS)


def test_numbers_for_names():
    content = "Entrez ID\tp1\tp2\tp3\tp4\n780\t5\t7.5\t1\t2\n100\t-1\t2\tNA\t4\n"
    assert opened(content).columns == ("780", "100")
    ids = "id\t101\t102\t103\t104\nA_at\t5.5\t7.5\t1.5\t2.5\nB_at\t-1.5\t2.5\tNA\t4.5\n"
    assert refusal(ids).startswith("genes.txt:1: id, 101, 102 ... may name the columns or be a row")
    write("y.tabular", "".join(f"{number}\t{number % 2}\n" for number in (104, 103, 102, 101)))
    assert opened(ids, header="yes").labels[1:].tolist() == [1, 0, 1, 0]
    said = refusal("1100\t.51\t.44\t.43\n1102\t.55\t.47\t.44\n1104\t.53\t.48\t.46\n")
    assert said.startswith("genes.txt, column 1: 1100, 1102, 1104 may name the columns or be a row: whole")
    assert "If it names the rows: --header yes" in said


def test_cells_with_quotes_and_tabs_stay_as_they_are():
    table = opened('gene,"p	1","5"" long",p3,p4\nA_at,5,7.5,1,2\n"B, at",-1,2,NA,4\n', NO_LABELS)
    assert list(table.names_of_rows(VALIDATION, 0)) == ["p\t1", '5" long', "p3", "p4"]
    assert table.columns == ("A_at", "B, at")
    np.testing.assert_array_equal(rows_of(table), ROWS)


NO_LABELS = LabelSource("words")


@pytest.fixture(autouse=True)
def words(folder):
    write("words", "ALL\nAML\nALL\nAML\n")


def test_names_that_stand_twice(capsys):
    table = opened(GCT.replace("B_at", "A_at"))
    assert table.columns == ("A_at", "A_at")
    assert "1 name repeated, such as 'A_at'" in capsys.readouterr().out
    assert "genes.txt: 2 rows have the name 'p1'" in refusal(GCT.replace("p2", "p1"))


REFUSED = {  # {what is wrong: (the file, what is said first)}
    "a word": (
        FORMS["tabs"].replace("7.5", "high"),
        "genes.txt:2, column 3: row 'A_at' holds 'high', expected a number.\n  Fix the cell.",
    ),
    "a word in a GCT": (GCT.replace("7.5", "high"), "genes.txt:4, column 4: row 'A_at' holds 'high', expected a"),
    "words in a column": (
        FORMS["tabs"].replace("7.5", "high").replace("\t2\tNA", "\tlow\tNA"),
        "genes.txt:2, column 3: row 'A_at' holds 'high', expected a number; 1 more cell in 2 rows is no number",
    ),
    "a cell too few": (FORMS["tabs"].replace("\t2\tNA", "\tNA"), "genes.txt:3: 4 cells, expected 5 as in the header"),
    "a cell too few in a GCT": (
        GCT.replace("\t7.5", ""),
        "genes.txt:4: 5 cells, expected 6 between tabs: 2 and one for each of the 4 samples of line 2.",
    ),
    "a GCT that is cut off": (
        GCT.partition("B_at")[0],
        "genes.txt:2: 2 genes, but there are 1 below.\n  Is the file whole?",
    ),
    "a series that is cut off": (
        SERIES.partition("!series_matrix_table_end")[0],
        "genes.txt:9: the table ends without !series_matrix_table_end.\n  Is the file whole?",
    ),
    "a series without a table": (
        SERIES.partition("!series_matrix_table_begin")[0],
        "genes.txt:5: the file ends, but has no table",
    ),
    "a series without numbers": (
        SERIES.partition('"A_at"')[0] + "!series_matrix_table_end\n",
        "genes.txt:7: a table without rows: GEO has the numbers",
    ),
    "a cell too few in a series": (
        SERIES.replace("\t7.5", ""),
        "genes.txt:8: 4 cells, expected 5 between tabs, as in line 7.",
    ),
    "a stray quote": (FORMS["tabs"].replace("7.5", '7"5'), "genes.txt:2: a quote isn't closed"),
    "other labels": (FORMS["tabs"].replace("p2", "q"), "y.tabular: no label for row 2 of genes.txt, 'q'"),
}


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_refused(content, said):
    assert refusal(content).startswith(said)


def test_missing_values():
    said = refusal(GCT, fill_missing=False)
    assert said.startswith("genes.txt:5, column 5: no value in row 'B_at'; 1 value is missing in all.")


def test_a_table_that_lies_the_other_way_round_is_told():
    genes = FORMS["tabs"].replace("NA", "3")
    assert refusal(genes, transpose=False).endswith("In genes.txt these are the names of columns: --transpose")
    patients = "patient\tA_at\tB_at\np1\t5\t-1\np2\t7.5\t2\np3\t1\t3\np4\t2\t4\n"
    assert refusal(patients).endswith("In genes.txt these are the names of columns: leave out --transpose")
    said = refusal(genes + "kind\tALL\tAML\tALL\tAML\n", transpose=False, labels=LabelSource(None, "kind"))
    assert said.endswith("It has a row of this name.\n  To make columns of its rows: --transpose")
    spec = opened(genes).spec
    assert refusal(genes, transpose=False, trained_on=spec, labels=LabelSource()).endswith(
        "They are the names of its rows: --transpose yes"
    )
    assert refusal(patients, trained_on=spec, labels=LabelSource()).endswith("of its rows: --transpose no")


def test_a_trained_network_takes_another_file_of_any_form():
    spec = opened(GCT).spec
    for content in (FORMS["write.csv2"], GCT_3, SERIES):
        np.testing.assert_array_equal(rows_of(opened(content, LabelSource(), trained_on=spec)), ROWS)
    table = opened("B_at\tA_at\n2\t7.5\n", LabelSource(), trained_on=spec, transpose=False)
    assert rows_of(table) == [[7.5, 2]]


def test_a_cache_knows_the_file_and_not_the_copy():
    def state():
        parts = []
        opened(GCT).fingerprint(parts.append)
        return parts

    first = state()
    write("other.gct", GCT)
    assert first != state()  # written again: another time
    table = table_data("genes.txt", Y, transpose=True, fill_missing=True)
    assert table_data("genes.txt", Y, transpose=True, fill_missing=True).path == table.path  # one copy in a process
