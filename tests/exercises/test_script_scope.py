"""A check's lines see every name that the script has at the blank, whatever the check itself gives."""

import ast

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
    lines = {place.letter: first_lines[place.letter] + dedented(place) for place in places}
    (verdict,) = Runner().check(folder_with(tmp_path, Answer(number, "uses every name", lines)), [number])
    assert verdict.solved, (verdict.finding.found, verdict.finding.line)


def dedented(place):
    return "\n".join(line.removeprefix(place.indent) for line in place.lines)


STEP = "[train_op, batch_loss, batch_score, learning_rate, scalars"
PLACEHOLDERS = """
images_ph = tf.placeholder(next_element[0].dtype, [None, *data.shape])
labels_ph = tf.placeholder(next_element[1].dtype, [None])
"""
USES = {
    "the next element": (6, {"a": PLACEHOLDERS}),
    "more of the graph": (9, [(STEP, f"{STEP}, logits, losses"), ("rate, summary =", "rate, summary, *others =")]),
    "a name of the student's own in an earlier place": (
        9,
        [("images, labels =", "mine = 5\n    images, labels ="), ("(summary, step)", "(summary, mine + step - 5)")],
    ),
    "the settings of the run": (4, ("batch(settings.", "batch(run.settings.")),
    "a histogram of the logits": (8, ("scalars =", 'tf.summary.histogram("logits", logits)\nscalars =')),
}
LONG = list(USES)[2:]


@pytest.mark.parametrize("use", [pytest.param(use, marks=[pytest.mark.long] * (use in LONG)) for use in USES])
def test_a_name_is_what_it_is_in_the_script(tmp_path, use):
    number, change = USES[use]
    (verdict,) = Runner().check(folder_with(tmp_path, Answer(number, use, change)), [number])
    assert verdict.solved, (verdict.finding.found, verdict.finding.line)


def test_a_name_that_the_student_adds_above_the_blank(tmp_path):
    folder = folder_with(tmp_path, Answer(4, "mine", ("batch(settings.batch_size", "batch(mine")))
    text = folder.texts()["training.py"]
    line = "    settings = run.settings\n"
    assert line in text
    folder.texts()["training.py"] = text.replace(line, f"{line}    mine = settings.batch_size + TWO - 2\n").replace(
        "\ndef main", "\nTWO = 2\n\n\ndef main", 1
    )
    (verdict,) = Runner().check(folder, [4])
    assert verdict.solved, (verdict.finding.found, verdict.finding.line)
