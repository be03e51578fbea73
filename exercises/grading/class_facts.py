"""What the work of a class says together: how many solved a blank, what stopped the others, how long it took."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from exercises.blanks import Blank
from exercises.grading.submission import MISSING, UNREAD, Submission
from exercises.repeated_mistake import kind_of

SOLVED, STOPPED, EMPTY = "solved", "stopped", "empty"  # states of a blank, beside MISSING and UNREAD


@dataclass(frozen=True)
class Message:
    """What a check said to several students, in the words of one of them."""

    found: str
    count: int


@dataclass(frozen=True)
class BlankFacts:
    """A blank, and a class."""

    blank: Blank
    states: Counter[str]  # of all students
    messages: list[Message]  # of those whom it stopped, the most frequent first
    hints: int  # shown, to all students
    minutes: float | None  # the median of those who solved it; None where nobody's record says


def facts_of(blank: Blank, submissions: Sequence[Submission]) -> BlankFacts:
    """What a class made of a blank."""
    number = blank.number
    states = Counter(state_of(each, number) for each in submissions)
    findings = [each.found(number) for each in submissions if state_of(each, number) == STOPPED]
    kinds = Counter(map(kind_of, findings))
    messages = [
        Message(next(found for found in findings if kind_of(found) == kind), count)
        for kind, count in kinds.most_common()
    ]
    took = [each.minutes[number] for each in submissions if each.is_solved(number) and number in each.minutes]
    hints = sum(each.hints_by_blank.get(number, 0) for each in submissions)
    return BlankFacts(blank, states, messages, hints, statistics.median(took) if took else None)


def state_of(submission: Submission, number: int) -> str:
    """How a student stands with a blank: SOLVED, STOPPED, EMPTY, MISSING or UNREAD."""
    grade = submission.grade(number)
    if grade in (MISSING, UNREAD):
        return grade
    if submission.is_solved(number):
        return SOLVED
    return EMPTY if submission.is_empty(number) else STOPPED
