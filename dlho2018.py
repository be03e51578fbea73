"""What the hands-on's scripts share: from a line of a CSV to a batch, and evaluation batch by batch."""

import os
from typing import NamedTuple

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.data.dataset_options import untuned
from kit.data.tables.cells import MISSING_VALUES

ABSOLUTE_PATH = r"/.*" if os.sep == "/" else r"(/|\\|[A-Za-z]:).*"
LINES_AT_ONCE = 1024  # of a CSV, when they are sorted into parts
DECODED_AT_ONCE = 256  # examples

# ----------------------------------------------------------------------------- from a line to an image


def without_mark(line):
    """A line without the mark (of UTF-8) that some editors put before a file's text: string [] -> string []."""
    return tf.strings.regex_replace(line, "^\ufeff", "")


def parse_line(line, folder="", image_size=(None, None)):
    """Turns a line of the CSV into an image and its label.

    Args:
      line: string [], 'image_name,image_path,label'.
      folder: what to put before a relative path.
      image_size: (height, width) in pixels, for the static shape.
    Returns:
      (image, label): uint8 [H, W, 3], whatever the file's own colours, and int64 [].
    """
    line = without_mark(line)
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


# ----------------------------------------------------------------------------- from a line to a table's row

MISSING = f"(?i) *({'|'.join(MISSING_VALUES)}) *"  # what stands in a field that has no value
QUOTED_NUMBER, QUOTED = r'"([-+.0-9eE ]*)"', r'"[^"]*"'


def parse_row(label, line, table):
    """Turns a line of a table into a row of numbers and its label.

    Args:
      label: int64 [], a class; or float32 [], a value.
      line: string [], fields with table.delimiter between them.
      table: kit.data.tables.table.Table.
    Returns:
      (row, label): float32 [columns], NaN where a value is missing, and the label.
    """
    line = without_mark(line)
    if table.has_quotes:  # no delimiter between quotes counts, and quoted words are no column of numbers
        line = tf.strings.regex_replace(line, QUOTED_NUMBER, r"\1")
        line = tf.strings.regex_replace(line, QUOTED, "")
    fields = tf.strings.split([line], table.delimiter).values  # string [fields]
    values = tf.gather(fields, table.fields)  # string [columns]
    if table.has_missing:
        values = tf.strings.regex_replace(values, f"^{MISSING}$", "nan")
    return tf.ensure_shape(tf.strings.to_number(values), [len(table.columns)]), label


def parser_of(records):
    """The function that turns what csv_lines gives into an example and its label, of images or of a table."""
    if records.is_table:
        return tf.autograph.experimental.do_not_convert(lambda label, line: parse_row(label, line, records))
    return lambda line: parse_line(line, records.folder, records.image_size)


# ----------------------------------------------------------------------------- data sets


def examples_of(records, part, parse):
    """The examples of one part of the data, in the file's order: a tf.data.Dataset of (example, label)."""
    if records.is_table:
        return csv_lines(records, part).map(parse, num_parallel_calls=tf.data.AUTOTUNE)
    return csv_images(records, part, parse)


def csv_images(records, part, parse):
    """The images of one part of the data, in the CSV's order: line by line, where csv_lines takes many at once.

    Args:
      records: kit.data.image_csv.Records; it knows the part of each line, and which are headers.
      part: kit.data.image_csv.TRAINING or VALIDATION.
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
    """The lines of a CSV or a table that belong to one part of the data.

    Args:
      records: kit.data.image_csv.Records or kit.data.tables.table.Table; knows the part of each line.
      part: kit.data.image_csv.TRAINING or VALIDATION.
      streams: 1 for the file's order. With more, the file is read at so many places at once, a line from each
        in turn: so a file sorted by class is mixed even where it is too large to be shuffled as a whole.
    Returns:
      A tf.data.Dataset of string []; of a table, of (label [], string []).
    """
    part_of_line = tf.constant(np.frombuffer(records.parts, np.uint8))  # uint8 [lines of the file]
    compression = records.compression if records.is_table else ""
    numbered_lines = tf.data.TextLineDataset(records.csv_path, compression).enumerate()
    lines_a_stream = -(-len(records.parts) // streams)
    lines_at_once = min(LINES_AT_ONCE, -(-records.most_shuffled // 32))
    as_it_stands = tf.autograph.experimental.do_not_convert  # no Python for AutoGraph to make operations of

    @as_it_stands
    def of_this_part(numbers, lines):  # int64 [N], string [N]
        is_wanted = tf.equal(tf.gather(part_of_line, numbers), part)
        lines = tf.boolean_mask(lines, is_wanted)
        if records.is_table:  # whose labels are known by the line
            return tf.gather(records.labels_of_lines, tf.boolean_mask(numbers, is_wanted)), lines
        return lines

    @as_it_stands
    def stream(first_line):
        lines = numbered_lines.skip(first_line).take(lines_a_stream)
        return lines.batch(lines_at_once).map(of_this_part).unbatch()

    first_lines = tf.data.Dataset.range(0, len(records.parts), lines_a_stream)
    return first_lines.interleave(stream, cycle_length=streams)


def decode(lines, parse, count):
    """Decodes images, or the rows of a table, once, to keep them.

    Args:
      lines: a tf.data.Dataset of lines, from csv_lines.
      parse: a line -> (image, label), as parser_of gives it.
      count: how many of the lines, from the first; there are as many or more.
    Yields:
      Batches of NumPy arrays (images, labels): uint8 [B, H, W, 3] and int64 [B]; or float32 [B, columns] and labels.
    """
    batches = lines.take(count).map(parse, num_parallel_calls=tf.data.AUTOTUNE).batch(DECODED_AT_ONCE)
    next_element = tf.data.make_one_shot_iterator(untuned(batches)).get_next()
    with tf.Session() as session, console.progress("decoding", count, "examples") as bar:
        for _ in range(-(-count // DECODED_AT_ONCE)):
            images, labels = session.run(next_element)
            bar.advance(len(labels))
            yield images, labels


def load_into_memory(lines, parse, count):
    """As `decode`, but all batches as one: NumPy arrays (images, labels), uint8 [count, H, W, 3] and int64 [count]."""
    images = labels = None
    done = 0
    for some_images, some_labels in decode(lines, parse, count):
        if done == 0:
            images, labels = (np.empty([count, *some.shape[1:]], some.dtype) for some in (some_images, some_labels))
        images[done : done + len(some_labels)] = some_images
        labels[done : done + len(some_labels)] = some_labels
        done += len(some_labels)
    return images, labels


def look_up(numbers, examples):
    """Takes a batch out of a cache of examples.

    Args:
      numbers: int64 [B], which.
      examples: np.memmap [N] of (example, label), from kit.data.decoded_cache.
    Returns:
      (images, labels): uint8 [B, H, W, 3] and int64 [B]; or float32 [B, columns] and labels [B].
    """

    def of_batch(numbers):
        batch = examples[numbers]
        return np.ascontiguousarray(batch["example"]), np.ascontiguousarray(batch["label"])

    parts = [examples.dtype[name] for name in ("example", "label")]
    batch = tf.numpy_function(of_batch, [numbers], [part.base for part in parts], stateful=False)
    return tuple(tf.ensure_shape(values, [None, *part.shape]) for values, part in zip(batch, parts))


# ----------------------------------------------------------------------------- what the graph is fed


def iterate(dataset):
    """A way through a data set.

    Args:
      dataset: a tf.data.Dataset.
    Returns:
      (iterator, next_element): an initializable iterator; and the tensors of its next element, a new one each time
      that a session runs them.
    """
    dataset = untuned(dataset)
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


def table_placeholders(table):
    """What a network is fed of a table: (rows_ph, labels_ph, is_training), float32 [B, columns], [B] and bool []."""
    rows_ph = tf.placeholder(tf.float32, [None, len(table.columns)], "rows")
    labels_ph = tf.placeholder(tf.float32 if table.is_regression else tf.int64, [None], "labels")
    is_training = tf.placeholder_with_default(False, [], "is_training")
    return rows_ph, labels_ph, is_training


def scale_pixels(images):
    """Pixels as a network likes them: around 0. uint8 [B, H, W, 3] -> float32 in [-1, 1]."""
    with tf.name_scope("scale_pixels"):
        # blank 6b: pixels around 0
        scaled = tf.cast(images, tf.float32) / 127.5 - 1.0
        # end of blank 6b
    return scaled


def scale_columns(rows, scaling=None):
    """Columns of a table as a network likes them: none missing, of about the same size.

    Args:
      rows: float32 [B, columns], NaN where a value is missing.
      scaling: kit.data.tables.table.Scaling, fitted on the training rows; None where a checkpoint will have it.
    Returns:
      float32 [B, columns].
    """

    def kept_with_the_weights(name):
        values = tf.zeros(rows.shape[1:]) if scaling is None else tf.constant(getattr(scaling, name))
        return tf.get_variable(name, initializer=values, trainable=False)

    with tf.variable_scope("scale_columns"):
        fill, offset, spread = map(kept_with_the_weights, ("fill", "offset", "spread"))  # [columns] each
        present = tf.where(tf.is_nan(rows), tf.ones_like(rows) * fill, rows)
        return (present - offset) / spread


def placeholders_of(records):
    """What a network is fed of the data: placeholders, or table_placeholders."""
    return table_placeholders(records) if records.is_table else placeholders(*records.image_size)


def wired_placeholders(next_element):
    """Placeholders that need not be fed: what isn't, they take from an iterator within the same run of the session.

    Args:
      next_element: (images [B, ...], labels [B]), tensors of an iterator.
    Returns:
      (images_ph, labels_ph, is_training), as `placeholders` gives them.
    """
    images, labels = next_element
    images_ph = tf.placeholder_with_default(images, images.shape, "images")
    labels_ph = tf.placeholder_with_default(labels, labels.shape, "labels")
    is_training = tf.placeholder_with_default(False, [], "is_training")
    return images_ph, labels_ph, is_training


def scaled(images, records):
    """What a network is given of what it is fed: scale_pixels, or scale_columns."""
    return scale_columns(images, records.scaling) if records.is_table else scale_pixels(images)


# ----------------------------------------------------------------------------- evaluation


class Outcome(NamedTuple):
    """What a network made of a data set of N images, or rows."""

    loss: float  # mean over the images
    accuracy: float  # the share of the images whose most probable class is their label; of values, R2
    labels: np.ndarray  # int64 [N]; of values, float32 [N]
    probabilities: np.ndarray  # float32 [N, classes]; of values, the network's [N, 1]


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
    if probabilities.shape[1] == 1:  # values, not classes: R2
        accuracy = 1.0 - np.square(labels - probabilities[:, 0]).mean() / max(labels.var(), 1e-30)
    return Outcome(float(loss), float(accuracy), labels, probabilities)
