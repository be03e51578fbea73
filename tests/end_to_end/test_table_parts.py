"""Train, validate and test from one table: no patient in two parts, rare classes weigh more."""

import json

import numpy as np
import pytest
from support import warm
from support.made_tables import config, tabular

PATIENTS = 40  # with three samples each


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with samples.tabular; what a gene says of a patient is the same in all samples."""
    folder, random = tmp_path_factory.mktemp("parts"), np.random.default_rng(0)
    lines = ["patient\tg1\tg2\tkind"]
    for patient in range(PATIENTS):
        kind = int(patient % 4 == 0)
        for _ in range(3):
            lines.append(f"P{patient}\t{random.normal(2 * kind):.3f}\t{random.normal():.3f}\t{['ALL', 'AML'][kind]}")
    (folder / "samples.tabular").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def trained(folder):
    flags = ["--data", "samples.tabular", "--label_column", "kind", "--group_column", "patient", "--test", 0.25]
    flags += ["--validation", 0.25, "--class_weights", "balanced", "--architecture", "dense 1 sigmoid", "--epochs", 20]
    result = warm.run("training.py", folder, *flags, "--learning_rate", 0.05, "--run", "parts")
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def evaluated(folder, *flags):
    """The patients that evaluating.py reports on."""
    result = warm.run("evaluating.py", folder, "--run", "parts", *flags)
    assert (result.returncode, result.stderr) == (0, "")
    rows = tabular(folder / "runs" / "parts" / "evaluation" / "predictions.tabular")
    return {(int(row["row"]) - 1) // 3 for row in rows}, len(rows), result.stdout


def test_three_parts_share_no_patient(folder, trained):
    assert "60 training, 30 validation and 30 test rows of 2 columns" in trained
    assert "40 groups of rows by column patient, each in one part" in trained
    assert "Class weights: ALL 0.6" in trained
    spec = config(folder / "runs" / "parts")["data"]
    assert (spec["num_training"], spec["num_validation"], spec["num_test"]) == (60, 30, 30)
    validated, count, _ = evaluated(folder)
    tested, test_count, printed = evaluated(folder, "--part", "test")
    assert (count, test_count) == (30, 30) and (len(validated), len(tested)) == (10, 10)
    assert not validated & tested and "30 rows of samples.tabular" in printed


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--run", "parts", "--part", "test", "--data", "samples.tabular"], "--part test and --data"),
        (["--run", "plain", "--part", "test"], "run 'plain' kept no rows for a test"),
    ],
)
def test_a_test_part_that_there_is_not(folder, trained, flags, said):
    if "plain" in flags and not (folder / "runs" / "plain").exists():
        words = ["--data", "samples.tabular", "--label_column", "kind", "--without_columns", "patient", "--epochs", 1]
        warm.run("training.py", folder, *words, "--run", "plain").check_returncode()
    result = warm.run("evaluating.py", folder, *flags)
    assert result.returncode == 2 and said in result.stderr and "Traceback" not in result.stderr


def test_a_learning_curve_is_validated_on_the_same_rows(folder):
    flags = ["--data", "samples.tabular", "--label_column", "kind", "--without_columns", "patient", "--epochs", 2]
    flags += ["--architecture", "dense 1 sigmoid", "--batch_size", 8, "--learning_curve", 3, "--run", "curve"]
    result = warm.run("training.py", folder, *flags)
    assert (result.returncode, result.stderr.count("warning: ")) == (0, 1)
    assert "column 'patient' has 40 values in 120 rows" in result.stderr
    rows = tabular(folder / "runs" / "curve" / "learning_curve.tabular")
    assert [row["rows"] for row in rows] == ["32", "64", "96"]
    for row, share in zip(rows, (33, 67, 100)):
        run = folder / "runs" / f"curve_share_{share}"
        last = tabular(run / "history.csv", ",")[-1]
        assert float(row["validation"]) == pytest.approx(float(last["validation_accuracy"]), rel=1e-5)
        assert config(run)["data"]["num_validation"] == 24
    assert (folder / "runs" / "curve" / "learning_curve.png").stat().st_size > 5000
    assert "curve/learning_curve.tabular, learning_curve.png: accuracy after the last epoch" in result.stdout
    before = (folder / "runs" / "curve" / "learning_curve.tabular").read_text()
    for path in sorted((folder / "runs" / "curve_share_100").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (folder / "runs" / "curve_share_100").rmdir()  # as if stopped before it
    result = warm.run("training.py", folder, "--resume", "--run", "curve")
    assert (result.returncode, result.stderr.count("warning: ")) == (0, 1)
    assert (folder / "runs" / "curve" / "learning_curve.tabular").read_text() == before


def test_a_threshold_is_chosen_on_validation_rows_and_used_on_the_test(folder, trained):
    missing = warm.run("evaluating.py", folder, "--run", "parts", "--threshold", "chosen")
    assert missing.returncode == 2 and "none was chosen for run 'parts'" in missing.stderr
    *_, printed = evaluated(folder, "--threshold", "balanced_accuracy")
    content = json.loads((folder / "runs" / "parts" / "threshold.json").read_text())
    assert f"AML from a probability of {content['threshold']:.4g} on, the best by balanced_accuracy" in printed
    *_, printed = evaluated(folder, "--part", "test", "--threshold", "chosen")
    assert printed.count(f"--threshold chosen: AML from a probability of {content['threshold']:.4g} on\n") == 1
    evaluation = folder / "runs" / "parts" / "evaluation"
    rows = tabular(evaluation / "predictions.tabular")
    chances = np.array([float(row["probability_AML"]) for row in rows])
    predicted, labels = (np.array([row[name] == "AML" for row in rows]) for name in ("predicted", "label"))
    np.testing.assert_array_equal(predicted, chances >= content["threshold"])
    report = json.loads((evaluation / "report.json").read_text())
    assert report["threshold"] == content["threshold"]
    assert report["accuracy"] == pytest.approx(np.mean(predicted == labels))
    assert report["confusion_matrix"][1] == [int((labels & ~predicted).sum()), int((labels & predicted).sum())]


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--threshold", "f1", "--part", "test"], "chosen on the run's own validation rows"),
        (["--threshold", "1.5"], "--threshold 1.5: expected a number between 0 and 1"),
        (["--threshold", "half"], "a score to choose by: accuracy, balanced_accuracy, f1"),
        (["--threshold", "f1", "--weights", "w.h5"], "the threshold of its own checkpoint, and --weights are others"),
        (["--threshold", "chosen", "--weights", "w.h5"], "Leave out --weights, or give a number between 0 and 1"),
        (["--threshold", "f1", "--explain_rows", "1"], "f1 and --explain_rows: the threshold is only known after"),
    ],
)
def test_a_wrong_threshold(folder, trained, flags, said):
    (folder / "w.h5").touch()
    result = warm.run("evaluating.py", folder, "--run", "parts", *flags)
    assert result.returncode == 2 and said in result.stderr and "Traceback" not in result.stderr


def test_a_threshold_is_of_the_weights_that_it_was_chosen_on_and_decides_what_is_explained(folder, trained):
    run = folder / "runs" / "parts"
    evaluated(folder, "--threshold", "f1")
    path = run / "threshold.json"
    content = json.loads(path.read_text())
    assert (run / "best" / f"{content['checkpoint']}.index").exists()
    path.write_text(json.dumps({**content, "checkpoint": "model.ckpt-1"}))  # as if the best epoch came later
    result = warm.run("evaluating.py", folder, "--run", "parts", "--threshold", "chosen")
    path.unlink()
    assert result.returncode == 2 and "Traceback" not in result.stderr
    assert "threshold.json was chosen on the weights of model.ckpt-1, not on those of runs/parts/best/" in result.stderr
    evaluation = run / "evaluation"
    rows = [row for row in tabular(evaluation / "predictions.tabular") if float(row["probability_AML"]) < 0.5]
    row = max(rows, key=lambda row: float(row["probability_AML"]))
    evaluated(folder, "--threshold", 0.9 * float(row["probability_AML"]), "--explain_rows", row["row"])
    assert {line["predicted"] for line in tabular(evaluation / "explanations.tabular")} == {"AML"}
