"""What folds say together, held against scikit-learn."""

from types import SimpleNamespace

import numpy as np
import pytest
from sklearn import metrics
from support.scored import text_of

from kit.cli.errors import UserError
from kit.cli.settings import TrainingSettings
from kit.evaluation.scores import classification_scores, write_scores
from kit.runs import cross_validation


def test_the_runs_of_repeated_folds():
    runs = cross_validation.folds_of("a", TrainingSettings(folds=2, repeats=2, seed=7))
    assert {name: (each.fold, each.seed) for name, each in runs.items()} == {
        "a_repeat_1_fold_1": (1, 7),
        "a_repeat_1_fold_2": (2, 7),
        "a_repeat_2_fold_1": (1, 8),
        "a_repeat_2_fold_2": (2, 8),
    }
    assert list(cross_validation.folds_of("a", TrainingSettings(folds=2))) == ["a_fold_1", "a_fold_2"]


def trained(folder, repeats, folds):
    """Runs that have written what a fold writes: (runs, labels, probabilities), of 12 rows in each repeat."""
    random = np.random.default_rng(0)
    runs, all_labels, all_probabilities = [], [], []
    for repeat in range(1, repeats + 1):
        rows = random.permutation(12)
        for fold in range(1, folds + 1):
            held_out = np.sort(rows[fold - 1 :: folds])
            name = f"cv_repeat_{repeat}_fold_{fold}" if repeats > 1 else f"cv_fold_{fold}"
            spec, settings = (
                SimpleNamespace(class_names=("A", "B")),
                SimpleNamespace(folds=folds, repeats=repeats if repeats > 1 else None, fold=fold),
            )
            run = SimpleNamespace(folder=folder / name, name=name, name_to_resume="cv", left_out={}, settings=settings)
            run.data_spec = spec
            run.folder.mkdir(parents=True)
            labels = held_out % 2
            second = np.round(random.random(len(held_out)), 3)
            lines = ["row\tlabel\tpredicted\tprobability_A\tprobability_B"]
            lines += [
                f"{r}\t{'AB'[i]}\t{'AB'[int(p > 0.5)]}\t{1 - p:.9g}\t{p:.9g}"
                for r, i, p in zip(held_out, labels, second)
            ]
            (run.folder / "predictions.tabular").write_text("\n".join(lines) + "\n")
            probabilities = np.stack([1 - second, second], axis=1)
            write_scores(run.folder / "scores.tabular", [{"epoch": 3, **classification_scores(labels, probabilities)}])
            runs.append(run)
            all_labels.append(labels)
            all_probabilities.append(probabilities)
    return runs, np.concatenate(all_labels), np.concatenate(all_probabilities)


@pytest.mark.parametrize("repeats", [1, 8])
def test_rows_that_were_held_out_are_pooled(tmp_path, capsys, repeats):
    runs, labels, probabilities = trained(tmp_path, repeats, folds=3)
    cross_validation.summarize(runs)
    printed = capsys.readouterr().out
    first, *rows = [line.split("\t") for line in text_of(tmp_path / "cv" / "scores.tabular").splitlines()]
    scores = {row[0]: dict(zip(first[1:], row[1:])) for row in rows}
    assert list(scores)[-5:] == ["mean", "std", "low", "high", "all"]
    assert list(scores)[:2] == (["1", "2"] if repeats == 1 else ["1.1", "1.2"]) and len(scores) == 3 * repeats + 5
    predicted = probabilities.argmax(axis=1)
    assert float(scores["all"]["accuracy"]) == pytest.approx(metrics.accuracy_score(labels, predicted), rel=1e-5)
    auc = metrics.roc_auc_score(labels, probabilities[:, 1])
    assert float(scores["all"]["roc_auc"]) == pytest.approx(auc, rel=1e-5)
    assert float(scores["low"]["accuracy"]) < float(scores["mean"]["accuracy"]) < float(scores["high"]["accuracy"])
    header, *lines = text_of(tmp_path / "cv" / "predictions.tabular").splitlines()
    assert header.startswith("repeat\tfold\trow" if repeats > 1 else "fold\trow") and len(lines) == 12 * repeats
    place = header.split("\t").index("row")
    assert [int(line.split("\t")[place]) for line in lines] == [*range(12)] * repeats
    for name in ("confusion_matrix.png", "roc.png", "precision_recall.png"):
        assert (tmp_path / "cv" / name).stat().st_size > 1000
    assert (" 1 " in printed) == (repeats == 1) and "confidence of 95%" in printed  # of many folds, only the statistics


def test_a_score_that_a_fold_lacks_is_left_out_of_the_mean(tmp_path, capsys):
    runs, *_ = trained(tmp_path, 1, folds=3)
    for run, accuracy, roc_auc, f1 in zip(runs, (0.5, 0.75, 1.0), (None, 0.5, 1.0), (None, None, 1.0)):
        write_scores(run.folder / "scores.tabular", [{"epoch": 9, "accuracy": accuracy, "roc_auc": roc_auc, "f1": f1}])
    cross_validation.summarize(runs)
    written = text_of(tmp_path / "cv" / "scores.tabular")
    assert "\n2\t0.75\t0.5\t\n3\t1\t1\t1\nmean\t0.75\t0.75\t1\nstd\t0.25\t0.353553\t\nlow\t" in written
    assert (
        "1 of 3 folds has labels of one class only: ROC AUC over 2\n"
        "2 of 3 folds have no positives, true or predicted: F1 over 1\n"
    ) in capsys.readouterr().out


def test_a_fold_without_scores_is_named(tmp_path):
    runs, *_ = trained(tmp_path, 1, folds=2)
    (runs[1].folder / "scores.tabular").unlink()
    with pytest.raises(UserError, match=r"cv_fold_2.scores\.tabular: cannot read these scores: .*No such file"):
        cross_validation.summarize(runs)
