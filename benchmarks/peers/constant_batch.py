"""The limit: a training step as training.py runs it, but on the same batch every time, which is part of the graph.

  python benchmarks/peers/constant_batch.py --data dataset.csv --network cnn

Nothing is read, decoded, fetched or fed; what a step computes is the same.
"""

import argparse
import sys
import time
from pathlib import Path

from task import answer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import kit.tensorflow1 as tf
from dlho2018 import scale_pixels
from dlho2018_nns import NETWORKS
from kit.cli.settings import TrainingSettings
from kit.data.image_csv import look_over
from kit.model.losses import LOSSES
from kit.model.optimizers import first_rate, make_optimizer
from kit.model.precision import session_config


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="CSV of the images: their size, and how many an epoch has")
    parser.add_argument("--network", choices=NETWORKS, default="cnn")
    parser.add_argument("--epochs", type=int, default=3)
    arguments = parser.parse_args()
    settings = TrainingSettings(network=arguments.network)
    records = look_over(arguments.data, settings.validation)
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(settings.seed)
        fetches = training_step(settings, records)
        start = tf.global_variables_initializer()
    with tf.Session(graph=graph, config=session_config(settings)) as session:
        session.run(start)
        rates = [images_a_second(session, fetches, records, settings) for _ in range(arguments.epochs)]
    answer(images_a_second=rates[1:])


def training_step(settings, records):
    """What a step of training.py fetches, from a batch that lies in variables of the graph: a list."""
    shape = [settings.batch_size, *records.image_size, 3]
    pixels = tf.random.stateless_uniform(shape, seed=[0, 0], minval=0, maxval=256, dtype=tf.int32)
    images = tf.Variable(tf.cast(pixels, tf.uint8), trainable=False)  # [B, H, W, 3]
    classes = tf.range(settings.batch_size, dtype=tf.int64) % records.num_classes
    labels = tf.Variable(classes, trainable=False)  # [B]
    logits = NETWORKS[settings.network](scale_pixels(images), records.num_classes, tf.constant(True))  # [B, classes]
    loss = tf.reduce_mean(LOSSES["softmax_cross_entropy"].per_example(labels, logits))
    accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, axis=1), labels), tf.float32))
    step = tf.train.get_or_create_global_step()
    rate = tf.train.exponential_decay(
        first_rate(settings), step, steps_an_epoch(records, settings), settings.decay, staircase=True
    )
    train_op = make_optimizer(settings, rate).minimize(loss, step)
    for name, number in {"loss": loss, "accuracy": accuracy, "learning_rate": rate}.items():
        tf.summary.scalar(name, number)
    return [train_op, loss, accuracy, rate, tf.summary.merge_all()]


def images_a_second(session, fetches, records, settings):
    """Of as many steps as an epoch has."""
    steps = steps_an_epoch(records, settings)
    began = time.perf_counter()
    for _ in range(steps):
        session.run(fetches)
    return steps * settings.batch_size / (time.perf_counter() - began)


def steps_an_epoch(records, settings):
    return -(-records.num_training // settings.batch_size)


if __name__ == "__main__":
    main()
