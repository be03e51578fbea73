"""Are the loss, the accuracy and the training step what they should be?"""

from collections.abc import Iterator

import kit.tensorflow1 as tf
from exercises.student_blank import StudentBlank

from . import accuracy, loss, training_step
from .small_network import build
from .values import Values, run_on

PARTS = (
    "losses has a number for each image",
    "the mean of the losses is in batch_loss",
    "batch_accuracy is the share of the images that are right",
    "train_op moves every weight against its gradient",
    "train_op counts the steps in global_step",
    "weight decay is part of the loss to minimise",
    "train_op updates batch norm's averages",
)


def check(blank: StudentBlank) -> Iterator[str | None]:
    lines, network = blank.at(), build()
    names, initializer = run_on(lines, network)
    with tf.Session(graph=network.graph) as session:
        session.run(initializer)
        values = Values(lines, names, network, session)
        loss.check_losses(values)
        yield
        loss_has_decay = loss.check_mean(values)
        yield
        accuracy.check_accuracy(values)
        yield
        step = training_step.one_step(lines, names, network, session)
        training_step.check_moves(step)
        yield
        training_step.check_count(step)
        yield
        loss.check_decay(values, loss_has_decay, step)
        loss.check_without_decay(lines)
        yield
        training_step.check_average(step)
        yield
