"""What TensorBoard shows of a training: curves, histograms, pictures, settings.

Scalars of training and validation have the same tags in two folders, so that TensorBoard draws them in one chart.
Pictures and histograms are of the same few validation images after each epoch; a table has only histograms.

TensorBoard opens only the first two groups of tags, by name: the curves are called `curves/...` to be among them.
"""

from __future__ import annotations

import dataclasses
import io
import math
from collections.abc import Sequence

import numpy as np

import kit.tensorflow1 as tf
from kit.cli.settings import TrainingSettings
from kit.data.interface import Data
from kit.evaluation.pictures import picture
from kit.evaluation.plots import confusion_matrix_png
from kit.evaluation.result import EvaluationResult
from kit.evaluation.scores import class_scores
from kit.model.layer_registry import layers_of

SAMPLES = 32  # validation images, or rows, for the histograms of activations
PICTURED = 16  # of them, in the picture of samples
CAPTION_HEIGHT = 14  # pixels
SAMPLE_HEIGHT = 96  # pixels; smaller images are enlarged so that a caption fits
FILTER_ENLARGEMENT = 10  # pixels, the side of a weight's square


class NetworkInspector:
    """What is inside a network: histograms of weights and activations, the first filters, a few predictions."""

    def __init__(
        self,
        graph: tf.Graph,
        images_ph: tf.Tensor,
        probabilities: tf.Tensor,
        class_names: Sequence[str],
        samples: tuple[np.ndarray, np.ndarray],
    ) -> None:
        """Adds its operations to the graph; tf.summary.merge_all doesn't merge them.

        Args:
          graph: the tf.Graph of a network.
          images_ph: uint8 [B, H, W, 3]; of a table, float32 [B, columns].
          probabilities: float32 [B, classes]; of values, [B, 1].
          class_names: empty if the labels are values.
          samples: the examples and labels that are shown: uint8 [N, H, W, 3] and int64 [N]; of a table, float32
            [N, columns] and [N].
        """
        self._images_ph, self._class_names, self._samples = images_ph, class_names, samples
        self._has_images = samples[0].ndim == 4
        variables = graph.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES)
        tensors = {f"layers/{variable.op.name}": variable for variable in variables}
        tensors.update({f"layers/{layer.name}/output": layer.output for layer in layers_of(graph)})
        histograms = [tf.summary.histogram(tag, values, collections=[]) for tag, values in tensors.items()]
        self._outputs = {"histograms": tf.summary.merge(histograms, collections=[]), "probabilities": probabilities}
        kernels = [variable for variable in variables if variable.shape.ndims == 4 and variable.shape[2].value == 3]
        if kernels and self._has_images:
            self._outputs["first_kernel"] = kernels[0]

    def summary(self, session: tf.Session) -> tf.Summary:
        """Runs the network on the samples, and shows what it made of them."""
        images, labels = self._samples
        outputs = session.run(self._outputs, feed_dict={self._images_ph: images})
        merged = tf.Summary.FromString(outputs["histograms"])
        if self._has_images:
            samples = _samples_png(images, labels, outputs["probabilities"], self._class_names)
            merged.MergeFrom(picture("samples", samples))
        if "first_kernel" in outputs:
            merged.MergeFrom(picture("first_layer_filters", _filters_png(outputs["first_kernel"])))
        return merged


def validation_summary(result: EvaluationResult, data: Data) -> tf.Summary:
    """Loss, score, and a precision-recall curve of each class against all others (none if the labels are values).

    A score that is undefined is left out, and so is the curve of a class that no label is of.

    Args:
      result: on the validation data.
      data: for the names of the score and the classes.
    """
    from tensorboard.plugins.pr_curve import summary

    numbers = {"curves/loss": result.loss, f"curves/{data.score_name}": result.score}
    points = {tag: number for tag, number in numbers.items() if not math.isnan(number)}
    merged = tf.Summary(value=[tf.Summary.Value(tag=tag, simple_value=number) for tag, number in points.items()])
    for label, name in enumerate(data.class_names):
        is_class, probability = result.labels == label, result.probabilities[:, label]
        if not is_class.any():
            continue
        merged.MergeFrom(_as_tf_summary(summary.pb(f"pr_curve/{name}", is_class, probability, num_thresholds=101)))
    return merged


def confusion_matrix(result: EvaluationResult, class_names: Sequence[str]) -> tf.Summary:
    """The confusion matrix as a picture; nothing if the labels are values.

    Made only once per run, because matplotlib takes seconds to start.
    """
    if not class_names:
        return tf.Summary()
    matrix = class_scores(result.labels, result.probabilities, class_names)["confusion_matrix"]
    return picture("confusion_matrix", confusion_matrix_png(matrix, class_names))


def settings_text(settings: TrainingSettings) -> tf.Summary:
    """The settings as a table."""
    from tensorboard.plugins.text import summary

    rows = [f"| {name} | {value} |" for name, value in dataclasses.asdict(settings).items()]
    return _as_tf_summary(summary.pb("settings", "\n".join(["| setting | value |", "|---|---|", *rows])))


def _samples_png(images, labels, probabilities, class_names):
    """A sheet of images, each with its class and its predicted class.

    Args:
      images: uint8 [N, H, W, 3].
      labels: int64 [N].
      probabilities: float32 [N, classes].
      class_names: one per class.
    Returns:
      The sheet as PNG: bytes.
    """
    from PIL import Image, ImageDraw

    count = min(len(images), PICTURED)
    columns = min(count, 4)
    enlarge = max(1, math.ceil(SAMPLE_HEIGHT / images.shape[1]))
    height, width = images.shape[1] * enlarge, images.shape[2] * enlarge
    sheet = Image.new(
        "RGB", (columns * (width + 4), math.ceil(count / columns) * (height + CAPTION_HEIGHT + 4)), "white"
    )
    pen = ImageDraw.Draw(sheet)
    for i in range(count):
        row, column = divmod(i, columns)
        left, top = column * (width + 4), row * (height + CAPTION_HEIGHT + 4)
        sheet.paste(Image.fromarray(images[i]).resize((width, height), Image.Resampling.NEAREST), (left, top))
        predicted = int(np.argmax(probabilities[i]))
        caption = f"{class_names[labels[i]]}: {probabilities[i][predicted]:.0%} {class_names[predicted]}"
        pen.text((left, top + height + 1), caption, "darkgreen" if predicted == labels[i] else "red")
    return _png(sheet)


def _filters_png(kernel):
    """A convolution's filters side by side; each one's least weight is black, its greatest white.

    Args:
      kernel: float32 [k, k, 3, F].
    Returns:
      The picture as PNG: bytes.
    """
    from PIL import Image

    low, high = kernel.min(axis=(0, 1, 2)), kernel.max(axis=(0, 1, 2))
    pixels = (255 * (kernel - low) / (high - low + 1e-9)).astype(np.uint8)
    pixels = np.moveaxis(pixels, 3, 0).repeat(FILTER_ENLARGEMENT, axis=1).repeat(FILTER_ENLARGEMENT, axis=2)
    framed = np.pad(pixels, [(0, 0), (2, 2), (2, 2), (0, 0)], constant_values=255)  # [F, height, width, 3]
    return _png(Image.fromarray(np.concatenate(list(framed), axis=1)))


def _png(image):
    png = io.BytesIO()
    image.save(png, "PNG")
    return png.getvalue()


def _as_tf_summary(tensorboard_summary):
    """TensorBoard's own Summary message as TensorFlow's: the same bytes, two Python classes."""
    return tf.Summary.FromString(tensorboard_summary.SerializeToString())
