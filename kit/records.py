"""The CSV of a data set: every line looked at, counted and given its part, before TensorFlow reads it.

A line is `image_name,image_path,label`. Header lines may stand anywhere, since `cat` joins files that
each have one; they and blank lines are left out. Nothing but a byte a line is kept in memory.
"""

import csv
import hashlib
import os
import re
from dataclasses import dataclass

from kit import console
from kit.errors import UserError
from kit.images import image_problem, image_size

HEADER = ["image_name", "image_path", "label"]
SKIPPED, TRAINING, VALIDATION = 0, 1, 2  # the parts of a data set: what each line is for
LONGEST_LINE = 1 << 16  # bytes
LINES_A_REPORT = 5000
PROBLEMS_SHOWN = 5


@dataclass(frozen=True)
class Records:
    """What a look over a CSV found."""

    csv_path: str
    folder: str  # what to put before a relative image path: "" or the CSV's folder
    parts: bytes  # the part of each line of the file, header lines included
    num_training: int  # images
    num_validation: int  # images
    class_names: tuple  # of str, one a class
    image_size: tuple  # (height, width) in pixels

    @property
    def num_classes(self):
        return len(self.class_names)


class _Problem(Exception):
    """What is wrong with one line."""


def look_over(csv_path, validation, skip_bad=False, class_names=None, any_size=False):
    """Reads a CSV once, checks every line, and splits the lines into training and validation.

    The split is by a hash of the image's name, so an image keeps its part whatever else the file holds.

    Args:
      csv_path: the file.
      validation: the share of the images for validation, 0 to 1.
      skip_bad: leave out lines with a problem, after a warning; images are then read whole, once.
      class_names: the classes that a network knows; None takes them from the file.
      any_size: the images may differ in size.
    Returns:
      Records.
    Raises:
      UserError: the file can't be read or a line is wrong, with the line's number; or too little is left.
    """
    look = _Look(csv_path, validation, skip_bad, class_names, any_size)
    for number, line in _numbered_lines(csv_path):
        look.at(number, line)
    return look.result()


def check_batch_size(records, batch_size):
    """Checks that there is something to train on and to validate on.

    Raises:
      UserError: the split left nothing for one part, or a batch is larger than the training images.
    """
    for part, count in (("training", records.num_training), ("validation", records.num_validation)):
        if count == 0:
            total = records.num_training + records.num_validation
            raise UserError(
                f"{records.csv_path}: of its {total} images, the split left none for {part}.\n"
                "  Choose another --validation, or draw more images."
            )
    if batch_size > records.num_training:
        raise UserError(
            f"--batch_size {batch_size}: more than the {records.num_training} training images of {records.csv_path}.\n"
            f"  Use {records.num_training} or less, or draw more images."
        )


def fields_of(line):
    """The fields of one line: bytes, UTF-8 -> a list of str; [] for a blank or header line.

    Raises:
      _Problem: the line is no text in UTF-8, or its quotes don't close.
    """
    try:
        text = line.decode("utf-8").lstrip("\ufeff").rstrip("\r\n")
        if "\0" in text:
            raise ValueError
    except ValueError:
        raise _Problem(
            "not text in UTF-8; save the file as UTF-8 (PowerShell's `>` writes UTF-16: join files with `copy /b`)"
        ) from None
    if '"' in text:
        try:
            fields = next(csv.reader([text], strict=True))
        except csv.Error:
            raise _Problem("a quote is opened and never closed") from None
    else:
        fields = text.split(",")
    if not text.strip() or [field.strip().lower() for field in fields] == HEADER:
        return []
    return fields


def records_of(records, part):
    """The lines of one part, in the file's order: an iterator of (line number, name, path, label)."""
    for number, line in _numbered_lines(records.csv_path):
        if records.parts[number - 1] == part:
            name, path, label = fields_of(line)
            yield number, name, locate(records.folder, path), int(label)


def find_bad_image(records):
    """The UserError for the first image that can't be used, or None: for when TensorFlow met one."""
    with console.progress("looking for the bad image", len(records.parts), "lines") as bar:
        for part in (TRAINING, VALIDATION):
            for number, _, path, _ in records_of(records, part):
                problem = image_problem(path, records.image_size)
                bar.advance(1)
                if problem:
                    return _line_error(records.csv_path, number, problem, others=0)
    return None


def locate(folder, path):
    """Where an image is: a relative path is taken from `folder`."""
    return path if os.path.isabs(path) else folder + path


class _Look:
    """The state of a look over a file: what was seen up to this line."""

    def __init__(self, csv_path, validation, skip_bad, class_names, any_size):
        self.csv_path, self.validation, self.skip_bad = csv_path, validation, skip_bad
        self.known_names, self.any_size = class_names, any_size
        self.parts, self.counts = bytearray(), [0, 0, 0]
        self.folder, self.image_size = None, None
        self.prefixes = {}  # label -> what the names of its images begin with, or None once they differ
        self.problems, self.num_problems = [], 0

    def at(self, number, line):
        """Takes in one line."""
        part = SKIPPED
        try:
            fields = fields_of(line)
            if fields:
                name, label = self._checked(fields)
                part = VALIDATION if _chance(name) < self.validation else TRAINING
                self._note_class(label, name)
        except _Problem as problem:
            self.num_problems += 1
            if len(self.problems) < PROBLEMS_SHOWN:
                self.problems.append((number, str(problem)))
        self.parts.append(part)
        self.counts[part] += 1

    def _checked(self, fields):
        if len(fields) != len(HEADER):
            raise _Problem(f"{len(fields)} fields, expected {len(HEADER)}: {','.join(HEADER)}")
        name, path, label_text = fields
        label = _whole_number(label_text)
        if self.known_names is not None and label >= len(self.known_names):
            raise _Problem(f"label {label}, but the network knows only 0 to {len(self.known_names) - 1}")
        if self.folder is None:
            self.folder = _folder_of_images(self.csv_path, path)
        path = locate(self.folder, path)
        if not os.path.isfile(path):
            raise _Problem(
                f"image '{path}' does not exist; paths are relative to the current folder, then to the CSV's"
            )
        if self.image_size is None:  # the first image sets the size for all
            problem, self.image_size = image_size(path)
            if problem:
                raise _Problem(problem)
        if self.skip_bad:
            problem = image_problem(path, None if self.any_size else self.image_size)
            if problem:
                raise _Problem(problem)
        return name, label

    def _note_class(self, label, name):
        prefix = re.match(r"\D*", name).group().rstrip("_- .")
        if self.prefixes.setdefault(label, prefix) != prefix:
            self.prefixes[label] = None

    def result(self):
        """The Records, once every line was taken in."""
        if self.num_problems and not self.skip_bad:
            (number, problem), *_ = self.problems
            raise _line_error(self.csv_path, number, problem, self.num_problems - 1)
        if self.num_problems:
            self._warn_of_problems()
        if not self.counts[TRAINING] + self.counts[VALIDATION]:
            raise UserError(
                f"{self.csv_path}: holds no images, only {len(self.parts)} other lines.\n"
                f"  Expected lines {','.join(HEADER)}; dataset_creation.py draws a data set."
            )
        return Records(
            csv_path=self.csv_path,
            folder=self.folder,
            parts=bytes(self.parts),
            num_training=self.counts[TRAINING],
            num_validation=self.counts[VALIDATION],
            class_names=self.known_names or self._class_names(),
            image_size=self.image_size,
        )

    def _class_names(self):
        labels = sorted(self.prefixes)
        if len(labels) == 1:
            raise UserError(
                f"{self.csv_path}: every image has label {labels[0]}; a classifier needs two classes or more.\n"
                "  Join the CSV files of two shapes: cat squares/info.csv triangles/info.csv > dataset.csv"
            )
        if labels != list(range(len(labels))):
            missing = next(label for label in range(len(labels)) if label != labels[label])
            raise UserError(
                f"{self.csv_path}: the labels go up to {labels[-1]}, but no image has label {missing}; "
                "expected 0, 1, 2, ... without gaps.\n  dataset_creation.py --label sets a shape's label."
            )
        names = [self.prefixes[label] for label in labels]
        return tuple(names) if all(names) and len(set(names)) == len(names) else tuple(map(str, labels))

    def _warn_of_problems(self):
        console.warn(f"{self.csv_path}: {self.num_problems} bad lines are left out:")
        for number, problem in self.problems:
            console.warn(f"  line {number}: {problem}")
        if self.num_problems > len(self.problems):
            console.warn(f"  and {self.num_problems - len(self.problems)} more")


def _numbered_lines(csv_path):
    """The lines of a file as bytes, numbered from 1, as tf.data.TextLineDataset splits them."""
    try:
        with open(csv_path, "rb") as file:
            number = 0
            while line := file.readline(LONGEST_LINE):
                number += 1
                if len(line) == LONGEST_LINE:
                    raise UserError(
                        f"{csv_path}:{number}: a line of more than {LONGEST_LINE:,} bytes; is this a CSV file?"
                    )
                yield number, line
    except FileNotFoundError:
        raise UserError(
            f"{csv_path}: no such file.\n  Make it with `cat squares/info.csv triangles/info.csv > {csv_path}`, "
            "or name another with --data."
        ) from None
    except OSError as error:
        raise UserError(f"{csv_path}: cannot read: {error.strerror}.") from None


def _folder_of_images(csv_path, path):
    """Image paths are relative to the current folder or, where the first image isn't there, to the CSV's."""
    beside_csv = os.path.join(os.path.dirname(csv_path), "")
    if not os.path.exists(path) and os.path.exists(os.path.join(beside_csv, path)):
        return beside_csv
    return ""


def _whole_number(text):
    text = text.strip()
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise _Problem(f"label '{text}', expected a whole number: 0, 1, 2, ...")
    return int(text)


def _chance(name):
    """A number in [0, 1) that depends on the name alone, and is the same on every machine."""
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def _line_error(csv_path, number, problem, others):
    text = f"{csv_path}:{number}: {problem}."
    if others:
        text += f"\n  {others:,} more lines have problems."
    return UserError(text + "\n  Mend the file, or leave bad lines out with --skip_bad.")
