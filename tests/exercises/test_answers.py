"""Every blank's check tells right from wrong: solutions and other right ways pass, the classic mistakes are caught."""

import dataclasses

import pytest
from support.students import folder_with

from exercises import answers
from exercises.answers import Answer
from exercises.blanks import all_blanks, numbers
from exercises.run_blank import StudentBlank
from exercises.runner import Runner
from exercises.stages.own_names import names_in_graph

MISTAKES_IN_SHORT = 2  # of each blank, in the short run; `make test-all` takes them all
SOLUTIONS = [answers.solution(blank) for blank in all_blanks()]
VARIANTS = [answer for blank in all_blanks() for answer in answers.variants(blank)]
MISTAKES = {blank.number: answers.mistakes(blank) for blank in all_blanks()}
PARAMETERS = [
    pytest.param(answer, id=answer.id, marks=[pytest.mark.long] if place >= MISTAKES_IN_SHORT else [])
    for of_blank in MISTAKES.values()
    for place, answer in enumerate(of_blank)
]


@pytest.fixture(scope="module")
def runner():
    return Runner()


def verdict_on(runner, tmp_path, answer):
    (verdict,) = runner.check(folder_with(tmp_path, answer), [answer.number])
    return verdict


def check_is_right(runner, tmp_path, answer):
    verdict = verdict_on(runner, tmp_path, answer)
    assert verdict.solved, told(verdict)
    assert verdict.passed == len(verdict.parts) > 0


@pytest.mark.parametrize("answer", SOLUTIONS, ids=lambda answer: answer.id)
def test_a_solution_passes_whatever_the_other_blanks_hold(runner, tmp_path, answer):
    check_is_right(runner, tmp_path, answer)


@pytest.mark.long
@pytest.mark.parametrize("answer", VARIANTS, ids=lambda answer: answer.id)
def test_another_right_answer_passes(runner, tmp_path, answer):
    check_is_right(runner, tmp_path, answer)


@pytest.mark.parametrize("answer", PARAMETERS)
def test_a_mistake_is_caught_with_its_own_message(runner, tmp_path, answer):
    verdict = verdict_on(runner, tmp_path, answer)
    assert not verdict.solved and verdict.passed < len(verdict.parts)
    assert answer.says in verdict.finding.found, told(verdict)
    assert verdict.finding.expected and verdict.finding.why
    script, number, text = verdict.finding.line  # the student's own
    lines = folder_with(tmp_path, answer).texts()[script].splitlines()
    assert lines[number - 1].strip() == text
    assert text in [line.strip() for each in answer.lines().values() for line in each]


FED_BY_NAME = [  # (the place that makes the placeholder, the name it gives, lines that feed by the name)
    (Answer("", number=0), '"x")', ")", answers.variant("", lines=[("{x:", "{'x:0':")]), 1),
    (Answer("", number=6), '"labels")', ")", answers.variant("", a=[("labels_ph:", "'labels:0':")]), 9),
]


@pytest.mark.parametrize("named, name, unnamed, fed, number", FED_BY_NAME)
def test_a_feed_by_name_works_where_the_student_has_given_the_name(runner, tmp_path, named, name, unnamed, fed, number):
    fed = dataclasses.replace(fed, number=number)
    letter = "a" if named.number == 6 else ""
    (with_name,) = runner.check(folder_with(tmp_path, named, fed), [number])
    without = dataclasses.replace(named, changes={letter: [(name, unnamed)]})
    (without_name,) = runner.check(folder_with(tmp_path, without, fed), [number])
    assert with_name.solved, told(with_name)
    assert "feed_dict has the text '" in without_name.finding.found


@pytest.mark.parametrize("fault", ["while True:\n    pass", "import os\nos._exit(0)"])
@pytest.mark.parametrize(("faulty", "letter", "number"), [(0, "", 1), (6, "a", 9)])
def test_an_endless_blank_fails_no_other(runner, tmp_path, faulty, letter, number, fault):
    broken = dataclasses.replace(SOLUTIONS[faulty], changes={letter: fault})
    (verdict,) = runner.check(folder_with(tmp_path, broken, SOLUTIONS[number]), [number])
    assert verdict.solved, told(verdict)


NAMED = [  # (what makes x, its name in the graph)
    ("x = tf.placeholder(tf.float32, [], 'a')", "a"),
    ("with graph.as_default(), tf.name_scope('s'):\n    x = tf.compat.v1.placeholder(tf.float32)", "s/Placeholder"),
    ("w, x = tf.placeholder(tf.float32), tf.placeholder(tf.float32)", "Placeholder_1"),
    ("x = tf.placeholder(tf.float32, [], settings.name)", "x"),
    ("x = make()", "x"),
    ("x = (", "x"),
]


@pytest.mark.parametrize(("lines", "name"), NAMED)
def test_names_of_placeholders_are_read(tmp_path, lines, name):
    answer = Answer("", number=0, changes={"": lines})
    texts = folder_with(tmp_path, answer).texts()
    assert names_in_graph(StudentBlank(1, tmp_path, texts, texts, 0), 0, "", {"x": "x"}) == [name]


@pytest.mark.parametrize("number", numbers())
def test_an_empty_blank_fails_its_own_check_and_no_other(runner, tmp_path, number):
    folder = folder_with(tmp_path, *(solution for solution in SOLUTIONS if solution.number != number))
    verdicts = {verdict.number: verdict for verdict in runner.check(folder, numbers())}
    assert [each for each, verdict in verdicts.items() if not verdict.solved] == [number]
    assert "is still empty" in verdicts[number].finding.found


def test_the_catalogue_is_complete():
    for blank in all_blanks():
        assert len(answers.variants(blank)) >= 2
        says = [mistake.says for mistake in MISTAKES[blank.number]]
        assert len(says) >= 3 and len(set(says)) == len(says)  # each with one of its own


def test_every_empty_answer_of_a_blank_with_several_places_names_the_place():
    letters = {blank.number: {name.lstrip("0123456789") for name in blank.tasks} for blank in all_blanks()}
    for answer in [*VARIANTS, *(answer for of_blank in MISTAKES.values() for answer in of_blank)]:
        assert answer.changes.keys() <= letters[answer.number], answer.id


def told(verdict):
    finding = verdict.finding
    return finding and f"found: {finding.found}\nexpected: {finding.expected}\n{finding.line}\n{verdict.printed}"
