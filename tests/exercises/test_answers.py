"""Every blank's check tells right from wrong: solutions and other right ways pass, the classic mistakes are caught."""

from collections import Counter

import pytest
from support.answers import (
    Answer,
    arrays,
    batches,
    curves,
    data,
    evaluation,
    evaluation_loop,
    first_graph,
    graph,
    iterators,
    loop,
    network,
    objective,
    start,
)
from support.students import folder_with

from exercises.blanks import all_blanks
from exercises.runner import Runner

MODULES = (
    first_graph,
    data,
    batches,
    iterators,
    arrays,
    graph,
    objective,
    start,
    loop,
    curves,
    evaluation,
    evaluation_loop,
    network,
)
MISTAKES = [answer for module in MODULES for answer in module.MISTAKES]
VARIANTS = [answer for module in MODULES for answer in module.VARIANTS]
NUMBERS = [blank.number for blank in all_blanks()]
SOLUTIONS = [Answer(number, "solved", {}, None) for number in NUMBERS]


@pytest.fixture(scope="module")
def runner():
    return Runner()


def verdict_on(runner, tmp_path, answer):
    (verdict,) = runner.check(folder_with(tmp_path, answer), [answer.number])
    return verdict


@pytest.mark.parametrize("answer", [*SOLUTIONS, *VARIANTS], ids=lambda answer: answer.id)
def test_a_right_answer_passes_whatever_the_other_blanks_hold(runner, tmp_path, answer):
    verdict = verdict_on(runner, tmp_path, answer)
    assert verdict.solved, told(verdict)
    assert verdict.passed == len(verdict.parts) > 0


@pytest.mark.parametrize("answer", MISTAKES, ids=lambda answer: answer.id)
def test_a_mistake_is_caught_with_its_own_message(runner, tmp_path, answer):
    verdict = verdict_on(runner, tmp_path, answer)
    assert not verdict.solved and verdict.passed < len(verdict.parts)
    assert answer.says in verdict.finding.found, told(verdict)
    assert verdict.finding.expected and verdict.finding.why
    script, number, text = verdict.finding.line  # the student's own
    lines = folder_with(tmp_path, answer).texts()[script].splitlines()
    assert lines[number - 1].strip() == text
    assert text in [line.strip() for each in answer.lines().values() for line in each]


@pytest.mark.parametrize("number", NUMBERS)
def test_an_empty_blank_fails_its_own_check_and_no_other(runner, tmp_path, number):
    folder = folder_with(tmp_path, *(solution for solution in SOLUTIONS if solution.number != number))
    verdicts = {verdict.number: verdict for verdict in runner.check(folder, NUMBERS)}
    assert [each for each, verdict in verdicts.items() if not verdict.solved] == [number]
    assert "is still empty" in verdicts[number].finding.found


def test_the_catalogue_is_complete():
    assert len(MISTAKES) >= 25
    variants = Counter(answer.number for answer in VARIANTS)
    assert all(variants[number] >= 2 for number in NUMBERS)
    messages = [(answer.number, answer.says) for answer in MISTAKES]
    assert len(set(messages)) == len(messages)  # each with one of its own


def told(verdict):
    finding = verdict.finding
    return finding and f"found: {finding.found}\nexpected: {finding.expected}\n{finding.line}\n{verdict.printed}"
