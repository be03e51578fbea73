"""The patterns, and pictures as styles."""

import numpy as np
import pytest
from PIL import Image

from kit.cli.errors import UserError
from kit.labs.styles import PATTERNS, styles_for


def test_each_pattern_fills_any_size_and_is_always_the_same():
    names, pictures = styles_for(None, (40, 56, 3))
    assert names == list(PATTERNS) and pictures.shape == (len(names), 40, 56, 3) and pictures.dtype == np.uint8
    assert (pictures.std(axis=(1, 2)) > 10).any(axis=1).all()  # none is of one colour
    assert np.array_equal(pictures, styles_for(None, (40, 56, 3))[1])


def test_stripes_are_constant_along_their_slant():
    (_, pictures) = styles_for(None, (32, 32, 3))
    stripes = pictures[list(PATTERNS).index("stripes")]
    assert np.array_equal(stripes[1:, :-1], stripes[:-1, 1:])


def test_a_picture_is_brought_to_the_size(tmp_path):
    path = str(tmp_path / "red.png")
    Image.new("RGB", (90, 60), (200, 10, 10)).save(path)
    names, pictures = styles_for(path, (32, 48, 3))
    assert names == [path] and pictures.shape == (1, 32, 48, 3) and (pictures == [200, 10, 10]).all()


def test_a_picture_that_is_missing_is_told(tmp_path):
    with pytest.raises(UserError, match=r"--style: image '.*gone.png' does not exist"):
        styles_for(str(tmp_path / "gone.png"), (32, 32, 3))
