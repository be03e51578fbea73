"""Watch mode on a terminal: a screenful, redrawn when something happens, and keys."""

from __future__ import annotations

import contextlib
import functools
import io
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence

from exercises import editors, look, output, window
from exercises.blanks import blank
from exercises.findings import Verdict
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
from exercises.screen import Screen, cut
from kit.cli.errors import UserError

KEYS = "e edit   n/p next, previous blank   h hint   l look   q quit"
FEW_KEYS = "e n p h l, q quit"  # in a narrow window
FOOT_OF_HINTS = 3  # rows
FEWEST_OTHERS = 3  # blanks that are listed in a window that is too small for all


def watch_on_screen(folder: StudentFolder, editor: str | None) -> None:
    """Watches a folder until q or Ctrl-C."""
    with Screen() as screen:
        screen.show([start_text(folder), "", KEYS])
        _Watch(folder, screen, editor).run()


class _Quit(Exception):
    """The key q."""


class _Watch:
    """What is watched, and what is on the screen."""

    def __init__(self, folder: StudentFolder, screen: Screen, editor: str | None) -> None:
        self._folder, self._screen, self._editor = folder, screen, editor
        self._runner = Runner()
        self._last: Snapshot | None = None
        self._verdicts: dict[int, Verdict] = {}
        self._in_view = folder.numbers[0]
        self._hints = 0  # of the blank in view, that are on the screen
        self._note = ""  # the line above the keys
        self._is_checking = False

    def run(self) -> None:
        with contextlib.suppress(_Quit):
            while True:
                begun, last = stamps(self._folder), self._last
                with self._errors_in_note():
                    self._check_what_changed()
                    last = self._last
                self._last, self._is_checking = last, False
                self._redraw()
                self._wait_for_a_save(begun)

    @contextlib.contextmanager
    def _errors_in_note(self) -> Iterator[None]:
        """Says in the note what can't be read or written, and goes on."""
        try:
            yield
        except UserError as error:
            self._note = f"{error} Watching goes on."

    # ------------------------------------------------------------------------- checking

    def _check_what_changed(self) -> None:
        self._folder = StudentFolder(self._folder.path)  # with the hints that were taken meanwhile, elsewhere
        now = snapshot(self._folder)
        numbers = changed(self._last, now, self._folder.numbers)
        is_first, self._last = self._last is None, now
        if not numbers:
            self._note = self._note if self._hints else ""
            return
        self._note, self._hints, self._is_checking = saved_text(numbers), 0, True
        if not is_first:
            self._redraw()
        self._folder.note_work(now.places)
        for count, verdict in enumerate(self._runner.check(self._folder, numbers), start=1):
            self._verdicts[verdict.number] = verdict
            self._folder.note_verdict(verdict, now.places)
            if is_first and count < len(numbers):
                self._screen.show(
                    [start_text(self._folder), f"{count} of {len(numbers)} blanks are checked.", "", KEYS]
                )
            pressed = self._screen.keys(0)
            self._press(pressed)
            if pressed and not is_first:
                self._redraw()
        self._note, self._is_checking = "", False
        failed = [number for number in numbers if not self._folder.is_passed(number, now.places)]
        if self._in_view not in failed:
            self._in_view = (failed or numbers)[0]

    def _wait_for_a_save(self, begun: Stamps) -> None:
        """Waits until a script was saved, and does what keys ask for meanwhile."""
        before, now, size = begun, stamps(self._folder), shutil.get_terminal_size()
        while not is_saved(begun, before, now):
            pressed = self._screen.keys(SECONDS_BETWEEN_LOOKS)
            self._press(pressed)
            if pressed or size != shutil.get_terminal_size():
                size = shutil.get_terminal_size()
                self._redraw()
            before, now = now, stamps(self._folder)

    # ------------------------------------------------------------------------- keys

    def _press(self, keys: str) -> None:
        """Does what each key asks for; other keys do nothing."""
        for key in keys:
            if key == "q":
                raise _Quit
            if key in "np":
                self._move(1 if key == "n" else -1)
            elif self._is_checking and key in "ehl":
                self._note = f"{self._note} Press {key} again when it is done."
            elif key in "ehl":
                with self._errors_in_note():
                    {"e": self._edit, "h": self._show_hint, "l": self._look}[key]()

    def _show_hint(self) -> None:
        """Shows the next hint on a page of its own; after the last one, what was found again."""
        most, self._note = len(blank(self._in_view).hints), ""
        if self._hints == most:
            self._hints = 0
            return
        self._hints = self._folder.note_hint(self._in_view, most)
        next_one = f"hint {self._hints + 1} of {most}" if self._hints < most else "back to what was found"
        self._note = f"h: {next_one}"

    def _move(self, step: int) -> None:
        numbers = self._folder.numbers
        self._in_view = numbers[(numbers.index(self._in_view) + step) % len(numbers)]
        self._hints, self._note = 0, ""

    def _look(self) -> None:
        number = self._in_view
        if not blank(number).has_look:
            self._note = f"Blank {number} has no picture: its lab draws what it makes."
            return
        self._note = f"Drawing what your lines of blank {number} make ..."
        self._redraw()
        verdict = self._runner.look(self._folder, number)
        if verdict.picture is None:
            self._note = f"Nothing to draw: {verdict.finding.found}" if verdict.finding else "Nothing was drawn."
            return
        path = look.save(verdict.picture, self._folder.path, number)
        drawn = path.relative_to(self._folder.path)  # in full it may not fit
        self._note = f"{drawn}: drawn{', and opened in a window' if look.show(path) else ''}."

    def _edit(self) -> None:
        """Opens the place in view in an editor: at the line that a finding is about, or at its first line."""
        places = [place for place in self._folder.places().values() if place.number == self._in_view]
        verdict = self._verdicts.get(self._in_view)
        line = verdict.finding.line if verdict and verdict.finding else None
        if line is None and not places:
            self._note = f"The marker lines of blank {self._in_view} are gone: reset it, or type them again."
            return
        script, number = line[:2] if line else (places[0].script, places[0].first_line)
        editor = editors.chosen_editor(self._editor)
        words = editors.command_at(editor, (self._folder.path / script).resolve(), number)
        words[0] = shutil.which(words[0]) or words[0]
        try:
            if editors.has_window(editor):
                window.start(words)
            else:
                with self._screen.lent():
                    subprocess.call(words)
            self._note = f"{script}:{number} is open in {editors.name_of(editor)}." * editors.has_window(editor)
        except OSError as error:
            self._note = f"{words[0]}: cannot be started: {error.strerror}. Name an editor: watch --editor vim"

    # ------------------------------------------------------------------------- the screen

    def _redraw(self) -> None:
        size = shutil.get_terminal_size()
        keys = KEYS if len(KEYS) <= size.columns else FEW_KEYS
        if self._hints:
            lines = screenful(self._hint_page(size.lines), [], 0, [self._note, keys], size.lines)
        else:
            before = sum(number < self._in_view for number in self._numbers_checked())
            lines = screenful(self._top(), self._others(), before, [*self._foot(), keys], size.lines)
        self._screen.show([cut(line, size.columns) for line in lines])

    def _hint_page(self, rows: int) -> list[str]:
        """The hints of the blank in view: as many as there is room for, the newest first of all."""
        number, lines = self._in_view, []
        hints = blank(number).hints[: self._hints]
        for first in range(len(hints)):
            for mistake in (self._folder.repeated_mistake(number), None):
                say = functools.partial(output.say_hints, blank(number), hints[first:], mistake, first + 1)
                lines = lines_of(say)
                if len(lines) + FOOT_OF_HINTS <= rows:
                    return lines
        return lines

    def _top(self) -> list[str]:
        """The blank in view: its state, and what was found."""
        number = self._in_view
        lines = [f"Watching {self._folder.path.resolve().name}"]
        if number in self._verdicts:
            lines += self._lines_of(self._say_verdict_in_view)
        return lines

    def _say_verdict_in_view(self) -> None:
        output.say_verdict(self._verdicts[self._in_view], self._folder, self._folder.places(), with_commands=False)

    def _others(self) -> list[str]:
        """A line for each other blank."""
        others = [number for number in self._numbers_checked() if number != self._in_view]
        return [line for each in others for line in lines_of(lambda each=each: output.say_state(self._verdicts[each]))]

    def _numbers_checked(self) -> list[int]:
        return [number for number in self._folder.numbers if number in self._verdicts]

    def _foot(self) -> list[str]:
        """What is next, once it is known, and the note."""
        changes = [f"{each.script}:{each.number}" for each in self._last.changes] if self._last else []
        lines = [f"Note: changed outside the blanks: {', '.join(changes)}"] if changes else []
        if not self._is_checking:
            lines += [*self._lines_of(self._say_what_is_next), ""]
        return [*lines, " ".join(self._note.split())]

    def _say_what_is_next(self) -> None:
        output.say_what_is_next(self._folder, [self._in_view])

    def _lines_of(self, say: Callable[[], None]) -> list[str]:
        """The lines that something prints; none where it can't read a script."""
        with self._errors_in_note():
            return lines_of(say)
        return []


class _Page(io.StringIO):
    """What is printed for the screen, with colours."""

    def isatty(self) -> bool:
        return True


def lines_of(say: Callable[[], None]) -> list[str]:
    """The lines that something prints, as on a terminal."""
    page = _Page()
    with contextlib.redirect_stdout(page):
        say()
    return page.getvalue().rstrip("\n").split("\n")


def screenful(top: Sequence[str], others: Sequence[str], before: int, foot: Sequence[str], rows: int) -> list[str]:
    """What is shown in a window of some rows: as much as there is room for, and always the last line.

    Args:
      top: of the blank in view.
      others: a line for each other blank; in a small window those around the one in view.
      before: how many of them come before it.
      foot: what is next, and the keys.
      rows: of the window.
    """

    def over() -> int:
        return len(top) + 1 + len(others) + len(foot) - rows

    top, others, foot = list(top), list(others), list(foot)
    if over() > 0:
        foot = [line for line in foot if line]
    if over() > 0 and len(others) > FEWEST_OTHERS:
        kept = max(len(others) - over() - 1, FEWEST_OTHERS)
        first = min(max(0, before - kept // 2), len(others) - kept)
        others = [*others[first : first + kept], f"     and {len(others) - kept} more blanks"]
    if over() > 0:
        top = [*top[: max(2, len(top) - over() - 1)], "     ..."]
    lines = [*top, "", *others, *foot]
    return [*lines[: rows - 1], lines[-1]] if len(lines) > rows else lines
