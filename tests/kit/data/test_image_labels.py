"""Words as labels of images: numbered in sorted order, in the graph as in Python, and against a network's names."""

import csv
import unicodedata

import numpy as np
import pytest
from PIL import Image
from support.data_sets import image_data
from support.scripts import elements

import kit.tensorflow1 as tf
from dlho2018 import read_lines
from kit.cli.errors import UserError
from kit.data.decoded_cache import cached_examples
from kit.data.image_labels import ImageLabels, is_word
from kit.data.image_lines import images_of
from kit.data.parts import TRAINING, VALIDATION
from kit.data.pipeline import decode

HEADER = "image_name,image_path,label"
WORDS = ["zebra", "big bird, blue", 'the "cat"', "größe", "Ape 2", "x" * 300]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The current folder, with an image of another grey for each of WORDS."""
    monkeypatch.chdir(tmp_path)
    for number in range(len(WORDS)):
        Image.new("RGB", (6, 8), (number, number, number)).save(f"{number}, a.png")
    return tmp_path


def write(labels, name="data.csv", **options):
    """A CSV of images whose grey is the place of their label in WORDS."""
    with open(name, "w", encoding=options.pop("encoding", "utf-8"), newline="") as file:
        writer = csv.writer(file, **options)
        writer.writerow(HEADER.split(","))
        writer.writerows([f"i{n}", f"{WORDS.index(label.strip())}, a.png", label] for n, label in enumerate(labels))
    return name


@pytest.mark.parametrize(
    "options",
    [{}, {"encoding": "utf-8-sig"}, {"lineterminator": "\n"}, {"quoting": csv.QUOTE_ALL}],
    ids=["CRLF", "BOM", "LF", "all quoted"],
)
def test_every_way_of_input_gives_the_number_in_sorted_order(graph, options):
    labels = [*WORDS, *reversed(WORDS), f" {WORDS[0]} "]
    data = image_data(write(labels, **options), 0.0)
    assert data.class_names == tuple(sorted(WORDS)) and data.spec.has_words
    expected = [(WORDS.index(word.strip()), sorted(WORDS).index(word.strip())) for word in labels]  # (grey, number)
    read = elements(read_lines(data, TRAINING).map(data.parse, num_parallel_calls=2))
    assert [(int(image[0, 0, 0]), int(label)) for image, label in read] == expected
    assert [label for *_, label in images_of(data, TRAINING)] == [number for _, number in expected]
    cached = cached_examples(data, decode(data, lambda: read_lines(data, TRAINING), data.num_training))
    assert cached["label"].tolist() == [number for _, number in expected]


def test_predictions_are_written_as_the_labels_are(folder):
    data = image_data(write(WORDS[:2] * 2), 1.0, class_names=("big bird, blue", "zebra"))
    lines = list(data.predictions(np.tile(np.float32([0.75, 0.25]), (4, 1)), np.array([1, 0, 1, 0])).lines)
    assert [line[1:3] for line in lines] == [["zebra", "big bird, blue"], ["big bird, blue"] * 2] * 2


def test_a_word_that_was_not_there_when_the_file_was_checked_is_told(graph):
    data = image_data(write(WORDS), 0.0)
    with open("data.csv", encoding="utf-8") as file:
        text = file.read()
    with open("data.csv", "w", encoding="utf-8", newline="") as file:
        file.write(text.replace("zebra", "zebu"))
    next_element = tf.data.make_one_shot_iterator(read_lines(data, TRAINING).map(data.parse)).get_next()
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError, match=r"not a valid int64: \?"):
        session.run(next_element)
    with pytest.raises(UserError, match=r"^data\.csv:2: this line has changed"):
        list(images_of(data, TRAINING))


# ---- against a network's names


def labels_of(*texts, known=None):
    labels = ImageLabels("data.csv", known)
    assert [labels.add(number, text, f"a_{number}") for number, text in enumerate(texts, 1)] == [None] * len(texts)
    return labels.finish()


def test_words_are_the_networks_whatever_their_order_and_capitals(capsys):
    nfd = unicodedata.normalize("NFD", "Größe")
    names, number_of = labels_of("dog", "Cat", nfd, known=("dog", "cat", "größe"))
    assert names == ("dog", "cat", "größe") and number_of == {"dog": 0, "Cat": 1, nfd: 2}
    told = capsys.readouterr().err
    assert told.startswith("warning: data.csv: labels are written otherwise than in training: 'Cat' for 'cat'")
    assert labels_of("cat", known=("Cat", "cat"))[1] == {"cat": 1} and capsys.readouterr().err == ""


def test_words_and_numbers_of_one_network():
    """A network that learnt from numbers knows its classes' names, if the images have them; and the other way round."""
    assert labels_of("triangle", "square", known=("square", "triangle"))[1] == {"square": 0, "triangle": 1}
    assert labels_of("1", "0", known=("square", "triangle")) == (("square", "triangle"), {})


@pytest.mark.parametrize("known, text", [(("cat", "dog"), "bird"), (("0", "1"), "cat"), (("Cat", "cat"), "CAT")])
def test_a_word_that_the_network_does_not_know(known, text):
    assert ImageLabels("data.csv", known).add(1, text, "a").startswith(f"label '{text}', but the network only knows ")


# ---- going on from initial weights

SHAPES = ("square", "triangle", "circle")


def learnt_from(*images, initial=SHAPES):
    """(names, number_of) of images, (label, name), that a network goes on learning from."""
    labels = ImageLabels("data.csv", None, initial)
    assert [labels.add(number, *image) for number, image in enumerate(images, 1)] == [None] * len(images)
    return labels.finish()


def test_images_of_some_classes_keep_all_of_the_initial_ones(capsys):
    assert learnt_from(("0", "square_1"), ("2", "Circle 7.png")) == (SHAPES, {})
    assert "data.csv: no images of triangle: the network still has these classes, but" in capsys.readouterr().err
    assert learnt_from(("circle", "a"), ("square", "b")) == (SHAPES, {"circle": 2, "square": 0})  # not in sorted order
    assert "no images of triangle" in capsys.readouterr().err
    assert learnt_from(("0", "1.png"), ("2", "5.png"), initial=("0", "1", "2"))[0] == ("0", "1", "2")
    capsys.readouterr()
    assert learnt_from(("0", "square_1"), ("1", "triangle_1"), ("2", "circle_1"))[0] == SHAPES
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("images", "names"),
    [
        ([("0", "cat_1"), ("1", "dog_1")], ("cat", "dog")),
        ([("0", "triangle_1"), ("1", "square_1")], ("triangle", "square")),
        ([("0", "square_1"), ("1", "7.png")], ("0", "1")),
        ([("square", "a"), ("star", "b")], ("square", "star")),
        ([(f"{label}", f"{name}_1") for label, name in enumerate((*SHAPES, "star"))], (*SHAPES, "star")),
    ],
)
def test_other_classes_than_the_initial_ones_are_those_of_the_images(images, names, capsys):
    assert learnt_from(*images)[0] == names and capsys.readouterr().out == ""


def test_labels_with_a_gap_that_no_initial_class_fills():
    with pytest.raises(UserError, match=r"no image has label 1(.|\n)*go on from its weights: --initial_weights RUN"):
        learnt_from(("0", "cat_1"), ("2", "dog_1"))
    with pytest.raises(UserError, match="every image has label 1; a classifier needs two"):
        learnt_from(("1", "triangle_1"))


# ---- what is no label, and what is told


@pytest.mark.parametrize("first, second", [("cat", "0"), ("0", "cat")])
def test_words_and_numbers_are_not_mixed(first, second):
    labels = ImageLabels("data.csv", None)
    assert labels.add(2, first, "a") is None
    kinds = ("number", "word") if second == "0" else ("word", "number")
    problem = labels.add(7, second, "b")
    assert problem.startswith(f"label '{second}' is a {kinds[0]}, but line 2 has the {kinds[1]} '{first}'\n  Write ")


def test_joined_files_of_words_and_numbers_are_refused_with_the_line():
    write([WORDS[0]] * 2, "words.csv")
    with open("joined.csv", "w", encoding="utf-8") as file, open("words.csv", encoding="utf-8") as words:
        file.write(words.read() + f'{HEADER}\nsquare_1,"0, a.png",0\n')
    with pytest.raises(UserError, match=r"^joined.csv:5: label '0' is a number, but line 2 has the word 'zebra'"):
        image_data("joined.csv", 0.5)
    write([WORDS[1]], "more.csv")
    with open("joined.csv", "w", encoding="utf-8") as file:
        for name in ("words.csv", "more.csv"):
            with open(name, encoding="utf-8") as part:
                file.write(part.read())
    assert image_data("joined.csv", 1.0, class_names=("big bird, blue", "zebra")).count(VALIDATION) == 3


def test_what_can_name_a_class():
    assert all(map(is_word, ["cat", "Größe", "猫", "a1", "3d", "cat.png", "t-shirt"]))
    assert not any(map(is_word, ["", " ", "nan", "N/A", "#N/A", "1.5", "-1", "1e3", "--", "٣", "007"]))


def test_one_word_only():
    with pytest.raises(UserError, match="every image has the label 'cat'; a classifier needs two"):
        labels_of("cat", "cat")


def test_words_that_look_alike_are_told(capsys):
    assert labels_of("cat", "Cat", "dog")[0] == ("Cat", "cat", "dog")
    assert "labels that look alike count as different classes: 'Cat' and 'cat'" in capsys.readouterr().err
