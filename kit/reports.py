"""What evaluating.py writes: scores, predictions, pictures. scikit-learn counts, matplotlib draws."""

import csv
import io

import numpy as np

from kit.files import write_json, write_whole

MISTAKES_SHOWN = 25


def scores(labels, probabilities, class_names):
    """Accuracy, and precision, recall and F1 of each class.

    Args:
      labels: int64 [N].
      probabilities: float32 [N, classes]; the class with the largest is the prediction.
      class_names: of str.
    Returns:
      A dict that json can write: count, accuracy, classes (a list of dicts), confusion_matrix (rows are
      true labels, columns predictions).
    """
    from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

    predicted = probabilities.argmax(axis=1)
    numbers = np.arange(len(class_names))
    by_class = zip(*precision_recall_fscore_support(labels, predicted, labels=numbers, zero_division=0))
    return {
        "count": len(labels),
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


def write_report(folder, report):
    """Writes report.json."""
    write_json(folder / "report.json", report)


def write_predictions(folder, names, labels, probabilities):
    """Writes predictions.csv: image_name, label, predicted, and a probability for each class.

    Args:
      folder: Path.
      names: an iterable of N str.
      labels: int64 [N].
      probabilities: float32 [N, classes].
    """
    predicted = probabilities.argmax(axis=1)
    columns = [f"probability_{number}" for number in range(probabilities.shape[1])]
    with write_whole(folder / "predictions.csv") as partial, open(partial, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["image_name", "label", "predicted", *columns])
        for name, label, prediction, row in zip(names, labels, predicted, probabilities, strict=True):
            writer.writerow([name, label, prediction, *(f"{value:.6f}" for value in row)])


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


def mistakes_png(images, captions, num_mistakes, num_images):
    """Draws the images that the network got most wrong.

    Args:
      images: a list of arrays, uint8 [H, W, 3], MISTAKES_SHOWN at most.
      captions: what is under each.
      num_mistakes, num_images: the counts for the title.
    Returns:
      The picture's PNG: bytes.
    """
    columns = max(1, min(5, len(images)))
    rows = max(1, -(-len(images) // columns))
    figure, grid = _figure(max(4, 1.7 * columns), 1.9 * rows + 0.5, rows, columns)
    figure.suptitle(f"{num_mistakes} mistakes in {num_images} images")
    for axes in np.ravel(grid):
        axes.axis("off")
    for axes, image, caption in zip(np.ravel(grid), images, captions):
        axes.imshow(image)
        axes.set_title(caption, fontsize=8)
    return _png(figure)


def worst_mistakes(labels, probabilities):
    """The numbers of the wrongly predicted images, the most confident mistakes first: int64 [M]."""
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    return wrong[np.argsort(-probabilities[wrong].max(axis=1), kind="stable")]


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
