"""Is the loss the mean of the images' losses, and the weight decay?"""

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.tensors import shape_in_words, told_apart
from exercises.student_lines import StudentLines
from kit.cli.settings import TrainingSettings

from .small_network import IMAGES, OWN, answers_to, batch_of, build
from .training_step import Step
from .values import Values, is_close, run_on, which_of


def check_losses(values: Values) -> None:
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
    found, why = "", "head.per_example says how far the logits of an image are from its label."
    if np.allclose(each, right.losses / OWN, rtol=1e-3, atol=1e-4):
        found = ": a softmax cross-entropy of your own"
        why = "head.per_example is the loss that --loss chooses. One of your own would ignore the flag without a word."
    elif np.allclose(each, right.losses_of_probabilities, rtol=1e-3, atol=1e-4):
        found = ": the loss if probabilities are taken for logits"
        why = "The loss applies softmax itself. Applied twice, it levels the scores out, and learning nearly stops."
    elif np.allclose(each, right.losses + right.decay, rtol=1e-3, atol=1e-4):
        found = ": the weight decay is in it"
        why = "Weight decay belongs to the weights and not to an image: it is added once, to batch_loss."
    worst = int(np.abs(each - right.losses).argmax())
    is_now, expected = told_apart(each[worst], right.losses[worst])
    raise Finding(
        f"the loss of image {worst + 1} is {is_now}{found}",
        f"{expected}, which head.per_example gives for labels_ph and logits",
        why,
        line,
    )


def check_mean(values: Values) -> bool:
    """Returns whether weight decay is in batch_loss."""
    loss, line = values.tensor("batch_loss", "It is the loss to minimise.")
    batch = batch_of(IMAGES)
    value, right = values.of(loss, batch, line), answers_to(batch)
    if np.shape(value) != ():
        raise Finding(
            f"batch_loss is {shape_in_words(value)}",
            "a single number, shape []",
            "The loss to minimise is one number, for the batch as a whole.",
            line,
        )
    if loss.dtype not in (tf.float32, tf.float64):
        raise Finding(
            f"batch_loss holds {loss.dtype.name}",
            "float32",
            "A float16 has only 3 digits, and nothing above 65,504.",
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
        ", only the weight decay": (decay,),
        ", the largest of them": (right.losses.max(), right.losses.max() + decay),
    }
    raise Finding(
        f"for losses of {', '.join(f'{each:.2f}' for each in right.losses)}, batch_loss is {value:.4g}"
        + which_of(value, wrong),
        f"their mean, {mean:.4g}, and the weight decay",
        "A mean divides by as many images as there are, also in a smaller batch; and training minimises it.",
        line,
    )


def check_decay(values: Values, loss_has_decay: bool, step: Step) -> None:
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
        "A layer's l2 asks for small weights. Its penalty lies in a collection of the graph until the loss adds it.",
        step.line if loss_has_decay else line,
    )


def check_without_decay(lines: StudentLines) -> None:
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
