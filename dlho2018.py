"""What the hands-on's scripts share: from a line of a CSV to a batch, and evaluation batch by batch."""

import os
from typing import NamedTuple

import numpy as np

import kit.tensorflow1 as tf

ABSOLUTE_PATH = r"/.*" if os.sep == "/" else r"(/|\\|[A-Za-z]:).*"
LINES_AT_ONCE = 1024  # of a CSV, when they are sorted into parts

# ----------------------------------------------------------------------------- from a line to an image


def parse_line(line, folder="", image_size=(None, None)):
    """Turns a line of the CSV into an image and its label.

    Args:
      line: string [], 'image_name,image_path,label'.
      folder: what to put before a relative path.
      image_size: (height, width) in pixels, for the static shape.
    Returns:
      (image, label): uint8 [H, W, 3], whatever the file's own colours, and int64 [].
    """
    line = tf.strings.regex_replace(line, "^\ufeff", "")  # the mark that some editors put before a file's text
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
    return tf.ensure_shape(image, [*image_size, 3])


# ----------------------------------------------------------------------------- data sets


def csv_images(records, part, parse):
    """The images of one part of the data, in the CSV's order.

    Args:
      records: kit.records.Records; it knows the part of each line, and which are headers.
      part: kit.records.TRAINING or VALIDATION.
      parse: a line, string [] -> (image, label).
    Returns:
      A tf.data.Dataset of (uint8 [H, W, 3], int64 []).
    """
    part_of_line = tf.constant(np.frombuffer(records.parts, np.uint8))  # uint8 [lines of the file]

    def is_wanted(number, line):  # int64 [], string [] -> bool []: never so for a header line
        return tf.equal(part_of_line[number], part)

    # blank 3: from the CSV's lines to images
    lines = tf.data.TextLineDataset(records.csv_path).enumerate()  # (number int64 [], line string [])
    lines = lines.filter(is_wanted)
    images = lines.map(lambda number, line: parse(line), num_parallel_calls=tf.data.AUTOTUNE)
    # end of blank 3
    return images


def csv_lines(records, part, streams=1):
    """The lines of a CSV that belong to one part of the data.

    Args:
      records: kit.records.Records; it knows the part of each line, and which are headers.
      part: kit.records.TRAINING or VALIDATION.
      streams: 1 for the file's order. With more, the file is read at so many places at once, a line from each
        in turn: so a file sorted by class is mixed even where it is too large to be shuffled as a whole.
    Returns:
      A tf.data.Dataset of string [].
    """
    part_of_line = tf.constant(np.frombuffer(records.parts, np.uint8))  # uint8 [lines of the file]
    numbered_lines = tf.data.TextLineDataset(records.csv_path).enumerate()
    lines_a_stream = -(-len(records.parts) // streams)

    def of_this_part(numbers, lines):  # int64 [N], string [N]
        return tf.boolean_mask(lines, tf.equal(tf.gather(part_of_line, numbers), part))

    def stream(first_line):
        lines = numbered_lines.skip(first_line).take(lines_a_stream)
        return lines.batch(LINES_AT_ONCE).map(of_this_part).unbatch()

    first_lines = tf.data.Dataset.range(0, len(records.parts), lines_a_stream)
    return first_lines.interleave(stream, cycle_length=streams)


def load_into_memory(lines, parse, count, image_size):
    """Decodes images once, to keep them.

    Args:
      lines: a tf.data.Dataset of lines, from csv_lines.
      parse: a line -> (image, label).
      count: how many of the lines, from the first; there are as many or more.
      image_size: (height, width) in pixels.
    Returns:
      NumPy arrays (images, labels): uint8 [count, H, W, 3] and int64 [count].
    """
    images = np.empty([count, *image_size, 3], np.uint8)
    labels = np.empty([count], np.int64)
    batches = lines.take(count).map(parse, num_parallel_calls=tf.data.AUTOTUNE).batch(256)
    next_element = tf.data.make_one_shot_iterator(batches).get_next()
    done = 0
    with tf.Session() as session:
        while done < count:
            some_images, some_labels = session.run(next_element)
            images[done : done + len(some_images)] = some_images
            labels[done : done + len(some_labels)] = some_labels
            done += len(some_labels)
    return images, labels


# ----------------------------------------------------------------------------- what the graph is fed


def iterate(dataset):
    """A way through a data set.

    Args:
      dataset: a tf.data.Dataset.
    Returns:
      (iterator, next_element): an initializable iterator; and the tensors of its next element, a new one each time
      that a session runs them.
    """
    # blank 5: an iterator and its next element
    iterator = tf.data.make_initializable_iterator(dataset)
    next_element = iterator.get_next()
    # end of blank 5
    return iterator, next_element


def placeholders(height, width):
    """What a network is fed.

    Args:
      height, width: of the images, in pixels.
    Returns:
      (images_ph, labels_ph, is_training): uint8 [B, H, W, 3], int64 [B] and bool [], False where it isn't fed.
    """
    # blank 6a: placeholders for a batch of any size
    images_ph = tf.placeholder(tf.uint8, [None, height, width, 3], "images")
    labels_ph = tf.placeholder(tf.int64, [None], "labels")
    # end of blank 6a
    is_training = tf.placeholder_with_default(False, [], "is_training")
    return images_ph, labels_ph, is_training


def scale_pixels(images):
    """Pixels as a network likes them: around 0. uint8 [B, H, W, 3] -> float32 in [-1, 1]."""
    with tf.name_scope("scale_pixels"):
        # blank 6b: pixels around 0
        scaled = tf.cast(images, tf.float32) / 127.5 - 1.0
        # end of blank 6b
    return scaled


# ----------------------------------------------------------------------------- evaluation


class Outcome(NamedTuple):
    """What a network made of a data set of N images."""

    loss: float  # mean over the images
    accuracy: float  # the share of the images whose most probable class is their label
    labels: np.ndarray  # int64 [N]
    probabilities: np.ndarray  # float32 [N, classes]


def evaluate(session, iterator, next_element, placeholders, outputs, after_batch=lambda images: None):
    """Runs a network over a whole data set, by fetch and feed, with nothing dropped out and nothing learnt.

    Args:
      session: a tf.Session with the weights in place.
      iterator: the data set's initializable iterator.
      next_element: its (images, labels).
      placeholders: (images_ph, labels_ph, is_training).
      outputs: (losses [B], probabilities [B, classes]), tensors that depend on the placeholders.
      after_batch: called with how many images were done.
    Returns:
      Outcome.
    """
    images_ph, labels_ph, is_training = placeholders
    session.run(iterator.initializer)
    losses, labels, probabilities = [], [], []  # of each batch
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
    return Outcome(float(loss), float(accuracy), labels, probabilities)
