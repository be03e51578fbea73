"""Does a message speak of the mistake? What was changed in an answer, and what a Finding says of it."""

import ast
import difflib
import re

WORD = re.compile(r"[A-Za-z_]\w*|\d+(?:\.\d+)?")
EVERYWHERE = {"tf", "np", "data", "settings", "session", "line", "lines"}  # unquoted, they say nothing of a mistake
QUOTED = re.compile(r"'(\w+)'")
AT_THE_LINE, AT_A_RELATED_LINE, BY_NAME, OTHERWISE = "at the line", "at a related line", "by name", "otherwise"


class Change:
    """What of a place's lines was changed.

    Attributes:
      numbers: of the lines of the changed statements, from 0, as they are now.
      names: identifiers that are there now and weren't, or were and aren't.
    """

    def __init__(self, before, after):
        """Both are texts of Python, the whole lines of a place."""
        old, new = before.splitlines(), after.splitlines()
        gone, come = _different(old, new)
        moved = {new[number].strip() for number in come}
        numbers = {number for number, line in enumerate(new) if line.strip() in moved}
        self.numbers = {each for number in numbers for each in _statement_at(after, number)}
        self.names = _names([old[number] for number in gone], [new[number] for number in come])


def how_told(finding, related, own_lines, changes):
    """How a Finding speaks of a mistake: AT_THE_LINE, AT_A_RELATED_LINE, BY_NAME or OTHERWISE.

    Args:
      finding: exercises.findings.Finding.
      related: the lines that are shown with its own: a list of Line.
      own_lines: {(script, number from 1): text} of all lines of the blank.
      changes: [(script, number of the place's first line, Change)].
    """
    if finding.line is None or own_lines.get(finding.line[:2]) != finding.line[2]:
        return OTHERWISE
    for lines, kind in (([finding.line], AT_THE_LINE), (related, AT_A_RELATED_LINE)):
        for script, number, _ in lines:
            if any(script == of and number - first in change.numbers for of, first, change in changes):
                return kind
    texts = (finding.found, finding.expected)
    said = {word for text in texts for word in WORD.findall(text)} - EVERYWHERE
    said |= {word for text in texts for word in QUOTED.findall(text)}
    return BY_NAME if any(change.names & said for _, _, change in changes) else OTHERWISE


def new_lines(before, now):
    """The lines, of those that are there now, that weren't or stood elsewhere: both are lists of lines."""
    return [now[number] for number in _different(before, now)[1]]


def _different(old, new):
    """(indices of the lines of the old text that are gone, of those of the new one that have come)."""
    if len(old) == len(new):
        both = [number for number, pair in enumerate(zip(old, new)) if pair[0] != pair[1]]
        return both, both
    blocks = [each for each in difflib.SequenceMatcher(None, old, new, False).get_opcodes() if each[0] != "equal"]
    gone = [number for _, first, last, _, _ in blocks for number in range(first, last)]
    return gone, [number for _, _, _, first, last in blocks for number in range(first, last)]


def _statement_at(text, number):
    """The numbers of the lines, from 0, of the innermost statement at a line; of one that holds others, its head."""
    best = range(number, number + 1)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt) and not hasattr(node, "body") and node.lineno - 1 <= number < node.end_lineno:
            best = range(node.lineno - 1, node.end_lineno)
    return best


def _names(gone, come):
    """The identifiers that differ between lines; of a number or a text, the word before it: an argument, a function."""
    before, after = (WORD.findall("\n".join(line.partition("  #")[0] for line in lines)) for lines in (gone, come))
    names = set()
    if len(before) == len(after) and sorted(before) == sorted(after):  # words that have changed places
        return {word for word, other in zip(before, after) if word != other and not word[0].isdigit()}
    for kind, *places in difflib.SequenceMatcher(None, before, after, False).get_opcodes():
        if kind != "equal":
            changed = [*before[places[0] : places[1]], *after[places[2] : places[3]]]
            if all(word[0].isdigit() for word in changed):
                changed = before[max(0, places[0] - 1) : places[0]]
            names |= {word for word in changed if not word[0].isdigit()}
    return names
