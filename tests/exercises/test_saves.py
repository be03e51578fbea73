"""Which looks at the scripts, one after the other, mean that something was saved."""

import pytest

from exercises.saves import is_saved

THEN, NOW, LATER = (1, 10), (2, 10), (3, 10)  # stamps of a script
BEGUN = {"a": THEN, "b": THEN}


@pytest.mark.parametrize(
    ("begun", "before", "now", "saved"),
    [
        (BEGUN, BEGUN, BEGUN, False),
        (BEGUN, BEGUN, {**BEGUN, "b": NOW}, False),  # it may still be written
        (BEGUN, {**BEGUN, "b": NOW}, {**BEGUN, "b": LATER}, False),
        (BEGUN, {**BEGUN, "b": NOW}, {**BEGUN, "b": NOW}, True),
        (BEGUN, {**BEGUN, "b": None}, {**BEGUN, "b": None}, False),  # an editor may be renaming the new one
        (BEGUN, {**BEGUN, "b": None}, {**BEGUN, "b": NOW}, False),
        ({"a": None, "b": THEN}, {"a": None, "b": NOW}, {"a": None, "b": NOW}, True),  # without the other
        (BEGUN, {"a": None, "b": NOW}, {"a": None, "b": NOW}, True),
        ({"a": None, "b": THEN}, BEGUN, BEGUN, True),  # it is back
    ],
)
def test_a_script_is_saved_when_it_is_new_and_stays_so(begun, before, now, saved):
    assert is_saved(begun, before, now) == saved
