"""Watch mode: the blanks that were just saved are checked again. On a terminal it takes keys: watch_screen.py."""

import os
import sys
import threading

from exercises import output
from exercises.folder import StudentFolder
from exercises.runner import Runner
from exercises.saves import (
    SECONDS_BETWEEN_LOOKS,
    Snapshot,
    Stamps,
    changed,
    is_saved,
    saved_text,
    snapshot,
    stamps,
    start_text,
)
from kit.cli import console
from kit.cli.errors import UserError


def watch_folder(folder: StudentFolder, editor: str | None = None) -> None:
    """Checks the blanks of a folder, then those of each saved script whose lines have changed, until Ctrl-C.

    Args:
      folder: the student's.
      editor: the command that opens a place on a key; None: that of the environment.
    """
    try:
        if is_terminal():
            from exercises.watch_screen import watch_on_screen

            watch_on_screen(folder, editor)
        else:
            _watch_in_lines(folder)
    except KeyboardInterrupt:
        pass
    console.say("\nStopped watching.")


def is_terminal() -> bool:
    """Whether somebody sits there who reads and types, at a terminal that can be redrawn."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _watch_in_lines(folder: StudentFolder) -> None:
    runner, last = Runner(), None
    console.say(start_text(folder))
    while True:
        begun = stamps(folder)
        try:
            folder = StudentFolder(folder.path)  # with the hints that were taken meanwhile, in another terminal
            last = _check_what_changed(runner, folder, last)
        except UserError as error:  # a script that can't be read: half saved, or not as text
            console.say(f"\n{error}\n  Watching goes on: save it again.")
        _wait_for_a_save(folder, begun)


def _check_what_changed(runner: Runner, folder: StudentFolder, last: Snapshot | None) -> Snapshot:
    """Checks the blanks that have changed since the last snapshot, all of them at the first; gives the new one."""
    now = snapshot(folder)
    numbers = changed(last, now, folder.numbers)
    if not numbers:
        return now
    if last:
        console.say(f"\n{saved_text(numbers)}")
    output.say_verdicts(runner.check(folder, numbers), folder, now.places)
    if last is None or now.changes != last.changes:
        output.say_changes(now.changes)
    output.say_what_is_next(folder, numbers)
    if all(folder.is_passed(number, now.places) for number in folder.numbers):
        console.say("Still watching; Ctrl-C ends.")
    return now


def _wait_for_a_save(folder: StudentFolder, begun: Stamps) -> None:
    """Waits until the stamps differ and then stay as they are for a look."""
    clock = threading.Event()  # never set: a wait that Ctrl-C ends at once
    before, now = begun, stamps(folder)
    while not is_saved(begun, before, now):
        clock.wait(SECONDS_BETWEEN_LOOKS)
        before, now = now, stamps(folder)
