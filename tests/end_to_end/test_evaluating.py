"""evaluating.py as a user runs it: its figures against ones worked out from what it wrote."""

import csv
import json
import shutil

import numpy as np
import pytest
from PIL import Image
from support.made_tables import run_well

CLASSES = ("square", "triangle")


@pytest.fixture(scope="module")
def folder(drawn, tmp_path_factory):
    """A folder with a trained network: dropout and batch normalisation, and far from perfect."""
    copy = tmp_path_factory.mktemp("evaluating") / "class"
    shutil.copytree(drawn, copy)
    run_well(
        "training.py", copy, "--network", "cnn_regularized", "--epochs", 3, "--validation", 0.4, "--run", "trained"
    )
    return copy


@pytest.fixture(scope="module")
def evaluation(folder):
    """What evaluating.py printed and wrote: (output, report, rows of predictions.csv)."""
    output = run_well("evaluating.py", folder, cold=True)  # as a user starts it
    return output, *written(folder)


def written(folder):
    evaluation = folder / "runs" / "trained" / "evaluation"
    with open(evaluation / "predictions.csv", newline="", encoding="utf-8") as file:
        return json.loads((evaluation / "report.json").read_text()), list(csv.DictReader(file))


def arrays(rows):
    """(labels, predicted, probabilities) of predictions.csv."""
    probabilities = [[float(row["probability_0"]), float(row["probability_1"])] for row in rows]
    labels, predicted = (np.array([int(row[column]) for row in rows]) for column in ("label", "predicted"))
    return labels, predicted, np.array(probabilities)


def test_the_predictions_are_of_the_validation_images_in_order(folder, evaluation):
    _, _, rows = evaluation
    config = json.loads((folder / "runs" / "trained" / "config.json").read_text())
    names = [row["image_name"] for row in rows]
    assert len(names) == config["data"]["num_validation"] and names == sorted(names)  # as the CSV is
    assert all(row["image_name"].startswith(CLASSES[int(row["label"])]) for row in rows)


def test_the_report_counts_right(evaluation):
    _, report, rows = evaluation
    labels, predicted, probabilities = arrays(rows)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=2e-6)
    np.testing.assert_array_equal(predicted, probabilities.argmax(axis=1))
    assert report["accuracy"] == pytest.approx(np.mean(labels == predicted))
    assert report["loss"] == pytest.approx(-np.log(probabilities[range(len(labels)), labels]).mean(), abs=1e-4)
    matrix = np.array(report["confusion_matrix"])
    by_hand = [[np.sum((labels == true) & (predicted == guess)) for guess in (0, 1)] for true in (0, 1)]
    np.testing.assert_array_equal(matrix, by_hand)
    for label, row in enumerate(report["classes"]):
        precision = matrix[label, label] / max(matrix[:, label].sum(), 1)
        recall = matrix[label, label] / matrix[label].sum()
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0
        assert (row["name"], row["images"]) == (CLASSES[label], matrix[label].sum())
        assert (row["precision"], row["recall"], row["f1"]) == pytest.approx((precision, recall, f1))


def test_the_console_says_what_the_report_says(evaluation):
    output, report, _ = evaluation
    assert f"accuracy {report['accuracy']:.4f}, loss {report['loss']:.4f} on {report['images']} images" in output
    for row in report["classes"]:
        cells = [row["name"], str(row["label"]), *(f"{row[score]:.4f}" for score in ("precision", "recall", "f1"))]
        assert [*cells, str(row["images"])] in [line.split() for line in output.splitlines()]
    assert output.splitlines()[-1].endswith("tensorboard --logdir runs")


def test_the_best_epoch_evaluates_as_it_did_in_training(folder, evaluation):
    _, report, _ = evaluation
    with open(folder / "runs" / "trained" / "history.csv", newline="", encoding="utf-8") as file:
        epochs = [(float(row["validation_accuracy"]), -float(row["validation_loss"])) for row in csv.DictReader(file)]
    assert (report["accuracy"], -report["loss"]) == pytest.approx(max(epochs), abs=1e-6)


def test_the_pictures_are_pictures(folder, evaluation):
    for name in ("confusion_matrix.png", "mistakes.png"):
        with Image.open(folder / "runs" / "trained" / "evaluation" / name) as image:
            image.load()
            assert image.format == "PNG" and min(image.size) > 200
            assert len(image.convert("RGB").getcolors(1 << 24)) > 20  # something is drawn
    page = (folder / "runs" / "trained" / "evaluation" / "report.html").read_text(encoding="utf-8")
    assert page.count("<img ") == 5 and "training.py --validation 0.4 --network cnn_regularized --epochs 3" in page


def test_neither_the_batch_size_nor_chance_changes_a_prediction(folder, evaluation):
    _, report, rows = evaluation
    run_well("evaluating.py", folder, "--batch_size", 7)
    again, rows_again = written(folder)
    np.testing.assert_allclose(arrays(rows_again)[2], arrays(rows)[2], atol=3e-6)
    assert again["accuracy"] == report["accuracy"]


def test_another_csv_is_evaluated_whole_wherever_it_lies(folder, tmp_path):
    for shape in CLASSES:
        words = [
            "--shape",
            shape,
            "--num_images",
            5,
            "--size",
            32,
            "--seed",
            9,
            "--output_directory",
            f"other_{shape}s",
        ]
        run_well("dataset_creation.py", tmp_path, *words)
    parts = [(tmp_path / f"other_{shape}s" / "info.csv").read_bytes() for shape in CLASSES]
    (tmp_path / "other.csv").write_bytes(b"".join(parts))
    run_well("evaluating.py", folder, "--data", tmp_path / "other.csv", "--checkpoint", "newest")
    report, rows = written(folder)
    assert [row["label"] for row in rows] == ["0"] * 5 + ["1"] * 5
    assert (report["images"], report["data"]) == (10, str(tmp_path / "other.csv"))
    assert "/checkpoints/" in report["checkpoint"]


def test_single_images_are_classified_as_in_the_evaluation(folder):
    run_well("evaluating.py", folder, "--data", "dataset.csv")
    _, rows = written(folder)
    of_image = {row["image_name"]: row for row in rows}
    names = ("square_000001.png", "triangle_000007.png")
    output = run_well("evaluating.py", folder, "--images", *(f"{name.split('_')[0]}s/{name}" for name in names))
    lines = [line.split() for line in output.splitlines()]
    for name in names:
        row = of_image[name]
        shown = next(line for line in lines if line and line[0].endswith(name))
        assert shown[1] == CLASSES[int(row["predicted"])]
        chances = [float(row["probability_0"]), float(row["probability_1"])]
        assert [float(value) for value in shown[2:]] == pytest.approx(chances, abs=1e-4)
    with Image.open(folder / f"squares/{names[0]}") as image:
        image.resize((96, 96), Image.Resampling.NEAREST).save(folder / "larger.webp", lossless=True)
    output = run_well("evaluating.py", folder, "--images", "larger.webp")
    assert "Brought to the network's 32 x 32 pixels" in output and output.count("larger.webp") == 2
