"""Does train_last change the layers that may learn, and leave all others as they are?"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding, Line
from exercises.stages.tensors import described, line_making
from exercises.student_blank import StudentBlank
from exercises.student_lines import StudentLines
from kit.cli.errors import tensorflow_reason
from kit.model.layer_registry import scope_of

PARTS = (
    "train_last moves the layers that may learn",
    "it leaves all other layers as they were",
    "it counts the steps in global_step",
    "may_learn says which layers these are",
)
RATE = 0.5  # of the optimiser
EXAMPLES = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)  # [B, 4]
WIDTH = 4  # of each layer
OTHERS = "What the first layers have learnt from many images shall stay: the few new ones would spoil it."


class Step(NamedTuple):
    """What a run of train_last did."""

    moves: dict[str, np.ndarray]  # {layer: how its weights have changed}
    expected: dict[str, np.ndarray]  # {layer: the move against the gradient, were all layers to learn}
    counts: tuple[int, int]  # global_step before and after
    train_last: Any
    line: Line


def check(blank: StudentBlank) -> Iterator[str | None]:
    lines = blank.at()
    step = one_step(lines, ["fc1", "fc2", "logits"], ["fc2", "logits"])
    check_moves(step, ["fc2", "logits"])
    yield
    check_rest(step, ["fc2", "logits"])
    yield
    before, after = step.counts
    if after != before + 1:
        raise Finding(
            f"one run of train_last takes global_step from {before} to {after}",
            f"from {before} to {before + 1}",
            "The learning rate falls with global_step. minimize counts if it gets global_step.",
            step.line,
        )
    yield
    may_learn = ["fc1", "fc2", "logits"]
    other = one_step(lines, ["fc10", *may_learn], may_learn)
    check_moves(other, may_learn)
    check_rest(other, may_learn)
    yield


def one_step(lines: StudentLines, layers: list[str], may_learn: list[str]) -> Step:
    """Runs the student's lines on a network of linear layers, then train_last once."""
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(0)
        outputs = tf.constant(EXAMPLES)
        for name in layers:
            with tf.variable_scope(name):
                outputs = tf.matmul(outputs, tf.get_variable("weights", [WIDTH, WIDTH]))
        names: dict[str, Any] = {
            "loss": tf.reduce_mean(tf.square(outputs)),
            "global_step": tf.train.get_or_create_global_step(),
            "optimizer": tf.train.GradientDescentOptimizer(RATE),
            "may_learn": list(may_learn),
            "scope_of": scope_of,
        }
        names = lines.run(names, keeps=("loss", "global_step", "optimizer"))
        train_last = names.get("train_last")
        line = line_making(lines, "train_last", train_last)
        watched = {scope_of(variable): variable for variable in tf.trainable_variables()}
        with tf.Session(graph=graph) as session:
            session.run(tf.global_variables_initializer())
            before, count = session.run([watched, names["global_step"]])
            try:
                session.run(train_last)
            except tf.errors.OpError as error:
                found = f"train_last stops: {tensorflow_reason(error)}"
                raise Finding(found, "an operation that runs", "The loop runs it in each step.", line) from None
            except (TypeError, ValueError):
                raise Finding(
                    f"train_last is {described(train_last)}" if "train_last" in names else "there is no train_last",
                    "train_last as the operation that optimizer.minimize gives",
                    "The loop runs it in each step of a frozen training.",
                    line,
                ) from None
            after, new_count = session.run([watched, names["global_step"]])
    moves = {name: after[name] - before[name] for name in layers}
    return Step(
        moves, moves_against_gradient([before[name] for name in layers], layers), (count, new_count), train_last, line
    )


def moves_against_gradient(weights: list[np.ndarray], layers: list[str]) -> dict[str, np.ndarray]:
    """{layer: -RATE times the gradient of the mean of the squared outputs}, by the chain rule."""
    inputs = [EXAMPLES]
    for matrix in weights:
        inputs.append(inputs[-1] @ matrix)
    slope, found = 2 * inputs[-1] / inputs[-1].size, {}
    for name, matrix, before in reversed(list(zip(layers, weights, inputs))):
        found[name] = -RATE * before.T @ slope
        slope = slope @ matrix.T
    return found


def check_moves(step: Step, may_learn: list[str]) -> None:
    """The layers that may learn have moved against their gradients."""
    still = [name for name in may_learn if not np.abs(step.moves[name]).max() > 0]
    if still:
        kind = f": it is {described(step.train_last)}" if isinstance(step.train_last, (list, tuple)) else ""
        raise Finding(
            f"with may_learn = {may_learn}, train_last leaves {' and '.join(still)} as before{kind}",
            f"a step of {' and '.join(may_learn)}",
            "var_list is the list of the variables that the optimiser changes; may_learn names their layers.",
            step.line,
        )
    for name in may_learn:
        move, expected = step.moves[name], step.expected[name]
        if not np.allclose(move, expected, rtol=1e-3, atol=1e-3 * np.abs(expected).max()):
            times = float((move * expected).sum() / (expected * expected).sum())
            raise Finding(
                f"train_last moves {name} with its gradient, so that the loss grows"
                if times < 0
                else f"train_last moves {name} {times:.3g} times as far as it should",
                "a step of `optimizer` against the gradient of `loss`",
                "optimizer.minimize(loss, ...) goes down by itself, as far as the learning rate says.",
                step.line,
            )


def check_rest(step: Step, may_learn: list[str]) -> None:
    """No other layer has moved."""
    moved = [name for name, move in step.moves.items() if name not in may_learn and np.abs(move).max() > 0]
    if moved:
        raise Finding(
            f"with may_learn = {may_learn}, train_last moves {' and '.join(moved)}, too",
            f"a step of {' and '.join(may_learn)} only",
            OTHERS + (" A name that begins alike is another layer." if "fc10" in moved else ""),
            step.line,
        )
