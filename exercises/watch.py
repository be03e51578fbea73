"""Watch mode: the blanks that were just saved are checked again.

It looks at the scripts a few times a second, rather than asking the system for events: that works alike on every
system, for files on a network, and for editors that save by renaming.
"""

import threading

from exercises import telling
from exercises.blanks import all_blanks
from exercises.folder import digest
from exercises.runner import Runner
from exercises.source import SCRIPTS
from kit.cli import console

SECONDS_BETWEEN_LOOKS = 0.1


def watch_folder(folder):
    """Checks the blanks of a folder, then those of each saved script whose lines have changed, until all are done.

    Args:
      folder: exercises.folder.StudentFolder.
    """
    runner = Runner()
    console.say(f"Watching {folder.path.resolve().name}; Ctrl-C ends. TensorFlow takes a few seconds to start ...")
    numbers = [each.number for each in all_blanks()]
    try:
        while True:
            stamps, texts, places = _stamps(folder), folder.texts(), folder.places()
            for verdict in runner.check(folder, numbers):
                folder.note_verdict(verdict, places)
                telling.say_verdict(verdict)
            telling.say_what_is_next(folder)
            if all(folder.is_passed(each.number, places) for each in all_blanks()):
                return
            numbers = []
            while not numbers:
                stamps = _wait_for_a_save(folder, stamps)
                numbers = _changed(folder, texts, places)
            console.say(f"\nSaved: checking {_listed(numbers)} ...")
    except KeyboardInterrupt:
        console.say("\nStopped watching.")


def _stamps(folder):
    """When each script was last written, and its size; None for one that isn't there."""
    stamps = {}
    for script in SCRIPTS:
        try:
            stat = (folder.path / script).stat()
            stamps[script] = stat.st_mtime_ns, stat.st_size
        except OSError:
            stamps[script] = None
    return stamps


def _wait_for_a_save(folder, stamps):
    """Waits until the stamps differ and then stay as they are for a look; gives the new ones."""
    clock = threading.Event()  # never set: a wait that Ctrl-C ends at once
    before, now = stamps, _stamps(folder)
    while now == stamps or now != before or None in now.values():
        clock.wait(SECONDS_BETWEEN_LOOKS)
        before, now = now, _stamps(folder)
    return now


def _changed(folder, texts, places):
    """The numbers of the blanks to check again: changed ones, and all of a script that changed elsewhere."""
    new_texts, new_places = folder.texts(), folder.places()
    changed = {each.number for each in all_blanks() if digest(places, each.number) != digest(new_places, each.number)}
    for script in SCRIPTS:
        own = {place.number for place in new_places.values() if place.script == script}
        if texts.get(script) != new_texts.get(script) and not own & changed:
            changed |= own
    return sorted(changed)


def _listed(numbers):
    return f"blank{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}"
