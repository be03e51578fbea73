"""`look` draws what a student's lines make, solved or not: what is drawn, and what is said where nothing can be."""

import re

import numpy as np
import pytest
from support.students import command_here, folder_with, solve

from exercises import look
from exercises.answers import Answer, mistakes, variants
from exercises.blanks import all_blanks, blank, numbers
from exercises.findings import Finding
from exercises.folder import StudentFolder
from exercises.runner import Runner
from exercises.scripts import empty_script, script_names
from exercises.stages.drawn import WRONG
from exercises.stages.drawn_graph import Box, places_of
from exercises.student_blank import StudentBlank
from kit.evaluation.figures import DPI, png_of

HEADER = blank(3).module("check").HEADER
rows_of = blank(3).module("look").rows_of
small_network = blank(7).module("small_network")
VARIANTS = [answer for of_blank in all_blanks() for answer in variants(of_blank)]


@pytest.fixture
def drawn(tmp_path, monkeypatch):
    """Draws the blank of an answer, as a look's process does: drawn(Answer) -> figure."""
    monkeypatch.chdir(tmp_path)

    def draw(*given):
        texts = folder_with(tmp_path, *given).texts()
        empty_texts = {script: empty_script(script) for script in script_names(labs=True)}
        number = given[-1].number
        return blank(number).look(StudentBlank(number, tmp_path, texts, empty_texts, seed=7))

    return draw


def texts_of(figure):
    """The texts of a figure: titles, labels, legends and what is written into it; not the numbers along the axes."""
    texts = [*figure.texts, figure._suptitle]
    for axes in figure.axes:
        texts += [axes.title, axes._left_title, *axes.texts]
        texts += [axes.xaxis.label, axes.yaxis.label] if axes.axison else []
        texts += axes.get_legend().get_texts() if axes.get_legend() else []
    return [each for each in texts if each.get_text().strip()]


def words_of(figure):
    return "\n".join(each.get_text() for each in texts_of(figure))


@pytest.mark.parametrize("number", numbers())
def test_a_solution_is_drawn_with_no_text_beyond_the_edge(drawn, number):
    figure = drawn(Answer(number))
    figure.set_dpi(DPI)
    assert png_of(figure).startswith(look.PNG)
    assert f"Blank {number}: " in words_of(figure)
    width, height = figure.bbox.size
    for text in texts_of(figure):
        box = text.get_window_extent()
        assert box.x0 >= -1 and box.x1 <= width + 1, text.get_text()
        assert box.y0 >= -1 and box.y1 <= height + 1, text.get_text()


@pytest.mark.long
@pytest.mark.parametrize("answer", VARIANTS, ids=lambda answer: answer.id)
def test_another_right_answer_is_drawn(drawn, answer):
    assert png_of(drawn(answer)).startswith(look.PNG)


# ----------------------------------------------------------------------------- wrong lines look wrong


def colours_of(figure, text):
    """The colours of the texts of a figure that have some words."""
    return {each.get_color() for each in texts_of(figure) if text in " ".join(each.get_text().split())}


def mistake(number, title):
    return next(each for each in mistakes(blank(number)) if each.title == title)


DRAWN_MISTAKES = [  # (blank, title of the mistake, what stands in red, not in a solution's picture)
    (0, "x is a variable", "x is a variable"),
    (0, "x is a Const", "x is a Const, no placeholder"),
    (1, "value is a list of 1", "value is a list of 1"),
    (1, "with x = -1.5, value is 35", "no session has run y"),
    (2, "label holds int32", "int32 []"),
    (2, "Expect 2 fields but have 3", "Expect 2 fields but have 3"),
    (3, "off by 1: line 4 of the CSV has number 2", "1: 1"),
    (3, "text without their numbers", "an element: string"),
    (4, "training holds lines of text", "text [8]"),
    (4, "training holds images one by one", "element 1"),
    (5, "one-shot iterator", "it has no initializer"),
    (5, "next_element is 1 tensor", "next_element is 1 tensor"),
    (5, "the numbers of one batch", "the numbers of one batch, computed once"),
    (6, "images_ph takes float32, 4 bytes", "images_ph takes float32 [None, 32, 32, 3]"),
    (6, "always just 32 images", "a batch [4, 32, 32, 3] can't be fed"),
    (7, "among the images, not among the classes", "the largest was looked for among the images"),
    (8, "run without data.arrays", "8b: the iterator's initializer is run without data.arrays"),
    (9, "add_summary is given a tensor as the summary", "9b: add_summary is given a tensor as the summary"),
    (11, "the array images is in the graph", "as constants"),
]
QUICK = (0, 2, 3, 5)  # blanks of which one of these is tried at once
FIRST = {number: next(each for each in DRAWN_MISTAKES if each[0] == number) for number in QUICK}


@pytest.mark.parametrize(
    ("number", "title", "words"),
    [pytest.param(*each, marks=() if each in FIRST.values() else pytest.mark.long) for each in DRAWN_MISTAKES],
)
def test_a_mistake_is_drawn_and_told_in_red(drawn, number, title, words):
    figure = drawn(mistake(number, title))
    assert colours_of(figure, words) == {WRONG}
    assert WRONG not in colours_of(drawn(Answer(number)), words)


def test_the_headers_that_come_out_are_told_apart(drawn):
    """With .skip(1) the file's first line is left out, and line 11, the other header, comes out at place 11."""
    words = words_of(drawn(mistake(3, "line 12 of the CSV, a header, comes out")))
    assert "11: 11" in words and "0: 0" not in words and "1: 0" not in words
    assert rows_of(["a", HEADER, "b"], [HEADER, "a", HEADER, "b"]) == [1, 2, 3]
    assert rows_of([HEADER, "a", HEADER], [HEADER, "a", HEADER, "b"]) == [0, 1, 2]


def test_the_loss_to_minimise_is_held_against_mean_and_weight_decay(drawn):
    batch = small_network.answers_to(small_network.batch_of(small_network.IMAGES))
    wanted = f"wanted: {batch.losses.mean() + batch.decay:.3g}, mean of the bars {batch.losses.mean():.3g}"
    wrong = mistake(7, "without the weight decay")
    for answer, loss in ((Answer(7), batch.losses.mean() + batch.decay), (wrong, batch.losses.mean())):
        words = words_of(drawn(answer))
        assert wanted in words and f"batch_loss = {loss:.3g}" in words


def test_the_legend_of_blank_1_lies_on_no_point(drawn):
    figure = drawn(mistake(1, "with x = -1.5, value is 35"))
    png_of(figure)
    (legend,), (axes,) = figure.legends, figure.axes
    assert not legend.get_window_extent().overlaps(axes.get_window_extent())


class Failing:
    """A blank whose look finds one thing, and whose check finds another, if any."""

    def __init__(self, error, found=None):
        self._error, self._found = error, found

    def look(self, students):
        raise self._error

    def check(self, students):
        yield
        if self._found:
            raise Finding(self._found, "", "")


@pytest.mark.parametrize("error", [Finding("the look's words", "", ""), ValueError("the look's words")])
def test_where_nothing_can_be_drawn_the_check_s_words_come_first(error):
    with pytest.raises(Finding, match="the check's words"):
        look.drawn(Failing(error, "the check's words"), None)
    with pytest.raises(type(error), match="the look's words"):
        look.drawn(Failing(error), None)


@pytest.mark.long
@pytest.mark.parametrize("number", numbers())
def test_every_mistake_is_drawn_or_told_in_the_check_s_words(tmp_path, number):
    runner = Runner()
    for answer in mistakes(blank(number)):
        student = folder_with(tmp_path, answer)
        seen = runner.look(student, number)
        (checked,) = runner.check(student, [number])
        assert seen.picture or told_by(seen.finding) == told_by(checked.finding), answer.id


def told_by(finding):
    """What a finding says; of placeholders that aren't fed, TensorFlow names any."""
    return {**vars(finding), "found": re.sub(r"\w+(?=_ph is not fed)", "", finding.found)}


SHUFFLE = "lines.shuffle(min(data.num_training, data.most_shuffled), seed=settings.seed)"


def test_batches_that_are_not_shuffled_are_seen_to_hold_one_class(drawn):
    """In the file 18 squares come before 18 triangles, and a batch holds 8: 8 squares, 8, then 2 with 6 triangles."""
    counts = [
        [tuple(re.findall(r"(no|\d+) (?:square|triangle)", row)) for row in words_of(figure).split("batch ")[1:]]
        for figure in (drawn(Answer(4)), drawn(Answer(4, "unshuffled", (SHUFFLE, "lines"))))
    ]
    mixed, sorted_by_class = ([each[:2] for each in rows] for rows in counts)
    assert sorted_by_class[:5] == [("8", "no"), ("8", "no"), ("2", "6"), ("no", "8"), ("no", "4")]
    assert len(mixed) == 6 and not {("8", "no"), ("no", "8")} & set(mixed)
    first_epoch = np.array([[0 if word == "no" else int(word) for word in each] for each in mixed[:5]])
    assert first_epoch.sum(axis=0).tolist() == [18, 18]


def counts_in(figure):
    """The numbers in the cells of a confusion matrix: [[.., ..], [.., ..]]."""
    cells = [each.get_text() for each in figure.axes[1].texts]
    return np.array(cells, int).reshape(2, 2).tolist()


def test_an_evaluation_with_dropout_on_is_seen_in_its_confusion_matrix(drawn):
    """21 images, 0, 1, 0, ... in turn; the network is wrong on images 2, 5, 11 and 20: two of each class."""
    solved, wrong = drawn(Answer(10)), drawn(Answer(10, "dropout", {"b": ("is_training: False", "is_training: True")}))
    assert counts_in(solved) == [[9, 2], [2, 8]] and counts_in(wrong) == [[2, 9], [8, 2]]
    loss = -(17 * np.log(0.8) + 4 * np.log(0.3)) / 21
    assert f"loss = {loss:.4g}, accuracy = {17 / 21:.4g}" in words_of(solved)


def test_of_several_places_those_that_are_filled_are_drawn(drawn):
    half = drawn(Answer(6, "half", {"b": "raise NotImplementedError('blank 6b is still empty')"}))
    assert "images_ph: uint8 [None, 32, 32, 3]" in words_of(half) and "blank 6b is still empty" in words_of(half)
    empty = "raise NotImplementedError('blank is still empty')"
    with pytest.raises(Finding, match="blank 6a is still empty"):
        drawn(Answer(6, "empty", {"a": empty, "b": empty}))


def test_a_layer_that_leads_nowhere_is_red(drawn):
    figure = drawn(Answer(12, "idle", ('x = j_max_pool_layer(x, "pool4")', 'j_max_pool_layer(x, "pool4")')))
    boxes = {each.get_edgecolor() for each in figure.axes[0].patches}
    solved = {each.get_edgecolor() for each in drawn(Answer(12)).axes[0].patches}
    assert len(boxes - solved) == 1


def test_the_boxes_of_a_graph_stand_above_what_they_are_made_from():
    boxes = {"x": Box(""), "two": Box(""), "square": Box("", ["x"]), "three": Box("", ["square", "two"])}
    places = places_of(boxes)
    assert {name: y for name, (_, y) in places.items()} == {"x": 0, "square": 1, "two": 1, "three": 2}
    assert len(set(places.values())) == 4


def test_the_command_writes_the_picture_or_says_what_keeps_it_from_being_drawn(folder):
    picture = folder / "look" / "blank_01.png"
    result = command_here(folder, "look", 1)
    assert result.returncode == 1 and re.search(r"  1  empty ", result.stdout)
    solve(folder, 1)
    script = folder / "first_graph.py"
    right = script.read_text(encoding="utf-8")
    script.write_text(right.replace("{x: settings.x}", "{x: settings.y}"), encoding="utf-8")
    result = command_here(folder, "look", 1)
    assert result.returncode == 1 and not picture.exists()
    told = " ".join(result.stdout.split())
    assert "no attribute 'y'" in told and "first_graph.py:40: value = session.run(y, feed_dict={x: settings.y})" in told
    script.write_text(right.replace("{x: settings.x}", "{x: 4.0}"), encoding="utf-8")
    result = command_here(folder, "look", 1)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"{picture}: what your lines of blank 1 make.\n"
    assert picture.read_bytes().startswith(look.PNG)
    assert StudentFolder(folder).record.passed == {}
    told = command_here(folder, "check", 1).stdout
    assert re.search(rf"see it   \S*python -m exercises look 1 {re.escape(str(folder))}\n", told)


def test_a_blank_without_a_picture_is_refused(folder):
    lab = next(each for each in all_blanks(labs=True) if not each.has_look)
    assert all(each.has_look for each in all_blanks()) and lab.is_of_lab
    record = folder / ".handson.json"
    record.write_text(record.read_text(encoding="utf-8").replace('"labs": false', '"labs": true'), encoding="utf-8")
    result = command_here(folder, "look", lab.number)
    assert result.returncode == 2 and f"Blank {lab.number} has no picture" in result.stderr


@pytest.mark.parametrize(
    ("system", "variables", "opener"),
    [
        ("linux", {"DISPLAY": ":0"}, "xdg-open"),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, "xdg-open"),
        ("linux", {}, None),
        ("linux", {"DISPLAY": ":10", "SSH_CONNECTION": "1.2.3.4 5 6.7.8.9 22"}, None),
        ("darwin", {}, "open"),
    ],
)
def test_a_picture_is_opened_only_where_there_is_a_screen(tmp_path, monkeypatch, system, variables, opener):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    started = []
    monkeypatch.setattr(look.sys, "platform", system)
    monkeypatch.setattr(look.sys, "stdout", type("Screen", (), {"isatty": lambda self: True})())
    monkeypatch.setattr(look.window, "start", started.append)
    assert look.show(tmp_path / "a.png") is (opener is not None)
    assert started == ([[opener, str(tmp_path / "a.png")]] if opener else [])


def test_a_handout_holds_what_looks_need(handout):
    for each in all_blanks():
        assert (handout / "exercises" / "blanks" / each.folder / "look.py").exists()
    for name in ("look.py", "watch_screen.py", "screen.py", "editors.py", "stages/drawn.py"):
        assert (handout / "exercises" / name).exists()
    assert (handout / ".devcontainer" / "devcontainer.json").exists()
