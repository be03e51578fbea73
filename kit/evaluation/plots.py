"""Pictures of how well a network does, as PNG: scikit-learn counts, matplotlib draws."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from kit.cli.console import listed
from kit.data.image_data import ImageData
from kit.data.image_lines import images_of
from kit.data.parts import VALIDATION
from kit.evaluation.figures import BLUE, GREY, ORANGE, lighten, new_figure, png_of, shown_name
from kit.evaluation.result import EvaluationResult

CHARACTERS_PER_INCH = 9  # of a class's name, horizontally
MOST_NUMBERED = 40  # classes in a confusion matrix; with more, its cells have no numbers
MOST_NAMED = 10  # curves; with more, the others are grey
ABSENT_NAMED = 2  # classes without a curve
MISTAKES_SHOWN, MISTAKES_ABREAST = 24, 3  # few abreast: TensorBoard shows a picture 350 pixels wide
LOG_SCALE = 50  # largest loss / smallest loss, above which the scale is logarithmic
LOWEST_R2 = -1.0  # shown; R2 has no lower bound
MOST_POINTS = 3000  # drawn one by one; of more points, their density is drawn


def confusion_matrix_png(matrix: Sequence[Sequence[int]], class_names: Sequence[str]) -> bytes:
    """Draws a confusion matrix: true classes on the y-axis, predictions on the x-axis.

    The darker a cell, the larger its share of the true class. With many classes, the cells have no numbers and only
    some classes are named.

    Args:
      matrix: counts [classes][classes].
      class_names: one per class.
    Returns:
      The picture as PNG: bytes.
    """
    matrix, names = np.array(matrix), [shown_name(name) for name in class_names]
    count, longest = len(names), max(map(len, names))
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    cell = np.interp(count, [2, 10, MOST_NUMBERED], [0.9, 0.55, 0.4])  # inches
    side = cell * min(count, MOST_NUMBERED)
    figure, axes = new_figure(side + 1.2 + 0.08 * longest, side + 1.1 + 0.06 * longest)
    drawn = axes.imshow(shares, cmap="Blues", vmin=0)
    if count <= MOST_NUMBERED:
        digits = len(str(matrix.max()))
        size = min(11, 72 * cell / (0.75 * max(digits, 2)))  # points
        for (true, predicted), number in np.ndenumerate(matrix):
            colour = "white" if 2 * shares[true, predicted] > shares.max() else "black"
            axes.text(predicted, true, f"{number}", ha="center", va="center", color=colour, fontsize=size)
    else:
        figure.colorbar(drawn, ax=axes, label="share of the true class", fraction=0.04)
    named = np.arange(0, count, math.ceil(count / MOST_NUMBERED))
    shown, size = [names[i] for i in named], 10 if count <= 10 else 8
    slanted = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"} if longest > CHARACTERS_PER_INCH * cell else {}
    axes.set_xticks(named, shown, fontsize=size, **slanted)
    axes.set_yticks(named, shown, fontsize=size)
    axes.set(xlabel="predicted", ylabel="true")
    axes.set_title(f"{np.trace(matrix):,} of {matrix.sum():,} right", fontsize=11)
    axes.spines[:].set_visible(False)
    return png_of(figure)


# ----------------------------------------------------------------------------- curves over thresholds


def roc_png(labels: np.ndarray, probabilities: np.ndarray, class_names: Sequence[str]) -> bytes:
    """Draws the receiver operating characteristic: of class 1 of two classes, of each class of more.

    Args:
      labels: int64 [N].
      probabilities: float32 [N, classes].
      class_names: one per class.
    Returns:
      The picture as PNG: bytes. It says which classes have no curve because no label is of them, and whether all
      labels are equal, so that there is none.
    """
    from sklearn.metrics import auc, roc_curve

    def curve(is_class, chance):
        false_positives, true_positives, _ = roc_curve(is_class, chance)
        return auc(false_positives, true_positives), false_positives, true_positives

    figure, axes = _curves(curve, "AUC", [0, 1], labels, probabilities, class_names)
    axes.set(xlabel="false positive rate", ylabel="true positive rate")
    return png_of(figure)


def precision_recall_png(labels: np.ndarray, probabilities: np.ndarray, class_names: Sequence[str]) -> bytes:
    """Draws precision over recall. Arguments, classes and result are as in roc_png."""
    from sklearn.metrics import average_precision_score, precision_recall_curve

    def curve(is_class, chance):
        precision, recall, _ = precision_recall_curve(is_class, chance, drop_intermediate=True)
        return average_precision_score(is_class, chance), recall, precision

    share = np.mean(labels == 1)
    guessing = [share, share] if len(class_names) == 2 else None
    figure, axes = _curves(curve, "AP", guessing, labels, probabilities, class_names, drawstyle="steps-post")
    axes.set(xlabel="recall", ylabel="precision")
    return png_of(figure)


def _curves(curve, area_name, guessing, labels, probabilities, class_names, **style):
    """Draws a curve per class that is among the labels; only the hardest classes, with the smallest areas, are named.

    Of a class that no label is of, a curve is undefined: the picture says so.

    Args:
      curve: (is_class bool [N], its probability float32 [N]) -> (area, x, y).
      area_name: for the legend.
      guessing: the y values, at x = 0 and 1, of a model that guesses; None if they differ between the classes.
      style: of the lines.
    Returns:
      (figure, axes).
    """
    from matplotlib import colormaps

    present = np.unique(labels)
    drawn = present if len(class_names) > 2 else [1]
    found = []  # (label, area, x, y), sorted by area
    if len(present) > 1:
        found = [(label, *curve(labels == label, probabilities[:, label])) for label in drawn]
        found.sort(key=lambda each: each[1])
    named, others = found[:MOST_NAMED], found[MOST_NAMED:]
    longest = max((len(shown_name(class_names[label])) for label, *_ in named), default=0)
    beside = len(named) > 1
    figure, axes = new_figure(5.2 + (1.7 + 0.075 * longest) * beside, 5.0)
    colours = colormaps["tab10"].colors
    for place, (label, area, x, y) in enumerate(named):
        text = f"{area_name} {area:.3f}, class {shown_name(class_names[label])}"
        colour = colours[label if len(class_names) <= MOST_NAMED else place]  # a class has its own, if there are enough
        axes.plot(x, y, color=colour if beside else BLUE, linewidth=2, label=text, **style)
    for i, (_, _, x, y) in enumerate(others):
        label = None if i else f"{len(others)} other classes"
        axes.plot(x, y, color=GREY, linewidth=0.6, alpha=0.5, zorder=1, label=label, **style)
    if found and guessing:
        axes.plot([0, 1], guessing, "--", color=GREY, linewidth=1, zorder=1, label="guessing")
    if not found:
        axes.text(0.5, 0.5, f"No curve: every label is {shown_name(class_names[present[0]])}.", ha="center")
    elif beside:
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False, fontsize=9)
    else:
        axes.legend(loc="lower right" if area_name == "AUC" else "lower left", frameon=False)
    absent = [shown_name(name) for label, name in enumerate(class_names) if label not in present]
    if found and absent:
        axes.set_title(f"no curve without labels: {listed(absent, ABSENT_NAMED)}", fontsize=9)
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal")
    lighten(axes)
    return figure, axes


# ----------------------------------------------------------------------------- learning curves, values


def learning_curves_png(epochs: Sequence, score_name: str) -> bytes:
    """Draws loss and score per epoch, in training and on validation, and marks the best epoch.

    Args:
      epochs: one or more of kit.runs.history.Epoch.
      score_name: "accuracy" or "R2".
    Returns:
      The picture as PNG: bytes.
    """
    figure, grid = new_figure(9.6, 4.0, columns=2)
    numbers = [epoch.epoch for epoch in epochs]
    best = max(epochs, key=lambda epoch: epoch.rank)
    style: dict = {"marker": "o" if len(epochs) <= 30 else None, "markersize": 4, "linewidth": 1.8}
    for axes, quantity in zip(grid, ("loss", "score")):
        for part, colour in (("training", BLUE), ("validation", ORANGE)):
            values = [getattr(epoch, f"{part}_{quantity}") for epoch in epochs]
            known = [value is not None for value in values]
            if not any(known) and quantity == "score" and getattr(best, f"{part}_loss") is not None:
                where = 0.55 if part == "training" else 0.45
                text = f"{score_name} of {part} is undefined: its labels are equal"
                axes.text(0.5, where, text, ha="center", transform=axes.transAxes)
            if any(known):  # an undefined score is a gap
                values = [math.nan if value is None else value for value in values]
                axes.plot(numbers, values, color=colour, label=part, **style)
        if best.validation_loss is not None:
            axes.axvline(best.epoch, linestyle=":", color=GREY, zorder=1, label=f"best, epoch {best.epoch}")
        axes.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
        axes.set(xlabel="epoch", ylabel=score_name if quantity == "score" else quantity)
        lighten(axes)
    losses = grid[0].dataLim.intervaly
    if losses[0] > 0 and losses[1] > LOG_SCALE * losses[0]:
        grid[0].set_yscale("log")
    if score_name == "R2" and grid[1].dataLim.intervaly[0] < LOWEST_R2:
        grid[1].set_ylim(LOWEST_R2, 1.05)
    grid[0].legend(frameon=False)
    return png_of(figure)


def values_png(labels: np.ndarray, values: np.ndarray) -> bytes:
    """Draws true values over predicted ones, and a dashed line where they are equal.

    Args:
      labels: float32 [N].
      values: float32 [N], the predictions.
    Returns:
      The picture as PNG: bytes.
    """
    figure, axes = new_figure(5.4, 5.2)
    if len(labels) <= MOST_POINTS:
        axes.scatter(values, labels, s=20, color=BLUE, alpha=0.55, linewidths=0)
    else:
        axes.hexbin(values, labels, gridsize=70, bins="log", cmap="Blues", mincnt=1, linewidths=0.1)
    low, high = min(labels.min(), values.min()), max(labels.max(), values.max())
    margin = 0.04 * (high - low) or 1.0
    axes.plot([low, high], [low, high], "--", color=GREY, linewidth=1, zorder=1)
    axes.set(xlim=(low - margin, high + margin), ylim=(low - margin, high + margin), aspect="equal")
    axes.set(xlabel="predicted", ylabel="true")
    lighten(axes)
    return png_of(figure)


def result_pictures(
    labels: np.ndarray, probabilities: np.ndarray, class_names: Sequence[str], matrix: Sequence[Sequence[int]]
) -> dict[str, bytes]:
    """The pictures of predictions: confusion matrix, ROC and precision-recall curves; of values, true over predicted.

    Args:
      labels: int64 [N]; of values, float32 [N].
      probabilities: float32 [N, classes]; of values, the predictions [N, 1].
      class_names: one per class; () for values.
      matrix: the confusion matrix, of kit.evaluation.scores.class_scores; of values, anything.
    Returns:
      {file name: PNG as bytes}.
    """
    if not class_names:
        return {"values.png": values_png(labels, probabilities[:, 0])}
    return {
        "confusion_matrix.png": confusion_matrix_png(matrix, class_names),
        "roc.png": roc_png(labels, probabilities, class_names),
        "precision_recall.png": precision_recall_png(labels, probabilities, class_names),
    }


def ranges_png(curves: Mapping[str, Mapping[int, Sequence[float]]], x_name: str, y_name: str) -> bytes:
    """Draws a curve of means for each name, and around it the range of the values.

    Args:
      curves: {name: {x: values}}; x above 0, on a logarithmic scale, which the axis says.
      x_name, y_name: of the axes.
    Returns:
      The picture as PNG: bytes.
    """
    figure, axes = new_figure(6.4, 4.4)
    for (name, values), colour in zip(curves.items(), (BLUE, ORANGE, GREY)):
        numbers, found = list(values), list(values.values())
        axes.fill_between(numbers, list(map(min, found)), list(map(max, found)), color=colour, alpha=0.15, linewidth=0)
        axes.plot(numbers, list(map(np.mean, found)), "o-", color=colour, linewidth=2, label=name)
    axes.set_xscale("log")
    named = sorted({number for values in curves.values() for number in values})
    axes.set_xticks(named, [f"{number:,}" for number in named])
    axes.set_xticks([], minor=True)
    axes.set(xlabel=f"{x_name} (logarithmic)", ylabel=y_name)
    lighten(axes)
    axes.legend(frameon=False)
    return png_of(figure)


# ----------------------------------------------------------------------------- images


def mistakes_png(data: ImageData, result: EvaluationResult) -> bytes:
    """Draws the wrongly classified images, those with the highest probability of the class predicted first.

    Args:
      data: whose VALIDATION part was evaluated, in its order.
      result: of the evaluation.
    Returns:
      The picture as PNG: bytes.
    """
    predicted = data.decide(result.probabilities)
    confidence = result.probabilities[np.arange(len(predicted)), predicted]
    wrong = np.flatnonzero(predicted != result.labels)
    shown = wrong[np.argsort(-confidence[wrong], kind="stable")][:MISTAKES_SHOWN]
    from kit.data.image_shown import shown_image  # here: `--help` needs none

    path_of = {}
    wanted = set(shown.tolist())
    for number, (_, _, path, _) in enumerate(images_of(data, VALIDATION)):
        if number in wanted:
            path_of[number] = path
    columns = max(1, min(MISTAKES_ABREAST, len(shown)))
    rows = max(1, math.ceil(len(shown) / columns))
    figure, grid = new_figure(max(4, 1.8 * columns), 2.5 * rows + 0.6, rows, columns)
    figure.suptitle(f"{len(wrong)} mistakes in {len(predicted)} images")
    for axes in np.ravel(grid):
        axes.axis("off")
    for axes, number in zip(np.ravel(grid), shown):
        axes.imshow(shown_image(path_of[number]))
        taken_for, true = (shown_name(data.class_names[label]) for label in (predicted[number], result.labels[number]))
        axes.set_title(f"{true}\ntaken for {taken_for}\n{confidence[number]:.0%}", fontsize=11)
    return png_of(figure)
