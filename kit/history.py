"""The course of a training, epoch by epoch: history.csv in the run's folder."""

import csv
import io
import time
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from kit.errors import UserError
from kit.files import write_text


@dataclass(frozen=True)
class Epoch:
    """A line of the history."""

    epoch: int  # from 1
    step: int  # steps of training up to its end
    learning_rate: float
    training_loss: float  # mean over the epoch's batches as they came, with dropout
    training_accuracy: float
    validation_loss: float  # mean over the validation images, after the epoch
    validation_accuracy: float
    seconds: float  # of training, without validation

    @classmethod
    def of(cls, number, step, learning_rate, means, seconds, outcome):
        """From an epoch's EpochMeans in training and its dlho2018.Outcome on validation."""
        return cls(
            epoch=number,
            step=step,
            learning_rate=float(learning_rate),
            training_loss=means.loss,
            training_accuracy=means.accuracy,
            validation_loss=outcome.loss,
            validation_accuracy=outcome.accuracy,
            seconds=seconds,
        )

    def __str__(self):
        return (
            f"epoch {self.epoch:4}  {_number(self.training_loss):>9} {self.training_accuracy:9.4f}"
            f"  {_number(self.validation_loss):>9} {self.validation_accuracy:9.4f}  {self.seconds:7.1f} s"
        )

    @property
    def goodness(self):
        """What makes an epoch the best: its accuracy on validation; between equals, the lower loss."""
        return self.validation_accuracy, -self.validation_loss


# What stands above the lines of epochs; a line and its heading fit into 80 columns.
HEADING = f"""\
{"":10}  {"training":>19}  {"validation":>19}
{"":10}  {"loss":>9} {"accuracy":>9}  {"loss":>9} {"accuracy":>9}"""


def _number(loss):
    return f"{loss:.4f}" if loss < 1000 else f"{loss:.2e}"


class EpochMeans:
    """Loss and accuracy over the images of an epoch, as far as it has come."""

    def __init__(self):
        self._loss_sum = self._accuracy_sum = self._images = 0
        self._began = time.monotonic()

    def add(self, loss, accuracy, images):
        """Takes in a batch: its means, and how many images it has."""
        self._loss_sum += float(loss) * images
        self._accuracy_sum += float(accuracy) * images
        self._images += images

    @property
    def loss(self):
        return self._loss_sum / self._images

    @property
    def accuracy(self):
        return self._accuracy_sum / self._images

    @property
    def seconds(self):
        """Since the epoch began."""
        return time.monotonic() - self._began

    def __str__(self):
        rate = self._images / max(self.seconds, 1e-9)
        return f"loss {_number(self.loss)}, accuracy {self.accuracy:.3f}, {rate:,.0f} images/s"


class History:
    """The epochs so far. It is kept on disk whole after each, and read again when a run is resumed."""

    def __init__(self, folder):
        self._path = Path(folder) / "history.csv"
        self.epochs = []

    def read(self, up_to_step):
        """Takes in the epochs that were kept, as far as the checkpoint's step: later ones are trained again."""
        try:
            with open(self._path, newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            epochs = [Epoch(**{field.name: field.type(row[field.name]) for field in fields(Epoch)}) for row in rows]
        except FileNotFoundError:
            epochs = []  # stopped within the first epoch
        except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
            raise UserError(f"{self._path}: cannot read the history of the run: {error}.") from error
        self.epochs = [epoch for epoch in epochs if epoch.step <= up_to_step]

    def add(self, epoch):
        """Takes in an epoch and writes the file."""
        self.epochs.append(epoch)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(field.name for field in fields(Epoch))
        writer.writerows(astuple(epoch) for epoch in self.epochs)
        write_text(self._path, text.getvalue())

    @property
    def best(self):
        """The best Epoch so far, the earlier one between equals."""
        return max(self.epochs, key=lambda epoch: epoch.goodness)

    @property
    def last_is_best(self):
        return self.best is self.epochs[-1]

    def is_stale(self, patience):
        """Whether the best epoch lies `patience` epochs back; never for None."""
        return bool(patience and self.epochs) and self.epochs[-1].epoch - self.best.epoch >= patience
