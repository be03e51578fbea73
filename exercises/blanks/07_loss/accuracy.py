"""Is the accuracy the share of the images that are right?"""

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.tensors import shape_in_words, told_apart

from .small_network import CLASSES, IMAGES, answers_to, batch_of
from .values import Values, is_close, which_of


def check_accuracy(values: Values) -> None:
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
        if accuracy.dtype not in (tf.float32, tf.float64):
            raise Finding(
                f"batch_accuracy holds {accuracy.dtype.name}",
                "float32",
                "A float16 has only 3 digits: with many images, it can't count them."
                if accuracy.dtype.is_floating
                else "A mean of whole numbers is a whole number again: 0, unless every answer is right.",
                line,
            )
        if not is_close(value, right.accuracy):
            if values.is_constant(accuracy):
                expected = "a comparison of tf.argmax(probabilities, axis=1) with labels_ph"
                why = "The class that the network answers is in its probabilities, and nowhere else."
                if values.compares_objects():
                    expected = "tf.equal, and not ==, between tensors"
                    why = "== asks Python whether two tensors are the same object: it computes nothing in the graph."
                found = f"batch_accuracy is {value:.4g} whatever the probabilities are: it isn't made from them"
                raise Finding(found, expected, why, line)
            wrong = {
                ": the largest was looked for among the images, not among the classes": (right.accuracy_of_axis_0,),
                ": the count of them": (right.accuracy * count,),
                ": the share of those that are wrong": (1 - right.accuracy,),
                ": the share in percent": (right.accuracy * 100,),
            }
            no_class = "" if values.has_argmax(accuracy) else ": tf.argmax is missing, and a score is no class"
            found, expected = told_apart(value, right.accuracy)
            raise Finding(
                f"with {right.accuracy * count:.0f} of {count} images right, batch_accuracy is {found}"
                + (which_of(value, wrong) or no_class),
                expected,
                "An image is right where tf.argmax of its probabilities, along axis 1, is its label.",
                line,
            )
