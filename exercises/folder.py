"""A student's folder: the scripts as they stand in it, and the record of hints, give-ups and passes."""

import contextlib
import hashlib
import time
import tokenize
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from exercises import repeated_mistake
from exercises.blanks import Blank, all_blanks
from exercises.file_names import unused
from exercises.findings import Verdict
from exercises.markers import Place, indented_by_spaces, places_in, with_lines
from exercises.outside import Change, changes
from exercises.repeated_mistake import RepeatedMistake
from exercises.scripts import empty_places, empty_script, script_names
from exercises.surrogates import without_surrogates
from kit.cli.errors import UserError
from kit.data.drawing.students_seed import RECORD_FILE
from kit.system.files import check_can_write, make_folder, read_json, write_json, write_text
from kit.system.locks import brief_lock

LONGEST_PAUSE = 20  # minutes between two checks that count as work
MOST_TIME = 1 << 40  # seconds since 1970, or minutes


@dataclass
class Record:
    """What is kept of a student's work, in the folder."""

    student: str | None = None
    seed: int = 0
    labs: bool = False  # whether the labs have blanks, too
    hints: dict[str, int] = field(default_factory=dict)  # {number of a blank: how many were shown}
    gave_up: list[int] = field(default_factory=list)  # numbers of blanks whose solution was shown before it was found
    minutes: dict[str, float] = field(default_factory=dict)  # {number of a blank: how long it was worked on}
    seen: dict[str, str] = field(default_factory=dict)  # {number of a blank: digest of its lines at the last check}
    last_check: float = 0.0  # when: seconds since 1970
    passed: dict[str, dict] = field(
        default_factory=dict
    )  # {number: {"lines": digest of what passed, "remarks": [...]}}
    failed: dict[str, dict] = field(default_factory=dict)  # {number: what its last check found}: repeated_mistake.py


class StudentFolder:
    """A folder that `start` made."""

    def __init__(self, path: str | Path) -> None:
        """Opens a folder.

        Raises:
          UserError: it isn't one, or its record is damaged.
        """
        self.path = Path(path)
        self._record_path = self.path / RECORD_FILE
        if not self._record_path.exists():
            if self.path.is_file():
                raise UserError(f"{self.path}: a file; expected the folder that it lies in, '{self.path.parent}'.")
            is_folder = self.path.is_dir()
            raise UserError(
                f"{self.path}: "
                f"{f'not a folder of the hands-on, it has no {RECORD_FILE}' if is_folder else 'no such folder'}.\n"
                "  Make one: python -m exercises start my_handson"
            )
        self.record = _record(self._record_path)

    @property
    def blanks(self) -> tuple[Blank, ...]:
        """Every Blank of the folder, in order, those of the labs last."""
        return all_blanks(self.record.labs)

    @property
    def numbers(self) -> list[int]:
        """Their numbers."""
        return [each.number for each in self.blanks]

    def text(self, script: str) -> str:
        """A script as it stands in the folder, read as Python reads it.

        Raises:
          UserError: it can't be read.
        """
        path = self.path / script
        try:
            with tokenize.open(path) as file:
                return file.read()
        except FileNotFoundError:
            raise UserError(
                f"{path}: this script is gone. Any blank of it brings it back: python -m exercises reset NUMBER"
            ) from None
        except (UnicodeDecodeError, SyntaxError):
            raise UserError(
                f"{path}: not text in UTF-8, which Python expects.\n  Choose that encoding in your editor, and save."
            ) from None
        except OSError as error:
            raise UserError(f"{path}: cannot be read: {error.strerror}.") from None

    def texts(self) -> dict[str, str]:
        """Every script that can be read: {name: text}."""
        texts = {}
        for script in script_names(self.record.labs):
            if (self.path / script).exists():
                texts[script] = self.text(script)
        return texts

    def places(self) -> dict[str, Place]:
        """The places as the student left them, those with both marker lines: {name: Place}."""
        return {name: place for script, text in self.texts().items() for name, place in places_in(script, text).items()}

    def changes_outside(self) -> list[Change]:
        """What the student has changed outside the blanks."""
        return [each for script, text in self.texts().items() for each in changes(script, text, empty_script(script))]

    def is_passed(self, number: int, places: dict[str, Place] | None = None) -> bool:
        """Whether a blank has passed its check with just the lines that are in it now."""
        passed = self.record.passed.get(str(number))
        return passed is not None and passed["lines"] == digest(self.places() if places is None else places, number)

    def note_work(self, places: dict[str, Place]) -> None:
        """Counts the time since the last check for the blanks that have changed since, or for the first unsolved one.

        A longer pause isn't counted: nobody knows what was done in it.
        """
        now = time.time()
        digests = {str(number): digest(places, number) for number in self.numbers}
        with self._changing_record() as record:
            minutes = (now - record.last_check) / 60
            worked_on = [number for number in digests if record.seen.get(number, digests[number]) != digests[number]]
            worked_on = worked_on or [str(each) for each in self.numbers if not self.is_passed(each, places)][:1]
            if 0 < minutes <= LONGEST_PAUSE:
                for number in worked_on:
                    record.minutes[number] = round(record.minutes.get(number, 0.0) + minutes / len(worked_on), 2)
            record.seen, record.last_check = digests, round(now, 1)

    def note_verdict(self, verdict: Verdict, places: dict[str, Place]) -> None:
        """Keeps what a check found, if it found anything out; `places` are those that it looked at."""
        if verdict.is_open:
            return
        number, lines = str(verdict.number), digest(places, verdict.number)
        with self._changing_record() as record:
            record.passed.pop(number, None)
            before = record.failed.pop(number, None)
            if verdict.solved:
                record.passed[number] = {"lines": lines, "remarks": list(verdict.remarks)}
            elif verdict.finding and not verdict.is_empty:
                record.failed[number] = repeated_mistake.after(before, verdict.finding, lines).as_record()

    def repeated_mistake(self, number: int) -> RepeatedMistake | None:
        """What the last checks of a blank have found again and again, or None."""
        mistake = repeated_mistake.from_record(self.record.failed.get(str(number)))
        return mistake if mistake and mistake.times >= repeated_mistake.TIMES else None

    def note_hint(self, number: int, most: int) -> int:
        """Counts a hint; returns how many of the blank's were shown, at most `most`."""
        with self._changing_record() as record:
            shown = min(record.hints.get(str(number), 0) + 1, most)
            record.hints[str(number)] = shown
        return shown

    def note_give_up(self, number: int) -> None:
        """Keeps that a blank was given up."""
        with self._changing_record() as record:
            if number not in record.gave_up:
                record.gave_up.append(number)

    def note_student(self, name: str) -> None:
        """Keeps whose folder it is."""
        with self._changing_record() as record:
            record.student = name

    def check_can_note(self) -> None:
        """Checks that the record can be written; a UserError if not."""
        check_can_write(self._record_path)

    def save(self) -> None:
        """Writes the record over what another command may have noted meanwhile."""
        write_json(self._record_path, asdict(self.record))

    @contextlib.contextmanager
    def _changing_record(self) -> Iterator[Record]:
        """The record as it stands in the folder now, where another command may have noted something; then written."""
        with brief_lock(self.path, "command of the hands-on"):
            self.record = _record(self._record_path)
            yield self.record
            self.save()

    def reset(self, number: int) -> list[str]:
        """Empties a blank; where its marker lines are gone, its script is made again around the other blanks.

        Returns:
          The names of the files that keep what was there before.
        """
        kept = []
        texts, mine = self.texts(), self.places()
        empty = {name: place for name, place in empty_places(self.record.labs).items() if place.number == number}
        for script in sorted({place.script for place in empty.values()}):
            new = {name: place.lines for name, place in empty.items() if place.script == script}
            text = texts.get(script)
            if text is None or not new.keys() <= places_in(script, text).keys():
                others = {name: indented_by_spaces(place) for name, place in mine.items() if place.script == script}
                new = {**others, **new}
                before, text = text, empty_script(script)
            else:
                before = text
            make_folder((self.path / script).parent)
            if before is not None:
                kept.append(unused(f"{script}.before_reset", lambda name: (self.path / name).exists()))
                write_text(self.path / kept[-1], before)
            write_text(self.path / script, with_lines(script, text, new))
        with self._changing_record() as record:
            record.passed.pop(str(number), None)
            record.failed.pop(str(number), None)
        return kept


def folders_here() -> list[Path]:
    """The folders of the hands-on that a command means if it names none: the current one, or those in it."""
    here = Path()
    return [here] if (here / RECORD_FILE).exists() else sorted(found.parent for found in here.glob(f"*/{RECORD_FILE}"))


def digest(places: dict[str, Place], number: int) -> str:
    """A fingerprint of what is in the places of a blank."""
    text = "\0".join(f"{name}\0{place.text}" for name, place in sorted(places.items()) if place.number == number)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _record(path: Path) -> Record:
    content = read_json(path, "the record of the hands-on")
    defaults = asdict(Record())
    for name, value in content.items():
        wanted = {"student": str | None, "last_check": int | float}.get(name)
        is_known = name in defaults and isinstance(value, wanted or type(defaults[name]))
        if not is_known:
            raise UserError(f"{path}: '{name}' is not as the kit writes it.\n  Fix it, or delete the entry.")
    record = Record(**content)
    counts = [record.seed, *record.hints.values(), *record.gave_up]
    if not all(isinstance(count, int) and 0 <= count < 1 << 31 for count in counts):
        raise UserError(f"{path}: a seed, hint or give-up is no whole number from 0.\n  Fix it, or delete the entry.")
    times = [record.last_check, *record.minutes.values()]
    if not all(isinstance(each, int | float) and 0 <= each < MOST_TIME for each in times):
        raise UserError(f"{path}: a time is no number from 0, or a very large one.\n  Fix it, or delete the entry.")
    are_kept = {
        "passed": all(map(_is_pass, record.passed.values())),
        "failed": all(map(repeated_mistake.from_record, record.failed.values())),
    }
    for name, is_kept in are_kept.items():
        if not is_kept:
            raise UserError(f"{path}: '{name}' is not as the kit writes it.\n  Delete the entry.")
    record.student = record.student and without_surrogates(record.student)
    return record


def _is_pass(kept: Any) -> bool:
    """Whether it is what a record keeps of a blank that has passed; older records have no remarks."""
    if not isinstance(kept, dict) or not isinstance(kept.get("lines"), str):
        return False
    remarks = kept.get("remarks", [])
    return isinstance(remarks, list) and all(isinstance(each, str) for each in remarks)
