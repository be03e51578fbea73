"""What a student has written into one blank of the scripts, for its check."""

import bdb
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from exercises.common_errors import explanation_of, line_of_message
from exercises.findings import Empty, Finding, Line
from exercises.markers import Place, lines_of, missing_markers, places_in, with_lines
from exercises.outside import changes, without_blanks
from exercises.student_lines import StudentLines
from kit.cli.errors import EMPTY_BLANK, OWN_MODULES, tensorflow_reason

LONGEST = 500  # characters of a line, in a finding


# (types of error, what was found, what was expected, why): how lines stop other than by a mistake in them.
_STOPS: list[tuple[tuple[type[BaseException], ...], str, str, str]] = [
    (
        (SystemExit, KeyboardInterrupt),
        "your lines end the program",
        "lines that run to their end, without exit or quit",
        "The lines after them would never run, nor would the rest of the check.",
    ),
    (
        (bdb.BdbQuit,),
        "your lines stop at a breakpoint",
        "no breakpoint() and no pdb in the lines that are checked",
        "A check has no keyboard for the debugger. Run the script itself to use one.",
    ),
    (
        (EOFError,),
        "your lines wait for something to be typed",
        "no input() in the lines that are checked",
        "A check has no keyboard, and training runs for hours without anybody there.",
    ),
    (
        (RecursionError,),
        "a function of your lines calls itself again and again",
        "a function that ends",
        "Python stops it after about a thousand calls within each other.",
    ),
]


class StudentBlank:
    """What a student has written into one blank, in all its places.

    Attributes:
      number: of the blank.
      seed: of the student's own data, for a stage that draws some.
      places: {letter: Place}, those whose marker lines are there.
    """

    def __init__(
        self, number: int, folder: str | Path, texts: dict[str, str], empty_texts: dict[str, str], seed: int
    ) -> None:
        """
        Args:
          number: of the blank.
          folder: where the scripts are, for the names in error messages.
          texts: {script: what is in it}.
          empty_texts: the same, as they were handed out.
          seed: of the student's own data.
        """
        self.number, self.seed = number, seed
        self._folder, self._texts, self._empty_texts = Path(folder), texts, empty_texts
        self.places, self._titles = (_places_of(number, each) for each in (texts, empty_texts))

    @property
    def letters(self) -> list[str]:
        """Of the blank's places as they were handed out: ["a", "b"]; [""] where there is only one."""
        return list(self._titles)

    def other(self, number: int) -> "StudentBlank":
        """Another blank of the same student's."""
        return StudentBlank(number, self._folder, self._texts, self._empty_texts, self.seed)

    def at(self, letter: str = "") -> StudentLines:
        """The lines of a place: "a", "b", ...; "" for the blank's only one."""
        return StudentLines(self, letter)

    def finding_of(self, error: BaseException) -> Finding:
        """The Finding for an error that came out of the student's lines, or of what they made."""
        frames = traceback.extract_tb(error.__traceback__)
        line = self.line_among([(frame.filename, frame.lineno) for frame in frames])
        line = line or self.line_of(getattr(error, "op", None))
        if line is None and self.places:
            line = self.at(next(iter(self.places))).line_with()
        message = tensorflow_reason(error) if hasattr(error, "node_def") else str(error)
        if isinstance(error, NotImplementedError) and EMPTY_BLANK in message:
            if line and "NotImplementedError" not in line[2]:
                return Finding(
                    f"your lines call a function that has a blank of its own: {line_of_message(message)}",
                    "the names that the comment in the blank lists",
                    "Each blank is checked by itself, whatever the others hold.",
                    line,
                )
            return Finding(
                "the line with NotImplementedError is still there, among your own",
                "your lines in its place",
                "It stops the script, so that a script that is run too early says what is missing.",
                line,
            )
        for kinds, found, expected, why in _STOPS:
            if isinstance(error, kinds):
                return Finding(found, expected, why, line)
        return Finding(f"{type(error).__name__}: {line_of_message(message)}", *explanation_of(error, message), line)

    def line_of(self, operation: Any) -> Line | None:
        """The student's line that made an operation of the graph, or None."""
        frames = getattr(operation, "traceback", None) or []
        return self.line_among([(frame.filename, frame.lineno) for frame in frames])

    def line_among(self, frames: Sequence[tuple[str, int | None]]) -> Line | None:
        """The innermost of some (path, line number) that lies in one of the blank's places."""
        for path, number in reversed(frames):
            for place in self.places.values():
                is_within = place.first_line <= (number or 0) < place.first_line + len(place.lines)
                if is_within and number and path == str(self._folder / place.script):
                    return self.line(place.script, number)
        return None

    def line(self, script: str, number: int) -> Line:
        """A line of a script, by its number."""
        lines = lines_of(self._texts[script])
        return script, number, lines[number - 1].strip()[:LONGEST] if number <= len(lines) else ""

    def path(self, script: str) -> str:
        """Where the student has a script."""
        return str(self._folder / script)

    def texts_of(self, script: str) -> tuple[str, str, str]:
        """A script as the student left it; without what is in its other blanks; as it was handed out."""
        text = self._texts[script]
        others = {
            name: [each.indent + "pass"] for name, each in places_in(script, text).items() if each.number != self.number
        }
        return text, with_lines(script, text, others), self._empty_texts[script]

    def place(self, letter: str) -> Place:
        """A place as the student left it.

        Raises:
          Finding: its marker lines are gone.
          Empty: there is nothing in it.
        """
        empty = self._titles[letter]
        if letter not in self.places:
            gone = " and ".join(f"'{line}'" for line in missing_markers(self._texts[empty.script], empty.name))
            raise Finding(
                f"{empty.script} has no line {gone}" if gone else f"the marker lines of blank {empty.name} are crossed",
                f"'# blank {empty.name}: {empty.title}' above your lines and '# end of blank {empty.name}' below them",
                "The check finds your lines by these two. Type them where they were: your lines stay as they are.",
            )
        place = self.places[letter]
        code = [line for line in place.lines if line.strip() and not line.lstrip().startswith("#")]
        if not code or (len(code) == 1 and EMPTY_BLANK in code[0]):
            raise Empty(
                f"blank {place.name} {EMPTY_BLANK}",
                empty.title,
                f"The comment in {place.script} says what to write; `python -m exercises hint {self.number}` helps.",
            )
        return place

    def names_as_handed_out(self) -> dict[str, Any]:
        """What the blank's script defines outside of its functions, as it was handed out."""
        script = next(iter(self._titles.values())).script
        return self._execute(script, self._empty_texts[script])

    def names_of_module(self, script: str) -> dict[str, Any]:
        """What a script defines outside of its functions; as handed out where it imports modules of the student's own.

        Raises:
          Finding: outside the blanks the student has left an error in it.
        """
        try:
            return self._execute(script, self._texts[script])
        except BaseException as error:
            names = self._execute(script, self._empty_texts[script])
            is_elsewhere = isinstance(error, ModuleNotFoundError) and str(error.name).split(".")[0] not in OWN_MODULES
            if is_elsewhere or self._texts[script] == self._empty_texts[script]:
                return names
            raise self._finding_outside(script, error) from None

    def _finding_outside(self, script: str, error: BaseException) -> Finding:
        number = error.lineno if isinstance(error, SyntaxError) else None
        for frame in traceback.extract_tb(error.__traceback__):
            number = frame.lineno if frame.filename == self.path(script) else number
        number = number or 1
        changed = changes(script, self._texts[script], self._empty_texts[script])
        before = [each for each in changed if each.number <= number] or changed
        was = f"; line {before[-1].number} was: {before[-1].before[0]}" if before and before[-1].before else ""
        message = error.msg if isinstance(error, SyntaxError) else line_of_message(str(error))
        return Finding(
            f"outside the blanks, {script} has an error: {type(error).__name__}: {message}",
            f"the script as it was handed out, but for the lines in its blanks{was}",
            "Python reads the whole script before it runs a line, so with this error no blank of it can run.",
            self.line(script, number),
        )

    def _execute(self, script: str, text: str) -> dict[str, Any]:
        """The names of a script's text, run with nothing in its blanks."""
        handed_out = Path(sys.path[0], script)  # where a check imports from; a lab puts the folder above it on the path
        scope = {"__name__": Path(script).stem, "__file__": str(handed_out)}
        exec(compile(without_blanks(script, text), self.path(script), "exec"), scope)
        return scope


def _places_of(number: int, texts: dict[str, str]) -> dict[str, Place]:
    """{letter: Place} of a blank."""
    places = [place for script, text in texts.items() for place in places_in(script, text).values()]
    return {place.letter: place for place in sorted(places, key=lambda place: place.name) if place.number == number}
