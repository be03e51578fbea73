"""Splits the rows of a table into training and validation. A split is a function of the labels.

split = stratified(0.2, seed=0)
split_of_row = split(labels, num_rows)  # labels [N] or None, N -> uint8 [N] of TRAINING and VALIDATION
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from kit.cli.errors import UserError
from kit.data.parts import TRAINING, VALIDATION

Split = Callable[[np.ndarray | None, int], np.ndarray]


def everything() -> Split:
    """A split that puts every row into VALIDATION: for a network that is trained already."""
    return lambda labels, num_rows: np.full(num_rows, VALIDATION, np.uint8)


def simple(share: float, seed: int) -> Split:
    """A random split.

    Args:
      share: share of the rows for validation, 0 to 1; 0 for none.
      seed: the same seed gives the same split.
    Returns:
      The split; it raises a UserError if no row is left for training.
    """
    return _hold_out(share, seed, is_stratified=False)


def stratified(share: float, seed: int) -> Split:
    """A random split in which each class has the same share of both parts.

    Args:
      share: share of the rows for validation, 0 to 1; 0 for none.
      seed: the same seed gives the same split.
    Returns:
      The split; it raises a UserError if the labels aren't classes, or a class has too few rows.
    """
    return _hold_out(share, seed, is_stratified=True)


def fold(number: int, folds: int, seed: int, is_stratified: bool = False) -> Split:
    """One split of a cross-validation: each row is in VALIDATION in exactly one of them.

    Args:
      number: which fold, from 1.
      folds: how many folds there are.
      seed: seed of the shuffling; the same for all folds.
      is_stratified: give each class the same share of every fold.
    Returns:
      The split; it raises a UserError if there are too few rows, or no classes to stratify by.
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
        dealt = kind(folds, shuffle=True, random_state=seed).split(np.zeros(num_rows), labels)
        (_, validation_rows) = list(dealt)[number - 1]
        return _split_of_row(num_rows, validation_rows)

    return split


def _hold_out(share: float, seed: int, is_stratified: bool) -> Split:
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
        stratify = labels if is_stratified else None
        _, validation_rows = train_test_split(
            np.arange(num_rows), test_size=num_validation, random_state=seed, stratify=stratify
        )
        return _split_of_row(num_rows, validation_rows)

    return split


def _split_of_row(num_rows: int, validation_rows: ArrayLike) -> np.ndarray:
    split_of_row = np.full(num_rows, TRAINING, np.uint8)
    split_of_row[np.asarray(validation_rows)] = VALIDATION
    return split_of_row


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
