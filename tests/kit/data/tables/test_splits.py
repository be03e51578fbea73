"""Splits of a table's rows."""

import subprocess
import sys

import numpy as np
import pytest

from kit.cli.errors import UserError
from kit.data.parts import TEST, TRAINING, VALIDATION
from kit.data.tables import splits
from kit.data.tables.splits import SplitRows

LABELS = np.repeat([0, 1, 2], [60, 30, 10])


def shares(parts, part, labels=LABELS):
    return np.bincount(labels[parts == part], minlength=labels.max() + 1).tolist()


def refusal(split, labels=LABELS, groups=None):
    with pytest.raises(UserError) as caught:
        split(SplitRows(len(labels), labels, groups))
    return str(caught.value)


def test_simple_holds_out_a_share_by_chance():
    parts = splits.hold_out(0.2, 5)(SplitRows(100))
    assert parts.dtype == np.uint8
    assert (parts == VALIDATION).sum() == 20 and (parts == TRAINING).sum() == 80
    np.testing.assert_array_equal(parts, splits.hold_out(0.2, 5)(SplitRows(100)))
    assert (parts != splits.hold_out(0.2, 6)(SplitRows(100))).any()


def test_the_tutorials_38_patients_leave_30_to_train_on():
    assert (splits.hold_out(0.2, 0)(SplitRows(38)) == TRAINING).sum() == 30


def test_stratified_keeps_the_share_of_each_class():
    parts = splits.hold_out(0.3, 1, True)(SplitRows(100, LABELS))
    assert (shares(parts, TRAINING), shares(parts, VALIDATION)) == ([42, 21, 7], [18, 9, 3])
    assert (parts != splits.hold_out(0.3, 2, True)(SplitRows(100, LABELS))).any()


def test_nothing_held_out_and_everything():
    for split in (splits.hold_out(0, 0), splits.hold_out(0.0, 0, True)):
        np.testing.assert_array_equal(split(SplitRows(3, LABELS[:3])), [TRAINING] * 3)
    np.testing.assert_array_equal(splits.everything()(SplitRows(3)), [VALIDATION] * 3)


@pytest.mark.parametrize("is_stratified", [False, True])
def test_each_row_is_held_out_in_one_fold(is_stratified):
    parts = np.stack([splits.fold(number, 5, 3, is_stratified)(SplitRows(100, LABELS)) for number in range(1, 6)])
    np.testing.assert_array_equal((parts == VALIDATION).sum(axis=0), np.ones(100))
    np.testing.assert_array_equal((parts == VALIDATION).sum(axis=1), [20] * 5)
    if is_stratified:
        assert [shares(row, VALIDATION) for row in parts] == [[12, 6, 2]] * 5
    assert (parts[0] != splits.fold(1, 5, 4, is_stratified)(SplitRows(100, LABELS))).any()


def test_too_few_rows():
    assert refusal(splits.hold_out(0.9, 0), LABELS[:5]) == (
        "--validation 0.9: leaves none of the table's 5 rows for training.\n  Choose a smaller share."
    )
    assert refusal(splits.fold(1, 6, 0), LABELS[:5]) == "--folds 6: more than the table's 5 rows."
    assert refusal(splits.fold(1, 5, 0, True), np.array([0] * 9 + [1] * 4)) == (
        "--folds 5 with --stratified: needs at least 5 rows per class, but one class has 4.\n"
        "  Get more rows of it, or leave out --stratified."
    )
    assert refusal(splits.hold_out(0.2, 0, True), np.array([0] * 9 + [1])).startswith(
        "--stratified: needs at least 2 rows per class, but one class has 1."
    )
    assert refusal(splits.hold_out(0.1, 0, True), np.array([0] * 8 + [1] * 2)) == (
        "--stratified: with --validation 0.1, one part has 1 of the table's 10 rows, fewer than the 2 classes.\n"
        "  Choose another share, or leave out --stratified."
    )


def test_one_label_for_training():
    """Of a table with two; the way out works."""
    nothing, more = "of 2 in the table; a network that sees one label learns nothing.\n", "  Get more rows"
    none = ", or hold out none: --validation 0."
    stratified = ", or give each part its share of each class: --stratified"
    for labels in (np.array([0, 1]), np.array([0.5, 1.5], np.float32)):
        assert refusal(splits.hold_out(0.2, 0), labels) == (
            f"--validation 0.2: the 1 row left has one label, {nothing}{more}{none}"
        )
        assert splits.hold_out(0, 0)(SplitRows(2, labels)).tolist() == [TRAINING] * 2
    ten = np.array([0] * 8 + [1] * 2)
    seed = next(seed for seed in range(999) if is_refused(splits.hold_out(0.2, seed), ten))
    assert refusal(splits.hold_out(0.2, seed), ten) == (
        f"--validation 0.2: the 8 rows left for training have one label, {nothing}{more}{stratified}{none}"
    )
    assert min(shares(splits.hold_out(0.2, seed, True)(SplitRows(10, ten)), TRAINING, ten)) > 0
    said = f"--folds 3: with fold {{}} held out, the 2 rows left for training have one label, {nothing}{more}."
    assert refusal(splits.fold(1, 3, 0), np.array([0, 1, 0])) in [said.format(fold) for fold in (1, 2, 3)]
    half = next(seed for seed in range(999) if is_refused(splits.fold(2, 2, seed), np.array([0, 0, 1, 1])))
    assert f"{more}{stratified}." in refusal(splits.fold(2, 2, half), np.array([0, 0, 1, 1]))
    splits.fold(2, 2, half, True)(SplitRows(4, np.array([0, 0, 1, 1])))


def test_stratified_is_only_advised_where_it_helps():
    balanced = np.tile([0, 1], 500)
    few = ["--validation 0.999: the 1 row left has one label", "--training_share 0.001: the 1 row left has one label"]
    whole = splits.hold_out(0.2, 0)
    for split, said in zip((splits.hold_out(0.999, 0), splits.with_share(whole, 0.001, 0)), few):
        told = refusal(split, balanced)
        assert told.startswith(said) and "--stratified" not in told
    labels, groups = np.array([0, 0, 1, 1, 1, 1]), np.array([0, 0, 1, 2, 3, 4])  # one group has all of a class
    seed = next(seed for seed in range(999) if is_refused(splits.hold_out(0.4, seed), labels, groups))
    assert "--stratified" not in refusal(splits.hold_out(0.4, seed), labels, groups)
    assert refusal(splits.with_test(whole, 0.999), balanced).endswith("or hold out none: leave out --test.")


def is_refused(split, labels, groups=None):
    try:
        split(SplitRows(len(labels), labels, groups))
    except UserError:
        return True
    return False


GROUPS = np.repeat(np.arange(25), 4)  # 25 patients of four rows each


@pytest.mark.parametrize("is_stratified", [False, True])
def test_a_group_is_in_one_part(is_stratified):
    rows = SplitRows(100, LABELS, GROUPS)
    for parts in (splits.hold_out(0.2, 5, is_stratified)(rows), splits.fold(2, 5, 3, is_stratified)(rows)):
        assert not set(GROUPS[parts == TRAINING]) & set(GROUPS[parts == VALIDATION])
        assert 12 <= (parts == VALIDATION).sum() <= 28
    dealt = np.stack([splits.fold(number, 5, 3, is_stratified)(rows) for number in range(1, 6)])
    np.testing.assert_array_equal((dealt == VALIDATION).sum(axis=0), np.ones(100))
    assert refusal(splits.fold(1, 26, 0), LABELS, GROUPS) == "--folds 26: more than the table's 25 groups."
    assert "leaves none of the table's 25 groups" in refusal(splits.hold_out(0.99, 0), LABELS, GROUPS)


@pytest.mark.parametrize("share", [0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8])
def test_of_groups_with_stratified_each_class_has_the_share_that_was_asked(share):
    random = np.random.default_rng(3)
    sizes = random.integers(1, 9, 60)
    groups = np.repeat(np.arange(60), sizes)
    labels = np.where(random.random(len(groups)) < 0.8, np.repeat(random.integers(0, 3, 60), sizes), 0)  # often of one
    rows = SplitRows(len(groups), labels, groups)
    parts = splits.hold_out(share, 1, True)(rows)
    assert not set(groups[parts == TRAINING]) & set(groups[parts == VALIDATION])
    assert (parts == VALIDATION).mean() == pytest.approx(share, abs=0.02)
    np.testing.assert_allclose(np.array(shares(parts, VALIDATION, labels)) / np.bincount(labels), share, atol=0.05)
    tested = splits.with_test(splits.hold_out(0.3, 1, True, test=0.4), 0.4, True)(rows)
    assert np.bincount(tested)[[TRAINING, VALIDATION, TEST]] / len(groups) == pytest.approx([0.3, 0.3, 0.4], abs=0.03)
    even = SplitRows(100, LABELS, GROUPS)
    assert (splits.hold_out(share, 1, True)(even) != splits.hold_out(share, 2, True)(even)).any()


@pytest.mark.parametrize("groups", [None, GROUPS])
def test_test_rows_are_the_same_whatever_the_seed_and_the_fold(groups):
    rows = SplitRows(100, LABELS, groups)
    by_share = [splits.with_test(splits.hold_out(0.25, seed), 0.2)(rows) for seed in (1, 2)]
    by_fold = [splits.with_test(splits.fold(number, 4, 3), 0.2)(rows) for number in range(1, 5)]
    tests = np.stack([parts == TEST for parts in (*by_share, *by_fold)])
    assert (tests == tests[0]).all() and tests[0].sum() == 20
    assert [(by_share[0] == part).sum() for part in (TRAINING, VALIDATION)] == [60, 20]
    assert (by_share[0] != by_share[1]).any()
    np.testing.assert_array_equal((np.stack(by_fold) == VALIDATION).sum(axis=0), ~tests[0])
    both = splits.with_test(splits.hold_out(0.5, 0, test=0.5), 0.5)
    assert refusal(both, LABELS, groups) == (
        f"--test 0.5 --validation 0.5: leaves none of the {'50 rows' if groups is None else '12 groups'} beside the "
        "test's for training.\n  Both are shares of the whole table: choose smaller ones."
    )
    assert "--test 0.999: leaves none" in refusal(splits.with_test(splits.hold_out(0.1, 0), 0.999), LABELS)


@pytest.mark.parametrize("groups", [None, GROUPS])
def test_a_larger_share_of_the_training_rows_holds_a_smaller_one(groups):
    rows, whole = SplitRows(100, LABELS, groups), splits.hold_out(0.2, 1)
    parts = [splits.with_share(whole, share, 7)(rows) for share in (0.25, 0.5, 1.0)]
    np.testing.assert_array_equal(parts[2], whole(rows))
    for part, count in zip(parts, (20, 40, 80)):
        assert (part == TRAINING).sum() == count
        np.testing.assert_array_equal(part == VALIDATION, whole(rows) == VALIDATION)
    assert ((parts[0] == TRAINING) <= (parts[1] == TRAINING)).all()
    assert "--training_share 0.01: the 1 row left has one label" in refusal(splits.with_share(whole, 0.01, 7))


def test_values_are_no_classes():
    for split in (splits.hold_out(0.2, 0, True), splits.fold(1, 2, 0, True)):
        assert "needs labels that are classes. Leave out --stratified." in refusal(split, LABELS.astype(np.float32))


def test_a_fold_that_there_is_not():
    with pytest.raises(UserError, match="--fold 6: expected 1 to 5, since there are --folds 5"):
        splits.fold(6, 5, 0)


def test_scikit_learn_is_imported_only_where_it_is_used():
    code = "import sys, kit.data.tables.table; from kit.data.tables import splits; "
    code += "splits.hold_out(0, 0)(splits.SplitRows(5)); sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
