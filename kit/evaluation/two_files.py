"""Scores from two files, of labels and of predictions, by whatever program they were made.

python -m kit.evaluation.scores y_true.tabular y_predicted.tabular

The first has a label per row: a word or a number. The second has a prediction per row: a label; a probability, of the
positive one of two classes; a column of probabilities for each class; or predictions.tabular, which evaluating.py
writes. Labels that are values need predicted values. The rows are in the same order, unless both files name them.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import numpy as np

from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.flags import read_command_line
from kit.cli.settings import ScoringSettings
from kit.data.tables.label_rules import check_names, class_name, in_order, key_of, place_of
from kit.evaluation.label_columns import Column, Columns, paired_by_name, read_columns

PROG = "python -m kit.evaluation.scores"
NEED_PROBABILITIES = ("roc_auc", "average_precision", "log_loss")
PICTURES = ("confusion_matrix.png", "roc.png", "precision_recall.png", "values.png")
MANY_CLASSES = 10  # of whole numbers, which are then perhaps values
PREFIX = "probability_"  # of the columns in predictions.tabular


def main() -> None:
    words = sys.argv[1:]
    if len(words) > 1 and not any(word.startswith("-") for word in words[:2]):
        words = ["--y_true", words[0], "--y_predicted", words[1], *words[2:]]
    settings, _ = read_command_line(ScoringSettings, __doc__, arguments=words, prog=PROG)
    score_files(settings)


def score_files(settings: ScoringSettings) -> dict:
    """Reads both files, and writes and prints the scores.

    Args:
      settings: of the command.
    Returns:
      The content of report.json.
    Raises:
      UserError: a file can't be read, their lengths differ, or a label isn't known.
    """
    true = read_columns(settings.y_true, "--y_true", settings.header)
    labels = true.chosen(settings.label_column, "label")
    found = read_columns(settings.y_predicted, "--y_predicted", settings.header)
    if len(found) != len(labels.cells):
        raise UserError(
            f"{found.path}: {console.counted(len(found), 'rows')}, but {labels.path} has {len(labels.cells):,}.\n"
            f"  Expected one prediction per label, in the same order.{_about_headers(labels, found)}"
        )
    labels = paired_by_name(labels, true.row_names, found)
    if _are_values(settings, labels, found):
        values = found.chosen(None, "predicted").numbers("a value")
        return _write_values(settings, labels, values)
    names = class_names(settings, labels)
    return _write_classes(settings, labels.places_in(names), found, names)


def class_names(settings: ScoringSettings, labels: Column) -> tuple[str, ...]:
    """The classes, sorted, by number if all are numbers; the positive one last if it is named.

    Raises:
      UserError: there are fewer than two, --classes names one twice, or --positive isn't one of two.
    """
    if settings.classes:
        check_names("--classes", settings.classes, "of all classes, in the order of the columns of probabilities")
        names = list(settings.classes)
    else:
        first_spelling: dict[bytes | float, str] = {}
        for key, cell in zip(labels.keys, labels.cells):
            first_spelling.setdefault(key, class_name(cell.encode()))
        names = in_order(first_spelling.values())
        if len(names) > MANY_CLASSES and all(isinstance(key, float) for key in first_spelling):
            console.warn(f"{labels.path}: {len(names)} whole numbers are taken for classes. For values: --values")
    if len(names) < 2:
        raise UserError(
            f"{labels.path}: every row has the label '{names[0]}'.\n"
            "  Name all classes: --classes A B. For values instead of classes: --values."
        )
    if settings.positive is not None:
        place = place_of(settings.positive, names)
        if len(names) != 2 or place is None:
            raise UserError(
                f"--positive {settings.positive}: expected one of two classes. They are {console.listed(names)}."
            )
        names.append(names.pop(place))
    return tuple(names)


def _are_values(settings: ScoringSettings, labels: Column, found: Columns) -> bool:
    """Whether labels are values: asked for, or numbers of which one isn't whole, or with predictions beyond 0 to 1."""
    if settings.values or settings.classes or settings.positive:
        return settings.values
    keys = [key for key in labels.keys if isinstance(key, float)]
    if len(keys) < len(labels.cells):
        return False
    if not all(key.is_integer() for key in keys):
        return True
    if len(found.columns) > 1 and "predicted" not in found.names:
        return False
    numbers = [key for key in found.chosen(None, "predicted").keys if isinstance(key, float)]
    has_fractions = any(not key.is_integer() for key in numbers)
    return has_fractions and (len(set(keys)) > 2 or not all(0 <= key <= 1 for key in numbers))


def _probabilities(found: Columns, names: tuple[str, ...]) -> np.ndarray | None:
    """The probabilities of the second file: float32 [N, classes]; None if it has labels instead.

    Raises:
      UserError: one isn't from 0 to 1, or the columns aren't those of the classes.
    """
    by_class = {key_of(column.name.removeprefix(PREFIX).encode()): column for column in found.columns if column.name}
    keys_of_names = [key_of(name.encode()) for name in names]
    own = [by_class.get(key) for key in keys_of_names]
    if all(own):
        return np.stack([column.numbers("a probability", 0, 1) for column in own if column], axis=1)
    if len(found.columns) == 1 or "predicted" in found.names:
        column = found.chosen(None, "predicted")
        keys = {*column.keys}
        if len(names) != 2 or keys <= {*keys_of_names} or not all(isinstance(key, float) for key in keys):
            return None
        chance = column.numbers(f"a probability of class {names[1]}, or a class", 0, 1)
        return np.stack([1 - chance, chance], axis=1)
    if len(found.columns) == len(names):
        console.say(
            f"{found.path}: its columns are taken for the probabilities of {console.listed(names)}, in this order"
        )
        return np.stack([column.numbers("a probability", 0, 1) for column in found.columns], axis=1)
    raise UserError(
        f"{found.path}: {len(found.columns)} columns, {console.listed(found.names)}, for the classes "
        f"{console.listed(names)}.\n  Expected one column of labels or probabilities, or a column of probabilities for "
        "each class, named by it."
    )


def _write_values(settings: ScoringSettings, labels: Column, values: np.ndarray) -> dict:
    from kit.evaluation import plots
    from kit.evaluation.scores import regression_scores

    true = labels.numbers("a value")
    return _write(
        settings, len(true), regression_scores(true, values), {}, {"values.png": plots.values_png(true, values)}
    )


def _write_classes(settings: ScoringSettings, labels: np.ndarray, found: Columns, names: tuple[str, ...]) -> dict:
    from kit.evaluation import plots
    from kit.evaluation.scores import class_scores, classification_scores
    from kit.evaluation.undefined import classes_left_out, of_evaluation

    probabilities = _probabilities(found, names)
    are_classes = probabilities is None
    if probabilities is None:
        probabilities = np.eye(len(names), dtype=np.float32)[found.chosen(None, "predicted").places_in(names)]
    scores = classification_scores(labels, probabilities)
    left_out = classes_left_out(labels, probabilities)
    more = class_scores(labels, probabilities, names, "rows")
    pictures = {"confusion_matrix.png": plots.confusion_matrix_png(more["confusion_matrix"], names)}
    if are_classes:
        left_out = {name: classes for name, classes in left_out.items() if name not in NEED_PROBABILITIES}
        undefined = of_evaluation({**scores, "log_loss": 0.0}, left_out, names, "rows")
        scores |= dict.fromkeys(NEED_PROBABILITIES)
        undefined.append("predictions without probabilities: ROC AUC, average precision, log loss undefined")
    else:
        undefined = of_evaluation(scores, left_out, names, "rows")
        pictures["roc.png"] = plots.roc_png(labels, probabilities, names)
        pictures["precision_recall.png"] = plots.precision_recall_png(labels, probabilities, names)
    return _write(settings, len(labels), scores, {**more, **({"undefined": undefined} if undefined else {})}, pictures)


def _write(settings: ScoringSettings, count: int, scores: dict, more: dict, pictures: dict[str, bytes]) -> dict:
    """Writes report.json, scores.tabular and the pictures, and prints the scores."""
    from kit.evaluation.report_files import REPORT, SCORES, say_scores, write_together
    from kit.evaluation.scores import write_scores
    from kit.system.files import make_folder, write_json

    folder = Path(settings.output_directory)
    make_folder(folder)
    report = {"labels": settings.y_true, "data": settings.y_predicted, "rows": count, **scores, **more}
    files = {
        REPORT: partial(write_json, content=report),
        SCORES: partial(write_scores, rows=[{"rows": count, **scores}]),
        **pictures,
    }
    write_together(folder, files, [folder / name for name in PICTURES])
    say_scores(report)
    return report


def _about_headers(labels: Column, found: Columns) -> str:
    if abs(len(found) - len(labels.cells)) != 1:
        return ""
    first = {True: "is its header", False: "counts as a row"}
    return (
        f"\n  The first line of {labels.path} {first[labels.has_header]}, that of {found.path} "
        f"{first[found.has_header]}. If that is wrong: --header yes, or no, for both files."
    )
