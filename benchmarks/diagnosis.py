"""Do the checks of the hands-on name the student's mistake? Wrong answers are made out of each blank's solution.

  python benchmarks/diagnosis.py              the table of blanks 0 to 12
  python benchmarks/diagnosis.py --blank 4    one blank
  python benchmarks/diagnosis.py --show       and the wrong answers whose message speaks of something else

A mutant is a solution with one change (benchmarks/mutations.py): a call left out, two statements swapped, another
argument, number, name, dtype or shape, a line twice, a line missing. A pair is two of the mistakes in the blank's
answers.py at once; --pairs of them are drawn per blank. Each runs against the blank's check. Then it is

  right        it passes, and computes the same or answers the task as well: benchmarks/right_mutants.py says why
  passes       it passes, and isn't known to be right: a check lets a mistake through
  at the line  it fails; the message quotes the student's own line, and that line is in a statement that was changed
  at a related line  it fails; the message quotes another line of the student's, and beside it, as what that line
               uses or as what nothing uses, a changed one
  by name      it fails; the message quotes a line of the student's, and what was found or expected names an identifier
               that was changed: the function, argument, variable or placeholder, or the word before a number or a
               text that was changed
  otherwise    it fails, with any other message

Told are those at the line, at a related line or by name, as a share of all that aren't right. "lines quoted" is how
many of the student's lines a message quotes, of how many in the blank, on average: one that quoted all of them would
speak of anything.
"""

import argparse
import os
import random
import tempfile
import textwrap
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import processes  # noqa: F401, so that exercises can be imported
from mutations import mutants_of
from right_mutants import reason_for
from told import AT_A_RELATED_LINE, AT_THE_LINE, BY_NAME, OTHERWISE, Change, how_told

from exercises import answers
from exercises.answers import Answer
from exercises.blanks import blank, numbers
from exercises.findings import Verdict
from exercises.folder import Record
from exercises.markers import places_in, with_lines
from exercises.related_lines import related_lines
from exercises.runner import Runner
from exercises.scripts import empty_script, script_names, solved_places

RIGHT, PASSES = "right", "passes"
TOLD = (AT_THE_LINE, AT_A_RELATED_LINE, BY_NAME)
COLUMNS = (RIGHT, PASSES, *TOLD, OTHERWISE)
EVERY = 25  # wrong answers between two lines of progress


@dataclass(frozen=True)
class Wrong:
    """A wrong answer to a blank."""

    number: int  # of the blank
    what: str  # was done
    lines: dict[str, list[str]]  # {name of a place: its lines}
    is_pair: bool = False

    def changed(self):
        """{name of a place: (lines before, lines now)}, where they differ."""
        solved = Answer(self.number).lines()
        return {name: (solved[name], now) for name, now in self.lines.items() if now != solved[name]}


@dataclass(frozen=True)
class Outcome:
    """What came of a wrong answer."""

    wrong: Wrong
    kind: str  # of COLUMNS
    verdict: Verdict
    related: list = field(default_factory=list)  # lines that are shown with the finding's

    @property
    def lines_quoted(self):
        return bool(self.verdict.finding.line) + len(self.related)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--blank", type=int, action="append", choices=numbers(labs=True), metavar="N", help="only this")
    parser.add_argument("--labs", action="store_true", help="the blanks of the labs, too")
    parser.add_argument("--pairs", type=int, default=12, help="pairs of mistakes per blank (12)")
    parser.add_argument("--show", action="store_true", help="print the wrong answers that aren't told")
    arguments = parser.parse_args()
    outcomes = []
    runner = Runner()
    for number in arguments.blank or numbers(arguments.labs):
        found = list(try_all(runner, [*mutants(number), *pairs(number, arguments.pairs)]))
        outcomes += found
        if arguments.show:
            for outcome in found:
                if outcome.kind in (PASSES, OTHERWISE):
                    print(shown(outcome), flush=True)
    print(table([each for each in outcomes if not each.wrong.is_pair], "mutants"))
    print(table([each for each in outcomes if each.wrong.is_pair], "pairs"))


# ----------------------------------------------------------------------------- wrong answers


def mutants(number):
    """Every mutant of a blank's solution: a list of Wrong."""
    solved = {name: place for name, place in solved_places(labs=True).items() if place.number == number}
    found = []
    for name, place in solved.items():
        for mutant in mutants_of(textwrap.dedent(place.text)):
            lines = {each: list(other.lines) for each, other in solved.items()}
            lines[name] = textwrap.indent(mutant.text, place.indent).splitlines()
            found.append(Wrong(number, mutant.operator, lines))
    return found


def pairs(number, most):
    """Pairs of the catalogue's mistakes that can be made at once, drawn by chance, at most so many: a list of Wrong."""
    changes = [(each.title, _as_list(each.change)) for each in answers.mistakes(blank(number))]
    single = [each for each in changes if each[1]]
    both = [(one, other) for place, one in enumerate(single) for other in single[place + 1 :]]
    random.Random(number).shuffle(both)
    found = []
    for (title, change), (other_title, other) in both:
        if len(found) < most and (lines := _lines_of(Answer(number, title, [*change, *other]))):
            found.append(Wrong(number, f"'{title}' and '{other_title}'", lines, is_pair=True))
    return found


def _as_list(change):
    return [change] if isinstance(change, tuple) else change if isinstance(change, list) else []


def _lines_of(answer):
    """The lines of an answer; None where its changes can't be made at once, or Python can't read them."""
    try:
        lines = answer.lines()
        for each in lines.values():
            code = textwrap.indent(textwrap.dedent("\n".join(each)), " ")
            compile(f"while True:\n pass\n{code}\n pass", "", "exec")
    except (AssertionError, SyntaxError):
        return None
    return lines


# ----------------------------------------------------------------------------- what comes of them


def try_all(runner, wrong):
    """Checks wrong answers, as many at once as there are cores; yields an Outcome for each."""
    number = wrong[0].number
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for count, outcome in enumerate(pool.map(lambda each: outcome_of(runner, folder, each), wrong), 1):
            yield outcome
            if count % EVERY == 0 or count == len(wrong):
                print(f"blank {number}: {count} of {len(wrong)}", flush=True)


def outcome_of(runner, folder, wrong):
    """The Outcome of a wrong answer."""
    names = script_names(labs=blank(wrong.number).is_of_lab)
    texts = {script: with_lines(script, empty_script(script), wrong.lines) for script in names}
    record = Record(labs=blank(wrong.number).is_of_lab)
    student = SimpleNamespace(path=Path(folder), texts=lambda: texts, record=record)
    (verdict,) = runner.check(student, [wrong.number])
    if verdict.solved:
        return Outcome(wrong, RIGHT if reason_for(wrong) else PASSES, verdict)
    places = {name: place for script in names for name, place in places_in(script, texts[script]).items()}
    own_lines = {
        (place.script, number): line.strip()
        for place in places.values()
        if place.number == wrong.number
        for number, line in enumerate(place.lines, place.first_line)
    }
    of_blank = [place for place in places.values() if place.number == wrong.number]
    line = verdict.finding.line
    related = [each.line for each in related_lines(line, of_blank, texts[line[0]])] if line else []
    changes = []
    for name, lines in wrong.changed().items():
        before, after = (textwrap.dedent("\n".join(each)) for each in lines)
        changes.append((places[name].script, places[name].first_line, Change(before, after)))
    return Outcome(wrong, how_told(verdict.finding, related, own_lines, changes), verdict, related)


# ----------------------------------------------------------------------------- in words


def shown(outcome):
    """A wrong answer and what the student read of it, as a text."""
    wrong, finding = outcome.wrong, outcome.verdict.finding
    lines = [f"\n{outcome.kind}: blank {wrong.number}, {wrong.what}"]
    for before, now in wrong.changed().values():
        lines += [f"  - {line.strip()}" for line in before if line not in now]
        lines += [f"  + {line.strip()}" for line in now if line not in before or now.count(line) > before.count(line)]
    if finding:
        lines += [f"  found: {finding.found}", f"  expected: {finding.expected}"]
        lines += ["  line: {}:{}: {}".format(*line) for line in [finding.line, *outcome.related] if line]
    return "\n".join(lines)


def table(outcomes, what):
    """A table with a line per blank, in Markdown."""
    rows = [["blank", what, *COLUMNS, "told", "lines quoted"]]
    for number in [*sorted({each.wrong.number for each in outcomes}), None]:
        those = [each for each in outcomes if number in (None, each.wrong.number)]
        kinds = Counter(each.kind for each in those)
        are_wrong = kinds.total() - kinds[RIGHT]
        told = sum(kinds[kind] for kind in TOLD) / are_wrong if are_wrong else 1
        name = "all" if number is None else str(number)
        rows.append([name, str(kinds.total()), *(str(kinds[kind]) for kind in COLUMNS), f"{told:.1%}", _quoted(those)])
    rows.insert(1, ["--:"] * len(rows[0]))
    return "\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _quoted(outcomes):
    """How many lines a message quotes, of how many in the blank: means, as a text."""
    failed = [each for each in outcomes if each.verdict.finding]
    if not failed:
        return "-"
    quoted = sum(each.lines_quoted for each in failed) / len(failed)
    there = sum(len(lines) for each in failed for lines in each.wrong.lines.values()) / len(failed)
    return f"{quoted:.1f} of {there:.1f}"


if __name__ == "__main__":
    main()
