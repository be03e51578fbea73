"""What the scripts write for TensorBoard, read back with TensorBoard's own reader."""

import io
import shutil

import numpy as np
import pytest
from PIL import Image
from support import warm

from kit.runs import tensorboard

LAYERS = ("conv1", "conv2", "pool2", "conv3", "pool3", "conv4", "pool4", "flatten", "fc1", "logits")


@pytest.fixture(scope="module")
def events(drawn, tmp_path_factory):
    """A run of two epochs, resumed for a third, evaluated twice: {"train" or "validation": EventAccumulator}."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    folder = tmp_path_factory.mktemp("events") / "class"
    shutil.copytree(drawn, folder)
    for words in (["--epochs", "2", "--batch_size", "8"], ["--epochs", "3", "--resume"]):
        warm.run("training.py", folder, "--run", "seen", *words).check_returncode()
    for _ in range(2):
        warm.run("evaluating.py", folder, "--run", "seen").check_returncode()
    assert {path.parent.name for path in (folder / "runs").rglob("*tfevents*")} == {"train", "validation"}
    every = {"scalars": 0, "images": 0, "histograms": 0, "tensors": 0}
    accumulators = {
        part: EventAccumulator(str(folder / "runs" / "seen" / part), every) for part in ("train", "validation")
    }
    for accumulator in accumulators.values():
        accumulator.Reload()
    return accumulators


def steps(events, part, tag):
    return [event.step for event in events[part].Scalars(tag)]


def test_training_and_validation_share_their_tags(events):
    for tag in ("curves/loss", "curves/accuracy"):
        assert tag in events["train"].Tags()["scalars"] and tag in events["validation"].Tags()["scalars"]
    assert "curves/learning_rate" in events["train"].Tags()["scalars"]


def test_steps_are_the_global_ones_and_go_on_after_a_resume(events):
    an_epoch = steps(events, "validation", "curves/loss")[0]
    assert steps(events, "validation", "curves/accuracy") == [an_epoch, 2 * an_epoch, 3 * an_epoch]
    training = steps(events, "train", "curves/loss")
    assert training == sorted(set(training)) and training[-1] == 3 * an_epoch
    assert any(2 * an_epoch < step < 3 * an_epoch for step in training)


def test_every_layer_has_its_histograms(events):
    tags = events["train"].Tags()["histograms"]
    assert {f"layers/{name}/output" for name in LAYERS} <= set(tags)
    with_weights = [name for name in LAYERS if name.startswith(("conv", "fc", "logits"))]
    assert {f"layers/{name}/{part}" for name in with_weights for part in ("weights", "biases")} <= set(tags)
    assert len(events["train"].Histograms("layers/conv1/weights")) == 3  # one an epoch


def test_pictures(events):
    assert set(events["train"].Tags()["images"]) == {"pictures/samples", "pictures/first_layer_filters"}
    evaluated = {f"evaluation/{name}" for name in ("confusion_matrix", "roc", "precision_recall", "mistakes")}
    assert set(events["validation"].Tags()["images"]) == {"pictures/confusion_matrix", *evaluated}
    sample = events["train"].Images("pictures/samples")[0]
    assert sample.encoded_image_string.startswith(b"\x89PNG") and sample.step > 0


def test_an_evaluations_pictures_are_at_the_step_of_its_checkpoint(events):
    accuracies = {event.step: event.value for event in events["validation"].Scalars("curves/accuracy")}
    losses = {event.step: event.value for event in events["validation"].Scalars("curves/loss")}
    best = max(accuracies, key=lambda step: (accuracies[step], -losses[step]))
    (roc,) = events["validation"].Images("evaluation/roc")  # one: the second evaluation replaces the first
    assert roc.step == best


def test_captions_fit_below_the_samples(events):
    """TensorBoard shows a picture 350 pixels wide: a letter of a caption is then some ten pixels high."""
    with Image.open(io.BytesIO(events["train"].Images("pictures/samples")[-1].encoded_image_string)) as sample:
        width, height = sample.size
    side = 160  # of an image, which has 32: enlarged five times
    letters = round(tensorboard.CAPTION * side)
    assert (width, height) == (3 * (side + letters // 2), 4 * (side + 2 * 22 + letters // 2))
    assert letters * 350 / width > 10


def test_pr_curves_and_settings(events):
    tensors = events["validation"].Tags()["tensors"]
    assert {"pr_curve/square/pr_curves", "pr_curve/triangle/pr_curves"} <= set(tensors)
    (name,) = [tag for tag in events["train"].Tags()["tensors"] if tag.startswith("settings")]
    text = events["train"].Tensors(name)[0].tensor_proto.string_val[0].decode()
    assert "| batch_size | 8 |" in text and "| network | cnn |" in text and "| learning_rate | 0.003 |" in text
    assert "None" not in text and "fill_missing" not in text


def test_the_graph_has_a_scope_for_each_layer(events):
    from tensorflow.core.framework.graph_pb2 import GraphDef

    graph = GraphDef.FromString(events["train"].Graph().SerializeToString())
    scopes = {node.name.split("/")[0] for node in graph.node}
    assert {*LAYERS, "scale_pixels", "objective", "optimizer", "training_data", "validation_data"} <= scopes
    assert {"gradients", "Adam"} <= scopes  # not in the objective's box, though they are made in its scope
    strays = {scope for scope in scopes if any(scope.startswith(f"{name}_") for name in LAYERS)}
    assert not strays  # no layer has been split in two


def test_a_frozen_layer_is_shown_as_the_others(graph):
    import kit.tensorflow1 as tf
    from tf_layers import j_conv_layer, j_deconv_layer, j_flatten_layer, j_logits

    images_ph = tf.placeholder(tf.uint8, [None, 8, 8, 3])
    x = j_deconv_layer(tf.cast(images_ph, tf.float32), 5, "larger", trainable=False)  # its kernel is [4, 4, 5, 3]
    x = j_deconv_layer(x, 3, "colours", trainable=False)  # [4, 4, 3, 5]: 3 outputs, not 3 inputs
    x = j_conv_layer(x, 2, "conv", strides=4, trainable=False)  # [3, 3, 3, 2]
    probabilities = tf.nn.softmax(j_logits(j_flatten_layer(x), 2))
    samples = np.zeros([1, 8, 8, 3], np.uint8), np.zeros([1], np.int64)
    inspector = tensorboard.NetworkInspector(graph, images_ph, probabilities, ["a", "b"], samples)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        shown = inspector.summary(session)
        kernel = session.run("conv/weights:0")
    values = {value.tag: value for value in shown.value}
    assert {f"layers/{name}/weights" for name in ("larger", "colours", "conv", "logits")} <= values.keys()
    filters = values["pictures/first_layer_filters"].image.encoded_image_string
    assert filters == tensorboard._filters_png(kernel)
