"""The words of the images' names, as the classes' names; and against those that a network knows."""

import unicodedata

import pytest

from kit.cli.errors import UserError
from kit.data import class_words
from kit.data.class_words import ClassWords

SHAPES = ("square", "triangle")
COMPOSED, DECOMPOSED = (unicodedata.normalize(form, "größe") for form in ("NFC", "NFD"))


def words_of(*images):
    """Of images given as (label, name)."""
    words = ClassWords()
    for label, name in images:
        words.note(label, name)
    return words


def test_capitals_spaces_and_unicode_forms_are_one_word():
    words = words_of((0, "Square 1.png"), (0, "square_2.png"), (1, f"{COMPOSED}-1"), (1, f"{DECOMPOSED} 2"))
    assert words.labels == [0, 1] and words.names == ("Square", COMPOSED)


def test_the_names_of_many_classes_are_compared_once(monkeypatch):
    compared, same = [], class_words._same
    monkeypatch.setattr(class_words, "_same", lambda word: compared.append(word) or same(word))
    words = words_of(*((label, f"{'abc'[label // 10]}{'abcdefghij'[label % 10]}_1") for label in range(30)))
    assert words.names[-1] == "cj" and len(compared) == 30


def test_the_same_word_for_two_labels_is_no_name():
    assert words_of((0, "square_1"), (1, "Square_2")).names == ("0", "1")


@pytest.mark.parametrize(
    "known, images",
    [
        (SHAPES, [(0, "triangle_1"), (1, "square_1")]),
        (SHAPES, [(0, "triangle_1")]),
        (SHAPES, [(0, "TRIANGLE 1"), (1, "circle_1")]),
        (SHAPES, [(0, "square_1"), (1, "square_2")]),
        ((COMPOSED, "b"), [(1, DECOMPOSED)]),
        (("circle", *SHAPES), [(1, "square_1"), (2, "circle_1")]),
    ],
)
def test_a_word_of_another_class_is_refused(known, images):
    with pytest.raises(UserError, match=r"^data.csv: the images of label \d are named '.*(.|\n)*trained with: "):
        words_of(*images).compare(known, "data.csv")


@pytest.mark.parametrize(
    "known, images, warning",
    [
        (SHAPES, [(0, "Square_1"), (1, "tri angle 1"), (1, "triangle_2")], None),
        (SHAPES, [(0, "square_1"), (1, "TRIANGLE-1")], None),
        ((COMPOSED, "b"), [(0, DECOMPOSED), (1, "b_1")], None),
        (SHAPES, [(0, "img_1"), (1, "img_2")], None),
        (SHAPES, [(0, "drawn_1")], None),
        (SHAPES, [(0, "1.png"), (1, "2.png")], None),
        (("0", "1"), [(0, "triangle_1"), (1, "square_1")], None),
        (
            SHAPES,
            [(0, "circle_1"), (1, "star_1")],
            "circle (0), star (1), but the network knows square (0), triangle (1)",
        ),
        (SHAPES, [(0, "square_1"), (1, "star_1")], "are named star (1), but the network knows"),
    ],
)
def test_other_words_are_read_and_told(known, images, warning, capsys):
    words_of(*images).compare(known, "data.csv")
    told = capsys.readouterr().err
    assert told.startswith("warning: data.csv: its images are named ") and warning in told if warning else told == ""
