"""Mends images: an autoencoder sees each with noise and a covered square, and gives it back as it was.

python labs/reconstruct.py       on dataset.csv
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # the project's folder, as for the scripts that stand there

import numpy as np

import kit.tensorflow1 as tf
import dlho2018
from kit.cli.errors import run_script
from kit.cli.lab_settings import ReconstructSettings
from kit.data.parts import TRAINING, VALIDATION
from kit.data.pixels import pixels_of
from kit.evaluation.sheets import Row, sheet_png
from kit.labs.data import check_sides, open_images, readable_lab_errors
from kit.labs.lab import Lab
from kit.labs.spoiling import spoilt
from tf_layers import j_conv_layer, j_deconv_layer

SHRINKS = 16  # how many times smaller the image is in the middle of the network
SHOWN = 8  # images in a row of the picture


def main():
    lab = Lab("reconstruct", ReconstructSettings, __doc__)
    data = open_images(lab.settings, dlho2018)
    check_sides(data, SHRINKS)
    with tf.Graph().as_default() as graph, readable_lab_errors(data):
        reconstruct(graph, lab, data)


def autoencoder(images):
    """Down to few numbers and up again; on the way up, the layer of the same size on the way down is added.

    The way through the middle knows what is around a covered square, the ways across where exactly an edge is.
    Mao et al., 2016, https://arxiv.org/abs/1606.08921

    Args:
      images: float32 [B, H, W, 3]; H and W are multiples of SHRINKS.
    Returns:
      float32 [B, H, W, 3].
    """
    down1 = j_conv_layer(images, 24, "down1", kernel_size=5, strides=2)  # [B, H/2, W/2, 24]
    down2 = j_conv_layer(down1, 24, "down2", strides=2)  # [B, H/4, W/4, 24]
    down3 = j_conv_layer(down2, 24, "down3", strides=2)  # [B, H/8, W/8, 24]
    middle = j_conv_layer(down3, 16, "middle", strides=2)  # [B, H/16, W/16, 16]
    x = j_deconv_layer(middle, 24, "up3", kernel_size=2) + down3  # [B, H/8, W/8, 24]
    x = j_deconv_layer(x, 24, "up2", kernel_size=2) + down2  # [B, H/4, W/4, 24]
    x = j_deconv_layer(x, 24, "up1", kernel_size=2) + down1  # [B, H/2, W/2, 24]
    x = j_conv_layer(x, 24, "joined")
    return j_deconv_layer(x, 3, "mended", activation="linear")  # [B, H, W, 3]


def reconstruct(graph, lab, data):
    settings = lab.settings
    tf.set_random_seed(settings.seed)

    # 1 data: the images are enough, their labels aren't needed
    def batches(part, shuffled):
        lines = dlho2018.read_lines(data, part)
        lines = lines.shuffle(shuffled, settings.seed) if shuffled else lines
        images = lines.map(lambda *line: data.parse(*line)[0], tf.data.AUTOTUNE)
        return images.batch(settings.batch_size)  # uint8 [B, H, W, 3]

    training = batches(TRAINING, min(data.num_training, data.most_shuffled)).repeat(settings.epochs).prefetch(2)
    iterator = tf.data.make_initializable_iterator(training)
    next_images = iterator.get_next()
    held_out = tf.data.make_initializable_iterator(batches(VALIDATION, shuffled=0))
    next_held_out = held_out.get_next()

    # 2 graph: what is fed are the images, and the same images spoilt
    images_ph = tf.placeholder(data.dtype, [None, *data.shape], "images")  # uint8 [B, H, W, 3]
    spoilt_ph = tf.placeholder(data.dtype, [None, *data.shape], "spoilt")  # uint8 [B, H, W, 3]
    global_step = tf.train.get_or_create_global_step()
    mended = autoencoder(data.scale(spoilt_ph))  # float32 [B, H, W, 3], pixels from -1 to 1

    # 3 loss: how far from the image that the network hasn't seen
    # blank 15: the loss of an autoencoder
    loss = tf.reduce_mean(tf.squared_difference(mended, data.scale(images_ph)))
    # end of blank 15
    steps = settings.epochs * -(-data.num_training // settings.batch_size)
    learning_rate = tf.train.cosine_decay(settings.learning_rate, global_step, steps)
    train_op = tf.train.AdamOptimizer(learning_rate).minimize(loss, global_step)

    # 4 session
    random = np.random.default_rng(settings.seed)
    scalars = tf.summary.scalar("curves/loss", loss)
    with (
        tf.summary.FileWriter(lab.events("train"), graph) as writer,
        tf.Session(graph=graph) as session,
        lab.progress(data.num_training, settings.epochs) as progress,
    ):
        session.run(tf.global_variables_initializer())
        session.run(iterator.initializer)

        # 5 loop: each image is spoilt anew, whenever it comes
        while True:
            try:
                images = session.run(next_images)
            except tf.errors.OutOfRangeError:
                break
            feed = {images_ph: images, spoilt_ph: spoilt(images, random)}
            _, value, summary = session.run([train_op, loss, scalars], feed_dict=feed)
            writer.add_summary(summary, progress.add(value, len(images)))
        seconds = progress.processor_seconds

        # 6 the images that it hasn't seen, spoilt in the same way for every seed
        random = np.random.default_rng(0)
        seen, fed, answers = [], [], []
        session.run(held_out.initializer)
        while True:
            try:
                images = session.run(next_held_out)
            except tf.errors.OutOfRangeError:
                break
            seen.append(images)
            fed.append(spoilt(images, random))
            answers.append(session.run(mended, feed_dict={spoilt_ph: fed[-1]}))
    report(lab, *map(np.concatenate, (seen, fed, answers)), seconds)


def report(lab, images, fed, answers, seconds):
    """Draws images as they were, spoilt and mended, and gives the mean squared error of pixels from 0 to 1."""
    answers = pixels_of(answers)  # [N, H, W, 3]
    errors, errors_fed = (np.mean((each / 255 - images / 255) ** 2, axis=(1, 2, 3)) for each in (answers, fed))
    some, worst = np.linspace(0, len(images) - 1, SHOWN).astype(int), np.argsort(-errors)[:SHOWN]
    rows = []
    for name, chosen in (("some", some), ("worst", worst)):
        rows += [Row(f"{name},\nspoilt", fed[chosen]), Row("mended", answers[chosen])]
        rows.append(Row("before", images[chosen], [f"{errors[i]:.5f}" for i in chosen]))
    lab.picture("mended", sheet_png("Images spoilt, mended, and as they were; mean squared error", rows, 128))
    error, error_fed = np.mean(errors), np.mean(errors_fed)
    lab.end(
        f"Mean squared error over {len(images):,} held-out images: {error:.5f}, of {error_fed:.5f} before.",
        error=error,
        error_before=error_fed,
        weights=sum(each.shape.num_elements() for each in tf.trainable_variables()),
        processor_seconds=seconds,
    )


if __name__ == "__main__":
    run_script(main)
