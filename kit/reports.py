"""What evaluating.py writes: scores, predictions, pictures. scikit-learn counts, matplotlib draws."""

import csv
import io
from pathlib import Path

import numpy as np

from kit import console
from kit.files import make_folder, write_json, write_whole
from kit.records import VALIDATION, records_of

MISTAKES_SHOWN = 25


def write_all(folder, source, records, outcome):
    """Writes report.json, predictions.csv, confusion_matrix.png and mistakes.png.

    Args:
      folder: Path, made if need be.
      source: a dict of what was evaluated, the report's first entries.
      records: kit.records.Records, whose VALIDATION part was evaluated, in its order.
      outcome: dlho2018.Outcome.
    Returns:
      The report, as it was written to report.json.
    """
    make_folder(folder)
    report = {**source, "loss": outcome.loss, **scores(outcome.labels, outcome.probabilities, records.class_names)}
    write_json(folder / "report.json", report)
    _write_predictions(folder / "predictions.csv", (name for _, name, _, _ in records_of(records, VALIDATION)), outcome)
    _write_bytes(folder / "confusion_matrix.png", confusion_matrix_png(report["confusion_matrix"], records.class_names))
    _write_bytes(folder / "mistakes.png", _mistakes_png(records, outcome))
    console.say(f"{folder}: report.json, predictions.csv, confusion_matrix.png, mistakes.png")
    return report


def scores(labels, probabilities, class_names):
    """Accuracy, and precision, recall and F1 of each class.

    Args:
      labels: int64 [N].
      probabilities: float32 [N, classes]; the class with the largest is the prediction.
      class_names: of str.
    Returns:
      A dict that json can write: images, accuracy, classes (a list of dicts), confusion_matrix (rows are
      true labels, columns predictions).
    """
    from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

    predicted = probabilities.argmax(axis=1)
    numbers = np.arange(len(class_names))
    by_class = zip(*precision_recall_fscore_support(labels, predicted, labels=numbers, zero_division=0))
    return {
        "images": len(labels),
        "accuracy": float(accuracy_score(labels, predicted)),
        "classes": [
            {
                "label": number,
                "name": name,
                "precision": float(precision),
                "recall": float(recall),
                "f1": float(f1),
                "images": int(images),
            }
            for number, (name, (precision, recall, f1, images)) in enumerate(zip(class_names, by_class))
        ],
        "confusion_matrix": confusion_matrix(labels, predicted, labels=numbers).tolist(),
    }


def say_scores(report):
    """Prints a report: accuracy, loss, a line for each class."""
    console.say(
        f"accuracy {report['accuracy']:.4f}, loss {report['loss']:.4f} "
        f"on {report['images']:,} images of {report['data']}"
    )
    columns = ["name", "label", "precision", "recall", "f1", "images"]
    console.say_table(["class", *columns[1:]], [[row[name] for name in columns] for row in report["classes"]])


def _write_predictions(path, names, outcome):
    """Writes predictions.csv: image_name, label, predicted, and a probability for each class."""
    columns = [f"probability_{label}" for label in range(outcome.probabilities.shape[1])]
    rows = zip(names, outcome.labels, outcome.probabilities.argmax(axis=1), outcome.probabilities, strict=True)
    with write_whole(path) as partial, open(partial, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["image_name", "label", "predicted", *columns])
        for name, label, predicted, probabilities in rows:
            writer.writerow([name, label, predicted, *(f"{probability:.6f}" for probability in probabilities)])


def confusion_matrix_png(matrix, class_names):
    """Draws a confusion matrix: true classes on the y-axis, predictions on the x-axis.

    Args:
      matrix: counts [classes][classes].
      class_names: of str.
    Returns:
      The picture's PNG: bytes.
    """
    from sklearn.metrics import ConfusionMatrixDisplay

    side = 3 + 0.45 * len(class_names)  # inches
    figure, axes = _figure(side, side)
    display = ConfusionMatrixDisplay(np.array(matrix), display_labels=class_names)
    display.plot(ax=axes, cmap="Blues", colorbar=False, values_format="d", xticks_rotation=45)
    axes.set(xlabel="predicted", ylabel="true")
    return _png(figure)


def _mistakes_png(records, outcome):
    """Draws the images that were most confidently taken for another class: a PNG, bytes."""
    from PIL import Image

    predicted = outcome.probabilities.argmax(axis=1)
    confidence = outcome.probabilities.max(axis=1)
    wrong = np.flatnonzero(predicted != outcome.labels)
    shown = wrong[np.argsort(-confidence[wrong], kind="stable")][:MISTAKES_SHOWN]
    path_of = {}
    wanted = set(shown.tolist())
    for number, (_, _, path, _) in enumerate(records_of(records, VALIDATION)):
        if number in wanted:
            path_of[number] = path
    columns = max(1, min(5, len(shown)))
    rows = max(1, -(-len(shown) // columns))
    figure, grid = _figure(max(4, 1.8 * columns), 2.1 * rows + 0.6, rows, columns)
    figure.suptitle(f"{len(wrong)} mistakes in {len(predicted)} images")
    for axes in np.ravel(grid):
        axes.axis("off")
    for axes, number in zip(np.ravel(grid), shown):
        with Image.open(path_of[number]) as image:
            axes.imshow(image.convert("RGB"))
        taken_for, true = (records.class_names[label] for label in (predicted[number], outcome.labels[number]))
        axes.set_title(f"{true}\ntaken for {taken_for}, {confidence[number]:.0%}", fontsize=8)
    return _png(figure)


def _write_bytes(path, content):
    with write_whole(path) as partial:
        Path(partial).write_bytes(content)


def _figure(width, height, rows=1, columns=1):
    """A matplotlib figure of its own, drawn without a window: (figure, axes)."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(rows, columns)


def _png(figure):
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=120)
    return png.getvalue()
