"""Locates shapes: where is it, how large, how far turned? Regression: the network answers with numbers, not a class.

python labs/locate.py       on dataset.csv and truth.csv, of images that were drawn with --truth
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # the project's folder, as for the scripts that stand there

import numpy as np

import kit.tensorflow1 as tf
import dlho2018
from dlho2018_nns import NETWORKS
from kit.cli.errors import run_script
from kit.cli.lab_settings import LocateSettings
from kit.data.parts import TRAINING, VALIDATION
from kit.evaluation.sheets import Row, sheet_png
from kit.labs.data import open_images_and_truth, readable_lab_errors
from kit.labs.lab import Lab
from kit.labs.pictures import outlined, shape_corners

OUTPUTS = 5  # x, y, a length, and the turn as a cosine and a sine
SCALE = 32  # of x, y and the length, in sides of the image: a thirty-second weighs as much as the turn's 1
SHOWN = 8  # images in a row of the picture


def main():
    lab = Lab("locate", LocateSettings, __doc__)
    data, truth = open_images_and_truth(lab.settings, lab.settings.truth, dlho2018)
    with tf.Graph().as_default() as graph, readable_lab_errors(data):
        locate(graph, lab, data, truth)


def locate(graph, lab, data, truth):
    settings, side = lab.settings, data.shape[0]
    tf.set_random_seed(settings.seed)

    # 1 data: the line of each image and the line of its truth, zipped
    def examples(part, shuffled):
        lines = tf.data.Dataset.zip((dlho2018.read_lines(data, part), dlho2018.read_lines(truth, part)))
        lines = lines.shuffle(shuffled, settings.seed) if shuffled else lines
        pairs = lines.map(lambda image, facts: (data.parse(*image)[0], truth.parse(*facts)), tf.data.AUTOTUNE)
        return pairs.batch(settings.batch_size)  # (uint8 [B, H, W, 3], Truth of [B])

    training = examples(TRAINING, min(data.num_training, data.most_shuffled)).repeat(settings.epochs).prefetch(2)
    iterator = tf.data.make_initializable_iterator(training)
    next_element = iterator.get_next()
    held_out = tf.data.make_initializable_iterator(examples(VALIDATION, shuffled=0))
    next_held_out = held_out.get_next()

    # 2 graph: `cnn`, with a last layer of five numbers instead of two classes
    images_ph = tf.placeholder(data.dtype, [None, *data.shape], "images")  # uint8 [B, H, W, 3]
    facts_ph = tf.placeholder(tf.float32, [None, 5], "facts")  # x, y, area in pixels; turn in degrees; symmetry
    is_training = tf.placeholder_with_default(False, [], "is_training")
    global_step = tf.train.get_or_create_global_step()
    outputs = NETWORKS["cnn"](data.scale(images_ph), OUTPUTS, is_training)  # float32 [B, 5]

    # 3 loss: the mean squared error
    x, y, area, turn, symmetry = tf.unstack(facts_ph, axis=1)  # [B] each
    lengths = [(x - side / 2), (y - side / 2), (tf.sqrt(area) - side / 4)]  # pixels, around 0
    # blank 13: the turn as a cosine and a sine
    angle = symmetry * turn * np.pi / 180  # [B], radians: once around, until the shape looks as before
    cosine, sine = tf.cos(angle), tf.sin(angle)
    # end of blank 13
    targets = tf.stack([*(length * SCALE / side for length in lengths), cosine, sine], axis=1)  # [B, 5], around 0
    loss = tf.reduce_mean(tf.squared_difference(outputs, targets))
    steps = settings.epochs * -(-data.num_training // settings.batch_size)
    learning_rate = tf.train.cosine_decay(settings.learning_rate, global_step, steps)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):  # for a network with batch norm
        train_op = tf.train.AdamOptimizer(learning_rate).minimize(loss, global_step)

    # 4 session
    scalars = tf.summary.scalar("curves/loss", loss)
    with (
        tf.summary.FileWriter(lab.events("train"), graph) as writer,
        tf.Session(graph=graph) as session,
        lab.progress(data.num_training, settings.epochs) as progress,
    ):
        session.run(tf.global_variables_initializer())
        session.run(iterator.initializer)

        # 5 loop
        while True:
            try:
                images, facts = session.run(next_element)
            except tf.errors.OutOfRangeError:
                break
            feed = {images_ph: images, facts_ph: numbers_of(facts), is_training: True}
            _, value, summary = session.run([train_op, loss, scalars], feed_dict=feed)
            writer.add_summary(summary, progress.add(value, len(images)))

        # 6 the images that it hasn't seen
        seen, wanted, answers = [], [], []
        session.run(held_out.initializer)
        while True:
            try:
                images, facts = session.run(next_held_out)
            except tf.errors.OutOfRangeError:
                break
            seen.append(images)
            wanted.append(numbers_of(facts))
            answers.append(session.run(outputs, feed_dict={images_ph: images}))
    report(lab, side, np.concatenate(seen), np.concatenate(wanted), np.concatenate(answers))


def numbers_of(facts):
    """The numbers of a batch's Truth: x, y, area, turn, symmetry, float32 [B, 5]."""
    return np.column_stack([facts.centre, facts.area, facts.turn, facts.symmetry])


def report(lab, side, images, wanted, answers):
    """Turns the outputs back into pixels and degrees, draws them, and gives the median errors."""
    places = answers[:, :3] * side / SCALE
    centre, area = places[:, :2] + side / 2, (places[:, 2] + side / 4) ** 2  # [N, 2], [N]
    symmetry = np.maximum(wanted[:, 4], 1)  # a circle's turn is always 0
    turn = np.degrees(np.arctan2(answers[:, 4], answers[:, 3])) / symmetry  # [N]
    too_far = (turn - wanted[:, 3] + 180 / symmetry) % (360 / symmetry) - 180 / symmetry  # the shorter way around
    off = np.hypot(*(centre - wanted[:, :2]).T)
    area_error = abs(area / wanted[:, 2] - 1)

    def drawn(i):
        asked = shape_corners(wanted[i, 4], wanted[i, :2], wanted[i, 2], wanted[i, 3])
        found = shape_corners(wanted[i, 4], centre[i], area[i], turn[i])
        return outlined(images[i], [(asked, "white"), (found, "red")])

    some, worst = np.linspace(0, len(off) - 1, SHOWN).astype(int), np.argsort(-off)[:SHOWN]
    rows = [
        Row(name, [drawn(i) for i in chosen], [f"{off[i]:.1f} pixels off" for i in chosen])
        for name, chosen in (("some", some), ("worst", worst))
    ]
    lab.picture("located", sheet_png("White: where the shape is. Red: where the network sees it.", rows, 128))
    off, area_error, too_far = np.median(off), np.median(area_error), np.median(abs(too_far))
    lab.end(
        f"Median error over {len(images):,} held-out images: centre {off:.2f} pixels, area {area_error:.1%}, "
        f"turn {too_far:.1f} degrees.",
        centre=off,
        area=area_error,
        turn=too_far,
    )


if __name__ == "__main__":
    run_script(main)
