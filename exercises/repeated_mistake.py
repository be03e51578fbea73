"""A mistake that two checks of a blank in a row have found: what the record keeps of it, and the hint that fits."""

import re
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from exercises.blanks import Blank
from exercises.findings import Finding

TIMES = 2  # checks in a row that find the same, before a hint speaks of it
MOST_TIMES = 1 << 20
_VARIES = re.compile(r"'[^']*'|\"[^\"]*\"|-?\d[\d.,]*")  # texts and numbers
_API = re.compile(r"\btf(?:\.\w+)+|\b(?:np|head|optimizer|data)\.\w+(?:\.\w+)*")


@dataclass(frozen=True)
class RepeatedMistake:
    """What checks of a blank have found last, and how often in a row."""

    found: str
    expected: str
    where: str  # the student's line, "training.py:47: ..."; "" if it is about none
    times: int = 1  # with other lines each time
    lines: str = ""  # a digest of the blank's, at the last of these checks

    @property
    def kind(self) -> str:
        return kind_of(self.found)

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


def kind_of(found: str) -> str:
    """What a finding is about, whatever its numbers: two of a kind are the same mistake."""
    return _VARIES.sub("#", found)


def after(before: dict[str, Any] | None, finding: Finding, lines: str) -> RepeatedMistake:
    """What is kept once a check has found something.

    Args:
      before: what was kept of the check before, or None.
      finding: of the check.
      lines: a digest of the blank's lines; a check of the same ones again isn't counted.
    """
    where = "{}:{}: {}".format(*finding.line) if finding.line else ""
    now = RepeatedMistake(finding.found, finding.expected, where, lines=lines)
    last = from_record(before)
    return replace(now, times=last.times + (last.lines != lines)) if last and last.kind == now.kind else now


def from_record(kept: Any) -> RepeatedMistake | None:
    """What a record keeps; None if it isn't as `as_record` makes it."""
    names = {each.name for each in fields(RepeatedMistake)}
    if not isinstance(kept, dict) or not names - {"lines"} <= kept.keys() <= names:  # older records have no lines
        return None
    mistake = RepeatedMistake(**kept)
    is_count = type(mistake.times) is int and 0 < mistake.times < MOST_TIMES
    is_text = all(isinstance(text, str) for text in (mistake.found, mistake.expected, mistake.where, mistake.lines))
    return mistake if is_count and is_text else None


def hint_for(of_blank: Blank, mistake: RepeatedMistake) -> str:
    """The hint of the blank's task.md for a mistake; without one, where to look."""
    for words, text in of_blank.mistakes.items():
        if words in mistake.found:
            return text
    functions = dict.fromkeys(_API.findall(mistake.expected))
    look_up = f" Look up {' and '.join(functions)}: what goes in, and what comes out?" if functions else ""
    line = "Print what your line makes, and compare it with what was expected." if mistake.where else ""
    return f"{line}{look_up} {of_blank.guide} explains it.".strip()
