"""A person opens TensorBoard on a run: the curves, the graph and the images are there."""

import os
import shutil

import pytest
from support import warm
from support.browser import chromium, elements, missing_programs, tensorboard, wait_for


@pytest.fixture(scope="module")
def page(drawn, tmp_path_factory):
    """A browser, and the address of a TensorBoard on a run of two epochs."""
    missing = missing_programs()
    if missing and not os.environ.get("CI"):
        pytest.skip(f"no {' and no '.join(missing)} on this machine")
    folder = tmp_path_factory.mktemp("tensorboard") / "class"
    shutil.copytree(drawn, folder)
    warm.run("training.py", folder, "--epochs", 2, "--run", "seen").check_returncode()
    with tensorboard(folder / "runs") as address, chromium() as driver:
        yield driver, address


def open_dashboard(page, name):
    driver, address = page
    driver.get(f"{address}#{name}")
    driver.refresh()
    return driver


@pytest.mark.browser
def test_curves_of_training_and_validation_stand_in_one_chart(page):
    driver = open_dashboard(page, "timeseries")
    for tag in ("accuracy", "loss", "learning_rate"):
        wait_for(driver, f"[...document.querySelectorAll('scalar-card')].some(e => e.innerText.includes('/{tag}'))")
    card = "[...document.querySelectorAll('scalar-card')].find(e => e.innerText.includes('/accuracy'))"
    assert wait_for(driver, f"{card}.innerText.includes('seen/train') && {card}.innerText.includes('seen/validation')")
    assert wait_for(driver, f"{card}.querySelectorAll('line-chart canvas, line-chart svg').length > 0")


@pytest.mark.browser
def test_the_graph_reads_as_the_networks_drawing(page):
    driver = open_dashboard(page, "graphs")
    names = elements(".filter(e => e.tagName == 'title' || e.tagName == 'text').map(e => e.textContent)")
    for layer in ("conv1", "pool2", "conv3", "flatten", "fc1", "logits"):
        assert wait_for(driver, f"{names}.includes('{layer}')")


@pytest.mark.browser
def test_images_are_loaded_and_shown(page):
    driver = open_dashboard(page, "images")
    for tag in ("pictures/samples", "pictures/first_layer_filters", "pictures/confusion_matrix"):
        assert wait_for(driver, elements(f".some(e => e.innerText == 'tag: {tag}')"))
    shown = elements(".filter(e => e.tagName == 'IMG' && e.naturalWidth > 30).length")
    assert wait_for(driver, f"{shown} >= 3")


@pytest.mark.browser
def test_histograms_pr_curves_and_settings_have_their_pages(page):
    driver = open_dashboard(page, "histograms")
    assert wait_for(driver, elements(".some(e => (e.innerText || '').includes('layers/conv1/output'))"))
    driver = open_dashboard(page, "pr_curves")
    assert wait_for(driver, elements(".some(e => (e.innerText || '').includes('pr_curve/square'))"))
    driver = open_dashboard(page, "text")
    assert wait_for(driver, elements(".some(e => (e.innerText || '').includes('batch_size'))"))
