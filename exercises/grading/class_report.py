"""The folder that `grade` writes for a teacher: class.html, a page of feedback a student, tables for course systems."""

from __future__ import annotations

import itertools
import re
import tempfile
from collections.abc import Container, Sequence
from datetime import datetime
from pathlib import Path

from exercises.grading.class_page import class_page
from exercises.grading.course_tables import course_tables
from exercises.grading.feedback import as_markdown
from exercises.grading.similar import Pair
from exercises.grading.submission import Submission
from exercises.grading.tables import NOT_IN_NAMES
from kit.cli.errors import UserError
from kit.system.files import cannot_write, check_writable

PAGE = "class.html"
FEEDBACK = "feedback"

LONGEST = 80  # characters of a name


def check_place(folder: Path) -> None:
    """Checks that a report may be written into a folder: a new one, or that of an earlier report; else a UserError."""
    if folder.exists() and not folder.is_dir():
        raise UserError(f"--report {folder}: a file has this name. Give the name of a folder.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / PAGE).exists():
        raise UserError(f"--report {folder}: holds something else. Give the name of a new folder.")
    check_writable(folder.absolute().parent / PAGE)


def write_report(
    folder: Path,
    submissions: Sequence[Submission],
    labels: Sequence[str],
    labs: bool,
    pairs: Sequence[Pair] | None,
) -> list[str]:
    """Writes the folder, whole or not at all, in the place of an earlier one.

    Args:
      folder: where; see check_place.
      submissions: of the class, graded.
      labels: a name for each, unlike the others'.
      labs: with the blanks of the labs.
      pairs: of students whose answers are alike; None if nobody asked.
    Returns:
      What is in it.
    Raises:
      UserError: it can't be written.
    """
    files = {PAGE: class_page(submissions, labs, pairs, datetime.now()), **course_tables(submissions)}
    students = [each.student for each in submissions]
    for submission, label in zip(submissions, labels, strict=True):
        name = submission.student if students.count(submission.student) == 1 else f"{submission.student}, {label}"
        path = _unused(f"{FEEDBACK}/{re.sub(NOT_IN_NAMES, '_', name[:LONGEST])}", {each.lower() for each in files})
        files[path] = as_markdown(submission, labs)
    try:
        folder.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".partial-", dir=folder.absolute().parent) as temporary:
            partial, before = Path(temporary, "new"), Path(temporary, "before")
            for name, text in files.items():
                path = partial / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
            if folder.exists():
                folder.rename(before)
            try:
                partial.rename(folder)
            except OSError:
                before.rename(folder)
                raise
    except OSError as error:
        raise cannot_write(folder, error) from error
    return sorted({name.split("/")[0] for name in files})


def _unused(name: str, taken: Container[str]) -> str:
    """The name of a page that isn't taken; some systems don't tell capitals."""
    names = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
    return next(f"{each}.md" for each in names if f"{each}.md".lower() not in taken)
