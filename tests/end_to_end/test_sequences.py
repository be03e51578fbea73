"""training.py and evaluating.py on sequences, as a user runs them: they learn a motif, also resumed and in folds."""

import numpy as np
import pytest
from support.made_tables import assert_same_weights, column, config, history, run, run_well, tabular

MOTIF, LONGEST = "TATAAA", 30
CONVOLUTION = f"reshape {LONGEST} 4 1, conv2d 8 6x4 relu, globalmaxpooling2d, dense 1 sigmoid"
TRAINING = ["--data", "reads.fasta", "--batch_size", 10, "--learning_rate", 0.02, "--validation", 0.25]
NETWORK = ["--architecture", CONVOLUTION]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with reads of two kinds, of which one has a motif, as two FASTA files; and a run on the first."""
    folder = tmp_path_factory.mktemp("sequences")
    random = np.random.default_rng(0)
    records = []
    for number in range(160):
        letters = "".join(random.choice([*"ACGT"], random.integers(20, LONGEST + 1) if number else LONGEST))
        place = random.integers(0, len(letters) - len(MOTIF))
        kind = ("plain", "tata")[number % 2]
        if kind == "tata":
            letters = letters[:place] + MOTIF + letters[place + len(MOTIF) :]
        records.append(f">read{number} label={kind}\n{letters[:12]}\n{letters[12:].lower()}\n")
    (folder / "reads.fasta").write_text("".join(records[:120]))
    (folder / "others.fa").write_text("".join(records[120:]))
    lines = [record.split()[0][1:] + "\t" + ("plain", "tata")[number % 2] for number, record in enumerate(records)]
    (folder / "kinds.tabular").write_text("read\tkind\n" + "\n".join(lines[:120]) + "\n")
    run_well("training.py", folder, *TRAINING, *NETWORK, "--epochs", 30, "--run", "whole")
    return folder


def test_a_motif_is_learnt_and_found_in_other_reads(folder):
    printed = run_well("evaluating.py", folder, "--run", "whole", "--data", "others.fa")
    assert "others.fa: 40 sequences of 20 to 30 letters, DNA; shorter ones are padded at their end" in printed
    rows = tabular(folder / "runs" / "whole" / "evaluation" / "predictions.tabular")
    assert [row["name"] for row in rows] == [f"read{number}" for number in range(120, 160)]
    assert np.mean([row["label"] == row["predicted"] for row in rows]) >= 0.85
    assert ((column(rows, "probability_tata") > 0.5) == [row["predicted"] == "tata" for row in rows]).all()


@pytest.mark.long
def test_a_resumed_run_ends_with_the_same_bits(folder):
    run_well("training.py", folder, *TRAINING, *NETWORK, "--epochs", 5, "--run", "resumed")
    run_well("training.py", folder, "--resume", "--run", "resumed", "--epochs", 30)
    runs = folder / "runs"
    assert_same_weights(runs / "resumed" / "weights.h5", runs / "whole" / "weights.h5")
    assert history(runs / "resumed") == history(runs / "whole")
    assert config(runs / "resumed")["data"]["alphabet"] == "ACGT"


def test_numbers_labels_in_a_file_and_folds(folder):
    words = ["--data", "reads.fasta", "--labels", "kinds.tabular", "--encoding", "index", "--stratified", "--folds", 2]
    printed = run_well("training.py", folder, *words, "--architecture", "dense 4, dense 1 sigmoid", "--run", "folds")
    assert printed.count("reads.fasta: 120 sequences of 20 to 30 letters, DNA; shorter ones are padded") == 1
    assert printed.count("kinds.tabular: matched by name to the rows of reads.fasta") == 1
    assert f" dense     Dense   [B, 4]          {4 * LONGEST + 4}" in printed
    result = run("training.py", folder, *words, "--scale", "standard")
    assert (result.returncode, result.stderr.splitlines()[0][:45]) == (
        2,
        "error: --scale is only for tables; for a table"[:45],
    )
