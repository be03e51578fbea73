"""Watch mode: the blanks that were just saved are checked again.

It looks at the scripts a few times a second, rather than asking the system for events: that works the same way on every
system, for files on a network, and for editors that save by renaming.
"""

import threading

from exercises import blanks, output
from exercises.folder import StudentFolder, digest
from exercises.markers import Place
from exercises.runner import Runner
from exercises.scripts import script_names
from kit.cli import console

SECONDS_BETWEEN_LOOKS = 0.1


def watch_folder(folder: StudentFolder) -> None:
    """Checks the blanks of a folder, then those of each saved script whose lines have changed, until all are done."""
    runner = Runner()
    console.say(f"Watching {folder.path.resolve().name}; Ctrl-C ends. TensorFlow takes a few seconds to start ...")
    numbers = blanks.numbers()
    try:
        while True:
            stamps, texts, places = _stamps(folder), folder.texts(), folder.places()
            for verdict in runner.check(folder, numbers):
                folder.note_verdict(verdict, places)
                output.say_verdict(verdict)
            output.say_what_is_next(folder)
            if all(folder.is_passed(number, places) for number in blanks.numbers()):
                return
            numbers = []
            while not numbers:
                stamps = _wait_for_a_save(folder, stamps)
                numbers = _changed(folder, texts, places)
            console.say(f"\nSaved: checking {_listed(numbers)} ...")
    except KeyboardInterrupt:
        console.say("\nStopped watching.")


def _stamps(folder: StudentFolder) -> dict[str, tuple[int, int] | None]:
    """When each script was last written, and its size; None for one that isn't there."""
    stamps: dict[str, tuple[int, int] | None] = {}
    for script in script_names():
        try:
            stat = (folder.path / script).stat()
            stamps[script] = stat.st_mtime_ns, stat.st_size
        except OSError:
            stamps[script] = None
    return stamps


def _wait_for_a_save(folder: StudentFolder, stamps: dict) -> dict:
    """Waits until the stamps differ and then stay as they are for a look; gives the new ones."""
    clock = threading.Event()  # never set: a wait that Ctrl-C ends at once
    before, now = stamps, _stamps(folder)
    while now == stamps or now != before or None in now.values():
        clock.wait(SECONDS_BETWEEN_LOOKS)
        before, now = now, _stamps(folder)
    return now


def _changed(folder: StudentFolder, texts: dict[str, str], places: dict[str, Place]) -> list[int]:
    """The numbers of the blanks to check again: changed ones, and all of a script that changed elsewhere."""
    new_texts, new_places = folder.texts(), folder.places()
    changed = {number for number in blanks.numbers() if digest(places, number) != digest(new_places, number)}
    for script in script_names():
        own = {place.number for place in new_places.values() if place.script == script}
        if texts.get(script) != new_texts.get(script) and not own & changed:
            changed |= own
    return sorted(changed)


def _listed(numbers: list[int]) -> str:
    return f"blank{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}"
