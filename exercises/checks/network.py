"""Blank 12: a network of one's own, which has to learn better than fully connected layers alone."""

import math
import time

import numpy as np

import kit.tensorflow1 as tf
from exercises.checks import check_of, design
from exercises.checks.learning import (
    COMPARED,
    EPOCHS,
    SIZE,
    STEPS,
    TRAINED,
    count_parameters_of_cnn,
    drawn_images,
    train,
)
from exercises.findings import Finding

CLASSES = 5  # in the check of the shape: not what a design may have counted on
SECONDS = 7  # of the check, after which no training goes on
MISTAKES_LEFT = 0.8  # of those that simple_fc makes: luck alone makes less of a difference than a fifth


@check_of(12, "logits of the right shape", "it learns better than simple_fc")
def check_network(lines):
    deadline = time.monotonic() + SECONDS
    first_design, scores = first_scores(lines)
    yield
    check_scores(first_design, scores)
    from dlho2018_nns import simple_fc

    images, labels = drawn_images(lines.seed)
    theirs = train(simple_fc, images, labels, deadline)
    designs = []

    def network(*inputs):
        designs.append(design.build(lines, *inputs))
        return designs[0].logits

    mine = train(network, images, labels, deadline)
    check_better(designs[0], mine, theirs)
    yield
    if mine.parameters < count_parameters_of_cnn():
        yield "fewer parameters than cnn"


def first_scores(lines):
    """The design, and the scores of three images before any training: (design.Design, float32 [3, CLASSES])."""
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(1)
        images = tf.placeholder(tf.float32, [None, SIZE, SIZE, 3], "images")
        built = design.build(lines, images, CLASSES, tf.placeholder_with_default(False, [], "is_training"))
        pixels = np.random.default_rng(1).uniform(-1, 1, [3, SIZE, SIZE, 3])
        with tf.Session(graph=graph) as session:
            session.run(tf.global_variables_initializer())
            scores = session.run(built.logits, feed_dict={images: pixels})
    if scores.shape != (3, CLASSES):
        raise Finding(
            f"for 3 images, logits has {scores.shape[0]} rows",
            "3 rows: the scores of each image",
            "The batch comes through every layer as it is; only the other sizes change.",
            built.line,
        )
    return built, scores


def check_scores(built, scores):
    """The logits are scores of the images."""
    if not built.sees_images:
        raise Finding(
            "logits don't depend on the images: nothing leads from images to them",
            "layers in a row, the first on images: x = j_conv_layer(images, ...), then j_...(x, ...)",
            "Whatever is on an image, its scores would be the same.",
            built.line,
        )
    if built.activation == "softmax" or (scores.min() >= 0 and np.allclose(scores.sum(axis=1), 1, atol=1e-4)):
        raise Finding(
            "logits come out of softmax: they are probabilities, and each row sums to 1",
            "scores without an activation: j_logits(x, num_classes)",
            "The loss applies softmax itself. Applied twice, it can never come near 0, and learning is slow.",
            built.line,
        )
    if built.activation:
        raise Finding(
            f"logits come out of {built.activation}",
            "scores without an activation: j_logits(x, num_classes)",
            "Scores go from minus to plus infinity. An activation cuts off a part of that, and learning stops there.",
            built.line,
        )


def check_better(built, mine, theirs):
    """The network makes fewer mistakes than simple_fc.

    Args:
      built: design.Design of the network.
      mine, theirs: learning.Learnt, of the network and of simple_fc.
    """
    if 1 - mine.accuracy <= MISTAKES_LEFT * (1 - theirs.accuracy):
        return
    bar = 1 - MISTAKES_LEFT * (1 - theirs.accuracy)
    both = f"an accuracy of {mine.accuracy:.3f}, and simple_fc has {theirs.accuracy:.3f}"
    expected = f"{bar:.3f} or more on the {COMPARED} images to compare on: a fifth fewer mistakes than simple_fc makes"
    if built.idle_layers:
        idle = " and ".join(built.idle_layers)
        raise Finding(
            f"nothing uses what comes out of {idle}: your network has {both}",
            "each layer on what the one before gave: x = j_conv_layer(x, ...)",
            "A layer that doesn't lead to the logits learns nothing.",
            built.line,
        )
    if mine.steps < STEPS:
        raise Finding(
            f"in {mine.seconds:.0f} s your network has done {mine.steps} of {STEPS} steps; simple_fc took "
            f"{theirs.seconds:.1f} s for all",
            "a network that learns in seconds: fewer filters, or smaller images after the first layers",
            "Training is trying things out: with larger images and more of them, each try would take hours.",
            built.line,
        )
    if not math.isfinite(mine.loss) or not mine.varies:
        what = "its loss is no longer a number" if not math.isfinite(mine.loss) else "all images get the same scores"
        raise Finding(
            f"after {EPOCHS} epochs {what}: it has {both}",
            expected,
            "Neurons can fall silent for good, or weights grow without end. Other activations or fewer layers help.",
            built.line,
        )
    if not built.has_convolution:
        raise Finding(
            f"your network, without a convolution, has {both}",
            expected,
            "Fully connected layers must learn a shape at each place anew; a convolution looks for it everywhere.",
            built.line,
        )
    raise Finding(
        f"after {EPOCHS} epochs on {TRAINED} images your network has {both}",
        expected,
        "It has learnt too little by then. Which layers lose what matters? Try fewer, or relu, or less dropout.",
        built.line,
    )
