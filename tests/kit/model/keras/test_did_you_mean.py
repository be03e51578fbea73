"""A close name is asked for as it is written; of none that is far."""

import pytest

from kit.model.keras.did_you_mean import did_you_mean


@pytest.mark.parametrize(
    ("word", "asked"),
    [
        ("dens", "Did you mean Dense?"),
        ("DENSE", "Did you mean Dense?"),
        ("Dropuot", "Did you mean Dropout?"),
        ("Mine", ""),
        ("", ""),
    ],
)
def test_the_closest_name(word, asked):
    assert did_you_mean(word, ("Dropout", "Dense", "Flatten")) == asked
