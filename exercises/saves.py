"""What was saved in a student's folder, and which blanks that changed.

The scripts are looked at a few times a second, rather than asking the system for events: that works the same way on
every system, for files on a network, and for editors that save by renaming.
"""

from dataclasses import dataclass

from exercises.folder import StudentFolder, digest
from exercises.markers import Place
from exercises.outside import Change
from exercises.scripts import script_names

SECONDS_BETWEEN_LOOKS = 0.1

Stamps = dict[str, tuple[int, int] | None]  # {script: when it was last written, and its size; None if it isn't there}


@dataclass(frozen=True)
class Snapshot:
    """What is in a folder at a time."""

    texts: dict[str, str]  # {script: what is in it}
    places: dict[str, Place]
    changes: list[Change]  # outside the blanks


def snapshot(folder: StudentFolder) -> Snapshot:
    """What is in a folder now.

    Raises:
      UserError: a script can't be read: half saved, or not as text.
    """
    return Snapshot(folder.texts(), folder.places(), folder.changes_outside())


def stamps(folder: StudentFolder) -> Stamps:
    """When each script was last written, and its size."""
    found: Stamps = {}
    for script in script_names(folder.record.labs):
        try:
            stat = (folder.path / script).stat()
            found[script] = stat.st_mtime_ns, stat.st_size
        except OSError:
            found[script] = None
    return found


def is_saved(begun: Stamps, before: Stamps, now: Stamps) -> bool:
    """Whether a script was saved since it began, and the scripts then stayed as they are for a look.

    One that is gone was not saved: it may be that an editor is saving it by renaming.
    """
    return now == before and any(stamp and stamp != begun.get(script) for script, stamp in now.items())


def changed(last: Snapshot | None, now: Snapshot, numbers: list[int]) -> list[int]:
    """Which of the blanks to check: changed ones, and all of a script that changed elsewhere; at first, all."""
    if last is None:
        return numbers
    found = {number for number in numbers if digest(last.places, number) != digest(now.places, number)}
    for script in {**last.texts, **now.texts}:
        own = {place.number for place in now.places.values() if place.script == script}
        if last.texts.get(script) != now.texts.get(script) and not own & found:
            found |= own
    return [number for number in numbers if number in found]


def start_text(folder: StudentFolder) -> str:
    """What is said at first."""
    return f"Watching {folder.path.resolve().name}; Ctrl-C ends. TensorFlow takes a few seconds to start ..."


def saved_text(numbers: list[int]) -> str:
    """What is said when they are checked: "Saved: checking blanks 3, 4 ..."."""
    return f"Saved: checking blank{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))} ..."
