"""What training.py and evaluating.py share: lines of the CSV, images, the evaluation loop, data in memory.

dlho2018 is the class's name: deep learning, hands-on, 2018.
"""

import os

import numpy as np

import kit.tensorflow1 as tf
from kit.data.pipeline import interleave
from kit.evaluation.result import EvaluationResult

ABSOLUTE_PATH = r"/.*" if os.sep == "/" else r"(/|\\|[A-Za-z]:).*"

# ----------------------------------------------------------------------------- a line, an image


def parse_line(line, folder="", image_size=(None, None)):
    """Turns a line of the CSV into an image and its label.

    Args:
      line: string [], 'image_name,image_path,label'.
      folder: what to put before a relative path.
      image_size: (height, width) in pixels, for the static shape.
    Returns:
      (image, label): uint8 [H, W, 3], whatever the file's own colours, and int64 [].
    """
    line = tf.strings.regex_replace(line, "^\ufeff", "")  # the byte-order mark that some editors write
    # blank 2a: take the line apart
    _, path, label = tf.decode_csv(line, record_defaults=[[""], [""], tf.constant([0], tf.int64)])
    # end of blank 2a
    if folder:
        is_absolute = tf.strings.regex_full_match(path, ABSOLUTE_PATH)
        path = tf.where(is_absolute, path, folder + path)
    return read_image(path, image_size), label


def read_image(path, image_size=(None, None)):
    """Reads an image file, whatever its own colours: string [] -> uint8 [H, W, 3]."""
    # blank 2b: read the file, decode the image
    image = tf.image.decode_image(tf.read_file(path), channels=3, expand_animations=False)
    # end of blank 2b
    return tf.ensure_shape(image, [*image_size, 3])  # decode_image leaves H and W unknown, and layers need them


def read_lines(data, part, places=1):
    """Reads the lines of one part of the data: training, validation and evaluation all read with it.

    Args:
      data: kit.data.image_data.ImageData, or what has its methods.
      part: kit.data.parts.TRAINING or VALIDATION.
      places: 1 for the file's order. With more, the file is read at that many places at once, a line from each in turn.
    Returns:
      A tf.data.Dataset of (number, line): int64 [], counting all lines of the file from 0, and string [].
    """
    marks = data.marks(part)  # bool [] for each line of the file: True if it is one of the part; a header is not
    # blank 3: the lines of the CSV that belong to a part
    lines = tf.data.TextLineDataset(data.path, data.compression).enumerate()  # (number int64 [], line string [])
    marked = tf.data.Dataset.zip((lines, marks)).filter(lambda line, is_marked: is_marked)
    lines = marked.map(lambda line, is_marked: line)  # (number int64 [], line string [])
    # end of blank 3
    return lines if places == 1 else interleave(lines, data.count(part), places)


def scale_pixels(images):
    """Scales pixels to lie around 0: uint8 [B, H, W, 3] -> float32 [B, H, W, 3] in [-1, 1]."""
    with tf.name_scope("scale_pixels"):
        # blank 6b: pixels around 0
        scaled = tf.cast(images, tf.float32) / 127.5 - 1.0
        # end of blank 6b
    return scaled


# ----------------------------------------------------------------------------- evaluation


def evaluate(session, data, batches, placeholders, outputs, after_batch=lambda count: None):
    """Evaluates a network on a whole data set: dropout is off, and no weight changes.

    Args:
      session: a tf.Session with the weights in place.
      data: kit.data.image_data.ImageData, or what has its methods.
      batches: (iterator, next_element); the iterator is started here, next_element gives (images, labels).
      placeholders: (images_ph, labels_ph, is_training).
      outputs: (losses [B], probabilities [B, classes]), tensors that depend on the placeholders.
      after_batch: called after each batch with its number of images.
    Returns:
      EvaluationResult.
    """
    iterator, next_element = batches
    images_ph, labels_ph, is_training = placeholders
    session.run(iterator.initializer)
    losses, labels, probabilities = [], [], []  # of each batch: [B], [B], [B, classes]
    while True:
        # blank 10b: fetch a batch, feed it with dropout off
        try:
            images, batch_labels = session.run(next_element)
        except tf.errors.OutOfRangeError:
            break
        feed = {images_ph: images, labels_ph: batch_labels, is_training: False}
        batch_losses, batch_probabilities = session.run(outputs, feed_dict=feed)
        # end of blank 10b
        losses.append(batch_losses)
        labels.append(batch_labels)
        probabilities.append(batch_probabilities)
        after_batch(len(batch_labels))
    labels, probabilities = np.concatenate(labels), np.concatenate(probabilities)  # [N], [N, classes]
    # blank 10c: add up, where the last batch is smaller
    loss = np.concatenate(losses).mean()  # over all images at once
    accuracy = np.mean(probabilities.argmax(axis=1) == labels)
    # end of blank 10c
    return EvaluationResult(float(loss), data.score(accuracy, labels, probabilities), labels, probabilities)


# ----------------------------------------------------------------------------- data in memory


def batches_in_memory(images, labels, data, settings):
    """Batches of images that were all decoded before (--input memory).

    Args:
      images, labels: arrays, uint8 [N, H, W, 3] and int64 [N].
      data: whose images they are; N is data.num_training.
      settings: TrainingSettings.
    Returns:
      (training, fed_arrays): a tf.data.Dataset of the batches of all epochs; and {placeholder: array}, to be fed when
      its iterator is started.
    """
    # blank 11: batches of arrays in memory
    images_in_memory = tf.placeholder(images.dtype, images.shape)  # uint8 [N, H, W, 3]
    labels_in_memory = tf.placeholder(labels.dtype, labels.shape)  # int64 [N]
    fed_arrays = {images_in_memory: images, labels_in_memory: labels}  # as constants, they'd be kept in the graph
    training = tf.data.Dataset.from_tensor_slices((images_in_memory, labels_in_memory))
    training = training.shuffle(min(data.num_training, data.most_shuffled), seed=settings.seed)
    training = training.batch(settings.batch_size)
    training = training.repeat(settings.epochs)
    # end of blank 11
    return training, fed_arrays
