"""What a student reads: verdicts, hints, how far they are."""

import itertools
import shlex
import shutil
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

from exercises.blanks import Blank, all_blanks, blank, lab_blanks
from exercises.findings import Finding, Verdict
from exercises.folder import StudentFolder, folders_here
from exercises.markers import Place
from exercises.outside import Change
from exercises.repeated_mistake import RepeatedMistake, hint_for
from kit.cli import console

WIDEST = 100  # columns
LABEL = 14  # columns before a finding's text
LONGEST = 1000  # characters of a part of a finding
CHANGES = 5  # outside the blanks that are shown
MAIN = "exercises/__main__.py"  # where `python -m exercises` works
PRINTED_LINES = 8  # of what a student's lines printed
LABS_HEADING = "\nlabs (optional)"


def command(folder: StudentFolder, *words: str) -> str:
    """The command of the hands-on for a folder, as it works in this shell and where it stands."""
    if not Path(MAIN).exists():
        change_folder = shlex.join(["cd", str(folder.path)])
        return f"{change_folder} && {console.python('-m', 'exercises', *words, folder=str(folder.path))}"
    here = [path.resolve() for path in folders_here()]
    named = [] if here == [folder.path.resolve()] else [str(folder.path)]
    return console.python("-m", "exercises", *words, *named)


def say_verdicts(verdicts: Iterable[Verdict], folder: StudentFolder, places: dict[str, Place]) -> None:
    """Prints verdicts as they come, and keeps them in the folder's record; `places` are those that were checked."""
    folder.note_work(places)
    for is_of_lab, group in itertools.groupby(verdicts, lambda verdict: blank(verdict.number).is_of_lab):
        if is_of_lab:
            console.say(LABS_HEADING)
        for verdict in group:
            folder.note_verdict(verdict, places)
            say_verdict(verdict, folder, places)


def say_verdict(verdict: Verdict, folder: StudentFolder, places: dict[str, Place], with_commands: bool = True) -> None:
    """Prints what a check found on a blank.

    Args:
      verdict: of the check.
      folder: the student's.
      places: that the check looked at.
      with_commands: print those that go on from there, too.
    """
    say_state(verdict)
    for remark in verdict.remarks if verdict.finding is None else ():
        _say_part("remark", remark)
    if verdict.finding and not verdict.is_empty:
        say_finding(verdict, verdict.finding, folder, places)
        if with_commands:
            say_commands(verdict, folder)


def say_state(verdict: Verdict) -> None:
    """Prints a line on a blank: its number, its state, its title."""
    state = ("not yet", "red")
    if verdict.finding is None:
        state = ("done", "green")
    elif verdict.is_empty:
        state = ("empty", "dim")
    elif verdict.is_open:
        state = ("unknown", "yellow")
    _say_state(verdict.number, *state, blank(verdict.number).title)


def say_finding(verdict: Verdict, finding: Finding, folder: StudentFolder, places: dict[str, Place]) -> None:
    """Prints a finding: the student's line and those it uses, what was found, what was expected, why it matters."""
    if verdict.passed:
        _say_part("right so far", "; ".join(verdict.parts[: verdict.passed]))
    if finding.line:
        script, number, text = finding.line
        _say_part("your line", f"{script}:{number}: {text}")
        of_blank = [place for place in places.values() if place.number == verdict.number]
        from exercises.related_lines import related_lines  # here: it imports NumPy, which may not be there

        for how, line in related_lines(finding.line, of_blank, folder.texts().get(script, "")):
            _say_part(how, "{}:{}: {}".format(*line))
    _say_part("found", finding.found)
    _say_part("expected", finding.expected)
    _say_part("why", finding.why)
    printed = verdict.printed.strip().splitlines()
    if printed:
        more = ["..."] if len(printed) > PRINTED_LINES else []
        for line in printed[:PRINTED_LINES] + more:
            _say_part("printed", line)
    _say_part("more", blank(verdict.number).guide)


def say_commands(verdict: Verdict, folder: StudentFolder) -> None:
    """Prints the commands that help where a blank isn't solved, each in one line, to be pasted."""
    console.say(f"{_head('hint')}{command(folder, 'hint', str(verdict.number))}")
    if blank(verdict.number).has_look and not verdict.is_look:
        console.say(f"{_head('see it')}{command(folder, 'look', str(verdict.number))}")


def say_changes(changes: Sequence[Change]) -> None:
    """Prints, as a note, what a student has changed outside the blanks."""
    if changes:
        console.say("\nNote: outside the blanks, this isn't as it was handed out. Did you mean to change it?")
    for change in changes[:CHANGES]:
        now, before = (
            _readable(lines[0]) + " ..." * (len(lines) > 1) if lines else "nothing"
            for lines in (change.now, change.before)
        )
        where = f"{change.script}:{change.number}"
        console.say(f"  {where}: {now}\n  {'was':>{len(where)}}: {before}")
    if len(changes) > CHANGES:
        console.say(f"  and {len(changes) - CHANGES} more")


def say_what_is_next(folder: StudentFolder, after: Sequence[int] = ()) -> None:
    """Prints how many blanks are done, and the next one with its places.

    Args:
      folder: the student's.
      after: the blanks that were worked on; if all are of labs, so is the next one.
    """
    places = folder.places()
    open_blanks = [each for each in folder.blanks if not folder.is_passed(each.number, places)]
    open_in_labs = sum(each.is_of_lab for each in open_blanks)
    count, in_labs = len(all_blanks()), len(folder.blanks) - len(all_blanks())
    done = count - (len(open_blanks) - open_in_labs)
    if done == count:
        train = console.python(str(folder.path.absolute() / "training.py"), "--network", "my_network")
        all_done = count if open_blanks else count + in_labs
        console.say(f"\nAll {all_done} blanks are done. The scripts are yours: {train}")
    if not open_blanks:
        return
    told = [f"{done} of {count} done"] if done < count else []
    told += [f"{in_labs - open_in_labs} of {in_labs} done in the labs"] if in_labs else []
    is_in_labs = bool(after) and all(blank(number).is_of_lab for number in after)
    following = next((each for each in open_blanks if each.is_of_lab == is_in_labs), open_blanks[0])
    console.say(f"\n{', '.join(told)}. Next: blank {following.number}, {following.title}")
    for name in following.tasks:
        if name in places:
            console.say(f"  {places[name].script}:{places[name].first_line - 1}  # blank {name}: {places[name].title}")
    console.say(f"  {following.guide}")


def say_status(folder: StudentFolder) -> None:
    """Prints a table of all blanks as they were last checked, and one of those of the labs."""
    _say_table(all_blanks(), folder)
    if folder.record.labs:
        console.say(LABS_HEADING)
        _say_table(lab_blanks(), folder)
    say_what_is_next(folder)


def _say_table(blanks: Iterable[Blank], folder: StudentFolder) -> None:
    places, record = folder.places(), folder.record
    rows = []
    for each in blanks:
        number = str(each.number)
        passed = record.passed.get(number)
        failed = "not yet" if number in record.failed else ""
        state = "done" if folder.is_passed(each.number, places) else "changed" if passed else failed
        notes = ["given up"] * (each.number in record.gave_up)
        notes += [remark.partition(":")[0] for remark in passed.get("remarks", [])] if passed else []
        rows.append([number, each.title, state, record.hints.get(number, 0), ", ".join(notes)])
    console.say_table(["blank", "", "state", "hints", "notes"], rows)


def say_hints(of_blank: Blank, hints: Sequence[str], mistake: RepeatedMistake | None, first: int = 1) -> None:
    """Prints hints of a blank, the newest last; before them, what fits a mistake that was found again and again.

    Args:
      of_blank: the blank.
      hints: that are shown.
      mistake: that was found again and again, or None.
      first: the number of the first of the hints.
    """
    console.say(textwrap.fill(f"Blank {of_blank.number}: {of_blank.title} ({of_blank.guide})", _width()))
    if mistake:
        console.say(f"\nThe last {mistake.times} checks found the same:")
        for label, text in (("your line", mistake.where), ("found", mistake.found), ("expected", mistake.expected)):
            if text:
                _say_part(label, text)
        _say_part("hint", hint_for(of_blank, mistake))
    for number, text in enumerate(hints, first):
        console.say(f"\nHint {number}:")
        for line in text.splitlines():
            console.say(textwrap.fill(line, _width(), initial_indent="  ", subsequent_indent="  "))


def dedented(lines: Iterable[str]) -> str:
    """Lines of a script without the indent that all of them have, as one text."""
    return textwrap.dedent("\n".join(lines))


def _readable(text: str) -> str:
    """A text with nothing in it that a terminal takes for a command, and not endless."""
    return "".join(each if each.isprintable() or each in "\n\t" else "\ufffd" for each in text[:LONGEST])


def _say_state(number: int, state: str, colour: str, text: str) -> None:
    from rich.console import Console
    from rich.text import Text

    line = Text.assemble(f"{number:3}  ", (f"{state:8}", colour), text)
    Console(highlight=False, soft_wrap=True).print(line)


def _say_part(label: str, text: str) -> None:
    wrapper = textwrap.TextWrapper(
        max(_width(), LABEL + 40),
        initial_indent=_head(label),
        subsequent_indent=" " * (LABEL + 8),
        break_long_words=False,
        break_on_hyphens=False,
    )
    console.say(wrapper.fill(_readable(text)))


def _head(label: str) -> str:
    return f"{'':5}{label:>{LABEL}}   "


def _width() -> int:
    return min(shutil.get_terminal_size().columns, WIDEST)
