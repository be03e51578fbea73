"""labs/find_settings.py with a few tries on plain images, and its page HParams in a browser."""

import os
import re

import pytest
from PIL import Image
from support import warm
from support.browser import chromium, elements, missing_programs, tensorboard, wait_for

import kit.tensorflow1 as tf

TRIED = (
    r"(?m)^Try (\d+) of 3: learning_rate (\S+), batch_size (16|32|64|128), layers ([2-5]), filters (4|8|16): "
    r"accuracy (\d\.\d{4})$"
)


@pytest.fixture(scope="module")
def found(run_lab, drawn_with_truth):
    """(What it printed, its folder, its figures): three tries on 200 plain images."""
    for shape in ("square", "triangle"):
        flags = ("--shape", shape, "--num_images", 100, "--output_directory", f"plain_{shape}s", "--size", 32)
        warm.run("dataset_creation.py", drawn_with_truth, *flags, "--style", "plain").check_returncode()
    lines = ((drawn_with_truth / f"plain_{shape}s" / "info.csv").read_text() for shape in ("square", "triangle"))
    (drawn_with_truth / "plain.csv").write_text("".join(lines))
    return run_lab("find_settings", "--data", "plain.csv", "--tries", 3, "--epochs", 8)


def accuracies_in(folder):
    """What the event files of the tries hold."""
    found = []
    for path in sorted(folder.glob("try_*/events*")):
        values = [value for event in tf.train.summary_iterator(str(path)) for value in event.summary.value]
        found += [value.simple_value for value in values if value.tag == "curves/accuracy"]
    return found


def test_the_best_of_some_tries_is_found(found):
    output, folder, figures = found
    tries = re.findall(TRIED, output)
    assert [int(number) for number, *_ in tries] == [0, 1, 2, 3]
    assert tries[0][1:5] == ("0.001", "32", "4", "8")
    assert all(0.0001 <= float(rate) <= 0.01 for _, rate, *_ in tries)
    accuracies = accuracies_in(folder)
    assert [f"{each:.4f}" for each in accuracies] == [accuracy for *_, accuracy in tries]
    assert max(accuracies) > 0.9 and figures["best"] > 0.85
    assert output.splitlines()[-1].startswith("Best: learning_rate ")
    with Image.open(folder / "tries.png") as picture:
        assert picture.size == (1020, 576)


def test_a_wrong_flag_is_told(drawn_with_truth):
    result = warm.run("labs/find_settings.py", drawn_with_truth, "--tries", 0)
    assert result.returncode == 2 and "--tries" in result.stderr and "Traceback" not in result.stderr


@pytest.mark.browser
@pytest.mark.long
def test_the_page_hparams_has_a_row_for_each_try(found):
    missing = missing_programs()
    if missing and not os.environ.get("CI"):
        pytest.skip(f"no {' and no '.join(missing)} on this machine")
    _, folder, _ = found
    with tensorboard(folder) as address, chromium() as driver:
        driver.get(f"{address}#hparams")
        texts = elements(".map(e => (e.innerText || '').trim())")
        for number, accuracy in enumerate(accuracies_in(folder)):
            assert wait_for(driver, f"{texts}.some(text => text.startsWith('try_0{number} of '))")
            assert wait_for(driver, f"{texts}.includes('{accuracy:#.5g}')")
        for name in ("learning_rate", "batch_size", "layers", "filters", "curves/accuracy"):
            assert wait_for(driver, f"{texts}.includes('{name}')")
