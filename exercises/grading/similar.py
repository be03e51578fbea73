"""Whose answers are alike beyond what the blanks force: a hint to look, and no proof.

Answers are cut into sequences of a few tokens, as Schleimer, Wilkerson and Aiken do (Winnowing: local algorithms for
document fingerprinting, 2003). A student's own names count as one name. What stands in a known right answer, or in the
answers of many, says nothing, and is left out.
"""

from __future__ import annotations

import ast
import io
import itertools
import tokenize
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from exercises.answers import Answer, mistakes, variants
from exercises.blanks import all_blanks
from exercises.grading.submission import Submission
from exercises.scripts import empty_places

LENGTH = 5  # tokens of a sequence
SHARED_BY = 0.15  # of a class: a sequence that more students have is nobody's own
FEWEST = 10  # sequences in common
LEAST = 0.5  # of the own sequences of the one who has fewer
LAYOUT = (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)

Sequences = frozenset[tuple]  # (number of the blank, token, token, ...)


@dataclass(frozen=True)
class Pair:
    """Two students whose answers are alike."""

    students: tuple[str, str]
    shared: int  # sequences of LENGTH tokens that hardly anybody else has
    share: float  # of the own sequences of the one who has fewer
    blanks: tuple[int, ...]  # where they are

    def __str__(self) -> str:
        where = f"blank{'s' * (len(self.blanks) > 1)} {', '.join(map(str, self.blanks))}"
        first, second = self.students
        return (
            f"{first} and {second}: {self.shared} sequences in common, {self.share:.0%} of what is their own; {where}"
        )


def alike(submissions: Sequence[Submission], labs: bool = False) -> list[Pair]:
    """The pairs of students whose answers are alike, the most alike first.

    Args:
      submissions: of a class.
      labs: the blanks of the labs, too.
    """
    known = _of_known_answers(labs)
    found = [_sequences(each.answers) - known for each in submissions]
    counts = Counter(itertools.chain.from_iterable(found))
    most = max(2, SHARED_BY * len(submissions))
    own = [frozenset(sequence for sequence in each if counts[sequence] <= most) for each in found]
    pairs = []
    for (one, mine), (other, theirs) in itertools.combinations(zip(submissions, own), 2):
        shared = mine & theirs
        share = len(shared) / max(1, min(len(mine), len(theirs)))
        if len(shared) >= FEWEST and share >= LEAST:
            blanks = tuple(sorted({sequence[0] for sequence in shared}))
            pairs.append(Pair((one.student, other.student), len(shared), share, blanks))
    return sorted(pairs, key=lambda pair: (-pair.share, -pair.shared))


def _of_known_answers(labs: bool) -> Sequences:
    """The sequences of the tasks, the solutions, and the right and wrong answers that the kit knows."""
    tasks = [_sequences({place.number: [place.text]}) for place in empty_places(labs).values()]
    answers = (
        answer for blank in all_blanks(labs) for answer in (Answer(blank.number), *variants(blank), *mistakes(blank))
    )
    return frozenset().union(
        *tasks, *(_sequences({each.number: ["\n".join(lines) for lines in each.lines().values()]}) for each in answers)
    )


def _sequences(answers: Mapping[int, Iterable[str]]) -> Sequences:
    """Every LENGTH tokens that follow one another, of each place of a blank."""
    return frozenset(
        (number, *tokens[i : i + LENGTH])
        for number, texts in answers.items()
        for text in texts
        for tokens in [_tokens(text)]
        for i in range(len(tokens) - LENGTH + 1)
    )


def _tokens(text: str) -> list[str]:
    """The tokens of an answer; comments by their words, and names that the answer itself gives as one."""
    lines = text.splitlines()
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    text = "\n".join(line[indent:] for line in lines) + "\n"
    own, tokens = _own_names(text), []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                tokens += token.string.lower().split()
            elif token.type not in LAYOUT:
                tokens.append("name" if token.string in own else token.string)
    except (tokenize.TokenError, SyntaxError):  # as far as Python can take it apart
        pass
    return tokens


def _own_names(text: str) -> set[str]:
    """The names that lines give: assigned, of a function, of its arguments."""
    try:
        nodes: Iterable[ast.AST] = ast.walk(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return set()
    names = set()
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.FunctionDef):
            names.add(node.name)
    return names
