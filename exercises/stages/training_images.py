"""Numbered training images, sorted by class as in a joined file: first all of class 0, then all of class 1."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from exercises.stages.datasets import SHAPE
from exercises.stages.stand_ins import MOST_SHUFFLED, image_data


@dataclass(frozen=True)
class TrainingImages:
    """So many images, and how they are to be trained on."""

    count: int
    batch_size: int
    epochs: int
    most_shuffled: int = MOST_SHUFFLED
    seed: int = 1234  # that no answer has by chance

    @property
    def labels(self) -> np.ndarray:
        """int64 [count]."""
        return (np.arange(self.count) >= self.count // 2).astype(np.int64)

    @property
    def settings(self) -> SimpleNamespace:
        return SimpleNamespace(batch_size=self.batch_size, epochs=self.epochs, seed=self.seed)

    @property
    def data(self) -> SimpleNamespace:
        """Without `parse` and `marks`, which a stage adds if it needs them."""
        return image_data(num_training=self.count, shape=SHAPE, most_shuffled=self.most_shuffled)


MANY = TrainingImages(11_000, 24, 2)  # more than the buffers of 1,000 or 10,000 that examples show
FEW = TrainingImages(60, 8, 9, 40)  # read to the end; the last batch of an epoch holds 4; more batches than images
