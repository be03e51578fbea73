"""Keras's autoencoder for noisy images, from https://keras.io/examples/vision/autoencoder, on images in colour.

Its layers, its loss and its batches are those of the example. The images are spoilt by what the lab spoils them with,
anew in each batch; the example spoils them once.

  python benchmarks/peers/keras_autoencoder.py --images images.npz --seconds 60
"""

import argparse
import os
import sys
import time
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"
sys.path.append(str(Path(__file__).resolve().parent.parent.parent))  # the project's folder

import keras
import numpy as np
from keras import layers
from task import answer

from kit.labs.spoiling import spoilt

BATCH = 128


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", required=True, help="file of arrays: training, held_out, held_out_spoilt")
    parser.add_argument("--seconds", type=float, required=True, help="of the processor, for training")
    parser.add_argument("--seed", type=int, default=0)
    task = parser.parse_args()
    images = np.load(task.images)
    keras.utils.set_random_seed(task.seed)
    model = autoencoder(images["training"].shape[1:])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    watch = Watch(task.seconds)
    model.fit(Spoilt(images["training"], task.seed), epochs=10**6, callbacks=[watch], verbose=0)
    answers = model.predict(pixels(images["held_out_spoilt"]), verbose=0)
    answer(
        error=float(np.mean(np.square(answers - pixels(images["held_out"])))),
        weights=model.count_params(),
        epochs=watch.epochs,
        seconds=watch.seconds,
    )


def autoencoder(shape):
    """The example's layers, with as many channels at the end as the images have: float32 [B, H, W, C], 0 to 1."""
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Conv2D(32, 3, activation="relu", padding="same"),
            layers.MaxPooling2D(2, padding="same"),
            layers.Conv2D(32, 3, activation="relu", padding="same"),
            layers.MaxPooling2D(2, padding="same"),
            layers.Conv2DTranspose(32, 3, strides=2, activation="relu", padding="same"),
            layers.Conv2DTranspose(32, 3, strides=2, activation="relu", padding="same"),
            layers.Conv2D(shape[-1], 3, activation="sigmoid", padding="same"),
        ]
    )


def pixels(images):
    return images.astype(np.float32) / 255


class Spoilt(keras.utils.PyDataset):
    """Batches of (spoilt images, images), in another order in each epoch."""

    def __init__(self, images, seed):
        super().__init__()
        self.images, self.random = images, np.random.default_rng(seed)
        self.on_epoch_end()

    def __len__(self):
        return -(-len(self.images) // BATCH)

    def __getitem__(self, index):
        images = self.images[self.order[index * BATCH : (index + 1) * BATCH]]
        return pixels(spoilt(images, self.random)), pixels(images)

    def on_epoch_end(self):
        self.order = self.random.permutation(len(self.images))


class Watch(keras.callbacks.Callback):
    """Ends the training after some seconds of the processor."""

    def __init__(self, seconds):
        super().__init__()
        self.most, self.batches = seconds, 0

    def on_train_begin(self, logs=None):
        self.began = time.process_time()

    def on_train_batch_end(self, batch, logs=None):
        self.batches += 1
        self.seconds = time.process_time() - self.began
        self.epochs = self.batches / self.params["steps"]
        if self.seconds >= self.most:
            self.model.stop_training = True  # Keras stops after the batch


if __name__ == "__main__":
    main()
