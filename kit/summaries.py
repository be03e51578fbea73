"""What TensorBoard shows of a training: curves, histograms, pictures, settings.

Scalars of training and validation carry the same tags in two folders, so that TensorBoard draws them
into one chart. Pictures and histograms are of a fixed handful of validation images, once an epoch.
"""

import dataclasses
import io

import numpy as np

import kit.tensorflow1 as tf
from kit.layer_list import layers_of

SAMPLES = 32  # validation images for the histograms of activations
PICTURED = 16  # of them, in the picture of samples
CAPTION_HEIGHT = 14  # pixels
PICTURE_HEIGHT = 96  # pixels, of a sample; small images are enlarged so that a caption fits
FILTER_HEIGHT = 40  # pixels, of a filter


class LookInside:
    """What is inside a network: histograms of weights and activations, the first filters, a few predictions."""

    def __init__(self, graph, images_ph, probabilities, class_names):
        """Adds the operations to the graph.

        Args:
          graph: the tf.Graph of a network.
          images_ph: uint8 [B, H, W, 3].
          probabilities: float32 [B, classes].
          class_names: of str.
        """
        self._images_ph, self._class_names = images_ph, class_names
        self._outputs = [_layer_summaries(graph), probabilities]
        self.samples = None  # (uint8 [N, H, W, 3], int64 [N]): the images and labels to look at

    def summary(self, session):
        """Runs the network on the samples; returns a tf.Summary."""
        images, labels = self.samples[0][:SAMPLES], self.samples[1][:SAMPLES]
        layers, probabilities = session.run(self._outputs, feed_dict={self._images_ph: images})
        merged = tf.Summary.FromString(layers)
        merged.MergeFrom(picture("samples", _samples_png(images, labels, probabilities, self._class_names)))
        return merged


def of_outcome(outcome, class_names):
    """Loss, accuracy, and a precision-recall curve for each class against all others.

    Args:
      outcome: dlho2018.Outcome.
      class_names: of str.
    Returns:
      tf.Summary.
    """
    from tensorboard.plugins.pr_curve import summary

    numbers = {"loss": outcome.loss, "accuracy": outcome.accuracy}
    merged = tf.Summary(value=[tf.Summary.Value(tag=tag, simple_value=number) for tag, number in numbers.items()])
    for label, name in enumerate(class_names):
        is_class, probability = outcome.labels == label, outcome.probabilities[:, label]
        merged.MergeFrom(_as_tf_summary(summary.pb(f"pr_curve/{name}", is_class, probability, num_thresholds=101)))
    return merged


def settings_text(settings):
    """The settings as a table: a tf.Summary."""
    from tensorboard.plugins.text import summary

    rows = [f"| {name} | {value} |" for name, value in dataclasses.asdict(settings).items()]
    return _as_tf_summary(summary.pb("settings", "\n".join(["| setting | value |", "|---|---|", *rows])))


def picture(tag, png):
    """A tf.Summary of a PNG: bytes."""
    return tf.Summary(value=[tf.Summary.Value(tag=tag, image=tf.Summary.Image(encoded_image_string=png))])


def _samples_png(images, labels, probabilities, class_names):
    """A sheet of images, under each what it is and what the network takes it for.

    Args:
      images: uint8 [N, H, W, 3].
      labels: int64 [N].
      probabilities: float32 [N, classes].
      class_names: of str.
    Returns:
      The sheet's PNG: bytes.
    """
    from PIL import Image, ImageDraw

    count = min(len(images), PICTURED)
    columns = min(count, 4)
    enlarge = max(1, -(-PICTURE_HEIGHT // images.shape[1]))
    height, width = images.shape[1] * enlarge, images.shape[2] * enlarge
    sheet = Image.new("RGB", (columns * (width + 4), -(-count // columns) * (height + CAPTION_HEIGHT + 4)), "white")
    pen = ImageDraw.Draw(sheet)
    for i in range(count):
        row, column = divmod(i, columns)
        left, top = column * (width + 4), row * (height + CAPTION_HEIGHT + 4)
        sheet.paste(Image.fromarray(images[i]).resize((width, height), Image.Resampling.NEAREST), (left, top))
        predicted = int(np.argmax(probabilities[i]))
        caption = f"{class_names[labels[i]]}: {probabilities[i][predicted]:.0%} {class_names[predicted]}"
        pen.text((left, top + height + 1), caption, "darkgreen" if predicted == labels[i] else "red")
    png = io.BytesIO()
    sheet.save(png, "PNG")
    return png.getvalue()


def _layer_summaries(graph):
    """A string [] operation, a serialised tf.Summary: histograms of every layer, and the first filters."""
    with tf.name_scope("histograms"):
        parts = [
            tf.summary.histogram(f"weights/{v.op.name}", v)
            for v in graph.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES)
        ]
        parts += [tf.summary.histogram(f"activations/{layer.name}", layer.output) for layer in layers_of(graph)]
    kernels = [v for v in graph.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES) if v.shape.ndims == 4]
    if kernels and kernels[0].shape[2].value == 3:
        with tf.name_scope("pictures"):
            parts.append(tf.summary.image("first_layer_filters", _filter_sheet(kernels[0])))
    return tf.summary.merge(parts)


def _filter_sheet(kernel):
    """A convolution's kernels side by side: float32 [k, k, 3, F] -> uint8 [1, height, width, 3]."""
    size, filters = kernel.shape[0].value, kernel.shape[3].value
    enlarge = max(1, FILTER_HEIGHT // size)
    low = tf.reduce_min(kernel, axis=[0, 1, 2], keepdims=True)
    high = tf.reduce_max(kernel, axis=[0, 1, 2], keepdims=True)
    pixels = tf.cast(255 * (kernel - low) / (high - low + 1e-9), tf.uint8)  # each filter's own darkest to brightest
    pixels = tf.transpose(pixels, [3, 0, 1, 2])  # [F, k, k, 3]
    pixels = tf.repeat(tf.repeat(pixels, enlarge, axis=1), enlarge, axis=2)
    pixels = tf.pad(pixels, [[0, 0], [2, 2], [2, 2], [0, 0]], constant_values=255)
    height = size * enlarge + 4
    sheet = tf.transpose(pixels, [1, 0, 2, 3])  # [height, F, height, 3]
    return tf.reshape(sheet, [1, height, filters * height, 3])


def _as_tf_summary(tensorboard_summary):
    """TensorBoard's own Summary message as TensorFlow's: the same bytes, two Python classes."""
    return tf.Summary.FromString(tensorboard_summary.SerializeToString())
