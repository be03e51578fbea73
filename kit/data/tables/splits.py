"""Splits the rows of a table into training, validation and test rows. A split is a function of the rows.

split = hold_out(0.2, seed=0)
split_of_row = split(Rows(num_rows, labels, groups))  # uint8 [N] of TRAINING and VALIDATION
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from kit.cli.errors import UserError
from kit.data.parts import TEST, TRAINING, UNUSED, VALIDATION

TEST_SEED = 0  # the same test rows for every --seed: else one seed's network would learn from another's


class SplitRows(NamedTuple):
    """What a split may depend on, of N rows."""

    count: int
    labels: np.ndarray | None = None  # int64 [N], classes; float32 [N], values; None if they aren't known
    groups: np.ndarray | None = None  # int64 [N]: rows of one number stay together; None: each row for itself

    def some(self, rows: np.ndarray) -> SplitRows:
        """Some of them: int64 [M], numbers from 0."""
        labels, groups = (None if each is None else each[rows] for each in self[1:])
        return SplitRows(len(rows), labels, groups)


Split = Callable[[SplitRows], np.ndarray]


def everything() -> Split:
    """A split that puts every row into VALIDATION: for a network that is trained already."""
    return lambda rows: np.full(rows.count, VALIDATION, np.uint8)


def hold_out(
    share: float, seed: int, is_stratified: bool = False, flag: str = "--validation", test: float = 0
) -> Split:
    """A random split.

    Args:
      share: share of the rows for validation, 0 to 1; 0 for none. Of rows in groups, the share of the groups; if it is
        stratified, of each class's rows, as near as groups allow.
      seed: the same seed gives the same split.
      is_stratified: give each class the same share of both parts.
      flag: that the share was given with, for errors.
      test: the share that was held out before, by `with_test`. Both are shares of all rows, also of those.
    Returns:
      The split; it raises a UserError if no row is left for training, or rows of one label alone; or if there are no
      classes to stratify by, or too few rows of one.
    """
    named = (f"--test {test:g} " if test else "") + f"{flag} {share:g}"
    share = min(share / (1 - test), 1.0)  # of the rows that are left

    def split(rows: SplitRows) -> np.ndarray:
        if share == 0:
            return np.full(rows.count, TRAINING, np.uint8)
        what, units = _units(rows)
        num_held_out = int(np.ceil(share * units))
        if num_held_out >= units:
            raise UserError(
                f"{named}: leaves none of {_all(units, what, test)} for training.\n  "
                + ("Both are shares of the whole table: choose smaller ones." if test else "Choose a smaller share.")
            )
        fewest = min(num_held_out, units - num_held_out)
        if is_stratified:
            num_classes = _check_classes(rows.labels, 2, "--stratified")
            if fewest < num_classes:
                raise UserError(
                    f"--stratified: with {named}, one part has {fewest} of {_all(units, what, test)}, "
                    f"fewer than the {num_classes} classes.\n  Choose another share, or leave out --stratified."
                )
        training, held_out = _two_parts(rows, num_held_out, share, seed, is_stratified)
        helps = not is_stratified and _can_stratify(rows, 2, fewest)
        none = "leave out --test" if flag == "--test" else f"{flag} 0"
        _check_training(rows.labels, training, f"{named}:", helps, f", or hold out none: {none}")
        return _split_of_row(rows.count, held_out)

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

    def split(rows: SplitRows) -> np.ndarray:
        what, units = _units(rows)
        if folds > units:
            raise UserError(f"--folds {folds}: more than the table's {units:,} {what}.")
        if is_stratified:
            _check_classes(rows.labels, folds, f"--folds {folds} with --stratified")
        dealt = _dealt(rows, folds, seed, is_stratified)
        helps = not is_stratified and _can_stratify(rows, folds, units // folds)
        for each, (training, _) in enumerate(dealt, 1):  # before one is trained
            _check_training(rows.labels, training, f"--folds {folds}: with fold {each} held out,", helps)
        return _split_of_row(rows.count, dealt[number - 1][1])

    return split


def with_test(split: Split, share: float, is_stratified: bool = False) -> Split:
    """A split of three parts: a share of the rows becomes TEST, and the others are split.

    Args:
      split: of the other rows.
      share: share of the rows for the test, 0 to 1.
      is_stratified: give each class the same share of the test.
    """

    def three_parts(rows: SplitRows) -> np.ndarray:
        held_out = hold_out(share, TEST_SEED, is_stratified, "--test")(rows) == VALIDATION
        others = np.flatnonzero(~held_out)
        split_of_row = np.full(rows.count, TEST, np.uint8)
        split_of_row[others] = split(rows.some(others))
        return split_of_row

    return three_parts


def within(outer: Split, inner: Split) -> Split:
    """A split of the rows that another split leaves for training; all others become UNUSED."""

    def nested(rows: SplitRows) -> np.ndarray:
        training = np.flatnonzero(outer(rows) == TRAINING)
        split_of_row = np.full(rows.count, UNUSED, np.uint8)
        split_of_row[training] = inner(rows.some(training))
        return split_of_row

    return nested


def with_share(split: Split, share: float, seed: int) -> Split:
    """A split that leaves only a share of the TRAINING rows, or of their groups; the others become UNUSED.

    Args:
      split: of all rows.
      share: above 0, up to 1. A larger share holds all rows of a smaller one.
      seed: of which rows come first.
    """

    def fewer(rows: SplitRows) -> np.ndarray:
        split_of_row = split(rows)
        training = np.flatnonzero(split_of_row == TRAINING)
        unit_of_row = training if rows.groups is None else rows.groups[training]
        units = np.random.default_rng(seed).permutation(np.unique(unit_of_row))
        kept = np.isin(unit_of_row, units[: int(np.ceil(share * len(units)))])
        _check_training(rows.labels, training[kept], f"--training_share {share:g}:", helps=False)
        split_of_row[training[~kept]] = UNUSED
        return split_of_row

    return fewer


# ----------------------------------------------------------------------------- rows, or groups of them, are dealt


def _units(rows: SplitRows) -> tuple[str, int]:
    """What is dealt, rows or groups of them, and how many there are."""
    return ("rows", rows.count) if rows.groups is None else ("groups", len(np.unique(rows.groups)))


def _all(units: int, what: str, test: float) -> str:
    return f"the {units:,} {what} beside the test's" if test else f"the table's {units:,} {what}"


def _two_parts(rows, num_held_out, share, seed, is_stratified):
    """(training rows, rows held out), each int64 numbers from 0."""
    from sklearn import model_selection  # here, and below: `--help` needs none

    if rows.groups is None:
        return model_selection.train_test_split(
            np.arange(rows.count),
            test_size=num_held_out,
            random_state=seed,
            stratify=rows.labels if is_stratified else None,
        )
    if is_stratified:
        is_held_out = _held_out_groups(rows, share, seed)
        return np.flatnonzero(~is_held_out), np.flatnonzero(is_held_out)
    splitter = model_selection.GroupShuffleSplit(1, test_size=num_held_out, random_state=seed)
    return next(splitter.split(np.zeros(rows.count), groups=rows.groups))


def _held_out_groups(rows: SplitRows, share: float, seed: int) -> np.ndarray:
    """Whether each row is in a group that is held out, bool [N]: of each class, about the share.

    As scikit-learn's StratifiedGroupKFold deals: the largest groups first, each to the part where it leaves the classes
    in better balance. But its folds are all of one size.
    """
    groups, group_of_row = np.unique(np.asarray(rows.groups), return_inverse=True)
    classes, class_of_row = np.unique(np.asarray(rows.labels), return_inverse=True)
    counts = np.zeros([len(groups), len(classes)])
    np.add.at(counts, (group_of_row, class_of_row), 1)
    sizes = counts / counts.sum(axis=0)  # [groups, classes], of all rows of the class
    order = np.random.default_rng(seed).permutation(len(groups))
    order = order[np.argsort(-sizes[order].max(axis=1), kind="stable")]
    wanted = np.array([[1 - share], [share]])
    dealt = np.zeros([2, len(classes)])  # to training, and held out
    is_held_out = np.zeros(len(groups), bool)
    for group in order:
        given = np.stack([dealt, dealt])  # [to which part, part, class]
        given[[0, 1], [0, 1]] += sizes[group]
        unevenness = np.std(given / wanted, axis=1).mean(axis=1)
        is_held_out[group] = unevenness[1] < unevenness[0]
        dealt = given[int(is_held_out[group])]
    return is_held_out[group_of_row]


def _dealt(rows, folds, seed, is_stratified):
    """The folds: a list of (training rows, rows held out)."""
    from sklearn import model_selection

    kind = "StratifiedKFold" if is_stratified else "KFold"
    if rows.groups is not None:
        kind = "StratifiedGroupKFold" if is_stratified else "GroupKFold"
    splitter = getattr(model_selection, kind)(folds, shuffle=True, random_state=seed)
    return list(splitter.split(np.zeros(rows.count), rows.labels, rows.groups))


def _split_of_row(num_rows: int, held_out: ArrayLike) -> np.ndarray:
    split_of_row = np.full(num_rows, TRAINING, np.uint8)
    split_of_row[np.asarray(held_out)] = VALIDATION
    return split_of_row


def _check_training(labels: np.ndarray | None, training_rows: Any, what: str, helps: bool, or_else: str = "") -> None:
    """Checks that the training rows have two labels or more; otherwise a UserError, which may advise --stratified.

    Args:
      labels: of all rows; None if they aren't known.
      training_rows: int64 [M].
      what: how the message begins.
      helps: whether --stratified does.
      or_else: another way out.
    """
    if labels is None or len(np.unique(labels[training_rows])) > 1:
        return
    rows = f"{len(training_rows):,} rows left for training have" if len(training_rows) > 1 else "1 row left has"
    raise UserError(
        f"{what} the {rows} one label, of {len(np.unique(labels))} in the table; a network "
        "that sees one label learns nothing.\n  Get more rows"
        + (", or give each part its share of each class: --stratified" if helps else "")
        + f"{or_else}."
    )


def _can_stratify(rows: SplitRows, parts: int, fewest: int) -> bool:
    """Whether each of the parts, the smallest of which has so many rows or groups, can have one of each class."""
    if rows.labels is None or rows.labels.dtype.kind == "f":
        return False
    unit_of_row = np.arange(rows.count) if rows.groups is None else rows.groups
    units = [len(np.unique(unit_of_row[rows.labels == label])) for label in np.unique(rows.labels)]
    return min(units) >= parts and fewest >= len(units)


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
