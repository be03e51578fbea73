"""The CSV of a data set of images: checks, counts and splits its lines before TensorFlow reads them.

A line is `image_name,image_path,label`. Header lines may be anywhere, since `cat` joins files that each have one; they
and blank lines are skipped. Only one byte per line stays in memory.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import itertools
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.parts import SKIPPED, TRAINING, VALIDATION

if TYPE_CHECKING:
    from kit.data.image_data import ImageData

HEADER = ["image_name", "image_path", "label"]
FIELD = r'(?:"(?:[^"]|"")*"|[^",]*)'
QUOTED_LINE = rf"{FIELD}(?:,{FIELD})*"
LONGEST_LINE = 1 << 16  # bytes
PROBLEMS_SHOWN = 5
TABLE_HINT = "  If it is a table of numbers, say where its labels are: --labels FILE, or --label_column NAME."
CTRL_Z = "\x1a"  # the end of a text file in MS-DOS; Windows's `copy` still writes it
IMAGES_COMPARED = 100  # to tell which size is the usual one


class CsvScan(NamedTuple):
    """What a scan of a CSV found."""

    path: str
    folder: str  # what to put before a relative image path: "" or the CSV's folder
    split_of_line: bytes  # the part of each line of the file, header lines included
    num_training: int  # images
    num_validation: int  # images
    class_names: tuple[str, ...]
    image_size: tuple[int, int]  # (height, width) in pixels


class _Problem(Exception):
    """What is wrong with a line: a sentence without a full stop; then, on a line of its own, a way out, if any."""


def scan_csv(
    csv_path: str, validation: float, skip_bad: bool = False, class_names: Sequence[str] | None = None
) -> CsvScan:
    """Reads a CSV once, checks every line, and splits the lines into training and validation.

    The split is by a hash of the image's name, so an image stays in its part when the file's other lines change.

    Args:
      csv_path: of the file.
      validation: the share of the images for validation, 0 to 1.
      skip_bad: skip bad lines, with a warning, instead of raising an error; all images are then read and checked.
      class_names: of the network that is evaluated; None takes them from the file.
    Raises:
      UserError: the file can't be read, a line is bad, or no images or only one class are left.
    """
    scan = _Scan(csv_path, validation, skip_bad, class_names)
    for number, line in _numbered_lines(csv_path):
        scan.add(number, line)
    return scan.result()


def check_is_no_list_of_images(path: str) -> None:
    """Checks that a file that is given as a table isn't a CSV of images; otherwise a UserError."""
    with contextlib.suppress(OSError, _Problem), open(path, "rb") as file:  # the table's reader will report these
        first_line = file.readline(LONGEST_LINE)
        if first_line.strip() and not fields_of(first_line):
            raise UserError(
                f"{path}: a CSV of images, {','.join(HEADER)}. --labels and --label_column are only for tables of "
                "numbers: leave them out."
            )


def fields_of(line: bytes) -> list[str]:
    """The fields of a line, as str; [] for a blank or header line.

    Args:
      line: in UTF-8.
    Raises:
      _Problem: it isn't UTF-8, or its quotes are wrong.
    """
    try:
        text = line.decode("utf-8").lstrip("\ufeff").rstrip("\r\n")
        if "\0" in text:
            raise ValueError
    except ValueError:
        how = "a spreadsheet calls it CSV UTF-8"
        if b"\0" in line:
            how = "PowerShell's `>` writes UTF-16: join files with `copy /b`"
        raise _Problem(f"not text in UTF-8; save the file as UTF-8 ({how})") from None
    has_ctrl_z = CTRL_Z in text
    text = text.replace(CTRL_Z, "")
    if '"' not in text:
        fields = text.split(",")
    elif re.fullmatch(QUOTED_LINE, text):
        fields = next(csv.reader([text], strict=True))
    else:
        raise _Problem('a stray quote; quotes go around a whole field: "a, b.png"')
    stripped = [field.strip().lower() for field in fields]
    if stripped == HEADER or not any(stripped):
        return []
    if has_ctrl_z:
        raise _Problem(
            "holds a Ctrl-Z (byte 26), as `copy` writes it in Windows\n"
            "  Join the files again with `copy /b`, or remove that byte in an editor."
        )
    return fields


def images_of(data: ImageData, part: int) -> Iterator[tuple[int, str, str, int]]:
    """The images of one part, in the file's order.

    Args:
      data: whose CSV is read.
      part: TRAINING or VALIDATION.
    Yields:
      (number of the line, from 1; name; path; label).
    Raises:
      UserError: a line is no longer what it was.
    """
    for number, line in _numbered_lines(data.path):
        if data.split_of_line[number - 1 : number] == bytes([part]):
            try:
                name, path, label = fields_of(line)
                yield number, name, locate(data.folder, path), _whole_number(label)
            except (_Problem, ValueError):
                raise UserError(
                    f"{data.path}:{number}: this line has changed since the file was checked.\n"
                    "  Leave the file as it is while it is read, and start again."
                ) from None


def find_bad_image(data: ImageData, *parts: int) -> UserError | None:
    """Finds the image that TensorFlow couldn't read.

    Args:
      data: the images.
      *parts: those that were read, TRAINING or VALIDATION; both if none is named.
    Returns:
      The UserError for the first bad one; None if all are good.
    """
    from kit.data.image_files import ImageCheck

    check, size = ImageCheck(), _usual_size(data)
    is_odd = size != tuple(data.image_size)  # the first image's, which the graph expects: so that image is to blame
    with console.progress("looking for the bad image", len(data.split_of_line), "lines") as bar:
        for part in (TRAINING, VALIDATION) if is_odd or not parts else parts:
            for number, _, path, _ in images_of(data, part):
                problem = check.problem(path, size)
                bar.advance(1)
                if problem and is_odd:  # --skip_bad would skip all others
                    return _error(data.path, number, problem, "  Fix the image, or remove this line: it is the first.")
                if problem:
                    return _line_error(data.path, number, problem, others=0)
    return None


def _usual_size(data):
    """The (height, width) of most of the first images."""
    from kit.data.image_shown import image_size

    images = itertools.chain(*(itertools.islice(images_of(data, part), IMAGES_COMPARED) for part in (1, 2)))
    sizes = Counter(size for _, _, path, _ in images if (size := image_size(path)[1]))
    most = max(sizes.values(), default=0)
    expected = tuple(data.image_size)
    return expected if sizes[expected] == most else max(sizes, key=sizes.__getitem__)


def locate(folder: str, path: str) -> str:
    """An image's path: a relative one goes out from `folder`."""
    return path if os.path.isabs(path) else folder + path


class _Scan:
    """A scan of a CSV, up to some line."""

    def __init__(self, csv_path, validation, skip_bad, class_names):
        self.csv_path, self.validation, self.skip_bad = csv_path, validation, skip_bad
        from kit.data.class_words import ClassWords  # here, like others below: `--help` needs none
        from kit.data.image_files import ImageCheck

        self.known_names, self.image_check = class_names, ImageCheck()
        self.parts, self.counts = bytearray(), [0, 0, 0]  # the part of each line; lines of each part
        self.folder, self.image_size = None, None
        self.words = ClassWords()
        self.problems, self.num_problems = [], 0  # the first: (number, what is wrong, the line); of all

    def add(self, number, line):
        """Checks a line and notes its part."""
        part = SKIPPED
        try:
            fields = fields_of(line)
            if fields:
                name, label = self._checked(fields)
                part = VALIDATION if _chance(name) < self.validation else TRAINING
                self.words.note(label, name)
        except _Problem as problem:
            self.num_problems += 1
            if len(self.problems) < PROBLEMS_SHOWN:
                self.problems.append((number, str(problem), line))
        self.parts.append(part)
        self.counts[part] += 1

    def _checked(self, fields):
        if len(fields) != len(HEADER):
            count = f"{len(fields)} field{'s' * (len(fields) != 1)}"
            raise _Problem(f"{count}, expected {len(HEADER)}, separated by commas: {','.join(HEADER)}")
        name, path, label_text = fields
        label = _whole_number(label_text)
        if self.known_names is not None and label >= len(self.known_names):
            known = console.listed([f"{name} ({number})" for number, name in enumerate(self.known_names)])
            raise _Problem(f"label {label}, but the network only knows {known}")
        path = self._located(path)
        if self.image_size is None or self.skip_bad:
            self._check_image(path)
        return name, label

    def _located(self, path):
        """The path of an image file; the first relative one decides which folder all of them are relative to."""
        folders = [self.folder] if self.folder is not None else ["", _folder_of(self.csv_path)]
        for folder in folders:
            located = locate(folder, path)
            if os.path.isfile(located):
                if not os.path.isabs(path) and self.folder is None:
                    self._settle_folder(folder, path)
                return located
        if os.path.isdir(locate(folders[0], path)):
            raise _Problem(f"image '{path}' is a folder, not a file")
        raise _Problem(f"image '{path}' does not exist; paths are relative to the current folder, then to the CSV's")

    def _settle_folder(self, folder, path):
        self.folder = folder
        here, beside = os.path.abspath(path), os.path.abspath(os.path.join(_folder_of(self.csv_path), path))
        if folder == "" and here != beside and os.path.isfile(beside):
            console.warn(f"'{path}' is in the current folder and beside {self.csv_path}; the current folder's are read")

    def _check_image(self, path):
        """Reads the first image's size, which all must have; with skip_bad, reads and checks every image."""
        from kit.data.image_shown import image_size

        problem, size = image_size(path)
        if not problem and self.skip_bad:
            problem = self.image_check.problem(path, self.image_size)
        if problem:
            raise _Problem(problem)
        self.image_size = self.image_size or size

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
        return CsvScan(
            path=self.csv_path,
            folder=self.folder or "",
            split_of_line=bytes(self.parts),
            num_training=self.counts[TRAINING],
            num_validation=self.counts[VALIDATION],
            class_names=self._class_names(),
            image_size=self.image_size or (0, 0),
        )

    def _refusal(self):
        """The error for the first bad line, or for the first whose cause is known if there is no good one."""
        from kit.data.csv_causes import SUFFIX

        problems = self._with_causes()
        has_images = any(self.counts[TRAINING:])
        known = [each for each in problems if each[2]]
        number, problem, has_cause = known[0] if known and not has_images else problems[0]
        names_images = any(SUFFIX.search(line.decode("latin-1")) for _, _, line in self.problems)
        if number == 1 and not known and not has_images and self.known_names is None and not names_images:
            return _error(self.csv_path, 1, problem, TABLE_HINT)  # evaluated data is no table, after images
        others = self.num_problems - 1
        if has_cause:  # it comes with its own way out
            return _error(self.csv_path, number, problem, f"  Problems in other lines: {others:,}." * bool(others))
        return _line_error(self.csv_path, number, problem, others, can_skip=has_images)

    def _with_causes(self):
        """The first problems: (number of the line, what is wrong, whether that is a cause from kit.data.csv_causes)."""
        from kit.data.csv_causes import cause

        folders, has_images = [self.folder or "", _folder_of(self.csv_path)], any(self.counts[TRAINING:])
        names = self.known_names
        causes = (cause(line, self.csv_path, folders, has_images, names) for _, _, line in self.problems)
        return [(number, known or problem, bool(known)) for (number, problem, _), known in zip(self.problems, causes)]

    def _class_names(self):
        if self.known_names:
            self.words.compare(self.known_names, self.csv_path)
            return tuple(self.known_names)
        labels = self.words.labels
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
        return self.words.names

    def _warn_of_problems(self):
        lines = "1 bad line is" if self.num_problems == 1 else f"{self.num_problems:,} bad lines are"
        console.warn(f"{self.csv_path}: {lines} left out:")
        for number, problem, _ in self._with_causes():
            console.warn(f"  line {number}: {problem.splitlines()[0]}")
        if self.num_problems > len(self.problems):
            console.warn(f"  and {self.num_problems - len(self.problems)} more")


def _numbered_lines(csv_path):
    """The lines of a file, as (number from 1, bytes), split as by tf.data.TextLineDataset."""
    if os.path.isdir(csv_path):
        raise UserError(f"{csv_path}: a folder. Name a CSV file, such as {os.path.join(csv_path, 'info.csv')}.")
    if os.path.exists(csv_path) and not os.path.isfile(csv_path):
        raise UserError(
            f"{csv_path}: not a regular file.\n  Write the lines to a file first: it is read more than once."
        )
    try:
        with open(csv_path, "rb") as file:
            number = 0
            while line := file.readline(LONGEST_LINE):
                number += 1
                if len(line) == LONGEST_LINE:
                    raise UserError(
                        f"{csv_path}:{number}: a line of more than {LONGEST_LINE:,} bytes; is this a CSV of images?\n"
                        f"{TABLE_HINT}"
                    )
                yield number, line
    except FileNotFoundError:
        raise UserError(
            f"{csv_path}: no such file.\n  Draw images with dataset_creation.py and join their CSV files, "
            "`cat squares/info.csv triangles/info.csv > dataset.csv`; or name another file with --data."
        ) from None
    except OSError as error:
        raise UserError(f"{csv_path}: cannot read: {error.strerror}.") from None


def _folder_of(csv_path):
    return os.path.join(os.path.dirname(csv_path), "")


def _whole_number(text):
    text = text.strip(" \t")
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise _Problem(f"label '{text}', expected a whole number from 0\n  Write the number of its class there.")
    return int(text)


def _chance(name):
    """A number in [0, 1) that depends only on the name, and is the same on every machine."""
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def _line_error(csv_path, number, problem, others, can_skip=True):
    way_out = "  Fix the line or its image (dataset_creation.py draws a deleted image again)"
    if "\n" in problem:  # it has its own way out
        way_out = "  Or skip bad lines with --skip_bad." * can_skip
    else:
        way_out += ", or skip bad lines with --skip_bad." if can_skip else "."
    if others:
        way_out = f"  Problems in other lines: {others:,}.\n{way_out}"
    return _error(csv_path, number, problem, way_out)


def _error(csv_path, number, problem, way_out):
    sentence, newline, own_way_out = problem.partition("\n")
    return UserError(f"{csv_path}:{number}: {sentence}.{newline}{own_way_out}\n{way_out}".rstrip())
