"""Ways to the data: the four kinds of iterator, zip, sparse tensors and TFRecord files, and when to take which.

python labs/iterators.py       on dataset.csv and truth.csv, of images that were drawn with --truth
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # the project's folder, as for the scripts that stand there

import kit.tensorflow1 as tf
import dlho2018
from kit.cli import console
from kit.cli.errors import run_script
from kit.cli.lab_settings import IteratorsSettings
from kit.data.parts import TRAINING, VALIDATION
from kit.data.tfrecord.records import RAW, encode_record
from kit.labs.data import open_images_and_truth, readable_lab_errors
from kit.labs.lab import Lab
from kit.labs.ways import BATCH, COUNT, FIELDS, Comparison


def main():
    lab = Lab("iterators", IteratorsSettings, __doc__)
    data, truth = open_images_and_truth(lab.settings, lab.settings.truth, dlho2018)
    with readable_lab_errors(data, truth):
        try_all(lab, data, truth)


# Each way is given data sets, and returns the batches that came out.


def one_shot(images):
    """Needs no start, and goes through the data once: for a quick look."""
    next_images = tf.data.make_one_shot_iterator(images).get_next()  # uint8 [B, H, W, 3]
    with tf.Session() as session:
        return until_the_end(session, next_images)


def initializable(images):
    """Is started as often as you like, and fed then: for data that depends on something, here on where to begin."""
    skipped_ph = tf.placeholder(tf.int64, [], "skipped")  # batches
    iterator = tf.data.make_initializable_iterator(images.skip(skipped_ph))
    next_images = iterator.get_next()  # uint8 [B, H, W, 3]
    given = []
    with tf.Session() as session:
        for skipped in (2, 0):
            session.run(iterator.initializer, feed_dict={skipped_ph: skipped})
            given += until_the_end(session, next_images)
    return given


def reinitializable(training, held_out):
    """Begins the data set that is chosen at each start: for epochs of training and of validation in turn."""
    types, shapes = tf.data.get_output_types(training), tf.data.get_output_shapes(training)  # held_out has the same
    iterator = tf.data.Iterator.from_structure(types, shapes)
    next_images = iterator.get_next()  # uint8 [B, H, W, 3]
    start_training, start_held_out = (iterator.make_initializer(each) for each in (training, held_out))
    given = []
    with tf.Session() as session:
        for start in (start_training, start_held_out, start_training):
            session.run(start)
            given += [session.run(next_images) for _ in range(2)]
    return given


def feedable(training, held_out):
    """Is fed, with each batch, whose turn it is; the others keep their places: for validation within an epoch."""
    iterators = [tf.data.make_initializable_iterator(each) for each in (training, held_out)]
    # blank 20: an iterator that is fed
    handles = [each.string_handle() for each in iterators]  # string [] each: what the session calls it
    handle_ph = tf.placeholder(tf.string, [], "handle")
    types, shapes = tf.data.get_output_types(training), tf.data.get_output_shapes(training)
    next_images = tf.data.Iterator.from_string_handle(handle_ph, types, shapes).get_next()  # uint8 [B, H, W, 3]
    # end of blank 20
    with tf.Session() as session:
        session.run([each.initializer for each in iterators])
        from_training, from_held_out = session.run(handles)
        turns = [from_training, from_training, from_held_out] * 2
        return [session.run(next_images, feed_dict={handle_ph: handle}) for handle in turns]


def zipped(images, masks):
    """Puts two data sets side by side, first with first: for images and targets of two files, here masks."""
    pairs = tf.data.Dataset.zip((images, masks))  # (uint8 [B, H, W, 3], uint8 [B, H, W, 1])
    return one_shot(pairs.map(lambda images, masks: tf.maximum(images, 255 - masks)))  # white around the shape


def sparse(facts, side):
    """Keeps what isn't 0, and where it is: for one-hots and counts, here the field of a centre among 8 x 8."""

    def one_hot(of_image):  # Truth -> SparseTensor [8, 8], 1 in that field
        column, row = tf.unstack(tf.cast(of_image.centre * FIELDS / side, tf.int64))
        return tf.SparseTensor(indices=[[row, column]], values=[1.0], dense_shape=[FIELDS, FIELDS])

    one_hots = facts.map(one_hot).batch(BATCH)  # SparseTensor [B, 8, 8]
    dense, kept = zip(*one_shot(one_hots.map(lambda batch: (tf.sparse.to_dense(batch), batch))))
    size = sum(each.values.nbytes + each.indices.nbytes for each in kept)
    console.say(f"sparse: {size:,} bytes instead of {sum(each.nbytes for each in dense):,}")
    return dense


def tfrecord(images, path):
    """Keeps many images in one file, a record each: for more than can be opened one by one."""
    with tf.io.TFRecordWriter(path) as writer:
        for image in images:  # uint8 [H, W, 3]
            writer.write(encode_record("image", 0, image, image.tobytes(), RAW))

    def parse(record):  # string [] -> uint8 [H, W, 3]
        example = tf.io.parse_single_example(record, {"image": tf.io.FixedLenFeature([], tf.string)})
        return tf.reshape(tf.io.decode_raw(example["image"], tf.uint8), images[0].shape)

    return one_shot(tf.data.TFRecordDataset(path).map(parse).batch(BATCH))


def until_the_end(session, next_element):
    """Fetches until there is nothing left."""
    given = []
    while True:
        try:
            given.append(session.run(next_element))
        except tf.errors.OutOfRangeError:
            return given


def try_all(lab, data, truth):
    def images(part):  # tf.data.Dataset of uint8 [B, H, W, 3]
        return dlho2018.read_lines(data, part).take(COUNT).map(lambda *line: data.parse(*line)[0]).batch(BATCH)

    def facts():  # tf.data.Dataset of Truth, of the training images
        return dlho2018.read_lines(truth, TRAINING).take(COUNT).map(truth.parse)

    comparison, path = Comparison(lab, data, truth), str(lab.folder / "images.tfrecord")
    for way, wanted, build in (  # T1 is the first batch of the training images, V1 of the held-out ones
        (one_shot, "T1 T2 T3 T4", lambda: one_shot(images(TRAINING))),
        (initializable, "T3 T4 T1 T2 T3 T4", lambda: initializable(images(TRAINING))),
        (reinitializable, "T1 T2 V1 V2 T1 T2", lambda: reinitializable(images(TRAINING), images(VALIDATION))),
        (feedable, "T1 T2 V1 T3 T4 V2", lambda: feedable(images(TRAINING), images(VALIDATION))),
        (zipped, "T1 T2 T3 T4", lambda: zipped(images(TRAINING), facts().map(truth.mask).batch(BATCH))),
        (sparse, "T1 T2 T3 T4", lambda: sparse(facts(), data.shape[0])),
        (tfrecord, "T1 T2 T3 T4", lambda: tfrecord(comparison.known["T"].images, path)),
    ):
        with tf.Graph().as_default():
            comparison.add(way, wanted, build())
    comparison.end()


if __name__ == "__main__":
    run_script(main)
