"""The drawings that are kept: PNG images and info.csv, in the format of every other data set of images."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.image_lines import HEADER, LineProblem, csv_error, fields_of, numbered_lines
from kit.data.image_refusals import NotShown
from kit.data.image_shown import image_size, shown_image
from kit.system.files import cannot_write, make_folder, write_whole
from kit.system.locks import brief_lock


@dataclass(frozen=True)
class Drawing:
    """A kept drawing."""

    name: str  # of its file
    path: str  # as info.csv has it
    label: int


class Drawings:
    """The folder of the drawings that are kept.

    info.csv is read whenever it is asked about: another board may keep drawings in it, and its lines may be edited.
    """

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
        self._lock = threading.Lock()  # the server answers in several threads
        self._check_size(self.all())

    def __len__(self) -> int:
        return len(self.all())

    def all(self) -> list[Drawing]:
        """All drawings, the oldest first.

        Raises:
          UserError: a line of info.csv is wrong, or of a class that the network doesn't know.
        """
        lines = numbered_lines(self.info) if os.path.exists(self.info) else ()
        return [drawing for number, line in lines if (drawing := self._drawing(number, line))]

    def keep(self, pixels: np.ndarray, label: int) -> None:
        """Keeps a drawing: its PNG first, then its line at the end of info.csv. Both, or neither.

        Args:
          pixels: uint8 [H, W, 3].
          label: its class.
        Raises:
          UserError: a file can't be written, or info.csv has lines of another network.
        """
        from PIL import Image

        make_folder(self.folder)
        with self._lock, brief_lock(self.folder, "program"):
            kept = self.all()
            self._check_size(kept)
            path = self._new_file(self.class_names[label], len(kept))
            try:
                with write_whole(path) as partial:
                    Image.fromarray(pixels).save(partial)
                self._add_line([os.path.basename(path), path, self._written[label]])
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(path)
                raise

    def pixels(self, drawing: Drawing) -> np.ndarray:
        """The pixels of a kept drawing: uint8 [H, W, 3].

        Raises:
          NotShown: its file is gone, damaged or of another size.
        """
        problem, size = image_size(drawing.path)
        if size and size != self.image_size:
            problem = f"image '{drawing.path}' is {_times(size)} pixels, expected {_times(self.image_size)}"
        if problem:
            raise NotShown(problem)
        return np.asarray(shown_image(drawing.path))

    def _new_file(self, class_name: str, number: int) -> str:
        """Makes an empty file, whose name no other drawing has, also where a file system can't lock."""
        stem = re.sub(r"[^\w-]", "_", class_name)
        while True:
            path = os.path.join(self.folder, f"{stem}_{number:06d}.png")
            try:
                open(path, "xb").close()
                return path
            except FileExistsError:
                number += 1
            except OSError as error:
                raise cannot_write(path, error) from error

    def _add_line(self, fields: Sequence[str]) -> None:
        info, text = Path(self.info), io.StringIO()
        before = info.read_bytes() if info.exists() else b""
        csv.writer(text, lineterminator="\n").writerows([fields] if before else [HEADER, fields])
        if before and not before.endswith(b"\n"):  # somebody's editor
            before += b"\n"
        with write_whole(info) as partial:
            Path(partial).write_bytes(before + text.getvalue().encode())

    def _drawing(self, number: int, line: bytes) -> Drawing | None:
        """The drawing of a line of info.csv; None of a header, or an empty line."""
        try:
            fields = fields_of(line)
            if not fields:
                return None
            if len(fields) != len(HEADER):
                raise LineProblem(f"not a drawing: {console.counted(len(fields), 'fields')}, expected {len(HEADER)}")
            name, path, label = fields
            return Drawing(name, path, self._label_of(label))
        except LineProblem as problem:
            way_out = "  Mend this line, or keep drawings in another folder: --output_directory NAME"
            raise csv_error(self.info, number, str(problem), way_out) from None

    def _label_of(self, text: str) -> int:
        if text in self._written:
            return self._written.index(text)
        raise LineProblem(f"label '{text}', but this network's classes are {console.listed(self._written)}")

    def _check_size(self, kept: Sequence[Drawing]) -> None:
        """Checks that the drawings are for this network: one of its size is there, if there are any."""
        found = []  # of each, (problem, size)
        for drawing in kept:
            found.append(image_size(drawing.path))
            if found[-1][1] == self.image_size:
                return
        if other := next((size for _, size in found if size), None):
            raise UserError(
                f"{self.folder}: holds drawings of {_times(other)} pixels, but this network takes images of "
                f"{_times(self.image_size)}.\n  Keep those for it in another folder: --output_directory NAME"
            )
        if found:
            raise UserError(
                f"{self.info}: {found[0][0]}, nor can any other be read.\n"
                "  Run from the folder in which they were drawn, or keep drawings in another: --output_directory NAME"
            )


def _times(size: Sequence[int]) -> str:
    return " x ".join(map(str, size))
