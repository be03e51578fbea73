"""Where `grade` may write: told before anything is graded."""

from collections.abc import Sequence
from pathlib import Path

from exercises.grading.class_report import FEEDBACK, PAGE
from exercises.grading.course_tables import NAMES
from exercises.grading.files import ARCHIVES, SCRIPTS
from exercises.grading.hand_ins import HandIn
from kit.cli.errors import UserError
from kit.system.files import check_can_write


def check_report(folder: Path, found: Sequence[HandIn]) -> None:
    """Checks that a report can be written into a folder, which need not exist.

    Args:
      folder: of the report.
      found: what was handed in.
    Raises:
      UserError: it can't be written there, or would be among what a student has handed in.
    """
    for each in (folder, folder / FEEDBACK):
        if each.exists() and not each.is_dir():
            raise UserError(f"--report {folder}: {each} is a file. Give the name of another folder.")
    handed_in = {path.resolve() for each in found for path in each.paths if path.is_dir()}
    for path in sorted(handed_in & {folder.resolve(), *folder.resolve().parents}):
        raise UserError(f"--report {folder}: lies in what was handed in, {path}. Give the name of a folder elsewhere.")
    if not folder.exists():
        check_can_write(folder.absolute())
        return
    check_can_write(folder / PAGE)
    if (folder / FEEDBACK).exists():
        check_can_write(folder / FEEDBACK / "NAME.md")


def check_file_name(flag: str, name: str | None) -> None:
    """Checks that a flag's value, if there is one, can be the name of a file; a UserError if not."""
    if name is not None and (not name or Path(name).is_dir()):
        raise UserError(f"{flag} '{name}': expected the name of a file, like grades{flag.replace('--', '.')}.")


def check_tables(paths: Sequence[Path], report: Path) -> None:
    """Checks that the tables can be written, each to a file of its own, none over what was handed in.

    Args:
      paths: of the tables.
      report: the folder of the report, in which they may lie; it is made later.
    Raises:
      UserError: one can't.
    """
    for path in paths:
        if path.name.lower().endswith((*ARCHIVES, *SCRIPTS)):
            raise UserError(f"{path}: by its name it was handed in. Write the table to another file, like grades.csv.")
        if paths.count(path) > 1:
            raise UserError(f"{path}: --csv and --json name the same file. Give each its own.")
        if path.parent.resolve() == report.resolve() and path.name in (PAGE, *NAMES.values()):
            raise UserError(f"{path}: the report has a file of this name. Give the table another, like grades.csv.")
        if report.exists() or path.parent.resolve() != report.resolve():
            check_can_write(path)
