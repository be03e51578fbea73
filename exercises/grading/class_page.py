"""class.html: a class at a glance, as one page that opens without a network. Its frame is class_page.html."""

from __future__ import annotations

import base64
import hashlib
import string
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from pathlib import Path

from exercises.blanks import Blank, all_blanks
from exercises.grading import feedback
from exercises.grading.class_facts import EMPTY, SOLVED, STOPPED, BlankFacts, facts_of, state_of
from exercises.grading.similar import Pair
from exercises.grading.submission import MISSING, POINTS, UNREAD, Submission, plain

FRAME = Path(__file__).with_name("class_page.html")
SCRIPT = Path(__file__).with_name("class_page.js")  # sorts the table
MESSAGES = 3  # of a blank that are shown
WIDTH = 24  # rem, of the longest bar
IN_CELLS = {EMPTY: "-", MISSING: "gone", UNREAD: "?"}  # in the place of points
LEGEND = (
    f"Points of each blank, of {POINTS}. {IN_CELLS[EMPTY]}: still empty; {IN_CELLS[MISSING]}: its script or marker "
    f"lines were not handed in; {IN_CELLS[UNREAD]}: could not be checked. A click on a column's head sorts."
)


def class_page(submissions: Sequence[Submission], labs: bool, pairs: Sequence[Pair] | None, now: datetime) -> str:
    """The page.

    Args:
      submissions: of the class, graded.
      labs: with the blanks of the labs.
      pairs: of students whose answers are alike; None if nobody asked.
      now: when it was graded.
    """
    blanks = all_blanks(labs)
    facts = [facts_of(blank, submissions) for blank in blanks]
    sections = {
        "Students": _students(submissions, blanks),
        "Blanks": _blanks(facts, len(submissions)),
        "How far they are": _distribution(submissions),
        "Alike": "" if pairs is None else _alike(pairs),
        "Feedback": "\n".join(_feedback(number, each, blanks) for number, each in enumerate(submissions)),
    }
    script = SCRIPT.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return string.Template(FRAME.read_text(encoding="utf-8")).substitute(
        title=f"The hands-on, {len(submissions)} student{'s' * (len(submissions) != 1)}",
        source=f"Graded on {now:%Y-%m-%d} at {now:%H:%M}.",
        sections="\n".join(f"<h2>{name}</h2>\n{content}" for name, content in sections.items() if content),
        script=script,
        script_hash=f"sha256-{digest}",
    )


def _distribution(submissions: Sequence[Submission]) -> str:
    """How many students have solved how many blanks of the lesson."""
    solved = Counter(sum(each.is_solved(blank.number) for blank in all_blanks()) for each in submissions)
    most = max(solved.values(), default=1)
    rows = []
    for count in range(len(all_blanks()), -1, -1):
        students = solved[count]
        bar = f'<span class="bar" style="width: {WIDTH * students / most:.1f}rem"></span>' if students else ""
        rows.append([_head(str(count), "number"), _cell(str(students), "number"), f"<td>{bar}</td>"])
    return _table("Students by the number of blanks that they have solved.", ["blanks solved", "students", ""], rows)


def _blanks(facts: Iterable[BlankFacts], students: int) -> str:
    rows = []
    for each in facts:
        messages = [f"{message.count} x {_text(message.found)}" for message in each.messages[:MESSAGES]]
        more = len(each.messages) - MESSAGES
        messages += [f"{more} other message{'s' * (more > 1)}"] if more > 0 else []
        counts = [each.states[state] for state in (SOLVED, STOPPED, EMPTY)]
        counts.append(students - sum(counts))
        rows.append(
            [
                _head(f"{each.blank.number} {_text(each.blank.title)}"),
                *(_cell(str(count), "number") for count in counts),
                _cell(str(each.hints), "number"),
                _cell("" if each.minutes is None else f"{each.minutes:.0f}", "number"),
                _cell("<br>".join(messages), "text"),
            ]
        )
    heads = ["blank", "solved", "stopped", "empty", "not checked", "hints", "minutes", "what stopped them"]
    caption = "Minutes: the median of those who solved it, by the record in their folders."
    return _table(caption, heads, rows)


def _students(submissions: Sequence[Submission], blanks: Sequence[Blank]) -> str:
    rows = []
    for number, each in enumerate(submissions):
        gave_up = " ".join(map(str, each.gave_up))
        name = f'<a href="#student-{number}">{_text(each.student)}</a>'
        minutes = f"{sum(each.minutes.values()):.0f}" if each.minutes else ""
        rows.append(
            [
                _head(name),
                _cell(f"{each.total(all_blanks()):g}", "number"),
                *(_state(each, blank.number) for blank in blanks),
                _cell("" if each.hints is None else str(each.hints), "number"),
                _cell(gave_up),
                _cell(minutes, "number"),
                _cell(_text("; ".join([each.problem, *each.notes] if each.problem else each.notes)), "text"),
            ]
        )
    heads = ["student", "points", *(str(blank.number) for blank in blanks), "hints", "gave up", "minutes", "notes"]
    return _table(LEGEND, heads, rows, sorts=True)


def _state(submission: Submission, number: int) -> str:
    """The cell of a student and a blank."""
    state, points = state_of(submission, number), submission.points(number)
    shown = IN_CELLS.get(state, f"{points:g}")
    return f'<td class="{state}" data-value="{points:g}" title="blank {number}: {state}">{shown}</td>'


def _alike(pairs: Sequence[Pair]) -> str:
    said = (
        "<p>Pairs whose answers are alike beyond what the blanks force. This is a hint to look, and no proof: two who "
        "learnt together, or from the same page, write alike.</p>\n"
    )
    if not pairs:
        return f"{said}<p>None.</p>"
    return said + "<ul>\n" + "\n".join(f"<li>{_text(str(pair))}</li>" for pair in pairs) + "\n</ul>"


def _feedback(number: int, submission: Submission, blanks: Sequence[Blank]) -> str:
    """What a student is told, as in feedback/NAME.md, without the solved blanks: in print, a page to hand back."""
    said = [f"{submission.in_short(all_blanks())}."]
    unsolved = []
    if submission.problem:
        said += feedback.of_problem(submission)
    else:
        said += [*submission.notes_for_student, *feedback.left_out(submission, blanks)]
        unsolved = [blank for blank in feedback.told_of(submission, blanks) if not submission.is_solved(blank.number)]
    told = [f'<section class="student"><h3 id="student-{number}">{_text(submission.student)}</h3>\n']
    told += [f"<p>{_text(line)}</p>\n" for line in said]
    entries = [
        f"<dt>{blank.number} {_text(blank.title)}</dt><dd>{_text(submission.reason(blank.number))}</dd>"
        for blank in unsolved
    ]
    return "".join([*told, *(["<dl>", *entries, "</dl>"] if entries else []), "</section>"])


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], sorts: bool = False) -> str:
    head = "".join(
        f'<th scope="col">{f"<button>{name}</button>" if sorts and name else name or "&nbsp;"}</th>' for name in heads
    )
    body = "\n".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return (
        f'<div class="wide"><table><caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _cell(content: str, kind: str = "") -> str:
    return f'<td class="{kind}">{content}</td>' if kind else f"<td>{content}</td>"


def _head(content: str, kind: str = "") -> str:
    """The head of a row."""
    return f'<th scope="row" class="{kind}">{content}</th>' if kind else f'<th scope="row">{content}</th>'


def _text(text: str) -> str:
    return escape(plain(text))
