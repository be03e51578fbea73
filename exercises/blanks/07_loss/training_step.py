"""A single run of train_op: which weights it moved, how far, and what else it changed."""

from dataclasses import dataclass
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding, Line
from exercises.stages.tensors import described, line_making
from exercises.student_lines import StudentLines
from kit.cli.errors import tensorflow_reason

from .small_network import IMAGES, RATE, Network, answers_to, batch_of


@dataclass
class Step:
    """What was before train_op ran, and after."""

    train_op: Any
    before: dict  # {"weights": {name: array}, "count": global_step, "average": array}
    after: dict
    line: Line  # the student's, that made train_op
    is_of_optimizer: bool  # whether `optimizer` has made it
    has_decay: bool = False  # whether weight decay was in the gradient


def one_step(lines: StudentLines, names: dict[str, Any], network: Network, session: Any) -> Step:
    """Runs train_op once, on a batch of IMAGES images: Step."""
    train_op = names.get("train_op")
    line = line_making(lines, "train_op", train_op)
    watched = {"weights": network.weights, "count": network.names["global_step"], "average": network.average}
    before = session.run(watched)
    try:
        session.run(train_op, feed_dict=network.feed(batch_of(IMAGES)))
    except tf.errors.OpError as error:
        raise Finding(
            f"train_op stops: {tensorflow_reason(error)}",
            "an operation that runs for any batch",
            "The loop runs train_op in each step: that is where the network learns.",
            line,
        ) from None
    except (TypeError, ValueError):
        raise Finding(
            f"train_op is {described(train_op)}" if "train_op" in names else "there is no train_op",
            "train_op as the operation that optimizer.minimize gives",
            "The loop runs train_op in each step: that is where the network learns.",
            line,
        ) from None
    return Step(train_op, before, session.run(watched), line, network.names["optimizer"].was_used)


def check_moves(step: Step) -> None:
    """Every weight has moved by the learning rate times its gradient; notes whether weight decay was in that."""
    moves = {name: step.after["weights"][name] - before for name, before in step.before["weights"].items()}
    still = [name for name, move in moves.items() if not np.abs(move).max() > 0]
    if len(still) == len(moves):
        is_list = isinstance(step.train_op, (list, tuple))
        raise Finding(
            "train_op moves no weight" + (f": it is {described(step.train_op)}, no operation" if is_list else ""),
            "a step of every weight against its gradient",
            "A gradient only says which way; it has to be applied. optimizer.minimize does both.",
            step.line,
        )
    if still:
        raise Finding(
            f"train_op leaves {' and '.join(still)} as they were",
            f"a step of every weight: {', '.join(moves)}",
            "Every layer has to learn. Without a var_list, the optimizer takes all the trainable variables.",
            step.line,
        )
    if not step.is_of_optimizer:
        raise Finding(
            "train_op is not a step of `optimizer`, but one that your lines make themselves",
            "optimizer.minimize(batch_loss, global_step)",
            "--optimizer and --learning_rate choose `optimizer`. One of your own would ignore them without a word.",
            step.line,
        )
    right = answers_to(batch_of(IMAGES))
    moved = joined(moves)
    expected, with_decay = (-RATE * joined(each) for each in (right.gradients, right.gradients_with_decay))
    step.has_decay = is_same(moved, with_decay)
    if step.has_decay or is_same(moved, expected):
        return
    for each in (expected, with_decay):
        times = moved @ each / (each @ each)
        if is_same(moved, times * each):
            raise wrong_size(float(times), step.line)
    raise Finding(
        "train_op moves the weights, but not along the gradient of batch_loss",
        "optimizer.minimize of batch_loss, with the optimizer that is there",
        "The loss falls fastest against its gradient; --optimizer and --learning_rate choose how far to go.",
        step.line,
    )


def joined(arrays: dict) -> np.ndarray:
    """All numbers of some arrays, as one."""
    return np.concatenate([arrays[name].ravel() for name in sorted(arrays)])


def is_same(moved: np.ndarray, expected: np.ndarray) -> bool:
    return np.abs(moved - expected).max() < 1e-3 * np.abs(expected).max()


def wrong_size(times: float, line: Line) -> Finding:
    found = f"train_op moves the weights {times:.3g} times as far as it should"
    why = "The optimizer decides how far to go: it has the learning rate of the settings."
    if times < 0:
        found = "train_op moves the weights along the gradient, so that the loss grows"
        why = "minimize goes against the gradient by itself; given -batch_loss, it makes the loss grow."
    elif abs(times - IMAGES) < 0.01 * IMAGES:
        found += ", the gradient of a sum"
        why = "Given losses, [B], minimize adds up the gradients of all images. batch_loss is their mean."
    return Finding(found, "a step of the learning rate times the gradient of batch_loss, against it", why, line)


def check_count(step: Step) -> None:
    """global_step has grown by 1."""
    before, after = step.before["count"], step.after["count"]
    if after == before + 1:
        return
    raise Finding(
        f"one run of train_op takes global_step from {before} to {after}",
        f"from {before} to {before + 1}",
        "The learning rate falls with global_step, and a resumed run goes on from it. minimize counts if it gets "
        "global_step.",
        step.line,
    )


def check_average(step: Step) -> None:
    """The moving average has moved."""
    if not np.array_equal(step.before["average"], step.after["average"]):
        return
    raise Finding(
        "train_op leaves batch norm's moving average as it was",
        "the operations in tf.get_collection(tf.GraphKeys.UPDATE_OPS) run with each step",
        "Evaluation uses these averages. If they never move, a network with batch norm learns, and fails there.",
        step.line,
    )
