"""What a teacher is told of a submission: no command for a spreadsheet, and what is worth a look."""

import pytest

from exercises.answers import Answer, variants
from exercises.blanks import all_blanks
from exercises.grading.submission import FORMULA, plain
from exercises.grading.unusual import worth_a_look


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("import gc", "gc"),
        ("from exercises.scripts import solved_places", "exercises"),
        ("    check = sys.modules['exercises']", "sys.modules"),
        ("frame = sys._getframe(1).f_back", "_getframe"),
        ("().__class__.__subclasses__()", "__subclasses__"),
        ("graph.x.__globals__['PARTS'] = ()", "__globals__"),
        ("getattr(frame, 'f_' + 'back')", "getattr"),
        ("import sys as s", "import sys"),
        ("from os import _exit", "from os"),
        ("model.compile(loss)", None),
        ("value = session.run(y, feed_dict={x: settings.x})", None),
        ("# python -m exercises hint 4", None),
        ("execute, evaluate, gcd = 1, 2, 3", None),
    ],
)
def test_words_that_reach_into_a_check_are_worth_a_look(line, word):
    note = worth_a_look({"training.py": f"import sys\n{line}\n"}, {"training.py": "import sys\n"})
    assert note.startswith(f"worth a look: training.py:2 has {word}") if word else note == ""


def test_a_word_that_a_line_has_twice_is_told_once():
    note = worth_a_look({"training.py": "gc.collect(gc.DEBUG_STATS)\n"}, {"training.py": ""})
    assert note == "worth a look: training.py:1 has gc"


def test_no_solution_and_no_variant_is_worth_a_look():
    for blank in all_blanks():
        for answer in [Answer(blank.number), *variants(blank)]:
            text = "\n".join(line for lines in answer.lines().values() for line in lines)
            assert worth_a_look({"x": text}, {"x": ""}) == "", answer.id


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\n=1", "\t=1", "\uff1d1", "\x1b[2J", "a\0b", "x" * 9999]
)
def test_nothing_a_student_writes_is_a_command_for_a_spreadsheet_or_terminal(text):
    shown = plain(text)
    assert not shown.lstrip().startswith(FORMULA) and len(shown) <= 801
    assert all(each.isprintable() or each == "\n" for each in shown)
