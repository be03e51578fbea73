"""What of a script lies outside its blanks: can Python read it, and is it as it was handed out?"""

import difflib
import io
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass

from exercises.markers import lines_of, places_in

LAYOUT = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


@dataclass(frozen=True)
class Change:
    """Lines that aren't as they were handed out."""

    script: str
    number: int  # of the first of them, from 1; where lines are gone, of the line that follows
    now: tuple[str, ...]  # what stands there
    before: tuple[str, ...]  # what stood there


def without_blanks(script: str, text: str) -> str:
    """A script that does nothing in its blanks; its lines keep their numbers."""
    lines = lines_of(text)
    for place in places_in(script, text).values():
        first = place.first_line - 1
        lines[first - 1 : first + len(place.lines)] = [f"{place.indent}pass", *[""] * len(place.lines)]
    return "\n".join(lines) + "\n"


def changes(script: str, text: str, handed_out: str) -> list[Change]:
    """What was changed in a script outside its blanks; comments and layout don't count.

    Args:
      script: its file name.
      text: what is in it. Where marker lines are gone, nothing is told: nobody knows where the blank ends.
      handed_out: what was in it.
    """
    if places_in(script, text).keys() != places_in(script, handed_out).keys():
        return []
    both = [without_blanks(script, each) for each in (text, handed_out)]
    try:
        mine, theirs = map(_statements, both)
    except (tokenize.TokenError, SyntaxError):  # Python can't take it apart
        mine, theirs = map(_lines, both)
    matcher = difflib.SequenceMatcher(None, [each.key for each in theirs], [each.key for each in mine], autojunk=False)
    found = []
    for kind, old_first, old_end, first, end in matcher.get_opcodes():
        if kind != "equal":
            number = mine[first].number if first < len(mine) else len(lines_of(text))
            now, before = mine[first:end], theirs[old_first:old_end]
            found.append(Change(script, number, *(tuple(each.text for each in part) for part in (now, before))))
    return found


def in_short(found: Sequence[Change]) -> str:
    """Where the changes are: "training.py:33, 45"; "" where there are none."""
    where: dict[str, list[str]] = {}
    for change in found:
        where.setdefault(change.script, []).append(str(change.number))
    return "; ".join(f"{script}:{', '.join(numbers)}" for script, numbers in where.items())


@dataclass(frozen=True)
class _Statement:
    """A line as Python sees it, however many lines of the file it takes."""

    number: int  # of its first line
    text: str
    key: tuple  # the same for what differs only in layout


def _statements(text: str) -> list[_Statement]:
    """What a script says to Python, line by line."""
    lines = lines_of(text)
    found: list[_Statement] = []
    tokens: list[tokenize.TokenInfo] = []
    depth = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        depth += (token.type == tokenize.INDENT) - (token.type == tokenize.DEDENT)
        if token.type == tokenize.NEWLINE and tokens:
            first, last = tokens[0].start[0], tokens[-1].end[0]
            told = " ".join(line.strip() for line in lines[first - 1 : last])
            found.append(_Statement(first, told, (depth, *_without_last_commas(tokens))))
            tokens = []
        elif token.type not in LAYOUT:
            tokens.append(token)
    return found


def _lines(text: str) -> list[_Statement]:
    """The same of a script that Python can't take apart: its lines, without comments that have one to themselves."""
    numbered = [(number, line.split()) for number, line in enumerate(lines_of(text), 1)]
    code = [(number, words) for number, words in numbered if words and not words[0].startswith("#")]
    return [_Statement(number, " ".join(words), tuple(words)) for number, words in code]


def _without_last_commas(tokens: Sequence[tokenize.TokenInfo]) -> list[str]:
    """The texts of tokens, without the commas before closing brackets that formatters add."""
    texts = [_without_margins(token.string) for token in tokens]
    return [text for text, after in zip(texts, [*texts[1:], ""]) if text != "," or after not in (")", "]", "}")]


def _without_margins(text: str) -> str:
    """A string of several lines without what is before and behind each of them: a docstring's indentation."""
    lines = text.splitlines()
    return "\n".join(line.strip() for line in lines) if len(lines) > 1 else text
