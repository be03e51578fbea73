"""The scripts and the record of a hand-in, written into a folder, and nothing else.

So nothing else in it matters: not the checks, not the kit, not a zip bomb. Whatever can be read of it is graded; what
had another name or place than it was handed out with is found and told, or told as what was found instead.
"""

import json
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from exercises.folder import StudentFolder
from exercises.grading.files import LARGEST_TEXT, text_of
from exercises.grading.found_scripts import Files, chosen
from exercises.grading.hand_ins import HandIn, members_of
from exercises.scripts import script_names
from kit.cli.errors import UserError
from kit.data.drawing.students_seed import RECORD_FILE

NO_RECORD = f"no record of hints and give-ups, {RECORD_FILE}, that can be read"


class Unpacked(NamedTuple):
    """What is known of a hand-in when its files are written."""

    notes: tuple[str, ...]  # what is missing or unusual
    has_record: bool  # of hints
    inside: PurePosixPath  # the folder in the hand-in that was worked in


def unpack(hand_in: HandIn | str | Path, folder: Path, labs: bool = False) -> Unpacked:
    """Writes the scripts and the record into a folder.

    Args:
      hand_in: or the path of one.
      folder: to write into.
      labs: with the scripts of the labs.
    Raises:
      UserError: there are no scripts in it, or those of several folders.
    """
    with members_of(hand_in if isinstance(hand_in, HandIn) else HandIn((Path(hand_in),))) as members:
        return _write(*chosen(members, labs), folder)


def _write(files: Files, notes: list[str], folder: Path) -> Unpacked:
    for name in script_names(labs=True):
        if name not in files:
            continue
        text = text_of(files[name])
        if text is None:
            notes.append(f"{name} can't be read, or has more than {LARGEST_TEXT:,} bytes, and is left out")
        else:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    has_record = _write_record(files, folder)
    if not has_record:
        notes.append(NO_RECORD)
    inside = next(file.path.parent for name, file in files.items() if name != RECORD_FILE)
    return Unpacked(tuple(notes), has_record, inside)


def _write_record(files: Files, folder: Path) -> bool:
    path = folder / RECORD_FILE
    try:
        text = text_of(files[RECORD_FILE]) or ""
        path.write_text(json.dumps(json.loads(text)), encoding="utf-8")
        StudentFolder(folder)
        return True
    except (KeyError, ValueError, RecursionError, UserError):
        path.write_text("{}", encoding="utf-8")
        return False
