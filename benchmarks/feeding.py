"""Is feeding slow? Training images a second, from the CSV by fetch and feed, against a constant batch.

  python benchmarks/feeding.py --data dataset.csv

Both train the network `cnn` on the same batch size, in turns within one process; the ratio of the medians
says how much of the time goes into reading, decoding, fetching and feeding.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import kit.tensorflow1 as tf
from dlho2018 import csv_lines, parse_line, scale_pixels
from dlho2018_nns import NETWORKS
from kit.losses import LOSSES
from kit.optimizers import OPTIMIZERS
from kit.records import TRAINING, look_over

WARM_UP_STEPS = 10


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="dataset.csv", help="CSV of the images")
    parser.add_argument("--batch_size", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=7, help="turns of each")
    parser.add_argument("--steps", type=int, default=60, help="steps a turn")
    arguments = parser.parse_args()
    records = look_over(arguments.data, validation=0.2)
    contenders = {
        "from the CSV, fetched and fed": fetched_and_fed(records, arguments.batch_size),
        "a constant batch": constant_batch(records, arguments.batch_size),
    }
    rates = {name: [] for name in contenders}
    for step in contenders.values():
        images_a_second(step, WARM_UP_STEPS, arguments.batch_size)
    for _ in range(arguments.rounds):
        for name, step in contenders.items():
            rates[name].append(images_a_second(step, arguments.steps, arguments.batch_size))
    medians = [statistics.median(rates[name]) for name in contenders]
    for name, median in zip(contenders, medians):
        print(f"{name}: {median:.0f} images/s (from {min(rates[name]):.0f} to {max(rates[name]):.0f})")
    print(f"ratio of the medians: {medians[0] / medians[1]:.3f}")


def fetched_and_fed(records, batch_size):
    """A step of training as training.py does it: a function."""
    with tf.Graph().as_default() as graph:
        lines = csv_lines(records, TRAINING).shuffle(records.num_training, seed=0)
        images = lines.map(
            lambda line: parse_line(line, records.folder, records.image_size), num_parallel_calls=tf.data.AUTOTUNE
        )
        batches = images.batch(batch_size, drop_remainder=True).repeat().prefetch(2)
        iterator = tf.data.make_initializable_iterator(batches)
        next_element = iterator.get_next()
        images_ph = tf.placeholder(tf.uint8, [None, *records.image_size, 3])
        labels_ph = tf.placeholder(tf.int64, [None])
        train_op, loss = training_step(images_ph, labels_ph, records.num_classes)
        session = tf.Session(graph=graph)
        session.run([tf.global_variables_initializer(), iterator.initializer])

    def step():
        images, labels = session.run(next_element)
        session.run([train_op, loss], feed_dict={images_ph: images, labels_ph: labels})

    return step


def constant_batch(records, batch_size):
    """A step on the same images every time, which are part of the graph: a function."""
    with tf.Graph().as_default() as graph:
        random = tf.random.stateless_uniform([batch_size, *records.image_size, 3], [0, 0], 0, 256, tf.int32)
        images = tf.Variable(tf.cast(random, tf.uint8), trainable=False)
        labels = tf.Variable(tf.range(batch_size, dtype=tf.int64) % records.num_classes, trainable=False)
        train_op, loss = training_step(images, labels, records.num_classes)
        session = tf.Session(graph=graph)
        session.run(tf.global_variables_initializer())
    return lambda: session.run([train_op, loss])


def training_step(images, labels, num_classes):
    """The network `cnn`, its loss and its optimiser: (train_op, loss)."""
    logits = NETWORKS["cnn"](scale_pixels(images), num_classes, tf.constant(True))
    loss = tf.reduce_mean(LOSSES["softmax_cross_entropy"].of_each(labels, logits))
    adam = OPTIMIZERS["adam"]
    return adam.make(adam.images_rate).minimize(loss), loss


def images_a_second(step, steps, batch_size):
    began = time.perf_counter()
    for _ in range(steps):
        step()
    return steps * batch_size / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
