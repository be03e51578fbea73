"""What stands where `grade` is to write its tables: nobody may be lost from an earlier one, and no other file."""

import csv
import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from exercises.grading.hand_ins import HandIn
from exercises.grading.names import words_of
from exercises.grading.submission import FIRST_COLUMNS, plain
from kit.cli.errors import UserError

NAMED = 3  # of the students who would be lost


def check_keeps_all(path: Path, found: Sequence[HandIn], labels: Sequence[str]) -> None:
    """Checks that a table which is there already may be replaced by that of the hand-ins named now.

    Args:
      path: of the table; there may be none.
      found: what was handed in.
      labels: a name for each.
    Raises:
      UserError: it is no table of `grade`, or has students who aren't among those named now.
    """
    if not path.is_file() or not path.stat().st_size:
        return
    lost = _lost(_rows_of(path), found, labels)
    if lost:
        more = [f"{len(lost) - NAMED:,} more"] if len(lost) > NAMED else []
        students = "student" if len(lost) == 1 else "students"
        raise UserError(
            f"{path}: holds {len(lost):,} {students} whose work isn't named now: {', '.join([*lost[:NAMED], *more])}.\n"
            "  They would be lost. Name all hand-ins again: those that haven't changed are not checked again.\n"
            "  Or give another --csv and another --report."
        )


def check_is_results(path: Path) -> None:
    """Checks that a file which is there already was written for Gradescope; a UserError if it wasn't."""
    if not path.is_file() or not path.stat().st_size:
        return
    try:
        if {"score", "tests"} <= json.loads(path.read_text(encoding="utf-8")).keys():
            return
    except (OSError, ValueError, AttributeError, RecursionError):
        pass
    raise UserError(f"{path}: this file is none of grade's, and is left as it is. Give --json another name.")


def _rows_of(path: Path) -> list[tuple[str, str]]:
    """(student, file) of each row of a table that `grade` wrote."""
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            rows = list(csv.reader(file))
        if tuple(rows[0][: len(FIRST_COLUMNS)]) == FIRST_COLUMNS:
            return [(row[0], row[1]) for row in rows[1:] if row]
    except (OSError, ValueError, IndexError, csv.Error):
        pass
    raise UserError(f"{path}: this file is no table of grade's, and is left as it is. Give --csv another name.")


def _lost(rows: Sequence[tuple[str, str]], found: Sequence[HandIn], labels: Sequence[str]) -> list[str]:
    """The students of a table who aren't among the hand-ins: neither by their file nor by their name."""
    places = Counter(_place(plain(each.shown)) for each in found)
    by_file = [_place(file) in places for _, file in rows]
    taken = {_place(file) for _, file in rows}
    names = Counter(
        _name(label) for each, label in zip(found, labels, strict=True) if _place(plain(each.shown)) not in taken
    )
    lost = []
    for (student, _), is_named in zip(rows, by_file, strict=True):
        if not is_named:
            names[_name(student)] -= 1
            if names[_name(student)] < 0:
                lost.append(student)
    return lost


def _place(shown: str) -> str:
    """Where a hand-in is, however it was named: the files of a folder, or the folder."""
    return os.path.abspath(shown.replace(": ", os.sep))


def _name(name: str) -> tuple[str, ...]:
    return tuple(sorted(words_of(name))) or (name,)
