"""The drawings that are kept: PNG images and info.csv, in the format of every other data set of images."""

from __future__ import annotations

import csv
import os
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.image_lines import HEADER
from kit.data.image_shown import image_size
from kit.system.files import make_folder, write_csv, write_whole


@dataclass(frozen=True)
class Drawing:
    """A kept drawing."""

    name: str  # of its file
    path: str  # as info.csv has it
    label: int


class Drawings:
    """The folder of the drawings that are kept."""

    def __init__(
        self, folder: str, class_names: Sequence[str], image_size: tuple[int, int], has_words: bool = False
    ) -> None:
        """
        Args:
          folder: where they are; it is made with the first.
          class_names: of the network.
          image_size: (height, width) in pixels, of every drawing.
          has_words: whether info.csv has the classes' names as labels, not their numbers; as the training's data has.
        Raises:
          UserError: the folder's info.csv can't be read, or its drawings don't fit the network.
        """
        self.folder, self.class_names, self.image_size = folder, tuple(class_names), image_size
        self._has_words = has_words
        self._written = list(class_names) if has_words else [str(label) for label in range(len(class_names))]
        self.info = os.path.join(folder, "info.csv")
        self._kept = self._read()
        self._lock = threading.Lock()  # the server answers in several threads
        self._check_fit()

    def __len__(self) -> int:
        return len(self._kept)

    def all(self) -> list[Drawing]:
        """All drawings, the oldest first."""
        return list(self._kept)

    def keep(self, pixels: np.ndarray, label: int) -> Drawing:
        """Keeps a drawing: its PNG first, then its line in info.csv.

        Args:
          pixels: uint8 [H, W, 3].
          label: its class.
        Raises:
          UserError: a file can't be written.
        """
        from PIL import Image

        with self._lock:
            make_folder(self.folder)
            stem = re.sub(r"[^\w-]", "_", self.class_names[label])
            number = len(self._kept)
            while os.path.exists(path := os.path.join(self.folder, f"{stem}_{number:06d}.png")):
                number += 1
            with write_whole(path) as partial:
                Image.fromarray(pixels).save(partial)
            kept = [*self._kept, Drawing(os.path.basename(path), path, label)]
            write_csv(self.info, HEADER, ((each.name, each.path, self._written[each.label]) for each in kept))
            self._kept = kept
            return kept[-1]

    def _read(self) -> list[Drawing]:
        if not os.path.exists(self.info):
            return []
        try:
            with open(self.info, encoding="utf-8", newline="") as file:
                rows = [row for row in csv.reader(file) if row and row != HEADER]
            return [Drawing(name, path, self._label_of(text)) for name, path, text in rows]
        except (OSError, ValueError, csv.Error) as error:
            raise UserError(
                f"{self.info}: not a list of drawings: {error}.\n  Name another folder: --output_directory NAME"
            ) from error

    def _label_of(self, text: str) -> int:
        if text in self._written:
            return self._written.index(text)
        if self._has_words or not text.isdecimal():
            raise ValueError(f"label '{text}', expected one of {console.listed(self._written)}")
        return int(text)  # of a class that this network doesn't know: _check_fit says so

    def _check_fit(self) -> None:
        """Checks that the drawings' classes and size are the network's."""
        for drawing in self._kept:
            if not 0 <= drawing.label < len(self.class_names):
                raise UserError(
                    f"{self.info}: {drawing.name} has label {drawing.label}, but this network knows only "
                    f"{len(self.class_names)} classes, from 0.\n"
                    "  Keep drawings for it in another folder: --output_directory NAME"
                )
        for drawing in self._kept[:1]:
            problem, size = image_size(drawing.path)
            if problem:
                raise UserError(f"{self.info}: {problem}.\n  Run from the folder in which it was drawn.")
            if size != self.image_size:
                here, wanted = (" x ".join(map(str, each)) for each in (size or (), self.image_size))
                raise UserError(
                    f"{self.folder}: holds drawings of {here} pixels, but this network takes images of {wanted}.\n"
                    "  Keep those for it in another folder: --output_directory NAME"
                )

    def pixels(self, drawing: Drawing) -> np.ndarray:
        """The pixels of a kept drawing: uint8 [H, W, 3]."""
        from PIL import Image

        with Image.open(Path(drawing.path)) as image:
            return np.asarray(image.convert("RGB"))
