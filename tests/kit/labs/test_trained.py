"""What labs take from a run. Its weights, and wrong images: tests/end_to_end/labs/test_fine_tune.py."""

from types import SimpleNamespace

import numpy as np
import pytest

import kit.tensorflow1 as tf
import dlho2018
from dlho2018_nns import NETWORKS
from kit.cli.errors import UserError
from kit.cli.lab_settings import FineTuneSettings
from kit.data.image_data import ImageData
from kit.labs.trained import convolutions, image_of_each_class, last_layers, numbers_of_labels, validation_images
from tf_layers import j_fc_layer, j_flatten_layer

RUN = SimpleNamespace(name="shapes", design="network simple_fc")


def images(size=32):
    return tf.placeholder(tf.float32, [None, size, size, 3])


def test_the_last_layers_are_those_that_were_built_last(graph):
    NETWORKS["cnn_regularized"](images(), 2, tf.placeholder_with_default(False, []))
    assert last_layers(tf.trainable_variables(), 3) == ["norm4", "fc1", "logits"]
    assert len(last_layers(tf.trainable_variables(), 100)) == 10


def test_the_maps_are_those_of_the_convolutions(graph):
    NETWORKS["cnn"](images(), 2, tf.constant(False))
    maps = convolutions(tf.get_default_graph(), RUN)
    assert [each.shape.as_list()[1:] for each in maps] == [[16, 16, 8], [16, 16, 16], [8, 8, 32], [4, 4, 64]]


def test_a_network_without_convolutions_is_told(graph):
    j_fc_layer(j_flatten_layer(images()), 2, "logits")
    with pytest.raises(UserError, match="Run 'shapes', network simple_fc, has no convolution"):
        convolutions(tf.get_default_graph(), RUN)


def test_there_is_an_image_of_each_class(drawn, monkeypatch):
    monkeypatch.chdir(drawn)
    data = ImageData.scan("dataset.csv", 0.5, lesson=dlho2018)
    found, labels = image_of_each_class(data, dlho2018, 0)
    assert labels.tolist() == [0, 1] and found.shape == (2, 32, 32, 3) and found.dtype == np.uint8
    again, _ = image_of_each_class(data, dlho2018, 0)
    other, _ = image_of_each_class(data, dlho2018, 1)
    assert np.array_equal(found, again) and not np.array_equal(found, other)


def labels_of(images, *given, **settings):
    lab = SimpleNamespace(settings=FineTuneSettings(**settings), given=set(given))
    return numbers_of_labels(lab, SimpleNamespace(path="drawn/info.csv", num_training=images))


def test_numbers_of_labels_that_are_too_large_are_left_out_if_nobody_gave_them(capsys):
    assert labels_of(200) == (20, 50, 200) and capsys.readouterr().out == ""
    assert labels_of(60) == (20, 50)
    left_out = "200, more than the 60 images of drawn/info.csv that aren't held out."
    assert capsys.readouterr().out == f"Images with a label: 20, 50. Left out: {left_out}\n"
    assert labels_of(13) == (13,)
    assert labels_of(30, "labels", labels=(5, 30)) == (5, 30)
    with pytest.raises(UserError, match=r"--labels 31: more than the 30 images of drawn/info.csv .*\n  Use 30 or less"):
        labels_of(30, "labels", labels=(5, 31))


def test_a_run_without_validation_data_is_told():
    run = SimpleNamespace(name="all", data_spec=SimpleNamespace(num_validation=0))
    with pytest.raises(
        UserError, match=r"Run 'all' has no validation data.*\n.*--run NAME, or train one: python training.py"
    ):
        validation_images(run, dlho2018)
