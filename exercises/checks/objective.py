"""Blank 7: what training makes small, how often the network is right, and the step that makes it better."""

from types import SimpleNamespace

import numpy as np

import kit.tensorflow1 as tf
from exercises.checks import check_of, training_step
from exercises.checks.small_network import CLASSES, IMAGES, answers_to, batch_of, build
from exercises.checks.tensors import shape_in_words
from exercises.checks.values import Values, is_close, which_of
from exercises.findings import Finding
from kit.cli.settings import TrainingSettings
from kit.model.losses import LOSSES


@check_of(
    7,
    "losses has a number for each image",
    "batch_loss is the mean of the losses",
    "batch_accuracy is the share of the images that are right",
    "train_op moves every weight against its gradient",
    "train_op counts the steps in global_step",
    "weight decay is part of what is made small",
    "train_op updates batch norm's averages",
)
def check_objective(lines):
    network = build()
    names, initializer = run_on(lines, network)
    with tf.Session(graph=network.graph) as session:
        session.run(initializer)
        values = Values(lines, names, network, session)
        check_losses(values)
        yield
        loss_has_decay = check_mean(values)
        yield
        check_accuracy(values)
        yield
        step = training_step.one_step(lines, names, network, session)
        training_step.check_moves(step)
        yield
        training_step.check_count(step)
        yield
        check_decay(values, loss_has_decay, step)
        check_without_decay(lines)
        yield
        training_step.check_average(step)
        yield


def run_on(lines, network):
    """Runs the student's lines on a network; gives all names, and the initializer of all variables."""
    names = {
        **network.names,
        "loss_of_each": loss_of_each,
        "settings": TrainingSettings(),
        "records": SimpleNamespace(num_classes=CLASSES),
    }
    with network.graph.as_default():
        try:
            names = lines.run("7", names, keeps=("logits", "labels_ph", "probabilities", "global_step"))
        except Finding as finding:
            raise explained(finding) from None
        return names, tf.global_variables_initializer()


def loss_of_each(labels, logits):
    if tf.as_dtype(labels.dtype).is_floating or tf.as_dtype(logits.dtype).is_integer:
        raise TypeError("loss_of_each takes (labels, logits), whole numbers and scores, in this order")
    return LOSSES["softmax_cross_entropy"].per_example(labels, logits)


def explained(finding):
    """The Finding of an error in the student's lines, in this blank's own terms where it is a classic."""
    error, message = finding.__cause__, str(finding.__cause__)
    if isinstance(error, ValueError) and "No gradients provided" in message:
        return Finding(
            "what the optimizer is to make small has no gradient for any weight",
            "optimizer.minimize of batch_loss",
            "An accuracy jumps where an answer flips, and is flat in between: it can't say which way is better. "
            "That is what there is a loss for.",
            finding.line,
        )
    if isinstance(error, TypeError) and "'Equal' Op" in message:
        kinds = sorted(kind for kind in ("float32", "int32", "int64", "bool") if kind in message)
        return Finding(
            f"tf.equal is to compare {' with '.join(kinds)}",
            "two int64 [B]: the class with the largest logit, and the label",
            "The logits are scores. tf.argmax says which class has the largest, as int64, and labels are int64, too.",
            finding.line,
        )
    if isinstance(error, TypeError) and "DataType bool" in message:
        return Finding(
            "tf.reduce_mean is to take the mean of true and false",
            "the mean of numbers: 1.0 for true and 0.0 for false, by tf.cast",
            "TensorFlow doesn't take true for 1 on its own.",
            finding.line,
        )
    if isinstance(error, KeyError) and "not in the graph" in message:
        return Finding(
            "tf.control_dependencies is given a text, not operations",
            "a list of operations: tf.get_collection(tf.GraphKeys.UPDATE_OPS)",
            "tf.GraphKeys.UPDATE_OPS is only the collection's name.",
            finding.line,
        )
    return finding


# ----------------------------------------------------------------------------- loss


def check_losses(values):
    losses, line = values.tensor("losses", "The validation adds up the losses of single images.")
    batch = batch_of(IMAGES)
    each, right = values.of(losses, batch, line), answers_to(batch)
    if np.shape(each) != (IMAGES,):
        raise Finding(
            f"for a batch of {IMAGES} images, losses is {shape_in_words(each)}",
            f"{IMAGES} numbers: float32 [B]",
            "The validation adds up the losses of all its images, and its last batch may be smaller than the others.",
            line,
        )
    if np.allclose(each, right.losses, rtol=1e-3, atol=1e-4):
        return
    found, why = "", "loss_of_each says how far the logits of an image are from its label."
    if np.allclose(each, right.losses_of_probabilities, rtol=1e-3, atol=1e-4):
        found = ": the loss if probabilities are taken for logits"
        why = "The loss applies softmax itself. Applied twice, it levels the scores out, and learning nearly stops."
    elif np.allclose(each, right.losses + right.decay, rtol=1e-3, atol=1e-4):
        found = ": the weight decay is in it"
        why = "Weight decay belongs to the weights and not to an image: it is added once, to batch_loss."
    raise Finding(
        f"the loss of the first image is {each[0]:.4g}{found}",
        f"{right.losses[0]:.4g}, which loss_of_each gives for labels_ph and logits",
        why,
        line,
    )


def check_mean(values):
    """Returns whether weight decay is in batch_loss."""
    loss, line = values.tensor("batch_loss", "It is what training makes small.")
    batch = batch_of(IMAGES)
    value, right = values.of(loss, batch, line), answers_to(batch)
    if np.shape(value) != ():
        raise Finding(
            f"batch_loss is {shape_in_words(value)}",
            "a single number, shape []",
            "What is made small is one number, for the batch as a whole.",
            line,
        )
    mean, total, decay = right.losses.mean(), right.losses.sum(), right.decay
    if is_close(value, mean) or is_close(value, mean + decay):
        return is_close(value, mean + decay)
    share = total / TrainingSettings.batch_size
    wrong = {
        ", their sum": (total, total + decay),
        ", their sum divided by settings.batch_size": (share, share + decay),
        ", their mean with a minus": (-mean, -mean + decay, -mean - decay),
        ", their mean and twice the weight decay": (mean + 2 * decay,),
        ", the weight decay alone": (decay,),
        ", the largest of them": (right.losses.max(), right.losses.max() + decay),
    }
    raise Finding(
        f"for losses of {', '.join(f'{each:.2f}' for each in right.losses)}, batch_loss is {value:.4g}"
        + which_of(value, wrong),
        f"their mean, {mean:.4g}, and the weight decay",
        "A mean is one over as many images as there are, also in a smaller batch; and a loss is to become small.",
        line,
    )


def check_decay(values, loss_has_decay, step):
    if loss_has_decay and step.has_decay:
        return
    right = answers_to(batch_of(IMAGES))
    _, line = values.tensor("batch_loss", "")
    found = f"batch_loss is {right.losses.mean():.4g}, the mean of the losses without the weight decay"
    if loss_has_decay:
        found = "the weight decay is in batch_loss, but train_op moves the weights without it"
    raise Finding(
        found,
        f"batch_loss with {right.decay:.4g} added, which is tf.losses.get_regularization_loss(), and that minimized",
        "A layer's l2 asks for small weights. Its share lies in a collection of the graph until the loss adds it.",
        step.line if loss_has_decay else line,
    )


def check_without_decay(lines):
    """The same lines, for a network without weight decay or batch norm, as most are."""
    plain = build(plain=True)
    try:
        names, initializer = run_on(lines, plain)
    except Finding as finding:
        raise Finding(
            f"for a network without weight decay or batch norm: {finding.found}",
            "lines that work for it, too",
            "Its collections are empty. tf.add_n of nothing is an error; tf.losses.get_regularization_loss() gives 0.",
            finding.line,
        ) from None
    with tf.Session(graph=plain.graph) as session:
        session.run(initializer)
        values = Values(lines, names, plain, session)
        loss, line = values.tensor("batch_loss", "")
        batch = batch_of(IMAGES)
        value, mean = values.of(loss, batch, line), answers_to(batch).losses.mean()
    if not is_close(value, mean):
        raise Finding(
            f"for a network without weight decay, batch_loss is {value:.4g}",
            f"{mean:.4g}, the mean of the losses",
            "The decay that is added must be the one that the network's own layers ask for.",
            line,
        )


# ----------------------------------------------------------------------------- accuracy


def check_accuracy(values):
    accuracy, line = values.tensor("batch_accuracy", "It is a point of the curve of the accuracy.")
    for count in (CLASSES, IMAGES):  # first as many images as classes: then the wrong axis gives a number, too
        batch = batch_of(count)
        value, right = values.of(accuracy, batch, line), answers_to(batch)
        if np.shape(value) != ():
            raise Finding(
                f"for a batch of {count} images, batch_accuracy is {shape_in_words(value)}",
                "a single number, shape []: their mean",
                "The share of right answers is the mean of a 1 for each that is right and a 0 for each that is wrong.",
                line,
            )
        if not accuracy.dtype.is_floating:
            raise Finding(
                f"batch_accuracy holds {accuracy.dtype.name}",
                "float32",
                "A mean of whole numbers is a whole number again: 0, unless every answer is right.",
                line,
            )
        if not is_close(value, right.accuracy):
            if values.is_constant(accuracy):
                raise Finding(
                    f"batch_accuracy is {value:.4g} whatever the logits are: it isn't made from them",
                    "tf.equal, and not ==, between tensors",
                    "== asks Python whether two tensors are the same object. They never are, and no graph comes of it.",
                    line,
                )
            wrong = {
                ": the largest was looked for among the images, not among the classes": (right.accuracy_of_axis_0,),
                ": the count of them": (right.accuracy * count,),
                ": the share of those that are wrong": (1 - right.accuracy,),
                ": the share in percent": (right.accuracy * 100,),
                ": a score hardly ever equals a label": (0.0,),
            }
            raise Finding(
                f"with {right.accuracy * count:.0f} of {count} images right, batch_accuracy is {value:.4g}"
                + which_of(value, wrong),
                f"{right.accuracy:.4g}",
                "An image is right where the class with the largest logit, tf.argmax along axis 1, is its label.",
                line,
            )
