"""Every blank's check tells right from wrong: solutions and other right ways pass, the classic mistakes are caught."""

import re
from pathlib import Path

import pytest
from support.students import folder_with

from exercises import answers
from exercises.answers import Answer
from exercises.blanks import all_blanks, numbers
from exercises.runner import Runner
from exercises.stages.own_names import names_in_graph
from exercises.student_blank import StudentBlank

RIGHT_ANSWERS = Path(__file__).with_name("right_answers")  # a file per blank
MISTAKES_IN_SHORT = 2  # of each blank, in the short run; `make test-all` takes them all
VARIANTS = [answer for blank in all_blanks(labs=True) for answer in answers.variants(blank)]
MISTAKES = {blank.number: answers.mistakes(blank) for blank in all_blanks(labs=True)}
PARAMETERS = [
    pytest.param(answer, id=answer.id, marks=[pytest.mark.long] if place >= MISTAKES_IN_SHORT else [])
    for of_blank in MISTAKES.values()
    for place, answer in enumerate(of_blank)
]


@pytest.fixture(scope="module")
def runner():
    return Runner()


def verdict_on(runner, tmp_path, *given):
    """The verdict on the last of the answers given."""
    (verdict,) = runner.check(folder_with(tmp_path, *given), [given[-1].number])
    return verdict


def check_is_right(verdict, remarks=()):
    assert verdict.solved, told(verdict)
    assert verdict.passed == len(verdict.parts) > 0
    assert [remark.partition(":")[0] for remark in verdict.remarks if "medal" not in remark] == list(remarks)


@pytest.mark.parametrize("number", numbers(labs=True))
def test_a_solution_passes_whatever_the_other_blanks_hold(runner, tmp_path, number):
    check_is_right(verdict_on(runner, tmp_path, Answer(number)))


@pytest.mark.parametrize("rest", [0, 1])
def test_an_empty_blank_fails_its_own_check_and_no_other(runner, tmp_path, rest):
    """Every second blank is empty."""
    solved = numbers(labs=True)[rest::2]
    for verdict in runner.check(folder_with(tmp_path, *map(Answer, solved)), numbers(labs=True)):
        if verdict.number in solved:
            check_is_right(verdict)
        else:
            assert not verdict.solved and "is still empty" in verdict.finding.found


@pytest.mark.long
@pytest.mark.parametrize("answer", VARIANTS, ids=lambda answer: answer.id)
def test_another_right_answer_passes(runner, tmp_path, answer):
    verdict = verdict_on(runner, tmp_path, answer)
    assert verdict.solved, told(verdict)
    assert verdict.passed == len(verdict.parts) > 0


def written_from_the_task_alone():
    """Right answers by students who saw neither solutions nor checks, in as many styles as they could think of."""
    for path in sorted(RIGHT_ANSWERS.glob("*.txt")):
        for text in path.read_text(encoding="utf-8").removeprefix("=== ").split("\n=== "):
            title, _, lines = text.partition("\n")
            first, *places = re.split(r"^# place \d+([a-z])\n", lines, flags=re.MULTILINE)
            change = dict(zip(places[::2], places[1::2])) if places else first
            yield Answer(int(path.stem), title, change)


@pytest.mark.long
@pytest.mark.parametrize("answer", written_from_the_task_alone(), ids=lambda answer: answer.id)
def test_no_right_answer_is_refused(runner, tmp_path, answer):
    verdict = verdict_on(runner, tmp_path, answer)
    assert verdict.solved, told(verdict)


@pytest.mark.parametrize(
    ("shuffle", "remarks"),
    [
        ("data.num_training, seed=settings.seed", ["no limit to shuffle"]),
        ("data.most_shuffled", ["no seed=settings.seed"]),
    ],
)
def test_a_right_answer_that_may_surprise_is_remarked(runner, tmp_path, shuffle, remarks):
    solved = "min(data.num_training, data.most_shuffled), seed=settings.seed"
    check_is_right(verdict_on(runner, tmp_path, Answer(4, shuffle, (solved, shuffle))), remarks)


@pytest.mark.parametrize("answer", PARAMETERS)
def test_a_mistake_is_caught_with_its_own_message(runner, tmp_path, answer):
    verdict = verdict_on(runner, tmp_path, answer)
    assert not verdict.solved and verdict.passed < len(verdict.parts)
    assert answer.title in verdict.finding.found, told(verdict)
    assert verdict.finding.expected and verdict.finding.why
    script, number, text = verdict.finding.line  # the student's own
    lines = folder_with(tmp_path, answer).texts()[script].splitlines()
    assert lines[number - 1].strip() == text
    assert text in [line.strip() for each in answer.lines().values() for line in each]


def test_tags_are_told_as_the_student_wrote_them(runner, tmp_path):
    tags = [('"curves/learning_rate"', '"learning_rate"'), ('"curves/loss"', '"batch_loss"')]
    found = verdict_on(runner, tmp_path, Answer(8, "plain tags", tags)).finding.found
    assert found == "there is no scalar curves/loss, only batch_loss and curves/accuracy and learning_rate"


def test_what_holds_so_far_is_true_of_a_loss_without_weight_decay(runner, tmp_path):
    (answer,) = (each for each in MISTAKES[7] if each.title == "without the weight decay")
    verdict = verdict_on(runner, tmp_path, answer)
    assert "the mean of the losses is in batch_loss" in verdict.parts[: verdict.passed]
    assert verdict.parts[verdict.passed] == "weight decay is part of the loss to minimise"


FED_BY_NAME = [  # (blank that makes the placeholder, the name it gives, lines that feed by the name)
    (0, ('"x")', ")"), Answer(1, "fed", ("{x:", "{'x:0':"))),
    (6, ('"labels")', ")"), Answer(9, "fed", ("labels_ph:", "'labels:0':"))),
]


@pytest.mark.parametrize(("number", "without_name", "fed"), FED_BY_NAME)
def test_a_feed_by_name_works_where_the_student_has_given_the_name(runner, tmp_path, number, without_name, fed):
    check_is_right(verdict_on(runner, tmp_path, Answer(number), fed))
    verdict = verdict_on(runner, tmp_path, Answer(number, "unnamed", without_name), fed)
    assert "feed_dict has the text '" in verdict.finding.found


@pytest.mark.parametrize("fault", ["while True:\n    pass", "import os\nos._exit(0)"])
@pytest.mark.parametrize(("faulty", "letter", "number"), [(0, "", 1), (6, "a", 9)])
def test_an_endless_blank_fails_no_other(runner, tmp_path, faulty, letter, number, fault):
    check_is_right(verdict_on(runner, tmp_path, Answer(faulty, "faulty", {letter: fault}), Answer(number)))


NAMED = [  # (what makes x, its name in the graph)
    ("x = tf.placeholder(tf.float32, [], 'a')", "a"),
    ("with graph.as_default(), tf.name_scope('s'):\n    x = tf.compat.v1.placeholder(tf.float32)", "s/Placeholder"),
    ("w, x = tf.placeholder(tf.float32), tf.placeholder(tf.float32)", "Placeholder_1"),
    ("x = tf.placeholder(tf.float32, [], settings.name)", "x"),
    ("x = make()", "x"),
    ("x = (", "x"),
]


@pytest.mark.parametrize(("lines", "name"), NAMED)
def test_names_of_placeholders_are_read(tmp_path, lines, name):
    texts = folder_with(tmp_path, Answer(0, name, lines)).texts()
    assert names_in_graph(StudentBlank(1, tmp_path, texts, texts, 0), 0, "", {"x": "x"}) == [name]


def test_the_catalogue_is_complete():
    for number, of_blank in MISTAKES.items():
        assert len(of_blank) >= 3 and sum(answer.number == number for answer in VARIANTS) >= 2


def told(verdict):
    finding = verdict.finding
    return finding and f"found: {finding.found}\nexpected: {finding.expected}\n{finding.line}\n{verdict.printed}"
