"""Watch mode: the blanks that were just saved are checked again.

It looks at the scripts a few times a second, rather than asking the system for events: that works the same way on every
system, for files on a network, and for editors that save by renaming.
"""

import threading
from dataclasses import dataclass

from exercises import output
from exercises.folder import StudentFolder, digest
from exercises.markers import Place
from exercises.outside import Change
from exercises.runner import Runner
from exercises.scripts import script_names
from kit.cli import console
from kit.cli.errors import UserError

SECONDS_BETWEEN_LOOKS = 0.1


def watch_folder(folder: StudentFolder) -> None:
    """Checks the blanks of a folder, then those of each saved script whose lines have changed, until Ctrl-C."""
    runner, last = Runner(), None
    try:
        console.say(f"Watching {folder.path.resolve().name}; Ctrl-C ends. TensorFlow takes a few seconds to start ...")
        while True:
            stamps = _stamps(folder)
            try:
                last = _check_what_changed(runner, folder, last)
            except UserError as error:  # a script that can't be read: half saved, or not as text
                console.say(f"\n{error}\n  Watching goes on: save it again.")
            _wait_for_a_save(folder, stamps)
    except KeyboardInterrupt:
        console.say("\nStopped watching.")


@dataclass(frozen=True)
class _Look:
    """What was in a folder when its blanks were checked."""

    texts: dict[str, str]  # {script: what is in it}
    places: dict[str, Place]
    changes: list[Change]  # outside the blanks


def _check_what_changed(runner: Runner, folder: StudentFolder, last: _Look | None) -> _Look:
    """Checks the blanks that have changed since the last look, all of them at the first; gives the new look."""
    look = _Look(folder.texts(), folder.places(), folder.changes_outside())
    numbers = _changed(last, look, folder.numbers) if last else folder.numbers
    if not numbers:
        return look
    if last:
        console.say(f"\nSaved: checking {_listed(numbers)} ...")
    output.say_verdicts(runner.check(folder, numbers), folder, look.places)
    if last is None or look.changes != last.changes:
        output.say_changes(look.changes)
    output.say_what_is_next(folder)
    if all(folder.is_passed(number, look.places) for number in folder.numbers):
        console.say("Still watching; Ctrl-C ends.")
    return look


def _stamps(folder: StudentFolder) -> dict[str, tuple[int, int] | None]:
    """When each script was last written, and its size; None for one that isn't there."""
    stamps: dict[str, tuple[int, int] | None] = {}
    for script in script_names(folder.record.labs):
        try:
            stat = (folder.path / script).stat()
            stamps[script] = stat.st_mtime_ns, stat.st_size
        except OSError:
            stamps[script] = None
    return stamps


def _wait_for_a_save(folder: StudentFolder, stamps: dict) -> None:
    """Waits until the stamps differ and then stay as they are for a look."""
    clock = threading.Event()  # never set: a wait that Ctrl-C ends at once
    before, now = stamps, _stamps(folder)
    while now == stamps or now != before or None in now.values():
        clock.wait(SECONDS_BETWEEN_LOOKS)
        before, now = now, _stamps(folder)


def _changed(last: _Look, look: _Look, numbers: list[int]) -> list[int]:
    """Which of the blanks to check again: changed ones, and all of a script that changed elsewhere."""
    changed = {number for number in numbers if digest(last.places, number) != digest(look.places, number)}
    for script in {**last.texts, **look.texts}:
        own = {place.number for place in look.places.values() if place.script == script}
        if last.texts.get(script) != look.texts.get(script) and not own & changed:
            changed |= own
    return [number for number in numbers if number in changed]


def _listed(numbers: list[int]) -> str:
    return f"blank{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}"
