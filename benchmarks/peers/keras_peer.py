"""Keras on a list of images: how fast does it train and evaluate, and how well does it learn?

  python benchmarks/peers/keras_peer.py --data_train train.csv --data_validation validation.csv --network cnn --best

As in its guides: tf.data with AUTOTUNE, float32, model.fit with its defaults. --best adds what made it faster: bytes
through the pipeline, bfloat16 inside the layers. (XLA made it several times slower, and Keras itself doesn't use it
without a GPU. Several steps per execution made no clear difference.)
"""

import os
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import tensorflow as tf
from keras import layers
from task import answer, parser_of_task, read_list


def main():
    parser = parser_of_task(__doc__, NETWORKS)
    parser.add_argument("--until_accuracy", type=float, help="stop after an epoch with this validation accuracy")
    parser.add_argument("--shards", help="folder of TFRecord files to train on, whose images are those of --data_train")
    parser.add_argument("--data_evaluation", help="CSV of images to evaluate on, twice: the second time counts")
    task = parser.parse_args()
    keras.utils.set_random_seed(task.seed)
    if task.best and task.bfloat16:
        keras.mixed_precision.set_global_policy("mixed_bfloat16")
    training = read_list(task.data_train)
    network = NETWORKS[task.network](training.num_classes)
    model = keras.Sequential([keras.Input((*training.image_size, 3)), *network])
    model.compile(
        optimizer=keras.optimizers.Adam(task.learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    watch = Watch(task.until_accuracy)
    model.fit(
        data_set_of_shards(training, task) if task.shards else data_set(training, task, shuffled=True),
        epochs=task.epochs,
        validation_data=data_set(read_list(task.data_validation), task),
        callbacks=[watch],
        verbose=0,
    )
    figures = {
        "images_per_second": [len(training.paths) / seconds for seconds in watch.seconds[1:]],
        "validation_accuracies": watch.accuracies,
    }
    if task.data_evaluation:
        figures["evaluated_per_second"] = evaluated_per_second(model, read_list(task.data_evaluation), task)
    answer(**figures)


def data_set(listed, task, shuffled=False):
    """The images of a list in batches: a tf.data.Dataset of (uint8 or float32 [B, H, W, 3], int32 [B])."""

    def read(path, label):
        image = tf.io.decode_png(tf.io.read_file(path), channels=3)
        image = tf.ensure_shape(image, [*listed.image_size, 3])
        return image if task.best else tf.cast(image, tf.float32), label

    images = tf.data.Dataset.from_tensor_slices((listed.paths, listed.labels))
    if shuffled:
        images = images.shuffle(len(listed.paths))
    return images.map(read, num_parallel_calls=tf.data.AUTOTUNE).batch(task.batch_size).prefetch(tf.data.AUTOTUNE)


def data_set_of_shards(listed, task):
    """The images of TFRecord files, which python -m kit.data.tfrecord has written: like `data_set`, shuffled."""

    def read(record):
        features = {"image": tf.io.FixedLenFeature([], tf.string), "label": tf.io.FixedLenFeature([], tf.int64)}
        found = tf.io.parse_single_example(record, features)
        image = tf.reshape(tf.io.decode_raw(found["image"], tf.uint8), [*listed.image_size, 3])
        return image if task.best else tf.cast(image, tf.float32), found["label"]

    paths = tf.data.Dataset.list_files(f"{task.shards}/*.tfrecord")
    records = paths.interleave(tf.data.TFRecordDataset, num_parallel_calls=tf.data.AUTOTUNE)
    images = records.shuffle(len(listed.paths)).map(read, num_parallel_calls=tf.data.AUTOTUNE)
    return images.batch(task.batch_size).prefetch(tf.data.AUTOTUNE)


class Watch(keras.callbacks.Callback):
    """Seconds of each epoch's training, and its validation accuracy; stops once that is high enough.

    The time ends with the last batch: now and then tf.data's tuning thread delays what follows by seconds.
    """

    def __init__(self, until_accuracy):
        super().__init__()
        self.until_accuracy = until_accuracy
        self.seconds, self.accuracies = [], []

    def on_epoch_begin(self, epoch, logs=None):
        self._began = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        self._ended = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(self._ended - self._began)
        self.accuracies.append(logs["val_accuracy"])
        if self.until_accuracy and self.accuracies[-1] >= self.until_accuracy:
            self.model.stop_training = True


class EvaluationWatch(keras.callbacks.Callback):
    """Seconds of an evaluation, up to its last batch."""

    def on_test_begin(self, logs=None):
        self._began = time.perf_counter()

    def on_test_batch_end(self, batch, logs=None):
        self.seconds = time.perf_counter() - self._began


def evaluated_per_second(model, listed, task):
    """Images per second of model.evaluate, in its second call."""
    images = data_set(listed, task)
    watch = EvaluationWatch()
    for _ in range(2):
        model.evaluate(images, callbacks=[watch], verbose=0)
    return len(listed.paths) / watch.seconds


# ----------------------------------------------------------------------------- networks: classes -> layers


def cnn(num_classes):
    """The kit's `cnn`."""
    blocks = [part for filters in (16, 32, 64) for part in (convolution(filters), layers.MaxPooling2D())]
    return [
        pixels_around_0(),
        convolution(8, kernel_size=5, strides=2),
        *blocks,
        layers.Flatten(),
        dense(64, "elu"),
        logits(num_classes),
    ]


def simple_fc(num_classes):
    """The kit's `simple_fc`."""
    return [pixels_around_0(), layers.Flatten(), *(dense(units) for units in (128, 32, 64)), logits(num_classes)]


def usual(num_classes):
    """The three convolutions of many guides, with Keras's own initialisation."""
    blocks = [
        part
        for filters in (16, 32, 64)
        for part in (layers.Conv2D(filters, 3, padding="same", activation="relu"), layers.MaxPooling2D())
    ]
    return [
        layers.Rescaling(1 / 255),
        *blocks,
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        logits(num_classes),
    ]


NETWORKS = {"cnn": cnn, "simple_fc": simple_fc, "usual": usual}


def pixels_around_0():
    return layers.Rescaling(1 / 127.5, offset=-1)


def convolution(filters, kernel_size=3, strides=1):
    return layers.Conv2D(
        filters, kernel_size, strides, padding="same", activation="relu", kernel_initializer=he_initializer()
    )


def dense(units, activation="relu"):
    return layers.Dense(units, activation, kernel_initializer=he_initializer())


def he_initializer():
    return keras.initializers.VarianceScaling(2.0, "fan_in", "truncated_normal")


def logits(num_classes):
    return layers.Dense(num_classes, dtype="float32")


if __name__ == "__main__":
    main()
