"""The CSV of a data set of images: checks, counts and splits its lines before TensorFlow reads them.

A line is `image_name,image_path,label`. Header lines may be anywhere, since `cat` joins files that each have one; they
and blank lines are skipped. Only one byte per line stays in memory.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from typing import NamedTuple

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.csv_causes import cause
from kit.data.csv_repairs import SUFFIX
from kit.data.image_files import ImageCheck
from kit.data.image_labels import ImageLabels
from kit.data.image_lines import (
    HEADER,
    TABLE_HINT,
    LineProblem,
    csv_error,
    fields_of,
    line_error,
    locate,
    numbered_lines,
)
from kit.data.image_place import MARK, beside, file_of
from kit.data.image_shown import image_size
from kit.data.parts import SKIPPED, TRAINING, VALIDATION
from kit.data.tfrecord.folder import WAY_OUT, parts_folder

PROBLEMS_SHOWN = 5
NO_FILE = f"image '{{}}' does not exist: its TFRecord file is missing\n{WAY_OUT}"


class CsvScan(NamedTuple):
    """What a scan of a CSV found."""

    path: str
    folder: str  # what to put before a relative image path: "" or the CSV's folder
    split_of_line: bytes  # the part of each line of the file, header lines included
    num_training: int  # images
    num_validation: int  # images
    class_names: tuple[str, ...]
    number_of_word: dict[str, int]  # of each label that is a word; {} if labels are numbers
    image_size: tuple[int, int]  # (height, width) in pixels
    record_files: set[str]  # the TFRecord files that hold the images; empty if each has a file of its own
    parts_folder: str | None  # their folder, if they stand beside the CSV


def scan_csv(
    csv_path: str,
    validation: float,
    skip_bad: bool = False,
    class_names: Sequence[str] | None = None,
    initial_classes: Sequence[str] | None = None,
    is_part: bool = False,
) -> CsvScan:
    """Reads a CSV once, checks every line, and splits the lines into training and validation.

    The split is by a hash of the image's name, so an image stays in its part when the file's other lines change.

    Args:
      csv_path: of the file.
      validation: the share of the images for validation, 0 to 1.
      skip_bad: skip bad lines, with a warning, instead of raising an error; all images are then read and checked.
      class_names: of the network that is evaluated; None takes them from the file.
      initial_classes: of the network whose weights a training starts from; they stay if the labels are among them.
      is_part: whether it may list only one class, and image files as well as records: to write all into TFRecord files.
    Raises:
      UserError: the file can't be read, a line is bad, or no images or only one class are left.
    """
    scan = _Scan(csv_path, validation, skip_bad, ImageLabels(csv_path, class_names, initial_classes), is_part)
    for number, line in numbered_lines(csv_path):
        scan.add(number, line)
    return scan.result()


class _Scan:
    """A scan of a CSV, up to some line."""

    def __init__(self, csv_path, validation, skip_bad, labels, is_part):
        self.csv_path, self.validation, self.skip_bad = csv_path, validation, skip_bad
        self.labels, self.image_check, self.is_part = labels, ImageCheck(), is_part
        self.parts, self.counts = bytearray(), [0, 0, 0]  # the part of each line; lines of each part
        self.folder, self.image_size = None, None
        self.parts_folder = parts_folder(csv_path)
        self.in_records, self.record_files = None, set()  # whether the images are records, and of which files
        self.problems, self.num_problems = [], 0  # the first: (number, what is wrong, the line); of all

    def add(self, number, line):
        """Checks a line and notes its part."""
        part = SKIPPED
        try:
            fields = fields_of(line)
            if fields:
                name = self._checked(number, fields)
                part = VALIDATION if _chance(name) < self.validation else TRAINING
        except LineProblem as problem:
            self.num_problems += 1
            if len(self.problems) < PROBLEMS_SHOWN:
                self.problems.append((number, str(problem), line))
        self.parts.append(part)
        self.counts[part] += 1

    def _checked(self, number, fields):
        """Checks the fields of a line; gives the image's name."""
        if len(fields) != len(HEADER):
            count = f"{len(fields)} field{'s' * (len(fields) != 1)}"
            raise LineProblem(f"{count}, expected {len(HEADER)}, separated by commas: {','.join(HEADER)}")
        name, path, label_text = fields
        folder, located = self._located(path)
        size = self._checked_size(located) if self.image_size is None or self.skip_bad else None
        file = file_of(located) if MARK in located else located
        self._check_place(located, file)
        problem = self.labels.add(number, label_text, name)
        if problem:
            raise LineProblem(problem)
        if folder is not None and self.folder is None:
            self._settle_folder(folder, path)
        self.image_size = self.image_size or size
        self._note_place(located, file)
        return name

    def _located(self, path):
        """(folder, path) of an image file: the folder that its path is relative to, None for an absolute one.

        The first good one decides for all.
        """
        if MARK in path and self.parts_folder is not None:
            return None, self._record_in(self.parts_folder, path)
        folders = [self.folder] if self.folder is not None else ["", _folder_of(self.csv_path)]
        for folder in folders:
            located = locate(folder, path)
            if os.path.isfile(file_of(located) if MARK in located else located):
                return None if os.path.isabs(path) else folder, located
        if MARK in path:
            raise LineProblem(NO_FILE.format(path))
        if os.path.isdir(locate(folders[0], path)):
            raise LineProblem(f"image '{path}' is a folder, not a file")
        raise LineProblem(f"image '{path}' does not exist; paths are relative to the current folder, then to the CSV's")

    def _record_in(self, folder, path):
        """The place of a record in a file beside info.csv, wherever their folder has been moved or copied to."""
        located = beside(folder, path)
        if not os.path.isfile(file_of(located)):
            raise LineProblem(NO_FILE.format(located))
        return located

    def _check_place(self, path, file):
        """All images have files of their own, or none has; unless they are a part."""
        if self.in_records not in (None, file != path) and not self.is_part:
            kinds = ["has a file of its own", "is in a TFRecord file"]
            raise LineProblem(
                f"image '{path}' {kinds[not self.in_records]}, but the first {kinds[self.in_records]}\n"
                "  Write the joined set into TFRecord files, which takes both: python -m kit.data.tfrecord"
            )

    def _note_place(self, path, file):
        if self.in_records is None:
            self.in_records = file != path
        if file != path:
            self.record_files.add(file)

    def _settle_folder(self, folder, path):
        self.folder = folder
        here, beside = os.path.abspath(path), os.path.abspath(os.path.join(_folder_of(self.csv_path), path))
        if folder == "" and here != beside and os.path.isfile(beside):
            console.warn(f"'{path}' is in the current folder and beside {self.csv_path}; the current folder's are read")

    def _checked_size(self, path):
        """The size of the first image, which all must have; with skip_bad, reads and checks every image."""
        problem, size = image_size(path)
        if not problem and self.skip_bad:
            problem = self.image_check.problem(path, self.image_size)
        if problem:
            raise LineProblem(problem)
        if not self.skip_bad:  # a bad label then ends in an error: no need to read the next image
            self.image_size = size
        return size

    def result(self):
        """The CsvScan, after the last line; the UserErrors of scan_csv."""
        if self.num_problems and not self.skip_bad:
            raise self._refusal()
        if self.num_problems:
            self._warn_of_problems()
        if not self.counts[TRAINING] + self.counts[VALIDATION]:
            others = (
                f"only {len(self.parts):,} other line{'s' * (len(self.parts) != 1)}" if self.parts else "and no line"
            )
            raise UserError(
                f"{self.csv_path}: holds no images, {others}.\n"
                f"  Expected lines {','.join(HEADER)}; dataset_creation.py draws a data set."
            )
        class_names, number_of_word = self.labels.finish(self.is_part)
        return CsvScan(
            path=self.csv_path,
            folder=self.folder or "",
            split_of_line=bytes(self.parts),
            num_training=self.counts[TRAINING],
            num_validation=self.counts[VALIDATION],
            class_names=class_names,
            number_of_word=number_of_word,
            image_size=self.image_size or (0, 0),
            record_files=self.record_files,
            parts_folder=self.parts_folder,
        )

    def _refusal(self):
        """The error for the first bad line, or for the first whose cause is known if there is no good one."""

        problems = self._with_causes()
        has_images = any(self.counts[TRAINING:])
        known = [each for each in problems if each[2]]
        number, problem, has_cause = known[0] if known and not has_images else problems[0]
        names_images = any(SUFFIX.search(line.decode("latin-1")) for _, _, line in self.problems)
        if number == 1 and not known and not has_images and self.labels.are_found and not names_images:
            return csv_error(self.csv_path, 1, problem, TABLE_HINT)  # evaluated data is no table, after images
        others = self.num_problems - 1
        if has_cause:  # it comes with its own way out
            return csv_error(self.csv_path, number, problem, f"  Problems in other lines: {others:,}." * bool(others))
        return line_error(self.csv_path, number, problem, others, can_skip=has_images)

    def _with_causes(self):
        """The first problems: (number of the line, what is wrong, whether that is a cause from kit.data.csv_causes)."""

        folders, has_images = [self.folder or "", _folder_of(self.csv_path)], any(self.counts[TRAINING:])
        causes = (cause(line, self.csv_path, folders, has_images) for _, _, line in self.problems)
        return [(number, known or problem, bool(known)) for (number, problem, _), known in zip(self.problems, causes)]

    def _warn_of_problems(self):
        lines = "1 bad line is" if self.num_problems == 1 else f"{self.num_problems:,} bad lines are"
        console.warn(f"{self.csv_path}: {lines} left out:")
        for number, problem, _ in self._with_causes():
            console.warn(f"  line {number}: {problem.splitlines()[0]}")
        if self.num_problems > len(self.problems):
            console.warn(f"  and {self.num_problems - len(self.problems)} more")


def _folder_of(csv_path):
    return os.path.join(os.path.dirname(csv_path), "")


def _chance(name):
    """A number in [0, 1) that depends only on the name, and is the same on every machine."""
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
