"""Does the network give scores, and does it learn better than fully connected layers do?"""

import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.student_blank import StudentBlank
from exercises.student_lines import StudentLines
from kit.cli.errors import tensorflow_reason

from . import design
from .learning import (
    COMPARED,
    EPOCHS,
    SHAPES,
    SIZE,
    STEPS,
    TRAINED,
    Learnt,
    count_multiplications,
    count_parameters_of,
    drawn_images,
    leading_to,
    multiplications_of,
    session_on_one_core,
    signature,
    signature_of,
    steps_for,
    train,
)

CLASSES = 5  # in the check of the shape: not what a design may have counted on
MISTAKES_LEFT = 0.8  # of those that simple_fc makes: less of a difference is luck, simple_fc itself comes so far apart
FEWEST_STEPS = STEPS // 5  # a network that takes so many multiplications that it has fewer isn't trained at all

EXPECTED_SPEED = "a network that takes less arithmetic: fewer filters, or smaller images after the first layers"
WHY_SPEED = "Designing is trying things out. With larger images, and thousands of them, each try would take hours."


PARTS = ("logits of the right shape", "it learns better than simple_fc")


def check(blank: StudentBlank) -> Iterator[str | None]:
    lines = blank.at()
    built, scores, multiplications = first_scores(lines)
    yield
    check_scores(built, scores)
    check_idle(lines, built)
    check_speed(lines, built, multiplications)
    others = blank.names_as_handed_out()
    check_own(lines, others["NETWORKS"])
    images, labels = drawn_images(blank.seed)
    designs: list[design.Design] = []

    def network(*inputs: Any) -> Any:
        designs.append(design.build(lines, *inputs))
        return designs[0].logits

    with ThreadPoolExecutor(1) as pool:  # both at once: a core each
        theirs = pool.submit(train, others["simple_fc"], images, labels)
        try:
            mine = train(network, images, labels)
        except ValueError as error:
            raise explain(error, designs[0]) from None
    check_better(designs[0], mine, theirs.result())
    yield
    if mine.parameters < count_parameters_of(others["cnn"]):
        yield "a medal: fewer parameters than cnn"


def first_scores(lines: StudentLines) -> tuple[design.Design, np.ndarray, int]:
    """What comes out before any training: (Design, scores of three images [3, CLASSES], multiplications per image)."""
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(1)
        images = tf.placeholder(tf.float32, [None, SIZE, SIZE, 3], "images")
        built = design.build(lines, images, CLASSES, tf.placeholder_with_default(False, [], "is_training"))
        pixels = np.random.default_rng(1).uniform(-1, 1, [3, SIZE, SIZE, 3])
        with session_on_one_core(graph) as session:
            session.run(tf.global_variables_initializer())
            try:
                scores = session.run(built.logits, feed_dict={images: pixels})
            except tf.errors.InvalidArgumentError as error:
                raise Finding(
                    f"with images of {SIZE} x {SIZE}, TensorFlow stops: {tensorflow_reason(error)}",
                    "layers that take the image's size from what they are given, as j_flatten_layer does",
                    "A size that is written down fits only one data set.",
                    lines.line_of(error.op) or built.line,
                ) from None
    if scores.shape != (3, CLASSES):
        raise Finding(
            f"for 3 images, logits has {scores.shape[0]} rows",
            "3 rows: the scores of each image",
            "The batch comes through every layer as it is; only the other sizes change.",
            built.line,
        )
    return built, scores, count_multiplications(built.logits)


def check_scores(built: design.Design, scores: np.ndarray) -> None:
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


def check_idle(lines: StudentLines, built: design.Design) -> None:
    """Every layer leads to the logits."""
    if built.idle_layers:
        idle = " and ".join(layer.name for layer in built.idle_layers)
        raise Finding(
            f"nothing uses what comes out of {idle}",
            "each layer on what the one before gave: x = j_conv_layer(x, ...)",
            "A layer that doesn't lead to the logits learns nothing.",
            lines.line_of(built.idle_layers[0].output.op) or built.line,
        )


def check_speed(lines: StudentLines, built: design.Design, multiplications: int) -> None:
    """The network can be trained in a check."""
    if steps_for(multiplications) < FEWEST_STEPS:
        costliest = max(leading_to(built.logits.op), key=multiplications_of)
        raise Finding(
            f"the network takes {multiplications / 1e6:,.0f} million multiplications per image, where `cnn` takes 1",
            EXPECTED_SPEED,
            WHY_SPEED,
            lines.line_of(costliest) or built.line,
        )


def check_own(lines: StudentLines, networks: dict[str, Callable]) -> None:
    """The network is none of those that stand in the script already."""
    with tf.Graph().as_default():
        images = tf.placeholder(tf.float32, [None, SIZE, SIZE, 3])
        built = design.build(lines, images, len(SHAPES), tf.placeholder_with_default(False, []))
        mine = signature(built.logits)
    for name, network in networks.items():
        if name != "my_network" and mine == signature_of(network):
            raise Finding(
                f"your network is {name}, layer by layer",
                f"a network of your own: other layers, filters or sizes than those of {name}",
                f"How good {name} is, is known. What would you change, and does it get better?",
                built.line,
            )


def check_better(built: design.Design, mine: Learnt, theirs: Learnt) -> None:
    """The network is right more often than simple_fc, which is `theirs`."""
    bar = 1 - MISTAKES_LEFT * (1 - theirs.accuracy)
    if mine.accuracy >= bar:
        return
    both = f"an accuracy of {mine.accuracy:.4f}, and simple_fc has {theirs.accuracy:.4f}"
    expected = f"{bar:.4f} or more on the {COMPARED} images to compare on: a fifth fewer mistakes than simple_fc makes"
    if mine.steps < STEPS:
        raise Finding(
            f"it takes so much arithmetic that it had {mine.steps} of {STEPS} steps: your network has {both}",
            EXPECTED_SPEED,
            WHY_SPEED,
            built.line,
        )
    if not math.isfinite(mine.loss) or not mine.varies:
        what = "its loss is no longer a number" if not math.isfinite(mine.loss) else "all images get the same scores"
        advice = (
            "other activations, or fewer layers" if built.has_convolution else "convolutions: they have few weights"
        )
        raise Finding(
            f"after {EPOCHS} epochs {what}: it has {both}",
            expected,
            f"Neurons can fall silent for good, or weights grow without end. Try {advice}.",
            built.line,
        )
    if not built.has_convolution:
        raise Finding(
            f"your network, without a convolution, has {both}",
            expected,
            "Fully connected layers must learn a shape again at each place; a convolution looks for it everywhere.",
            built.line,
        )
    raise Finding(
        f"after {EPOCHS} epochs on {TRAINED} images your network has {both}",
        expected,
        "It has learnt too little by then. Which layers lose what matters? Try fewer, or relu, or less dropout.",
        built.line,
    )


def explain(error: ValueError, built: design.Design) -> Exception:
    """The Finding of an optimizer that found nothing to do; any other error as it is."""
    if "No gradients provided" not in str(error):
        return error
    return Finding(
        "logits have no slope: no weight of the network has a gradient",
        "only layers, down to j_logits",
        "An argmax, or rounding, is flat almost everywhere, so it can't say which way a weight should go.",
        built.line,
    )
