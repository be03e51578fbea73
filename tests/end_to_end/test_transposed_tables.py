"""Tables with genes in rows, as a user trains and evaluates on them: to the same bits as with samples in rows."""

import pytest
from support.made_tables import (
    CLASSES,
    GENES,
    assert_same_weights,
    config,
    history,
    rows_and_kinds,
    run,
    run_well,
    tabular,
    write_table,
)

NETWORK = ["--architecture", "dense 4 elu, dense 1 sigmoid", "--scale", "standard", "--batch_size", 4]
ROWS = ["--data", "patients.tabular", "--labels", "y.tabular", *NETWORK]
COLUMNS = ["--data", "genes.tabular", "--labels", "y.tabular", "--transpose", *NETWORK]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with one table both ways, and as a GCT file; its labels, in another order; and a run on each way."""
    folder = tmp_path_factory.mktemp("transposed_tables")
    rows, kinds = rows_and_kinds()
    names = [f"patient {number}" for number in range(len(rows))]
    table = [["patient", *GENES], *([name, *row] for name, row in zip(names, rows.tolist()))]
    columns = [list(column) for column in zip(*table)]
    write_table(folder / "patients.tabular", table[1:], table[0])
    write_table(folder / "genes.tabular", columns[1:], ["gene", *columns[0][1:]])
    gct = [[column[0], "", *column[1:]] for column in columns]
    write_table(folder / "genes.gct", gct[1:], ["Name", "Description", *names])
    text = (folder / "genes.gct").read_text()
    (folder / "genes.gct").write_text(f"#1.2\n{len(GENES)}\t{len(names)}\n{text}")
    labels = [[name, CLASSES[kind]] for name, kind in zip(names, kinds)]
    write_table(folder / "y.tabular", labels[::-1], ["patient", "kind"])
    run_well("training.py", folder, *ROWS, "--epochs", 4, "--run", "rows")
    return folder


@pytest.fixture(scope="module")
def printed(folder):
    """What the training on the transposed table printed: of two epochs, and resumed."""
    first = run_well("training.py", folder, *COLUMNS, "--epochs", 2, "--run", "columns")
    return first, run_well("training.py", folder, "--resume", "--run", "columns", "--epochs", 4)


def test_it_learns_the_same_also_when_resumed(folder, printed):
    runs = folder / "runs"
    assert_same_weights(runs / "columns" / "weights.h5", runs / "rows" / "weights.h5")
    assert history(runs / "columns") == history(runs / "rows")
    assert config(runs / "columns")["settings"]["transpose"] is True
    assert printed[0].startswith(
        "genes.tabular: a table, transposed: 60 rows of 6 columns, names for rows and columns\n"
    )
    assert "genes.tabular: 48 training and 12 validation rows of 6 columns, classes ALL, AML" in printed[0]
    assert "table.tabular" not in "".join(printed)  # the copy


@pytest.mark.long
def test_folds_share_a_copy_and_score_the_same(folder):
    words = ["--epochs", 1, "--folds", 2, "--stratified", "--run"]
    printed = run_well("training.py", folder, *COLUMNS, *words, "folds_of_columns")
    assert printed.count("transposed") == 1
    run_well("training.py", folder, *ROWS, *words, "folds_of_rows")
    scores = [(folder / "runs" / f"folds_of_{side}" / "scores.tabular").read_text() for side in ("columns", "rows")]
    assert scores[0] == scores[1]


def evaluated(folder, name, *words):
    printed = run_well("evaluating.py", folder, "--run", name, *words)
    return printed, tabular(folder / "runs" / name / "evaluation" / "predictions.tabular")


def test_evaluating_reads_the_same_way(folder, printed):
    own = evaluated(folder, "columns")[1]
    assert len(own) == 12 and own[0]["name"].startswith("patient ")
    expected = evaluated(folder, "rows", "--data", "patients.tabular", "--labels", "y.tabular")[1]
    other = ["--labels", "y.tabular", "--data"]
    for name, *words in (
        ("columns", "genes.gct"),
        ("columns", "patients.tabular", "--transpose", "no"),
        ("rows", "genes.tabular", "--transpose", "yes"),
    ):
        said, rows = evaluated(folder, name, *other, *words)
        assert rows == expected and f"on 60 rows of {words[0]}" in said
    result = run("evaluating.py", folder, "--run", "rows", "--data", "genes.tabular")
    assert result.returncode == 2 and result.stderr.endswith("They are the names of its rows: --transpose yes\n")


def test_a_cache_is_kept_beside_the_user_s_file(folder, printed):
    run_well("training.py", folder, *COLUMNS, "--epochs", 4, "--input", "cached", "--run", "cached")
    assert (folder / "genes.tabular.decoded").exists()
    assert_same_weights(folder / "runs" / "cached" / "weights.h5", folder / "runs" / "rows" / "weights.h5")


def test_an_error_is_of_the_user_s_file(folder):
    text = (folder / "genes.gct").read_text().replace("gene_2\t\t", "gene_2\t\tx")
    (folder / "wrong.gct").write_text(text)
    result = run("training.py", folder, "--data", "wrong.gct", "--labels", "y.tabular", *NETWORK)
    assert result.returncode == 2
    assert result.stderr.startswith("error: wrong.gct:5, column 3: row 'gene_2' holds 'x")
