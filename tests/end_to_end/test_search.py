"""A random search in nested folds, small."""

import re

import numpy as np
import pytest
from support import warm
from support.made_tables import config, tabular, with_table

import kit.tensorflow1 as tf

FLAGS = ["--data", "X.tabular", "--labels", "y.tabular", "--stratified", "--batch_size", 8, "--epochs", 2]
FLAGS += ["--architecture", "dense {units} elu, dense 1 sigmoid", "--folds", 2, "--search", 2]
SPACE = ["--search_space", "units=2..16", "learning_rate=0.001..0.1"]


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    """(The folder, what was printed)."""
    folder = with_table(tmp_path_factory.mktemp("search"))
    result = warm.run("training.py", folder, *FLAGS, *SPACE, "--run", "s")
    assert (result.returncode, result.stderr) == (0, "")
    return folder, result.stdout


def test_each_fold_is_trained_with_the_best_of_its_own_tries(searched):
    folder, printed = searched
    tries = tabular(folder / "runs" / "s" / "tries.tabular")
    assert [(row["fold"], row["try"]) for row in tries] == [
        (fold, number) for fold in ("fold 1", "fold 2", "all rows") for number in ("1", "2")
    ]
    for fold in (1, 2):
        best = min((row for row in tries if row["fold"] == f"fold {fold}"), key=lambda row: float(row["loss"]))
        settings = config(folder / "runs" / f"s_fold_{fold}")["settings"]
        assert settings["architecture"] == f"dense {best['units']} elu, dense 1 sigmoid"
        assert settings["learning_rate"] == pytest.approx(float(best["learning_rate"]))
    together = tabular(folder / "runs" / "s" / "predictions.tabular")
    assert sorted(int(row["row"]) for row in together) == list(range(1, 61))
    assert not (folder / "runs" / "s" / ".try").exists() and printed.count("epoch    2") == 2


@pytest.mark.long
def test_the_chosen_settings_are_a_command_that_works(searched):
    folder, printed = searched
    *_, best = sorted(tabular(folder / "runs" / "s" / "tries.tabular")[-2:], key=lambda row: -float(row["loss"]))
    (command,) = re.findall(r"training\.py (.*--validation 0)$", printed, re.M)
    assert f"'dense {best['units']} elu, dense 1 sigmoid'" in command and "--search" not in command
    assert f"--learning_rate {float(best['learning_rate']):g}" in command
    words = re.findall(r"'[^']*'|\S+", command)
    result = warm.run("training.py", folder, *(word.strip("'") for word in words), "--run", "final")
    assert (result.returncode, result.stderr) == (0, "") and "60 training and 0 validation rows" in result.stdout


@pytest.mark.long
def test_the_page_hparams_has_each_try(searched):
    from tensorboard.plugins.hparams import metadata

    tries = tabular(searched[0] / "runs" / "s" / "tries.tabular")
    files = sorted((searched[0] / "runs" / "s" / "tries").glob("*/events*"))
    assert [path.parent.name for path in files] == [
        f"{name}_{number:02d}" for name in ("all_rows", "fold_1", "fold_2") for number in (1, 2)
    ]
    losses = []
    for path in files:
        values = [value for event in tf.train.summary_iterator(str(path)) for value in event.summary.value]
        info = metadata.parse_session_start_info_plugin_data(values[0].metadata.plugin_data.content)
        assert set(info.hparams) == {"units", "learning_rate"}
        losses += [value.simple_value for value in values if value.tag == "curves/loss"]
    np.testing.assert_allclose(sorted(losses), sorted(float(row["loss"]) for row in tries), rtol=1e-4)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (FLAGS, "--architecture has {units}, but --search_space doesn't say"),
        ([*FLAGS, *SPACE, "--fold", 1], "--search and --fold: a search needs all folds"),
        ([*FLAGS[:-4], "--search", 2, *SPACE], "--search needs --folds"),
        ([*FLAGS[:-2], *SPACE], "--search_space needs --search"),
        (["--resume", "--run", "s"], "--resume --run s: a search that was stopped can't be resumed"),
        ([*FLAGS, *SPACE, "--run", "s"], "runs/s: a search of this name exists already"),
    ],
)
def test_flags_that_do_not_fit(searched, flags, said):
    result = warm.run("training.py", searched[0], *flags)
    assert result.returncode == 2 and said in result.stderr and "Traceback" not in result.stderr
