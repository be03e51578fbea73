"""The zip that a student hands in: the scripts and the record, and nothing else."""

import itertools
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from exercises.blanks import blank
from exercises.folder import StudentFolder
from exercises.scripts import script_names
from kit.cli import console
from kit.cli.errors import UserError
from kit.data.drawing.students_seed import RECORD_FILE
from kit.system.files import write_whole

NOT_IN_NAMES = re.compile(r"[^\w-]+")  # of files
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
    name = " ".join((name or known or "").split())
    if not re.search(r"\w", name):
        raise UserError("Whose work is it? The record has no name. Add yours: --student 'Ada Lovelace'")
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
    path = next(each for each in _paths(parent, student) if not each.exists() or _comment(each) == mark)
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


def _paths(parent: Path, student: str) -> Iterator[Path]:
    """Names for the zip: "Ada_Lovelace.zip", "Ada_Lovelace_2.zip", ..."""
    stem = NOT_IN_NAMES.sub("_", student).strip("_") or "hand_in"
    more = (parent / f"{stem}_{number}.zip" for number in itertools.count(2))
    return itertools.chain([parent / f"{stem}.zip"], more)


def _comment(path: Path) -> bytes:
    """What a zip says of itself; b"" for what is no zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.comment
    except (zipfile.BadZipFile, OSError):
        return b""
