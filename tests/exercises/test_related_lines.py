"""The lines that are shown beside a finding's: those that it uses, and one that is of no use."""

import pytest

from exercises.markers import places_in
from exercises.related_lines import related_lines

SCRIPT = """\
def f(lines):
    # blank 4: steps
    {}
    # end of blank 4
    return training
"""


def related(code, number):
    """[(how, line number)] of what is shown for a line of the script; the blank begins at line 3."""
    text = SCRIPT.format(code.replace("\n", "\n    "))
    line = ("s.py", number, text.splitlines()[number - 1].strip())
    return [(each.how, each.line[1]) for each in related_lines(line, places_in("s.py", text).values(), text)]


@pytest.mark.parametrize(
    ("code", "number", "expected"),
    [
        ("a = lines.map(g)\ntraining = a.batch(2)", 4, [("it uses", 3)]),
        ("a = lines.map(g)\ntraining = a.batch(2)", 3, []),
        ("a = 1\na = 2\ntraining = a", 5, [("it uses", 4), ("nothing uses", 3)]),
        ("a = lines.map(g)\ntraining = a.map(f)\ntraining = lines.batch(2)", 5, [("nothing uses", 4)]),
        ("training = lines\ntraining = training.map(f)\ntraining = lines.batch(2)", 5, [("nothing uses", 4)]),
        ("training = lines\ntraining += 1\nb = training", 5, [("it uses", 4)]),
        ("training = lines\nif a:\n    training = 2\nb = training", 6, [("it uses", 5)]),
        ("a = 1\nb = 2\ntraining = a, b", 5, [("it uses", 4), ("it uses", 3)]),
        ("a, b = 1, 2\ntraining = a, b", 4, [("it uses", 3)]),
        ("a = b = c = 1\nb = 2\nc = 3\ntraining = a, b, c", 6, [("it uses", 5), ("it uses", 4)]),
        ("training = f(\n    a=1,\n    b=2,\n)\ntraining = training.g()", 7, [("it uses", 3)]),
        ("a = 1\ntraining = f(\n    1,\n    a,\n)", 5, [("it uses", 3)]),
        ("with f() as g:\n    a = 1\n    training = a", 5, [("it uses", 4)]),
        ("batches = lines.map(g)\ntraining = lines", 4, [("nothing uses", 3)]),
        ("training = lines\ntraining = training\ntraining = training.g()", 3, [("of no effect", 4)]),
        ("training = lines\nlines.map", 3, [("of no effect", 4)]),
        ("batches = lines.map(g)  # \f \f batches\ntraining = lines", 4, [("nothing uses", 3)]),  # no new lines
        ("training = (", 3, []),
    ],
)
def test_the_nearest_lines_come_first(code, number, expected):
    assert related(code, number) == expected


def test_a_line_outside_of_the_places_has_none():
    text = SCRIPT.format("training = lines")
    assert related_lines(("s.py", 1, "def f(lines):"), places_in("s.py", text).values(), text) == ()
    assert related_lines(("other.py", 3, "training = lines"), places_in("s.py", text).values(), text) == ()
