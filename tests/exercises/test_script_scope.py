"""A check's lines see every name that the script has at the blank, whatever the check itself gives."""

import ast
import dataclasses

import pytest
from support.scripts import PROJECT
from support.students import folder_with

from exercises.answers import Answer
from exercises.blanks import numbers
from exercises.runner import Runner
from exercises.scripts import solved_places

SHORT = (6, 9)  # blanks that the short run looks at


def names_above(place):
    """The parameters and local names of the function around a place that are bound above it, in the solved script."""
    tree = ast.parse((PROJECT / place.script).read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.lineno < place.first_line]
    inner = (ast.Lambda, ast.ListComp, ast.DictComp, ast.GeneratorExp)
    within = {id(node) for each in ast.walk(functions[-1]) if isinstance(each, inner) for node in ast.walk(each)}
    names = {each.arg for each in functions[-1].args.args}
    for node in ast.walk(functions[-1]):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in within:
            names |= {node.id} if node.lineno < place.first_line else set()
    return sorted(names - {"_"})


@pytest.mark.parametrize(
    "number", [pytest.param(each, marks=[] if each in SHORT else [pytest.mark.long]) for each in numbers()]
)
def test_a_right_answer_may_use_every_name_above_it(tmp_path, number):
    """Each place's solution, after a line that uses them all; every other blank is empty."""
    places = [place for place in solved_places().values() if place.number == number]
    first_lines = {place.letter: f"kept = [{', '.join(names_above(place))}]\n" for place in places}
    answer = Answer(
        "uses every name", changes={place.letter: first_lines[place.letter] + dedented(place) for place in places}
    )
    (verdict,) = Runner().check(folder_with(tmp_path, dataclasses.replace(answer, number=number)), [number])
    assert verdict.solved, (verdict.finding.found, verdict.finding.line)


def dedented(place):
    return "\n".join(line.removeprefix(place.indent) for line in place.lines)
