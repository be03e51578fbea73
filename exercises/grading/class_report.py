"""The folder that `grade` writes for a teacher: class.html, a page of feedback a student, tables for course systems."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from exercises.file_names import in_file_name, unused
from exercises.grading.class_page import class_page
from exercises.grading.course_tables import course_tables
from exercises.grading.feedback import as_markdown
from exercises.grading.similar import Pair
from exercises.grading.submission import Submission
from kit.system.files import make_folder, write_text

PAGE = "class.html"
FEEDBACK = "feedback"

LONGEST = 80  # characters of a name


def write_report(
    folder: Path,
    submissions: Sequence[Submission],
    labels: Sequence[str],
    labs: bool,
    pairs: Sequence[Pair] | None,
) -> list[str]:
    """Writes its files, each whole, over those of an earlier report; what else lies in the folder stays as it is.

    Args:
      folder: where; it need not exist.
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

    def is_taken(page: str) -> bool:  # some systems don't tell capitals
        return f"{page}.md".lower() in map(str.lower, files)

    students = [each.student for each in submissions]
    for submission, label in zip(submissions, labels, strict=True):
        name = submission.student
        if students.count(name) > 1:
            name = submission.sent.numbered if submission.sent else f"{name}, {label}"
        page = unused(f"{FEEDBACK}/{in_file_name(name[:LONGEST])}", is_taken, "{}-{}")
        files[f"{page}.md"] = as_markdown(submission, labs)
    make_folder(folder / FEEDBACK)
    for name, text in files.items():
        write_text(folder / name, text)
    return sorted({name.split("/")[0] for name in files})
