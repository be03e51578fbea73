"""Splits the rows of a table into training and validation. A split is a function of the labels.

split = hold_out(0.2, seed=0)
split_of_row = split(labels, num_rows)  # labels [N] or None, N -> uint8 [N] of TRAINING and VALIDATION
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kit.cli.errors import UserError
from kit.data.parts import TRAINING, VALIDATION

Split = Callable[[np.ndarray | None, int], np.ndarray]


def everything() -> Split:
    """A split that puts every row into VALIDATION: for a network that is trained already."""
    return lambda labels, num_rows: np.full(num_rows, VALIDATION, np.uint8)


def hold_out(share: float, seed: int, is_stratified: bool = False) -> Split:
    """A random split.

    Args:
      share: share of the rows for validation, 0 to 1; 0 for none.
      seed: the same seed gives the same split.
      is_stratified: give each class the same share of both parts.
    Returns:
      The split; it raises a UserError if no row is left for training, or rows of one label alone; or if there are no
      classes to stratify by, or too few rows of one.
    """

    def split(labels: np.ndarray | None, num_rows: int) -> np.ndarray:
        if share == 0:
            return np.full(num_rows, TRAINING, np.uint8)
        from sklearn.model_selection import train_test_split

        num_validation = int(np.ceil(share * num_rows))
        if num_validation >= num_rows:
            raise UserError(
                f"--validation {share}: leaves none of the table's {num_rows:,} rows for training.\n"
                "  Choose a smaller share."
            )
        if is_stratified:
            num_classes = _check_classes(labels, 2, "--stratified")
            fewest = min(num_validation, num_rows - num_validation)
            if fewest < num_classes:
                raise UserError(
                    f"--stratified: with --validation {share}, one part has {fewest} of the table's {num_rows:,} rows, "
                    f"fewer than the {num_classes} classes.\n  Choose another share, or leave out --stratified."
                )
        training_rows, validation_rows = train_test_split(
            np.arange(num_rows), test_size=num_validation, random_state=seed, stratify=labels if is_stratified else None
        )
        _check_training(labels, training_rows, f"--validation {share}:", 2, ", or hold out none: --validation 0")
        return _split_of_row(num_rows, validation_rows)

    return split


def fold(number: int, folds: int, seed: int, is_stratified: bool = False) -> Split:
    """One split of a cross-validation: each row is in VALIDATION in exactly one of them.

    Args:
      number: which fold, from 1.
      folds: how many folds there are.
      seed: seed of the shuffling; the same for all folds.
      is_stratified: give each class the same share of every fold.
    Returns:
      The split; it raises a UserError if there are too few rows, rows of one label alone to train on in any fold, or
      no classes to stratify by.
    """
    if not 1 <= number <= folds:
        raise UserError(f"--fold {number}: expected 1 to {folds}, since there are --folds {folds}.")

    def split(labels: np.ndarray | None, num_rows: int) -> np.ndarray:
        from sklearn.model_selection import KFold, StratifiedKFold

        if folds > num_rows:
            raise UserError(f"--folds {folds}: more than the table's {num_rows:,} rows.")
        if is_stratified:
            _check_classes(labels, folds, f"--folds {folds} with --stratified")
        kind = StratifiedKFold if is_stratified else KFold
        dealt = list(kind(folds, shuffle=True, random_state=seed).split(np.zeros(num_rows), labels))
        for fold, (training_rows, _) in enumerate(dealt, 1):  # before one is trained
            _check_training(labels, training_rows, f"--folds {folds}: with fold {fold} held out,", folds, "")
        return _split_of_row(num_rows, dealt[number - 1][1])

    return split


def _split_of_row(num_rows: int, validation_rows: ArrayLike) -> np.ndarray:
    split_of_row = np.full(num_rows, TRAINING, np.uint8)
    split_of_row[np.asarray(validation_rows)] = VALIDATION
    return split_of_row


def _check_training(labels: np.ndarray | None, training_rows: Any, what: str, least: int, or_else: str) -> None:
    """Checks that the training rows have two labels or more; with `least` rows of each class, --stratified helps."""
    if labels is None or len(np.unique(labels[training_rows])) > 1:
        return
    rows = f"{len(training_rows):,} rows left for training have" if len(training_rows) > 1 else "1 row left has"
    is_enough = labels.dtype.kind != "f" and np.unique(labels, return_counts=True)[1].min() >= least
    raise UserError(
        f"{what} the {rows} one label, of {len(np.unique(labels))} in the table; a network "
        "that sees one label learns nothing.\n  Get more rows"
        + (", or give each part its share of each class: --stratified" if is_enough else "")
        + f"{or_else}."
    )


def _check_classes(labels: np.ndarray | None, least: int, flag: str) -> int:
    """Checks that the labels are classes and that each has at least `least` rows; gives the number of classes."""
    if labels is None or labels.dtype.kind == "f":
        raise UserError(f"{flag}: needs labels that are classes. Leave out --stratified.")
    counts = np.unique(labels, return_counts=True)[1]
    fewest = counts.min()
    if fewest < least:
        raise UserError(
            f"{flag}: needs at least {least} rows per class, but one class has {fewest}.\n"
            "  Get more rows of it, or leave out --stratified."
        )
    return len(counts)
