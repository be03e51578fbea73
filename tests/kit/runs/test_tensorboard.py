"""What the scripts write for TensorBoard, read back with TensorBoard's own reader."""

import shutil

import pytest
from support import warm

LAYERS = ("conv1", "conv2", "pool2", "conv3", "pool3", "conv4", "pool4", "flatten", "fc1", "logits")


@pytest.fixture(scope="module")
def events(drawn, tmp_path_factory):
    """A run of two epochs, resumed for a third: {"train" or "validation": TensorBoard's EventAccumulator}."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    folder = tmp_path_factory.mktemp("events") / "class"
    shutil.copytree(drawn, folder)
    for words in (["--epochs", "2", "--batch_size", "8"], ["--epochs", "3", "--resume"]):
        warm.run("training.py", folder, "--run", "seen", *words).check_returncode()
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
    assert events["validation"].Tags()["images"] == ["pictures/confusion_matrix"]
    sample = events["train"].Images("pictures/samples")[0]
    assert sample.encoded_image_string.startswith(b"\x89PNG") and sample.step > 0


def test_pr_curves_and_settings(events):
    tensors = events["validation"].Tags()["tensors"]
    assert {"pr_curve/square/pr_curves", "pr_curve/triangle/pr_curves"} <= set(tensors)
    (name,) = [tag for tag in events["train"].Tags()["tensors"] if tag.startswith("settings")]
    text = events["train"].Tensors(name)[0].tensor_proto.string_val[0].decode()
    assert "| batch_size | 8 |" in text and "| network | cnn |" in text


def test_the_graph_has_a_scope_for_each_layer(events):
    from tensorflow.core.framework.graph_pb2 import GraphDef

    graph = GraphDef.FromString(events["train"].Graph().SerializeToString())
    scopes = {node.name.split("/")[0] for node in graph.node}
    assert {*LAYERS, "scale_pixels", "objective", "optimizer", "training_data", "validation_data"} <= scopes
    strays = {scope for scope in scopes if any(scope.startswith(f"{name}_") for name in LAYERS)}
    assert not strays  # no layer has been split in two
