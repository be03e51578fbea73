"""The zip that a student hands in: the scripts and the record, and nothing else."""

import re
import zipfile
from pathlib import Path

from exercises.blanks import blank
from exercises.file_names import unused
from exercises.folder import StudentFolder
from exercises.scripts import script_names
from kit.cli import console
from kit.cli.errors import UserError
from kit.data.drawing.students_seed import RECORD_FILE
from kit.system.files import write_whole

BETWEEN_WORDS = re.compile(r"[^\w-]+")  # of a name
MARK = b"made by hand_in for "  # in the zip, before the student's name: what may be written over
LONGEST_MARK = 1000  # bytes


def name_student(folder: StudentFolder, name: str | None) -> str:
    """The student's name, by the record; one that is given is kept there.

    Args:
      folder: the student's.
      name: that the student has given, or None.
    Raises:
      UserError: there is no name.
    """
    known = folder.record.student
    found = "The record has no name" if name is None else f"'{name}' is no name"
    name = " ".join((name or known or "").split())
    if not re.search(r"\w", name):
        raise UserError(f"Whose work is it? {found}. Add yours: --student 'Ada Lovelace'")
    if known and " ".join(known.split()) != name:
        console.say(f"The record of {folder.path} said '{known}'; it now says '{name}'.")
    if known != name:
        folder.note_student(name)
    return name


def write_hand_in(folder: StudentFolder, student: str, parent: Path) -> tuple[Path, list[str], bool]:
    """Writes the zip, named after the student; over one that was made so for the same student, else over nothing.

    Args:
      folder: the student's.
      student: the name.
      parent: the folder to write into.
    Returns:
      (its path, the names of the files in it, whether it has replaced another).
    Raises:
      UserError: there is no script, or one can't be read; the zip can't be written.
    """
    names = [*folder.texts()]
    if not names:
        raise UserError(f"{folder.path}: no script is left. A blank brings its own back: python -m exercises reset 1")
    mark = (MARK + student.encode())[:LONGEST_MARK]
    stem = BETWEEN_WORDS.sub("_", student).strip("_") or "hand_in"
    path = parent / f"{unused(stem, lambda name: _is_anothers(parent / f'{name}.zip', mark))}.zip"
    replaces = path.exists()
    names.append(RECORD_FILE)
    with (
        write_whole(path) as partial,
        zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive,
    ):  # a zip knows no day before 1980
        archive.comment = mark
        for name in names:
            archive.write(folder.path / name, f"{path.stem}/{name}")
    return path, names, replaces


def unsolved(folder: StudentFolder) -> list[str]:
    """The blanks that haven't passed a check as they are now: "4, shuffle, parse, batch, repeat"."""
    places = folder.places()
    return [f"{number}, {blank(number).title}" for number in folder.numbers if not folder.is_passed(number, places)]


def missing(folder: StudentFolder) -> list[str]:
    """The scripts that aren't in the folder."""
    return [name for name in script_names(folder.record.labs) if not (folder.path / name).exists()]


def _is_anothers(path: Path, mark: bytes) -> bool:
    """Whether there is a file, and it isn't a zip with this mark."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.comment != mark
    except (zipfile.BadZipFile, OSError):
        return path.exists()
