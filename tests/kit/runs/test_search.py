"""A random search, its trainings replaced: which try is the best, and what becomes of those that diverge."""

import math
from types import SimpleNamespace

import pytest
from support.made_tables import tabular

from kit.cli.errors import UserError
from kit.cli.settings import TrainingSettings
from kit.runs.history import Epoch, History
from kit.runs.search import Search

SPACE = ("learning_rate=0.001,0.1,10", "batch_size=4,8")


def search(folder, monkeypatch, tries, space=SPACE, **settings):
    monkeypatch.chdir(folder)
    (folder / "runs" / "s").mkdir(parents=True)
    flags = {"data": "X.tabular", "labels": "y.tabular", "folds": 2, "search": tries, "search_space": space}
    return Search("s", TrainingSettings(**flags, **settings), lambda tried: tried, set())


def best_of(searched, loss_of):
    """What a search chooses if a try's loss is loss_of(its settings): (settings, how many were trained)."""
    trying, trained = searched._best(searched._settings, "fold 1"), 0
    while True:
        try:
            run = next(trying)
        except StopIteration as end:
            return end.value, trained
        trained += 1
        loss = loss_of(run.settings)
        run.has_diverged = not math.isfinite(loss)
        run.folder.mkdir()
        run._data_spec = SimpleNamespace(class_names=("a", "b"))
        if not run.has_diverged:
            History(run.folder, "accuracy").add(Epoch(1, 8, 0.1, loss, 0.5, loss, 0.5, 0.1))


def test_a_try_that_diverges_is_a_row_and_the_search_goes_on(tmp_path, monkeypatch, capsys):
    searched = search(tmp_path, monkeypatch, 12)
    best, trained = best_of(searched, lambda tried: math.inf if tried.learning_rate > 1 else tried.learning_rate)
    assert best["learning_rate"] == 0.001
    rows = tabular(tmp_path / "runs" / "s" / "tries.tabular")
    lost = [row for row in rows if row["learning_rate"] == "10"]
    assert len(rows) == 12 and 0 < len(lost) < 12
    assert {(row["loss"], row["score"]) for row in lost} == {("inf", "")}
    assert trained == 3 * (12 - len(lost)) + len(lost)  # one fold is enough to see it
    said = capsys.readouterr().out
    assert said.count("diverged") == len(lost) and "learning_rate 10, batch_size" in said
    assert not (tmp_path / "runs" / "s" / ".try").exists()


def test_if_all_tries_diverge_it_is_an_error(tmp_path, monkeypatch):
    searched = search(tmp_path, monkeypatch, 3)
    with pytest.raises(UserError, match=r"^--search: fold 1: all 3 tries diverged[^$]*smaller learning rates"):
        best_of(searched, lambda tried: math.inf)


def test_every_value_is_checked_before_the_first_try(tmp_path, monkeypatch):
    checked = []
    monkeypatch.chdir(tmp_path)
    settings = TrainingSettings(folds=2, search=2, search_space=SPACE)
    Search("s", settings, lambda tried: checked.append((tried.learning_rate, tried.batch_size)), set())
    assert {rate for rate, _ in checked} == {0.001, 0.1, 10} and {size for _, size in checked} == {4, 8}
