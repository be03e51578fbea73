"""A run that a lab goes on from: opened, its images, new ones, and which of its variables fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.lab_settings import FineTuneSettings
from kit.cli.settings import EvaluatingSettings
from kit.data.image_data import ImageData
from kit.data.interface import Data, Lesson
from kit.data.parts import TRAINING, VALIDATION
from kit.data.pipeline import decode_all
from kit.labs.lab import Lab
from kit.model.layer_registry import layers_of, scope_of, weights_of
from kit.runs.checkpoint_files import readable_checkpoint_errors
from kit.runs.checkpoints import check_network, find
from kit.runs.run_data import check_parts, open_evaluation_data
from kit.runs.run_folder import Run

HELD_OUT = 1 / 3  # share of new images; they are few, and a few held out say little
MOST_CLASSES = 3  # in a sheet of pictures
MOST_CANDIDATES = 64  # images among which one of each class is looked for


def new_images(settings: FineTuneSettings, run: Run, lesson: Lesson) -> ImageData:
    """Opens the images of --data; classes that the run knows, too, keep their numbers.

    Args:
      settings: of labs/fine_tune.py.
      run: that was trained on other images.
      lesson: dlho2018.py.
    Raises:
      UserError: a line is wrong, or a part is empty.
    """
    data = ImageData.scan(settings.data, HELD_OUT, initial_classes=run.data_spec.class_names, lesson=lesson)
    check_parts(data, [TRAINING, VALIDATION])
    return data


def numbers_of_labels(lab: Lab[FineTuneSettings], data: ImageData) -> tuple[int, ...]:
    """How many images have a label: --labels; of its default those numbers that aren't too large, or else all images.

    Raises:
      UserError: a number that was given is too small or too large.
    """
    counts, most = lab.settings.labels, data.num_training
    if min(counts) < 1:
        raise UserError(f"--labels {min(counts)}: expected 1 or more.")
    if max(counts) <= most:
        return counts
    found = f"more than the {most:,} images of {data.path} that aren't held out"
    if "labels" in lab.given:
        raise UserError(f"--labels {max(counts)}: {found}.\n  Use {most} or less, or get more images.")
    fitting = tuple(count for count in counts if count <= most) or (most,)
    left_out = console.listed([str(count) for count in counts if count > most])
    console.say(f"Images with a label: {console.listed([*map(str, fitting)])}. Left out: {left_out}, {found}.")
    return fitting


def validation_images(run: Run, lesson: Lesson) -> Data:
    """The images that a run was validated on, as the VALIDATION part; a UserError if it has none, or they are gone."""
    if not run.data_spec.num_validation:
        raise UserError(
            f"Run '{run.name}' has no validation data, of which pictures could be drawn.\n"
            "  Name a run that has: --run NAME, or train one: python training.py --validation 0.2"
        )
    return open_evaluation_data(EvaluatingSettings(run=run.name), run, lesson)


def image_of_each_class(data: Data, lesson: Lesson, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """An image of each class, MOST_CLASSES of them at most.

    Args:
      data: whose VALIDATION part they are of.
      lesson: dlho2018.py.
      seed: which ones.
    Returns:
      (images, labels): uint8 [N, H, W, 3], int64 [N].
    """
    count = min(MOST_CANDIDATES, data.num_validation)
    images, labels = decode_all(
        data, lambda: lesson.read_lines(data, VALIDATION).shuffle(data.num_validation, seed), count, seed
    )
    classes, first = np.unique(labels, return_index=True)
    return images[first[:MOST_CLASSES]], classes[:MOST_CLASSES]


def convolutions(graph: tf.Graph, run: Run) -> list[tf.Tensor]:
    """The maps of each convolution of a run's network, [B, h, w, C]; a UserError if it has none."""
    maps = [layer.output for layer in layers_of(graph) if layer.makes_maps]
    if not maps:
        raise UserError(
            f"Run '{run.name}', {run.design}, has no convolution of images, and so no maps.\n"
            "  Name a run that has: --run NAME, or train one: python training.py --network cnn"
        )
    return maps


def learnt_variables(run: Run, data: Data, variables: Sequence[tf.Variable]) -> tuple[str, list[tf.Variable]]:
    """What a run has learnt, for a network that has just been built; a last layer for other classes isn't among it.

    Args:
      run: whose network it is.
      data: for which it was built.
      variables: the network's.
    Returns:
      (checkpoint, variables): the path of the best one, and those of the network's variables to restore from it.
    Raises:
      UserError: the run has no such checkpoint, or isn't this network's: the images have another size, for example.
    """
    checkpoint = find(run, "best")
    with readable_checkpoint_errors(checkpoint):
        shapes = tf.train.load_checkpoint(checkpoint).get_variable_to_shape_map()
    last = scope_of(weights_of(tf.get_default_graph())[-1])
    if any(shapes.get(each.op.name) != each.shape.as_list() for each in variables if scope_of(each) == last):
        variables = [each for each in variables if scope_of(each) != last]
    check_network(checkpoint, variables, run, data.shape)
    return checkpoint, list(variables)


def last_layers(variables: Iterable[tf.Variable], count: int) -> list[str]:
    """The names of the last layers that have some of the variables."""
    return list(dict.fromkeys(map(scope_of, variables)))[-count:]
