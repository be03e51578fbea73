"""What TensorBoard shows of a training: curves, histograms, pictures, settings.

Scalars of training and validation have the same tags in two folders, so that TensorBoard draws them in one chart.
Pictures and histograms are of the same few validation images after each epoch; a table has only histograms.

TensorBoard opens only the first two groups of tags, by name: the curves are called `curves/...` to be among them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import kit.tensorflow1 as tf
from kit.cli.settings import TrainingSettings
from kit.data.interface import Data
from kit.evaluation.pictures import picture
from kit.evaluation.plots import confusion_matrix_png
from kit.evaluation.result import EvaluationResult
from kit.evaluation.scores import class_scores
from kit.evaluation.sheets import cut_to_fit, png_of
from kit.model.layer_registry import layers_of, scope_of, weights_of
from kit.runs.run_folder import Run
from kit.runs.shown_settings import settings_that_apply
from kit.system.files import cannot_write

SAMPLES = 32  # validation images, or rows, for the histograms of activations
PICTURED, ABREAST = 12, 3  # of them, in the picture of samples; TensorBoard shows it 350 pixels wide
SAMPLE_WIDTH = 160  # pixels; smaller images are enlarged so that a caption fits
CAPTION = 0.11  # height of a caption's letters / width of an image
EVALUATION, INSIDE = ".evaluation", ".look_inside"  # ends of the names of event files: whose pictures they hold
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
        variables = weights_of(graph)
        tensors = {f"layers/{variable.op.name}": variable for variable in variables}
        tensors.update({f"layers/{layer.name}/output": layer.output for layer in layers_of(graph)})
        histograms = [tf.summary.histogram(tag, values, collections=[]) for tag, values in tensors.items()]
        self._outputs = {"histograms": tf.summary.merge(histograms, collections=[]), "probabilities": probabilities}
        transposed = {layer.name for layer in layers_of(graph) if layer.kind == "deconv"}  # kernels [k, k, C_out, C_in]
        kernels = [each for each in variables if each.shape.ndims == 4 and scope_of(each) not in transposed]
        kernels = [kernel for kernel in kernels if kernel.shape[2].value == 3]
        if kernels and self._has_images:
            self._outputs["first_kernel"] = kernels[0]

    def summary(self, session: tf.Session) -> tf.Summary:
        """Runs the network on the samples, and shows what it made of them."""
        images, labels = self._samples
        outputs = session.run(self._outputs, feed_dict={self._images_ph: images})
        merged = tf.Summary.FromString(outputs["histograms"])
        if self._has_images:
            samples = _samples_png(images, labels, outputs["probabilities"], self._class_names)
            merged.MergeFrom(picture("pictures/samples", samples))
        if "first_kernel" in outputs:
            merged.MergeFrom(picture("pictures/first_layer_filters", _filters_png(outputs["first_kernel"])))
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
    return picture("pictures/confusion_matrix", confusion_matrix_png(matrix, class_names))


def settings_text(settings: TrainingSettings) -> tf.Summary:
    """The settings that apply, as a table."""
    from tensorboard.plugins.text import summary

    rows = [f"| {name} | {_in_words(value)} |" for name, value in settings_that_apply(settings).items()]
    return _as_tf_summary(summary.pb("settings", "\n".join(["| setting | value |", "|---|---|", *rows])))


def pictures_folder(run: Run) -> Path:
    """The event files of a training to which pictures are added that were made after it.

    TensorBoard takes each folder of event files for a run, with a colour of its own.
    """
    return Path(run.events("validation" if run.data_spec.num_validation else "train"))


def write_pictures(run: Run, pictures: tf.Summary, checkpoint: str, ending: str = EVALUATION) -> None:
    """Writes pictures to an event file of its own, in place of the last one with this ending.

    Args:
      run: of which they are.
      pictures: of kit.evaluation.pictures.picture.
      checkpoint: the path of the one that was restored; its step is the pictures'.
      ending: of the file's name: EVALUATION or INSIDE.
    Raises:
      UserError: the last file can't be removed.
    """
    folder = pictures_folder(run)
    for path in folder.glob(f"*{ending}"):
        try:
            path.unlink()
        except OSError as error:
            raise cannot_write(path, error) from error
    with tf.summary.FileWriter(str(folder), filename_suffix=ending) as writer:
        writer.add_summary(pictures, int(checkpoint.rpartition("-")[2]))


def _in_words(value):
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value


def _samples_png(images, labels, probabilities, class_names):
    """A sheet of images, each above its class and its predicted class.

    Args:
      images: uint8 [N, H, W, 3].
      labels: int64 [N].
      probabilities: float32 [N, classes].
      class_names: one per class.
    Returns:
      The sheet as PNG: bytes.
    """
    from PIL import Image, ImageDraw, ImageFont

    count = min(len(images), PICTURED)
    columns = min(count, ABREAST)
    enlarge = max(1, math.ceil(SAMPLE_WIDTH / images.shape[2]))
    height, width = images.shape[1] * enlarge, images.shape[2] * enlarge
    letters = round(CAPTION * width)
    font, gap = ImageFont.load_default(letters), letters // 2
    line = round(1.25 * letters)
    below = 2 * line + gap
    sheet = Image.new("RGB", (columns * (width + gap), math.ceil(count / columns) * (height + below)), "white")
    pen = ImageDraw.Draw(sheet)
    for i in range(count):
        row, column = divmod(i, columns)
        left, top = column * (width + gap), row * (height + below)
        sheet.paste(Image.fromarray(images[i]).resize((width, height), Image.Resampling.NEAREST), (left, top))
        predicted = int(np.argmax(probabilities[i]))
        lines = class_names[labels[i]], f"{probabilities[i][predicted]:.0%} {class_names[predicted]}"
        for number, (text, colour) in enumerate(zip(lines, ("black", "green" if predicted == labels[i] else "red"))):
            pen.text((left, top + height + number * line), cut_to_fit(text, font, width), colour, font)
    return png_of(sheet)


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
    return png_of(Image.fromarray(np.concatenate(list(framed), axis=1)))


def _as_tf_summary(tensorboard_summary):
    """TensorBoard's own Summary message as TensorFlow's: the same bytes, two Python classes."""
    return tf.Summary.FromString(tensorboard_summary.SerializeToString())
