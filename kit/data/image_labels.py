"""The labels of a CSV of images: numbers from 0, or words, which are numbered in sorted order.

Of words, the lesson's parse_line is given the numbers: `numbered` writes them into each line, in the graph. So there is
one file, which stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.data.class_words import ClassWords
from kit.data.tables.cells import is_missing, is_number
from kit.data.tables.spelling import lower

WHITESPACE = " \t\n\r\f\v"  # as tf.strings.strip has it
LABEL = r',(?:"(?:[^"]|"")*"|[^",]*)$'  # the last field of a line, with its comma
UNKNOWN = "?"  # in place of a word that wasn't in the file when it was checked: decode_csv refuses it
MOST_WORDS = 10_000


def is_word(text: str) -> bool:
    """Whether a text can be the name of a class: not a number, nor what stands for a missing value."""
    cell = text.encode()
    return bool(re.search(r"[^\W\d_]", text)) and not is_missing(cell) and not is_number(cell)


def whole_number(text: str) -> int | None:
    """The number that a label is, 0 or more; None if it isn't one."""
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else None


class ImageLabels:
    """Collects the labels of a CSV line by line."""

    def __init__(
        self, csv_path: str, class_names: Sequence[str] | None, initial_classes: Sequence[str] | None = None
    ) -> None:
        """
        Args:
          csv_path: of the file, for messages.
          class_names: of the network that is evaluated; None: found from the labels.
          initial_classes: of the network whose weights a training starts from; they stay if the labels are among them.
        """
        self._path, self._known, self._initial = csv_path, class_names, initial_classes
        self._first: tuple[int, str] | None = None  # number of the first good line, and its label
        self._numbers: dict[str, int | None] = {}  # of each good label, as it is written; None for a word
        self._names = ClassWords()  # that images have, where labels are numbers

    @property
    def are_found(self) -> bool:
        """Whether the classes are found from the labels, not those of a network that is evaluated."""
        return self._known is None

    def add(self, line_number: int, label: str, image_name: str) -> str | None:
        """Adds the label of an image.

        Returns:
          What is wrong with it: a sentence without a full stop; then, on a line of its own, a way out, if any. None if
          it is good: a number or a word, of the same kind as the first, and one of the network's.
        """
        if label not in self._numbers:
            text = label.strip(WHITESPACE)
            problem = self._problem(line_number, text)
            if problem:
                return problem
            self._numbers[label] = whole_number(text)
            self._first = self._first or (line_number, text)
        number = self._numbers[label]
        if number is not None:
            self._names.note(number, image_name)
        return None

    def _problem(self, line_number: int, text: str) -> str | None:
        number = whole_number(text)
        if number is None and not is_word(text):
            return f"label '{text}', expected a whole number from 0, or the name of a class"
        if self._known is not None and not self._is_known(text, number):
            return f"label {text if number is not None else repr(text)}, but the network only knows {self._classes()}"
        if number is None and len(self._numbers) >= MOST_WORDS:
            return f"label '{text}' is one of more than {MOST_WORDS:,}, too many for names of classes"
        first_line, first = self._first or (line_number, text)
        if (whole_number(first) is None) != (number is None):
            kind, of_first = ("word", "number") if number is None else ("number", "word")
            return (
                f"label '{text}' is a {kind}, but line {first_line} has the {of_first} '{first}'\n"
                "  Write a class in one way in all lines: its number, or its name."
            )
        return None

    def _is_known(self, text: str, number: int | None) -> bool:
        if number is None:
            return self._class_of(text, self._known) is not None
        return number < len(self._known or ())

    def _class_of(self, word: str, names: Sequence[str] | None) -> int | None:
        """The class of a network that a word names, if it is one but for capitals, spaces and the Unicode form."""
        known = list(names or ())
        alike = [number for number, name in enumerate(known) if lower(name) == lower(word)]
        return known.index(word) if word in known else alike[0] if len(alike) == 1 else None

    def _classes(self) -> str:
        return console.listed([f"{name} ({number})" for number, name in enumerate(self._known or ())])

    def finish(self, is_part: bool = False) -> tuple[tuple[str, ...], dict[str, int]]:
        """After the last line.

        Args:
          is_part: whether these may be only some classes of a data set, or one; the names are then those of the labels
            that there are.
        Returns:
          (names, number_of): the classes' names, by number; and the number of each label that is a word, {} if they
          are numbers.
        Raises:
          UserError: there is only one class, a number is left out, or images are named like another class.
        """
        words = sorted({label.strip(WHITESPACE) for label, number in self._numbers.items() if number is None})
        if self._known is None and self._initial and self._go_on_with(self._initial, words):
            self._known = self._initial
        if self._known is not None:
            if not words:
                self._names.compare(self._known, self._path)
            return tuple(self._known), self._numbers_of_known(words)
        if not words:
            return self._names.names if is_part else self._names_of_numbers(), {}
        if len(words) == 1 and not is_part:
            raise UserError(
                f"{self._path}: every image has the label '{words[0]}'; a classifier needs two classes or more."
            )
        self._warn_of_like_words(words)
        return tuple(words), {word: number for number, word in enumerate(words)}

    def _go_on_with(self, initial: Sequence[str], words: Sequence[str]) -> bool:
        """Whether the labels, two or more, are among the initial classes; says which of these have no images."""
        numbers = {self._class_of(word, initial) for word in words} if words else set(self._names.labels)
        if len(numbers) < 2 or None in numbers or not (words or self._names.are_of(initial)):
            return False
        absent = [name for number, name in enumerate(initial) if number not in numbers]
        if absent:
            console.warn(
                f"{self._path}: no images of {console.listed(absent)}: the network still has these classes, but "
                "forgets them while\n  it learns the others. Join some images of them, too."
            )
        return True

    def _numbers_of_known(self, words: Sequence[str]) -> dict[str, int]:
        known = self._known or ()
        number_of = {word: number for word in words if (number := self._class_of(word, known)) is not None}
        others = [f"'{word}' for '{known[number]}'" for word, number in number_of.items() if word != known[number]]
        if others:
            console.warn(
                f"{self._path}: labels are written otherwise than in training: {console.listed(others)}; taken as the "
                "same"
            )
        return number_of

    def _warn_of_like_words(self, words: Sequence[str]) -> None:
        by_spelling: dict[str, list[str]] = {}
        for word in words:
            by_spelling.setdefault(lower(word), []).append(ascii(word))
        alike = [" and ".join(same) for same in by_spelling.values() if len(same) > 1]
        if alike:
            console.warn(f"{self._path}: labels that look alike count as different classes: {console.listed(alike)}")

    def _names_of_numbers(self) -> tuple[str, ...]:
        labels = self._names.labels
        if len(labels) == 1:
            raise UserError(
                f"{self._path}: every image has label {labels[0]}; a classifier needs two classes or more.\n"
                "  Join the CSV files of two shapes: cat squares/info.csv triangles/info.csv > dataset.csv"
            )
        if labels != list(range(len(labels))):
            missing = next(label for label in range(len(labels)) if label != labels[label])
            raise UserError(
                f"{self._path}: the labels go up to {labels[-1]}, but no image has label {missing}; "
                "expected 0, 1, 2, ... without gaps.\n  dataset_creation.py --label sets a shape's label. "
                "Images of some of a run's classes can go on from its weights: --initial_weights RUN."
            )
        return self._names.names


def numbered(line: tf.Tensor, number_of: Mapping[str, int]) -> tf.Tensor:
    """A line with a number as its label, where a word stood.

    Args:
      line: string [], 'image_name,image_path,label'.
      number_of: the number of each word.
    Returns:
      string [].
    """
    _, _, label = tf.decode_csv(line, record_defaults=[[""], [""], [""]])
    is_label = tf.equal(tf.strings.strip(label), list(number_of))  # bool [words]
    number = tf.reduce_max(tf.where(is_label, tf.range(len(number_of)), tf.fill([len(number_of)], -1)))  # of the word
    texts = tf.constant([UNKNOWN, *map(str, number_of.values())])
    return tf.strings.regex_replace(line, LABEL, tf.strings.join([",", texts[number + 1]]))
