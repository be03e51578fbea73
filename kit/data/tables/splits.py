"""Which rows of a table are for training, and which for validation. A split is a function of the labels.

split = stratified(0.2, seed=0)
parts = split(labels, num_rows)     # labels [N], num_rows N -> uint8 [N] of TRAINING and VALIDATION
"""

import numpy as np

from kit.cli.errors import UserError
from kit.data.parts import TRAINING, VALIDATION


def everything():
    """A split that puts every row into VALIDATION: for a network that is trained."""
    return lambda labels, num_rows: np.full(num_rows, VALIDATION, np.uint8)


def simple(share, seed):
    """A split by chance.

    Args:
      share: of the rows, for validation; 0 for none.
      seed: the same seed gives the same split.
    Returns:
      The split; it raises a UserError where no row is left for training.
    """
    return _hold_out(share, seed, is_stratified=False)


def stratified(share, seed):
    """A split by chance in which each class has the same share of the rows in both parts.

    Args:
      share: of the rows, for validation; 0 for none.
      seed: the same seed gives the same split.
    Returns:
      The split; it raises a UserError where there are no classes, or too few rows of one.
    """
    return _hold_out(share, seed, is_stratified=True)


def fold(number, folds, seed, is_stratified=False):
    """One of the splits of a cross-validation: each row is in VALIDATION in one of them.

    Args:
      number: which, from 1.
      folds: how many there are.
      seed: of the order in which rows are dealt out; the same for all folds.
      is_stratified: each class has the same share of the rows in all parts.
    Returns:
      The split; it raises a UserError where there are too few rows, or no classes to stratify by.
    """
    if not 1 <= number <= folds:
        raise UserError(f"--fold {number}: expected 1 to {folds}, the number of --folds.")

    def split(labels, num_rows):
        from sklearn.model_selection import KFold, StratifiedKFold

        if folds > num_rows:
            raise UserError(f"--folds {folds}: more than the table's {num_rows:,} rows.")
        if is_stratified:
            _check_classes(labels, folds, f"--folds {folds} with --stratified")
        kind = StratifiedKFold if is_stratified else KFold
        dealt = kind(folds, shuffle=True, random_state=seed).split(np.zeros(num_rows), labels)
        (_, validation_rows) = list(dealt)[number - 1]
        return _parts(num_rows, validation_rows)

    return split


def _hold_out(share, seed, is_stratified):
    def split(labels, num_rows):
        if share == 0:
            return np.full(num_rows, TRAINING, np.uint8)
        from sklearn.model_selection import train_test_split

        num_validation = int(np.ceil(share * num_rows))
        if num_validation >= num_rows:
            raise UserError(
                f"--validation {share}: of the table's {num_rows:,} rows, none would be left for training.\n"
                "  Choose a smaller share."
            )
        if is_stratified:
            _check_classes(labels, 2, "--stratified")
            fewest, num_classes = min(num_validation, num_rows - num_validation), len(np.unique(labels))
            if fewest < num_classes:
                raise UserError(
                    f"--stratified: with --validation {share} one part has {fewest} of the table's {num_rows:,} rows, "
                    f"fewer than the {num_classes} classes.\n  Choose another share, or leave out --stratified."
                )
        stratify = labels if is_stratified else None
        _, validation_rows = train_test_split(
            np.arange(num_rows), test_size=num_validation, random_state=seed, stratify=stratify
        )
        return _parts(num_rows, validation_rows)

    return split


def _parts(num_rows, validation_rows):
    parts = np.full(num_rows, TRAINING, np.uint8)
    parts[validation_rows] = VALIDATION
    return parts


def _check_classes(labels, least, flag):
    """Checks that each class has enough rows."""
    if labels is None or labels.dtype.kind == "f":
        raise UserError(f"{flag}: needs labels that are classes. Leave out --stratified.")
    fewest = np.unique(labels, return_counts=True)[1].min()
    if fewest < least:
        raise UserError(
            f"{flag}: needs {least} rows of each class or more, but one has {fewest}.\n"
            "  Get more rows of it, or leave out --stratified."
        )
