"""A run of training.py whose network judges what a lab has made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import cast

import numpy as np

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.data.data_spec import ImageSpec
from kit.data.image_data import ImageData
from kit.runs.checkpoints import checkpoint_to_restore, find, readable_checkpoint_errors
from kit.runs.inside_plan import open_run_of_images
from kit.runs.run_folder import Run

TRAIN = "  Train a network on the lab's images first, or name another run with --run."


def open_judge(name: str | None, networks: Iterable[str], data: ImageData) -> Run:
    """Opens a run that was trained on images like a lab's.

    Args:
      name: of its folder in runs/; None for the newest.
      networks: the names that its network may have.
      data: of the lab.
    Raises:
      UserError: there is no such run, it has no best checkpoint, or it was trained on a table, on images of another
        size, or on other classes.
    """
    run = open_run_of_images(name, networks)
    find(run, "best")
    spec = cast(ImageSpec, run.data_spec)
    for what, trained, wanted in (
        ("images of", spec.image_size, data.image_size),
        ("the classes", spec.class_names, data.class_names),
    ):
        if tuple(trained) != tuple(wanted):
            sign = " x " if what == "images of" else ", "
            found, expected = (sign.join(map(str, each)) for each in (trained, wanted))
            raise UserError(
                f"Run '{run.name}' was trained on {what} {found}, but {data.path} has {what} {expected}.\n{TRAIN}"
            )
    return run


def what_is_seen(run: Run, data: ImageData, images: np.ndarray, build_network: Callable) -> np.ndarray:
    """The class that the network of a run sees in each image; in a graph of its own.

    Args:
      run: of open_judge.
      data: of the lab.
      images: uint8 [N, H, W, 3].
      build_network: dlho2018_nns.build_network.
    Returns:
      int64 [N].
    Raises:
      UserError: its best checkpoint can't be read, or isn't this network's.
    """
    with tf.Graph().as_default(), tf.Session() as session:
        images_ph, _ = data.placeholders()
        logits, _ = build_network(run, data.scale(images_ph), data.num_classes, tf.constant(False))
        checkpoint = checkpoint_to_restore(run, "best", data.shape)
        with readable_checkpoint_errors(checkpoint):
            tf.train.Saver().restore(session, checkpoint)
        return session.run(tf.argmax(logits, axis=1), feed_dict={images_ph: images})
