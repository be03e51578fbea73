"""The bookkeeping of a lab: its flags, its folder in runs/labs, progress, pictures, and the figures at its end.

runs/labs/<name>/train/        TensorBoard's event files
runs/labs/<name>/*.png         pictures; TensorBoard shows them, too
runs/labs/<name>/figures.json  the figures of the lab's last line
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Generic, TypeVar

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.flags import read_command_line
from kit.cli.lab_settings import FolderSettings
from kit.evaluation.pictures import picture
from kit.runs.run_folder import ROOT
from kit.runs.session_errors import check_finite
from kit.system.files import make_folder, write_json, write_whole

S = TypeVar("S", bound=FolderSettings)


class Lab(Generic[S]):
    """A lab that runs."""

    def __init__(self, name: str, settings_class: type[S], description: str | None) -> None:
        """Reads the command line.

        Args:
          name: labs/NAME.py.
          settings_class: of its flags.
          description: the first lines of --help.
        Raises:
          UserError: a flag is wrong, or the folder is another try's.
        """
        self.settings, self.given = read_command_line(settings_class, description, prog=f"python labs/{name}.py")
        folder = self.settings.folder
        if folder is None:
            folder = f"{name}_{time.strftime('%Y-%m-%d_%H-%M-%S')}"
        if not re.fullmatch(r"[\w][\w.\-]*", folder):
            raise UserError(f"--folder '{folder}': expected a name of letters, digits, '-', '_' and '.'.")
        self.folder: Path = ROOT / "labs" / folder
        if self.folder.exists():
            raise UserError(f"{self.folder}: exists already. Choose another --folder, or remove it.")

    def events(self, part: str = "train") -> str:
        """The folder of TensorBoard's event files of a part; it is made."""
        path = self.folder / part
        make_folder(path)
        return str(path)

    @contextlib.contextmanager
    def progress(self, images: int, epochs: int) -> Iterator[Progress]:
        """Around the loop: shows how far it is, and a line per epoch.

        Args:
          images: of an epoch; or steps, where a step has no batch.
          epochs: of the training.
        """
        with console.progress("training", images * epochs, "images") as bar:
            yield Progress(bar, images, epochs)

    def picture(self, name: str, png: bytes) -> None:
        """Writes a picture to the lab's folder, and shows it in TensorBoard."""
        make_folder(self.folder)
        path = self.folder / f"{name}.png"
        with write_whole(path) as partial:
            Path(partial).write_bytes(png)
        with tf.summary.FileWriter(self.events()) as writer:
            writer.add_summary(picture(f"lab/{name}", png))
        console.say(f"{path}")

    def end(self, text: str, **figures: float) -> None:
        """The last words: the figures, and the next command.

        Args:
          text: with the figures in it.
          figures: the same as numbers, for figures.json.
        """
        make_folder(self.folder)
        write_json(self.folder / "figures.json", {name: float(value) for name, value in figures.items()})
        console.say_next(console.tensorboard(str(ROOT / "labs")))
        console.say(text)


class Progress:
    """How far a training is."""

    def __init__(self, bar: console.Bar, images: int, epochs: int) -> None:
        self._bar, self._images, self._epochs = bar, images, epochs
        self._done = self._step = 0  # images, steps
        self._losses = self._count = 0.0  # sum over the images of this epoch
        self._began, self._began_processor = time.monotonic(), time.process_time()

    @property
    def processor_seconds(self) -> float:
        """Seconds of the processor since the start, of all cores: other programs of the machine don't change them."""
        return time.process_time() - self._began_processor

    def add(self, loss: float, count: int) -> int:
        """A step is done.

        Args:
          loss: mean of the batch.
          count: images in it.
        Returns:
          The number of steps so far.
        Raises:
          UserError: the loss is infinite or not a number.
        """
        epoch_before = self._done // self._images
        self._done += count
        self._step += 1
        check_finite(loss, self._step, run=None)
        self._losses, self._count = self._losses + loss * count, self._count + count
        self._bar.advance(count, f"loss {loss:.4f}")
        if self._done // self._images > epoch_before:
            seconds = time.monotonic() - self._began
            mean = self._losses / self._count
            self._bar.say(f"Epoch {epoch_before + 1} of {self._epochs}: loss {mean:.4f} ({seconds:.1f} s)")
            self._losses, self._count, self._began = 0.0, 0.0, time.monotonic()
        return self._step
