"""What benchmarks/diagnosis.py counts: mutants, by hand, and how their checks tell them."""

import itertools

import pytest
from support.benchmarks import diagnosis, mutations, told

from exercises.blanks import numbers
from exercises.findings import Finding
from exercises.runner import Runner

FEW = 2  # mutants of each blank, in the short run
MOSTLY = 0.9  # of a blank's mutants are told, at least; of all together 95 % are


@pytest.fixture(scope="module")
def runner():
    return Runner()


def texts(text, operator):
    return {mutant.text for mutant in mutations.mutants_of(text) if mutant.operator == operator}


@pytest.mark.parametrize(
    ("text", "operator", "mutated"),
    [
        ("a = tf.f(x.g(2))\n", "a call left out", {"a = x.g(2)\n", "a = tf.f(x)\n"}),
        ("a = f()\nb = a\n", "a line missing", {"a = f()\n", "b = a\n"}),
        ("a = f()\nb = a\n", "a line twice", {"a = f()\na = f()\nb = a\n", "a = f()\nb = a\nb = a\n"}),
        ("a = f()\nb = a\n", "two statements swapped", {"b = a\na = f()\n"}),
        ("a = f(3)", "another number", {"a = f(4)", "a = f(2)", "a = f(30)"}),
        ("a = f(axis=True)", "another number", {"a = f(axis=False)"}),
        ("f(c, d)", "another name", {"f(d, d)", "f(c, c)"}),
        ("a = f(b)", "a constant for a variable", {"a = f(1)"}),
        ("a = tf.float32", "another attribute", {"a = tf.float64"}),
        ("a, b = c", "another name of the result", {"b, a = c"}),
        ("f(a, b=c)", "an argument missing", {"f(b=c)", "f(a)"}),
        ("f(a, b)", "two arguments swapped", {"f(b, a)"}),
        ("f([None, *s])", "an element missing", {"f([*s])", "f([None])"}),
        ("f({a: b, c: d})", "an element missing", {"f({c: d})", "f({a: b})"}),
        ("a = b + 1", "another operator", {"a = b - 1", "a = b"}),
        ("while True:\n    break\n", "another way out", {"while True:\n    continue\n"}),
    ],
)
def test_each_operator_makes_one_change(text, operator, mutated):
    assert texts(text, operator) == mutated


LINES = "a = f(x, axis=1)\nb = g(a)\nc = b"


@pytest.mark.parametrize(
    ("after", "numbers_now", "names"),
    [
        (LINES.replace("axis=1", "axis=0"), {0}, {"axis"}),
        (LINES.replace("g(a)", "a"), {1}, {"g"}),
        (LINES.replace("b = g(a)\n", ""), set(), {"b", "g", "a"}),
        ("b = g(a)\na = f(x, axis=1)\nc = b", {0, 1}, {"a", "b", "f", "g", "x", "axis"}),
    ],
)
def test_a_change_is_lines_and_names(after, numbers_now, names):
    change = told.Change(LINES, after)
    assert change.numbers == numbers_now and change.names == names


@pytest.mark.parametrize(
    ("line", "related", "found", "kind"),
    [
        (("s.py", 12, "b = a"), [], "c is 3", told.AT_THE_LINE),
        (("s.py", 13, "c = b"), [("s.py", 12, "b = a")], "c is 3", told.AT_A_RELATED_LINE),
        (("s.py", 13, "c = b"), [], "g is not called", told.BY_NAME),
        (("s.py", 13, "c = b"), [], "c is 3", told.OTHERWISE),
        (("s.py", 13, "another text"), [], "g is not called", told.OTHERWISE),
        (None, [], "g is not called", told.OTHERWISE),
    ],
)
def test_a_mistake_is_told_at_its_line_or_by_its_name(line, related, found, kind):
    own_lines = {("s.py", 11): "a = f(x, axis=1)", ("s.py", 12): "b = a", ("s.py", 13): "c = b"}
    change = told.Change(LINES, LINES.replace("g(a)", "a"))
    finding = Finding(found, "another", "why", line)
    assert told.how_told(finding, related, own_lines, [("s.py", 11, change)]) == kind


@pytest.mark.parametrize("number", numbers())
def test_a_mutant_is_told_or_right(runner, number):
    every = diagnosis.mutants(number)
    for outcome in diagnosis.try_all(runner, every[:: len(every) // FEW][:FEW]):
        assert outcome.kind in (diagnosis.RIGHT, *diagnosis.TOLD), diagnosis.shown(outcome)


def test_the_line_that_only_gives_another_name_is_told(runner):
    """As in `logits = x`: the operation of x was made in a line that is right."""
    renaming = [
        wrong for wrong in diagnosis.mutants(16) if any("logits = x" in line for line in wrong.lines["16"][-1:])
    ]
    (outcome,) = diagnosis.try_all(runner, renaming)
    assert outcome.kind == told.AT_THE_LINE and outcome.verdict.finding.line[2].startswith("logits = x")


@pytest.mark.long
@pytest.mark.parametrize("number", numbers(labs=True))
def test_no_mutant_passes_that_is_wrong_and_most_are_told(runner, number):
    outcomes = list(diagnosis.try_all(runner, diagnosis.mutants(number)))
    kinds = [outcome.kind for outcome in outcomes]
    passes = [diagnosis.shown(outcome) for outcome in outcomes if outcome.kind == diagnosis.PASSES]
    assert not passes, "\n".join(passes)
    wrong = len(kinds) - kinds.count(diagnosis.RIGHT)
    assert sum(kinds.count(kind) for kind in diagnosis.TOLD) >= MOSTLY * wrong > 0


def test_pairs_hold_two_mistakes_of_the_catalogue():
    for wrong in itertools.chain(diagnosis.pairs(4, 3), diagnosis.pairs(7, 3)):
        ((before, now),) = wrong.changed().values()
        assert wrong.is_pair and " and " in wrong.what and before != now
    assert len(diagnosis.pairs(4, 3)) == 3
