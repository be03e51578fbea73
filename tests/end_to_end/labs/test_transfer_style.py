"""labs/transfer_style.py on a small run."""

import numpy as np
import pytest
from PIL import Image
from support import warm

FLAGS = ("--steps", 100, "--learning_rate", 0.1)


def test_the_style_comes_and_the_class_stays(run_lab, plain_run):
    output, folder, figures = run_lab("transfer_style", "--run", plain_run, *FLAGS)
    assert figures["style"] > 0.7 and figures["class_seen"] > 0.7
    assert f"The style distance is down by {figures['style']:.1%}" in output.splitlines()[-1]
    with Image.open(folder / "styles.png") as picture:
        assert picture.width > 5 * 192


def test_a_picture_of_ones_own_is_a_style(run_lab, plain_run, drawn_with_truth):
    random = np.random.default_rng(0)
    Image.fromarray(random.integers(0, 256, [50, 70, 3], np.uint8)).save(drawn_with_truth / "own.jpg")
    output, _, figures = run_lab("transfer_style", "--run", plain_run, "--style", "own.jpg", "--steps", 3)
    assert "of 2 pictures." in output.splitlines()[-1] and figures["style"] < 1


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (("--style", "missing.jpg"), "--style: image 'missing.jpg' does not exist."),
        (("--style", "plain.csv"), "--style: image 'plain.csv'"),
        (("--run", "nobody"), "no run of this name."),
        (("--steps", "0"), "--steps is 0; expected at least 1"),
    ],
)
def test_wrong_flags_are_told(drawn_with_truth, plain_run, flags, expected):
    result = warm.run("labs/transfer_style.py", drawn_with_truth, "--run", plain_run, "--folder", "refused", *flags)
    assert result.returncode == 2 and expected in result.stderr and "Traceback" not in result.stderr
