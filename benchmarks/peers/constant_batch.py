"""The limit: a training step as training.py runs it, but always on the same batch, which is part of the graph.

  python benchmarks/peers/constant_batch.py --data dataset.csv --network cnn

Nothing is read, decoded, fetched or fed; a step computes the same.
"""

import argparse
import math
import sys
import time
from pathlib import Path

from task import answer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import kit.tensorflow1 as tf
import dlho2018
from dlho2018_nns import NETWORKS
from kit.cli.settings import TrainingSettings
from kit.data.image_data import ImageData
from kit.model.losses import loss_head
from kit.model.optimizers import falling_rate, make_optimizer
from kit.model.precision import session_config


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="CSV of the images: gives their size and number")
    parser.add_argument("--network", choices=NETWORKS, default="cnn")
    parser.add_argument("--epochs", type=int, default=3)
    arguments = parser.parse_args()
    settings = TrainingSettings(network=arguments.network)
    data = ImageData.scan(arguments.data, settings.validation, lesson=dlho2018)
    steps_per_epoch = math.ceil(data.num_training / settings.batch_size)
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(settings.seed)
        fetches = training_step(settings, data, steps_per_epoch)
        start = tf.global_variables_initializer()
    with tf.Session(graph=graph, config=session_config(settings)) as session:
        session.run(start)
        seconds = [seconds_of_steps(session, fetches, steps_per_epoch) for _ in range(arguments.epochs)]
    answer(images_per_second=[steps_per_epoch * settings.batch_size / epoch for epoch in seconds[1:]])


def training_step(settings, data, steps_per_epoch):
    """What a step of training.py fetches, computed from a batch in variables of the graph: a list."""
    shape = [settings.batch_size, *data.shape]
    pixels = tf.random.stateless_uniform(shape, seed=[0, 0], minval=0, maxval=256, dtype=tf.int32)
    images = tf.Variable(tf.cast(pixels, tf.uint8), trainable=False)  # [B, H, W, 3]
    classes = tf.range(settings.batch_size, dtype=tf.int64) % data.num_classes
    labels = tf.Variable(classes, trainable=False)  # [B]
    logits = NETWORKS[settings.network](data.scale(images), data.num_classes, tf.constant(True))  # [B, classes]
    head = loss_head("softmax_cross_entropy", num_classes=data.num_classes)
    loss = tf.reduce_mean(head.per_example(labels, logits))
    is_right = tf.equal(tf.argmax(head.probabilities(logits), axis=1), labels)  # [B]
    accuracy = tf.reduce_mean(tf.cast(is_right, tf.float32))
    step = tf.train.get_or_create_global_step()
    rate = falling_rate(settings, step, steps_per_epoch)
    train_op = make_optimizer(settings, rate).minimize(loss, step)
    for name, number in {"loss": loss, "accuracy": accuracy, "learning_rate": rate}.items():
        tf.summary.scalar(name, number)
    return [train_op, loss, accuracy, rate, tf.summary.merge_all()]


def seconds_of_steps(session, fetches, count):
    began = time.perf_counter()
    for _ in range(count):
        session.run(fetches)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
