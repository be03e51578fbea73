"""A look: a picture of what a student's lines of a blank make, solved or not.

It is drawn in the process of a check, with its limits, by the blank's look.py.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from exercises import window
from kit.system.files import make_folder, write_whole

if TYPE_CHECKING:
    from exercises.blanks import Blank
    from exercises.student_blank import StudentBlank

PICTURE_FILE = "look.png"  # in the workplace of the process
FOLDER = "look"  # of the pictures, in the student's folder
PNG = b"\x89PNG\r\n\x1a\n"  # how such a file begins


def draw(of_blank: Blank, students: StudentBlank) -> Iterator[None]:
    """In the process: runs the student's lines, and writes the picture of what they make."""
    Path(PICTURE_FILE).write_bytes(drawn(of_blank, students))
    yield


def drawn(of_blank: Blank, students: StudentBlank) -> bytes:
    """The picture of what a student's lines make, as PNG.

    Raises:
      Finding: they make nothing that could be drawn; in the words of the blank's check, where it finds something.
    """
    from kit.evaluation.figures import png_of

    try:
        return png_of(of_blank.look(students))
    except BaseException:
        for _ in of_blank.check(students):  # it knows the classic mistakes, and a student reads one word for each
            pass
        raise


def picture_in(workplace: Path) -> bytes | None:
    """The picture that a process has left; None where there is none."""
    path = workplace / PICTURE_FILE
    if not path.is_file() or path.is_symlink():
        return None
    picture = path.read_bytes()
    return picture if picture.startswith(PNG) else None


def save(picture: bytes, folder: Path, number: int) -> Path:
    """Writes the picture of a blank into the student's folder, and gives its path.

    Raises:
      UserError: it can't be written.
    """
    path = folder / FOLDER / f"blank_{number:02}.png"
    make_folder(path.parent)
    with write_whole(path) as partial:
        Path(partial).write_bytes(picture)
    return path


def show(path: Path) -> bool:
    """Opens a picture in the system's viewer, if somebody sits before a screen; returns whether it was opened."""
    opener = _opener()
    if not opener:
        return False
    try:
        if sys.platform == "win32":
            os.startfile(path)
        else:
            window.start([opener, str(path)])
    except OSError:  # there is no viewer
        return False
    return True


def _opener() -> str | None:
    """What opens a file on this system; None where nobody would see it."""
    if not sys.stdout.isatty() or "SSH_CONNECTION" in os.environ:
        return None
    if sys.platform == "win32":
        return "start"
    if sys.platform == "darwin":
        return "open"
    has_screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return "xdg-open" if has_screen else None
