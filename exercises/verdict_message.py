"""What a check's process tells of a blank: one message, which is read with distrust.

A student's lines run in the same process as the check. They might find the connection and write to it; so the message
begins with a token, and holds nothing but numbers and texts within bounds. Anything else is a Finding of its own.
"""

import json
from collections.abc import Sequence
from typing import Any

from exercises.findings import Empty, Finding, Line
from exercises.surrogates import without_surrogates

TOKEN_BYTES = 16
LONGEST_MESSAGE = 1 << 16  # bytes
LONGEST_TEXT = 2000  # characters
MOST_REMARKS = 5
MOST_LINES = 1 << 20  # of a script

Outcome = tuple[int, tuple[str, ...], Finding | None]  # (parts passed, remarks, what isn't right yet)


def encode(token: bytes, passed: int, remarks: Sequence[str], finding: Finding | None) -> bytes:
    """The message; texts that are too long are cut.

    Args:
      token: TOKEN_BYTES, which the reader knows.
      passed: parts that hold.
      remarks: on what is right.
      finding: None if all parts hold.
    """
    told = None
    if finding:
        line = [_cut(finding.line[0]), finding.line[1], _cut(finding.line[2])] if finding.line else None
        texts = [_cut(finding.found), _cut(finding.expected), _cut(finding.why)]
        told = [*texts, line, isinstance(finding, Empty)]
    return token + json.dumps([passed, [_cut(remark) for remark in remarks], told]).encode()


def decode(message: bytes, token: bytes, parts: int) -> Outcome:
    """What a message says: (parts passed, remarks, Finding or None).

    Args:
      message: as it came.
      token: what it must begin with.
      parts: how many the blank has.
    Raises:
      ValueError: it isn't as `encode` makes it, or says what can't be.
    """
    if message[:TOKEN_BYTES] != token:
        raise ValueError("not by the check")
    try:
        passed, remarks, told = json.loads(message[TOKEN_BYTES:])
        finding = None if told is None else _finding(*_list(told))
        remarks = tuple(map(_text, _list(remarks)))
    except (TypeError, RecursionError) as error:
        raise ValueError("not a check's answer") from error
    is_possible = type(passed) is int and 0 <= passed <= parts and len(remarks) <= MOST_REMARKS
    if not is_possible or (finding is None and passed < parts):
        raise ValueError("no check can come to this")
    return passed, remarks, finding


def unreadable() -> Finding:
    """What is said of a blank whose message `decode` refuses."""
    return Finding(
        "the check's answer could not be read",
        "lines that leave the check's process alone",
        "Something else than the check has written its answer. Lines of a blank that use only what the script has "
        "can't do that.",
    )


def _cut(text: Any) -> str:
    return str(text)[:LONGEST_TEXT]


def _list(value: Any) -> list:
    if not isinstance(value, list):
        raise ValueError("not a list")
    return value


def _finding(found: Any, expected: Any, why: Any, line: Any, is_empty: Any) -> Finding:
    if type(is_empty) is not bool:
        raise ValueError("neither a blank that is empty nor one that isn't")
    return (Empty if is_empty else Finding)(_text(found), _text(expected), _text(why), _line(line))


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise ValueError("not a text")
    return without_surrogates(value)


def _line(value: Any) -> Line | None:
    if value is None:
        return None
    script, number, text = value
    if type(number) is not int or not 0 < number <= MOST_LINES:
        raise ValueError("not the number of a line")
    return _text(script), number, _text(text)
