"""docs/flags.md tells the flags as they are: it was made from the settings by docs/make_flags.py."""

import dataclasses
import importlib.util
import re

import pytest
from support.scripts import PROJECT

PAGE = (PROJECT / "docs" / "flags.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def make_flags():
    spec = importlib.util.spec_from_file_location("make_flags", PROJECT / "docs" / "make_flags.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date(make_flags):
    assert make_flags.page() == PAGE, "run: python docs/make_flags.py"


def test_every_flag_has_one_row(make_flags):
    sections = dict(re.findall(r"(?ms)^## (\S+)$(.*?)(?=^## |\Z)", PAGE))
    assert sections.keys() == make_flags.SCRIPTS.keys()
    for script, settings_class in make_flags.SCRIPTS.items():
        flags = re.findall(r"(?m)^\| `--(\w+)` \|", sections[script])
        assert flags == [field.name for field in dataclasses.fields(settings_class)]


def test_rows_with_defaults_bounds_and_choices():
    for row in (
        "| `--size` | height and width of an image, in pixels | 128 | whole number, 16 to 2,048 |",
        "| `--shape` | shape to draw | required | square, triangle, circle, pentagon, hexagon, star |",
        "| `--learning_rate` | step size | the optimizer's default | number, above 0 |",
        "| `--checkpoint` | checkpoint to restore: best on validation, or newest | best | best, newest |",
    ):
        assert f"\n{row}\n" in PAGE
    assert "\n### Validation\n" in PAGE
