"""What docs/labs.md says of the labs, held against their scripts."""

import re

import pytest
from support.scripts import PROJECT

TEXT = (PROJECT / "docs" / "labs.md").read_text(encoding="utf-8")
SENTENCE = re.search(r"To run such a lab, fill in ([^;]*);([^.]*)", TEXT)
BLANKS = {  # of the lesson's functions that a lab may call: {words of a call: the blanks in it}
    "read_lines(": {"3"},
    "data.scale(": {"6b"},
    "batches_in_memory(": {"11"},
    "dlho2018.evaluate(": {"10b", "10c"},
}
USUAL = {"2", "3", "6b"}  # each lab reads images


@pytest.mark.parametrize("script", sorted(PROJECT.glob("labs/*.py")), ids=lambda path: path.stem)
def test_the_blanks_that_a_lab_needs_are_named(script):
    text = script.read_text(encoding="utf-8")
    needed = set().union(*(blanks for call, blanks in BLANKS.items() if call in text))
    named = re.search(rf"`{script.stem}` also ([^;,]*)", SENTENCE[2].replace("\n", " "))
    assert set(re.findall(r"\d+[a-z]?", SENTENCE[1])) == USUAL
    assert needed - USUAL == set(re.findall(r"\d+[a-z]?", named[1] if named else ""))
