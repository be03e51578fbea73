"""Which images labs/look_inside.py looks at."""

import pytest
from support.data_sets import image_data

import kit.tensorflow1 as tf
import dlho2018
from kit.data.parts import VALIDATION
from kit.runs import inside_plan


def labels_shown(data):
    with tf.Graph().as_default(), tf.Session() as session:
        lines = inside_plan.shown_of(dlho2018.read_lines(data, VALIDATION), data)
        label = tf.data.make_one_shot_iterator(lines.map(data.parse)).get_next()[1]
        found = []
        while True:
            try:
                found.append(int(session.run(label)))
            except tf.errors.OutOfRangeError:
                return found


@pytest.fixture
def data(drawn, monkeypatch):
    monkeypatch.chdir(drawn)
    return image_data("dataset.csv", 1.0)  # 60 squares, then 60 triangles


def test_few_images_are_all_looked_at_in_the_files_order(data, capsys):
    assert labels_shown(data) == [0] * 60 + [1] * 60
    assert capsys.readouterr().out == ""


def test_of_many_images_some_of_each_class_are_looked_at(data, capsys, monkeypatch):
    monkeypatch.setattr(inside_plan, "MOST_IMAGES", 30)
    found = labels_shown(data)
    assert len(found) == 30 and 8 <= sum(found) <= 22 and found == labels_shown(data)
    assert capsys.readouterr().out.startswith("30 of 120 images are looked at, drawn at random.\n")
