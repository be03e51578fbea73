"""Each setting of a lab is read by its script; one that nothing reads would be accepted, and do nothing."""

import ast
import dataclasses

import pytest
from support.scripts import PROJECT

from kit.cli import lab_settings

GIVEN_ALL = {  # what reads a lab's settings as a whole: what it reads of them
    "Lab": {"folder"},
    "open_images": {"data"},
    "open_images_and_truth": {"data"},
    "open_sets": {"data", "truth", "other_data", "other_truth"},
    "new_images": {"data"},
    "numbers_of_labels": {"labels"},
}
LABS = {
    each.__doc__: each
    for each in vars(lab_settings).values()
    if dataclasses.is_dataclass(each) and each.__doc__.startswith("labs/")
}


def read_by(script):
    """The names of the settings that a script reads: `settings.NAME`, `lab.settings.NAME`, or by a call."""
    nodes = list(ast.walk(ast.parse((PROJECT / script).read_text(encoding="utf-8"))))
    read = {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and "settings" in (getattr(node.value, key, "") for key in ("id", "attr"))
    }
    called = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return read.union(*(GIVEN_ALL[name] for name in called & GIVEN_ALL.keys()))


@pytest.mark.parametrize("script", LABS)
def test_a_lab_reads_each_of_its_settings(script):
    fields = {field.name for field in dataclasses.fields(LABS[script])}
    if script == "labs/find_settings.py":  # made of what is drawn at random, under the same name
        assert "learning_rate" not in fields
    assert fields <= read_by(script)


def test_a_try_of_settings_is_short():
    assert lab_settings.FindSettings().epochs == 6  # as docs/labs.md says
