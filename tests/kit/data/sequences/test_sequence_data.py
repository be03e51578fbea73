"""Sequences in FASTA files: letters as numbers and one-hot, held against NumPy; labels; what wrong files are told."""

import dataclasses
import gzip

import numpy as np
import pytest
from support.made_tables import CLASSES
from support.scripts import elements

import kit.tensorflow1 as tf
import dlho2018
from dlho2018 import read_lines
from kit.cli.errors import UserError
from kit.cli.settings import EvaluatingSettings, TrainingSettings
from kit.data.kinds import kind_of
from kit.data.parts import TRAINING, VALIDATION
from kit.data.sequences.sequence_data import SequenceData
from kit.model.defaults import check_together
from kit.runs.run_data import open_evaluation_data, open_training_data
from kit.runs.run_folder import Run

READS = (
    ">r1 first label=ALL stage=I\nACGT\n>r2 label=AML stage=II a\nacg\nta\n\n>r3 stage=I label=ALL\r\nACN\r\n"
    ">r4|label=AML|x\nGGGGG\n"
)
NUMBERS = [[1, 2, 3, 4, 0], [1, 2, 3, 4, 1], [1, 2, 5, 0, 0], [3, 3, 3, 3, 3]]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch, graph):
    monkeypatch.chdir(tmp_path)


def write(path, content):
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def run_on(content, path="reads.fa", **settings):
    write(path, content)
    return Run("runs/a", TrainingSettings(**{"data": path, "batch_size": 1, "validation": 0.0, **settings}))


def opened(content, path="reads.fa", **settings):
    return open_training_data(run_on(content, path, **settings), dlho2018)


def rows_of(data, part=TRAINING):
    return np.stack([row for row, _ in elements(read_lines(data, part).map(data.parse))])


def refusal(content, **settings):
    with pytest.raises(UserError) as caught:
        opened(content, **settings)
    return str(caught.value)


@pytest.mark.parametrize("path", ["reads.fa", "reads.FASTA", "reads.fna.gz"])
def test_letters_are_numbers_and_labels_stand_beside_the_names(path, capsys):
    data = opened(gzip.compress(READS.encode()) if path.endswith(".gz") else READS, path)
    assert isinstance(data, SequenceData) and kind_of(TrainingSettings(data=path)) is SequenceData
    np.testing.assert_array_equal(rows_of(data), NUMBERS)
    assert (data.class_names, data.labels[1:].tolist()) == (CLASSES, [0, 1, 0, 1])
    assert (data.shape, data.network_shape, data.label_column) == ((5,), (5, 4), "label")
    assert list(data.names_of_rows(TRAINING, 0)) == ["r1", "r2", "r3", "r4|label=AML|x"]
    said = capsys.readouterr().out
    assert said == (
        f"{path}: 4 sequences of 3 to 5 letters, DNA; shorter ones are padded at their end; "
        "1 letter not among ACGT: N; said of the sequences: 'label', 'stage'\n"
    )


def test_one_hot_is_numpy_s_and_padding_and_unknown_letters_are_0():
    data = opened(READS)
    examples_ph, _ = data.placeholders()
    scaled = data.scale(examples_ph)
    with tf.Session() as session:
        found = session.run(scaled, {examples_ph: rows_of(data)})
    letters = np.vstack([np.zeros(4), np.eye(4), np.zeros(4)])  # of padding, A, C, G, T, others
    np.testing.assert_array_equal(found, letters[NUMBERS])
    assert scaled.shape.as_list() == [None, 5, 4] and not tf.global_variables()


def test_numbers_go_into_the_network_as_they_are():
    data = opened(READS, encoding="index")
    examples_ph, _ = data.placeholders()
    assert data.scale(examples_ph) is examples_ph and data.network_shape == (5,)


def test_the_alphabet_is_told_from_the_letters():
    assert opened(READS.replace("T", "U").replace("t", "u")).alphabet == "ACGU"
    protein = opened(">p label=1\nMKVLAAGIXW*\n>q label=0\nMDE\n")
    assert (protein.alphabet, protein.network_shape) == ("ACDEFGHIKLMNPQRSTVWY", (11, 20))
    assert rows_of(protein)[0].tolist() == [11, 9, 18, 10, 1, 1, 6, 8, 21, 19, 21]


def test_labels_from_a_file_are_found_by_name(capsys):
    names = READS.replace("r4|label=AML|x", "r4")
    write("y.tabular", "name\tkind\nr4\tb\nr2\tb\nr1\ta\nr3\ta\n")
    data = opened(names, labels="y.tabular")
    assert (data.class_names, data.labels[1:].tolist()) == (("a", "b"), [0, 1, 0, 1])
    assert "y.tabular: matched by name to the rows of reads.fa, which are in another order" in capsys.readouterr().out
    data = opened(READS.replace("|x", " stage=II").replace("II a", "II"), label_column="stage")
    assert (data.class_names, data.label_column) == (("I", "II"), "stage")


def test_labels_with_a_decimal_comma():
    write("y.txt", "82,5\n7,25\n8,5\n9,75\n")
    regression = {"labels": "y.txt", "loss": "mean_squared_error", "architecture": "flatten, dense 1"}
    assert "\n  If commas are decimal signs: --decimal comma" in refusal(READS, **regression)
    settings = run_on(READS, decimal="comma", **regression).settings
    check_together(settings, {"decimal"})
    data = opened(READS, decimal="comma", **regression)
    assert data.labels[1:].tolist() == [82.5, 7.25, 8.5, 9.75]
    run = Run("runs/a", dataclasses.replace(settings, architecture=None), data.spec)
    other = evaluated(run, READS, labels="y.txt")
    assert other.labels[1:].tolist() == [82.5, 7.25, 8.5, 9.75]


def test_too_many_labels_are_not_blamed_on_a_header_that_sequences_have_not():
    write("y.txt", "a\nb\n" * 3)
    assert refusal(READS, labels="y.txt").endswith("4 lines, or 5 with a header.")


REFUSED = {  # {what is wrong: (the file, what is said first)}
    "no label in one": (READS.replace(" label=AML", ""), "reads.fa:3: no label, found ''."),
    "no labels": (
        READS.replace("label", "kind"),
        "reads.fa: no labels: no line >NAME says label=..., but kind, stage.\n  Name the labels' file with --labels",
    ),
    "no sequence": (READS.replace("ACGT\n", ""), "reads.fa:1: no sequence below '>r1 first label=ALL"),
    "no name": (READS.replace(">r1 first label=ALL stage=I", ">"), "reads.fa:1: a sequence without a name"),
    "no record": ("\n\n", "reads.fa: no sequences. --data expects a FASTA file"),
    "a table": ("a\tb\n1\t2\n", "reads.fa:1: 'a<U+0009>b', expected a line >NAME above a sequence."),
    "digits": (READS.replace("ta\n", "t1\n"), "reads.fa:5: '1' within a sequence, expected letters."),
    "too long": (">a label=1\n" + "A" * 100_001, "reads.fa:1: a sequence of more than 100,000 letters"),
    "one class": (READS.replace("AML", "ALL"), "reads.fa: every row has the label 'ALL'"),
}


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_refused(content, said):
    assert refusal(content).startswith(said)


def evaluated(run, content, path="other.fa", **settings):
    write(path, content)
    return open_evaluation_data(EvaluatingSettings(data=path, **settings), run, dlho2018)


def test_another_file_is_read_as_the_training_s(capsys):
    spec = opened(READS).spec
    assert str(spec) == "4 training and 0 validation sequences of 5 letters, classes ALL, AML"
    run = Run("runs/a", run_on(READS).settings, spec)
    data = evaluated(run, ">x\nuuu\n>y\nAC\n")
    assert rows_of(data, VALIDATION).tolist() == [[4, 4, 4, 0, 0], [1, 2, 0, 0, 0]] and not data.has_labels
    assert evaluated(run, ">x label=aml\nAC\n").labels[1:].tolist() == [1]
    capsys.readouterr()
    evaluated(run, ">x\nuuu\n>y\nAC\n", "short.fa")
    assert "short.fa: 2 sequences of 2 to 3 letters, DNA; padded at their end to 5, as in training" in (
        capsys.readouterr().out
    )
    proteins = "".join(f">p{number}\nMKVLW\n" for number in range(4))
    for content, path, said in (
        (proteins, "proteins.fa", "proteins.fa: the letters are those of proteins, and the network takes DNA."),
        (">x\nACGTAC\n", "other.fa", "other.fa:1: 'x' has 6 letters, and the network was trained on at most 5."),
        ("a\tb\n1\t2\n", "other.tabular", "other.tabular: run 'a' was trained on sequences. Name a FASTA file"),
    ):
        with pytest.raises(UserError, match=said.split(":")[0]) as caught:
            evaluated(run, content, path)
        assert str(caught.value).startswith(said)
    for flag, value in (("header", "yes"), ("transpose", "no")):
        with pytest.raises(UserError, match=f"^--{flag} is only for tables, but run 'a' was trained on sequences"):
            evaluated(run, READS, **{flag: value})
