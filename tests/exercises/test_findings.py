"""What a check says of a blank: that it is empty, and not that its words are those of an empty one."""

import pytest
from support.students import folder_with

from exercises.findings import Empty, Finding, TooBusy, Verdict
from exercises.scripts import empty_script, script_names
from exercises.student_blank import StudentBlank

CALLED = NotImplementedError("dlho2018.py: blank 3 is still empty: a line of info.csv")


@pytest.fixture
def blank_4(tmp_path):
    texts = {name: empty_script(name) for name in script_names()}
    return StudentBlank(4, tmp_path, texts, texts, 0)


@pytest.mark.parametrize(
    ("finding", "passed", "is_empty"),
    [
        (Empty("f", "e", "w"), 0, True),
        (Empty("f", "e", "w"), 1, False),
        (TooBusy("f", "e", "w"), 0, False),
        (Finding("blank 4 is still empty", "e", "w"), 0, False),
        (None, 2, False),
    ],
)
def test_a_blank_is_empty_by_the_kind_of_its_finding(finding, passed, is_empty):
    assert Verdict(4, ("one", "two"), passed, (), finding, "", 0.1).is_empty == is_empty


def test_an_empty_place_is_told_as_one(blank_4):
    with pytest.raises(Empty, match="blank 4 is still empty"):
        blank_4.place("")


def test_lines_that_call_a_function_with_an_empty_blank_are_not_empty(tmp_path):
    texts = folder_with(tmp_path).texts()
    texts["training.py"] = texts["training.py"].replace('raise NotImplementedError("training.py: blank 4', 'call("')
    blank = StudentBlank(4, tmp_path, texts, texts, 0)
    finding = blank.finding_of(CALLED)
    assert "dlho2018.py: blank 3 is still empty" in finding.found
    assert not Verdict(4, ("one",), 0, (), finding, "", 0.1).is_empty
