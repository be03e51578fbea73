"""labs/fully_convolutional.py on a few small images."""

import pytest
from PIL import Image


@pytest.mark.long
def test_it_learns_and_looks_at_larger_images(run_lab):
    flags = ("--epochs", 25, "--learning_rate", 0.01, "--largest", 1.5)
    output, folder, figures = run_lab("fully_convolutional", *flags)
    assert set(figures) == {"accuracy_32", "accuracy_48", "accuracy_64", "found", "wrong"}
    assert figures["accuracy_32"] > 0.7 and figures["accuracy_48"] > 0.75
    assert 0.3 < figures["found"] <= 1 and 0 <= figures["wrong"] < 0.7
    assert f"{figures['accuracy_32']:.3f} on 32 x 32" in output.splitlines()[-1]
    with Image.open(folder / "found.png") as picture:
        assert picture.height > 3 * 256
