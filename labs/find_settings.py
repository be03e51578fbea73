"""Finds settings: learning rate, batch size, layers and filters are drawn at random, and each try is a short training.

python labs/find_settings.py       on dataset.csv; then open HParams in TensorBoard
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # the project's folder, as for the scripts that stand there

from types import SimpleNamespace

import numpy as np

import kit.tensorflow1 as tf
import dlho2018
from kit.cli import console
from kit.cli.errors import run_script
from kit.cli.lab_settings import FindSettings
from kit.data.parts import TRAINING, VALIDATION
from kit.labs.data import decoded, open_images, readable_lab_errors
from kit.labs.lab import Lab
from kit.labs.tries import tries_png
from kit.runs.hparams import end_of_try, in_words, start_of_try
from tf_layers import j_conv_layer, j_fc_layer, j_flatten_layer, j_logits, j_max_pool_layer

AT_ONCE = 256  # images
DEFAULT = {"learning_rate": 0.001, "batch_size": 32, "layers": 4, "filters": 8}  # training.py's, with `cnn`


def main():
    lab = Lab("find_settings", FindSettings, __doc__)
    data = open_images(lab.settings, dlho2018)
    with readable_lab_errors(data):
        find(lab, data)


def drawn(random):
    """The settings of one try; random: a np.random.Generator."""
    # blank 21: a learning rate at random
    learning_rate = 10 ** random.uniform(-4, -2)  # 0.0001 to 0.001 as often as 0.001 to 0.01
    # end of blank 21
    return {
        "learning_rate": learning_rate,
        "batch_size": int(2 ** random.integers(4, 8)),  # 16 to 128
        "layers": int(random.integers(2, 6)),  # 2 to 5
        "filters": int(2 ** random.integers(2, 5)),  # 4 to 16, in the first layer
    }


def find(lab, data):
    random = np.random.default_rng(lab.settings.seed)
    tries = [DEFAULT, *(drawn(random) for _ in range(lab.settings.tries))]
    arrays = {part: decoded(data, part) for part in (TRAINING, VALIDATION)}  # (uint8 [N, H, W, 3], int64 [N]) each
    right = []  # of each try, whether it is right about each held-out image: bool [N]
    with console.progress("trying", len(tries), "settings") as bar:
        for number, tried in enumerate(tries):
            with tf.Graph().as_default() as graph:
                right.append(train(graph, lab, data, arrays, tried, name=f"try_{number:02d}"))
            bar.advance(1)
            bar.say(f"Try {number} of {lab.settings.tries}: {in_words(tried)}: accuracy {right[-1].mean():.4f}")
    report(lab, tries, np.array(right))


def train(graph, lab, data, arrays, tried, name):
    settings = SimpleNamespace(**tried, epochs=lab.settings.epochs, seed=lab.settings.seed)
    tf.set_random_seed(settings.seed)

    # 1 data: all in memory, for each try reads it
    training, fed_arrays = dlho2018.batches_in_memory(*arrays[TRAINING], data, settings)
    iterator = tf.data.make_initializable_iterator(training.prefetch(2))
    next_element = iterator.get_next()  # images uint8 [B, H, W, 3], labels int64 [B]

    # 2 graph: with 4 layers, and 8 filters in the first, it is `cnn`
    images_ph, labels_ph = data.placeholders()  # uint8 [B, H, W, 3], int64 [B]
    global_step = tf.train.get_or_create_global_step()
    x = j_conv_layer(data.scale(images_ph), settings.filters, "conv1", kernel_size=5, strides=2)  # [B, H/2, W/2, C]
    for number in range(2, settings.layers + 1):
        x = j_conv_layer(x, 2 * x.shape[-1].value, f"conv{number}")  # twice as many channels
        x = j_max_pool_layer(x, f"pool{number}", padding="SAME")  # half of H and W
    x = j_fc_layer(j_flatten_layer(x, "flatten"), 64, "fc1", activation="elu")  # [B, 64]
    logits = j_logits(x, data.num_classes)  # [B, classes]

    # 3 loss
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels_ph, logits=logits))
    is_right = tf.equal(tf.argmax(logits, axis=1), labels_ph)  # bool [B]
    train_op = tf.train.AdamOptimizer(settings.learning_rate).minimize(loss, global_step)

    # 4 session
    scalars = tf.summary.scalar("curves/loss", loss)
    with tf.Session(graph=graph) as session, tf.summary.FileWriter(lab.events(name), graph) as writer:
        writer.add_summary(start_of_try(f"{name} of {lab.folder.name}", tried))  # for the page HParams
        session.run(tf.global_variables_initializer())
        session.run(iterator.initializer, feed_dict=fed_arrays)

        # 5 loop
        while True:
            try:
                images, labels = session.run(next_element)
            except tf.errors.OutOfRangeError:
                break
            feed = {images_ph: images, labels_ph: labels}
            _, summary, step = session.run([train_op, scalars, global_step], feed_dict=feed)
            writer.add_summary(summary, step)

        # 6 the images that it hasn't seen
        right = []
        for start in range(0, data.num_validation, AT_ONCE):
            images, labels = (array[start : start + AT_ONCE] for array in arrays[VALIDATION])
            right.append(session.run(is_right, feed_dict={images_ph: images, labels_ph: labels}))
        right = np.concatenate(right)
        writer.add_summary(end_of_try(accuracy=right.mean()), step)
    return right


def report(lab, tries, right):
    """One half of the held-out images chooses the best settings; the other says how good they are."""
    chosen_by, told_by = right[:, 0::2].mean(axis=1), right[:, 1::2].mean(axis=1)  # [tries] each
    best = chosen_by.argmax()
    lab.picture("tries", tries_png(tries, right.mean(axis=1), best))
    lab.end(
        f"Best: {in_words(tries[best])}. Accuracy {told_by[best]:.4f} on held-out images that didn't choose it; "
        f"the default's is {told_by[0]:.4f}.",
        best=told_by[best],
        default=told_by[0],
        **tries[best],
    )


if __name__ == "__main__":
    run_script(main)
