"""What an error says that depends on the script: each way out is one that works there."""

import dataclasses

import pytest
from support.data_sets import table_data

from kit.cli.errors import UserError
from kit.cli.settings import EvaluatingSettings
from kit.data.tables import advice, splits
from kit.data.tables.labels import LabelSource

FLAGS = {f"--{field.name}" for field in dataclasses.fields(EvaluatingSettings)}
OF_EVALUATING = [advice.FOR_RUN, advice.for_evaluating(False, fill_missing=True), advice.FOR_MODEL]
WRONG = {  # what is wrong -> a table to evaluate, and its labels
    "missing": ("a,b\n1,2\n,4\n5,6\n", "A\nB\nA\n"),
    "a word": ("a,b\n1,2\nleuko,4\n5,6\n", "A\nB\nA\n"),
    "words": ("a,b\nlow,2\nhigh,4\nmiddle,6\n", "A\nB\nA\n"),
    "two words": ("a,b\nm,2\nw,4\nm,6\n", "A\nB\nA\n"),
    "percent": ("a,b\n30%,2\n20%,4\n3%,6\n", "A\nB\nA\n"),
    "label": ("a,b\n1,2\n3,4\n5,6\n", "0\n1\n0\n"),
    "no header, though there is one": ("0.5,2.5\n1,2\n3,4\n5,6\n7,8\n", "A\nB\nA\nB\n"),
    "label below a header": ("a,b\n1,2\n3,4\n5,6\n", "kind\n0\n1\n0\n"),
}


@pytest.fixture(autouse=True)
def trained(tmp_path, monkeypatch):
    """What is known of a run's table."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.csv").write_text("a,b,y\n1,2,A\n3,4,B\n5,6,A\n")
    return table_data("train.csv", LabelSource(None, "y"), split=splits.hold_out(0, 0)).spec


def refusal(trained, wrong, given):
    rows, labels = WRONG[wrong]
    for name, content in ("X.csv", rows), ("y.csv", labels):
        with open(name, "w") as file:
            file.write(content)
    with pytest.raises(UserError) as caught:
        table_data("X.csv", LabelSource("y.csv"), trained_on=trained, advice=given)
    return str(caught.value)


@pytest.mark.parametrize("given", OF_EVALUATING, ids=["run", "run that fills", "model"])
@pytest.mark.parametrize("wrong", WRONG)
def test_evaluating_names_no_flag_that_it_has_not(trained, wrong, given):
    said = refusal(trained, wrong, given)
    assert "\n" in said
    for line in said.splitlines():
        flags = {word.strip(".,:;()") for word in line.split() if word.startswith("--")}
        assert flags <= FLAGS or (given != advice.FOR_MODEL and "rain again" in line)


@pytest.mark.parametrize(
    ("wrong", "given", "end"),
    [
        (
            "missing",
            advice.FOR_RUN,
            "Or train again: with --fill_missing, or without the column, with --without_columns.",
        ),
        ("missing", advice.FOR_MODEL, "1 value is missing in all.\n  Write the value, or remove the row."),
        ("a word", advice.FOR_RUN, "write NA, and train again with --fill_missing."),
        ("a word", advice.for_evaluating(False, fill_missing=True), "Where it means that there is no value, write NA."),
        ("words", advice.FOR_RUN, "Or train again without these columns: --without_columns a"),
        (
            "no header, though there is one",
            advice.FOR_RUN,
            "The first line of X.csv counts as a row. If it names the columns: --header yes.",
        ),
        ("label", advice.FOR_RUN, "the network only knows A, B.\n  Write the labels as in training."),
        ("label below a header", advice.FOR_MODEL, "The classes of --model get their names from --classes."),
    ],
)
def test_ways_out_of_evaluating(trained, wrong, given, end):
    assert refusal(trained, wrong, given).split("\n  If this line is")[0].endswith(end)


def test_no_header_is_looked_for_below_a_header(trained):
    said = refusal(trained, "label below a header", advice.FOR_RUN)
    assert said == "y.csv:2: label '0', but the network only knows A, B.\n  Write the labels as in training."


def test_the_flag_that_turns_a_table_is_that_of_evaluating(trained):
    with open("X.csv", "w") as file:
        file.write("id,p1,p2\na,1,2\nb,3,4\nkind,A,B\n")
    with pytest.raises(UserError, match=r"It has a row of this name.\n  To make columns of its rows: --transpose yes$"):
        table_data("X.csv", LabelSource(None, "kind"), trained_on=trained, advice=advice.FOR_RUN)
