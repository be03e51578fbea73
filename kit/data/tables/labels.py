"""The labels of a table: classes (words or whole numbers) or values, in a column of the table or their own file."""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.tables.cells import text_of
from kit.data.tables.label_rules import class_name, in_order, is_no_label, key_of, place_of
from kit.data.tables.spelling import CASE, difference, lower, shown

MOST_CLASSES = 10_000
MANY_CLASSES = 10  # with more classes than this, there must be two rows or more per class
MANY_NUMBERS = 20  # as classes: with more than these, they may be meant as values
FOR_VALUES = "For values instead of classes: --loss mean_squared_error, and a network that ends in dense 1."


@dataclass(frozen=True)
class LabelSource:
    """Where the labels are: in the file `path`, or in a column of the table; neither if there are none."""

    path: str | None = None
    column: str | None = None  # its name or number from 1; a column of the file, if there is one
    positive: str | None = None  # of two classes, the one that becomes the second


class Labels:
    """Collects the labels of a table row by row.

    Args:
      path: the file that holds them, for errors.
      class_names: the classes of a trained network; () if it predicts values; None: found from the labels.
      prefer_values: treat whole numbers as values, not as classes.
      if_header: what an error says on the first line, if it may be a header that wasn't seen.
      place: where in the file the label of a line stands, for errors; None: `path` and the line's number.
      if_unknown: what an error says of a label that a trained network doesn't know.
    """

    def __init__(
        self,
        path: str,
        class_names: Sequence[str] | None = None,
        prefer_values: bool = False,
        if_header: str = "",
        place: Callable[[int], str] | None = None,
        if_unknown: str = "",
    ):
        self._place = place or (lambda number: f"{path}:{number}")
        self._path, self._known, self._prefers_values = path, class_names, prefer_values
        self.if_header, self._if_unknown = if_header, if_unknown
        self._values = array("d")  # each row's number; NaN for a word
        self._codes = array("q")  # each row's class, in the order of appearance; unused once labels are values
        self._names: dict[bytes | float, tuple[int, str]] = {}  # key -> (code, first spelling)
        self._word: tuple[int, bytes] | None = None  # line number and cell of the first word
        self._fraction: tuple[int, bytes] | None = None  # and of the first number that isn't whole
        self._missing: tuple[int, bytes] | None = None  # and of the first row without a label
        self._num_missing = 0
        self._respelt: dict[str, str] = {}  # label as it is written -> the class of the network, written otherwise
        self._first_line = 0  # the number of the first label's line
        for name in class_names or ():
            self._names[key_of(name.encode())] = len(self._names), name

    def add(self, number: int, cell: bytes) -> None:
        """Adds the label of a row.

        Args:
          number: the line's number in the file, from 1.
          cell: the label.
        """
        cell = cell.strip()
        self._first_line = self._first_line or number
        if is_no_label(cell):
            self._missing = self._missing or (number, cell)
            self._num_missing += 1
            return
        key = key_of(cell)
        if isinstance(key, bytes):
            self._word = self._word or (number, cell)
        elif not key.is_integer():
            self._fraction = self._fraction or (number, cell)
        self._values.append(np.nan if isinstance(key, bytes) else key)
        if self._known or (self._known is None and self._fraction is None):
            self._codes.append(self._code(number, key, cell))
        self._check_mixture()

    def _code(self, number: int, key: bytes | float, cell: bytes) -> int:
        code_and_name = self._names.get(key)
        if code_and_name is None:
            if self._known:
                name = self._known_as(number, cell.decode())
                self._names[key] = self._names[key_of(name.encode())]
                return self._names[key][0]
            if len(self._names) > MOST_CLASSES:
                return -1  # too many classes; an error, unless they turn out to be values
            code_and_name = self._names[key] = len(self._names), class_name(cell)
        return code_and_name[0]

    def _known_as(self, number: int, label: str) -> str:
        """The class of the network that is meant by a label that is written otherwise."""
        assert self._known
        same = [name for name in self._known if lower(name) == lower(label)]
        if len(same) == 1:
            self._respelt[label] = same[0]
            return same[0]
        text = f"{self._place(number)}: label {text_of(label.encode())}, but the network only knows "
        text += f"{console.listed(self._known)}."
        if same:
            text += f"\n  It is like {' and like '.join(same)}, but for {CASE}: write it as one of them."
        elif self._if_unknown:
            text += f"\n  {self._if_unknown}"
        raise UserError(text + self._hint(number))

    def _hint(self, number: int) -> str:
        return f"\n  {self.if_header}" if self.if_header and number == self._first_line else ""

    def _check_mixture(self):
        if self._word and (self._fraction or self._known == ()):
            number, cell = self._word
            raise UserError(
                f"{self._place(number)}: label {text_of(cell)}, but other labels are numbers such as "
                f"{self._fraction[1].decode() if self._fraction else '1.5'}.\n"
                "  Labels are either classes (words or whole numbers) or values (all numbers)." + self._hint(number)
            )

    def is_label(self, text: str) -> bool:
        """Whether some row has the label `text`; if the labels are values, whether it is a number."""
        key = key_of(text.encode())
        return key in self._names or (isinstance(key, float) and self._word is None)

    def only_first_is_word(self) -> bool:
        """Whether the first label is a word and all others are numbers."""
        return len(self._values) > 1 and np.flatnonzero(np.isnan(self._values)).tolist() == [0]

    def check_first(self) -> None:
        """Checks that the first label isn't likely to be a header.

        Raises:
          UserError: no other row has it, though other rows share theirs.
        """
        if self._known is not None or self._fraction or (self._prefers_values and not self._word) or not self._codes:
            return
        counts = np.bincount(np.maximum(self._codes, 0))  # rows per class; the first row's class is 0
        num_others, num_alone = len(counts) - 1, int((counts[1:] == 1).sum())
        if counts[0] == 1 and 2 * num_alone <= num_others > 0:
            name = next(iter(self._names.values()))[1]
            raise UserError(
                f"{self._place(self._first_line)}: '{name}' is the label of no other row. Is it a label, or the "
                f"header?{self._hint(self._first_line)}"
            )

    def result(self) -> tuple[np.ndarray, tuple[str, ...]]:
        """The labels of all rows.

        Returns:
          (labels, class_names). Classes: int64 [N], indices into class_names, which are sorted (by number if all are
          numbers). Values: float32 [N], and ().
        Raises:
          UserError: a label is missing, all rows have the same label, or nearly every row has its own.
        """
        if self._missing:
            number, cell = self._missing
            way_out = f"{self._num_missing:,} rows have none. Write it" if self._num_missing > 1 else "Write it"
            raise UserError(
                f"{self._place(number)}: no label, found {text_of(cell)}.\n"
                f"  Each row needs a label. {way_out}, or remove the row, from the table as well."
            )
        if self._known:
            self._warn_of_other_spelling()
            return np.array(self._codes, np.int64), tuple(self._known)
        is_values = self._known == () or (self._word is None and (self._fraction or self._prefers_values))
        if is_values:
            return self._as_values(), ()
        self._check_classes()
        names = [name for _, name in self._names.values()]  # in the order of their codes
        classes = in_order(names)
        class_of_name = {name: number for number, name in enumerate(classes)}
        class_of_code = np.array([class_of_name[name] for name in names], np.int64)
        return class_of_code[np.array(self._codes, np.int64)], tuple(classes)

    def _as_values(self) -> np.ndarray:
        values = np.array(self._values)
        if self._known is None and values.min() == values.max():
            raise UserError(f"{self._path}: every row has the label {values[0]:g}; there is nothing to learn.")
        return values.astype(np.float32)

    def _check_classes(self):
        names = [name for _, name in self._names.values()]
        if len(names) > MOST_CLASSES:
            raise UserError(f"{self._path}: more than {MOST_CLASSES:,} different labels; {self._is_it_the_column()}")
        if len(names) == 1:
            raise UserError(
                f"{self._path}: every row has the label '{names[0]}'; a classifier needs at least two classes."
            )
        if len(names) > MANY_CLASSES and 2 * len(names) > len(self._values):
            raise UserError(
                f"{self._path}: {len(names):,} different labels in {len(self._values):,} rows; "
                + self._is_it_the_column()
            )
        if self._word and not np.isnan(self._values).all():
            number, cell = self._word
            console.warn(
                f"{self._place(number)}: label {text_of(cell)} is a word, others are numbers; all count as classes"
            )
        self._warn_of_like_classes(names)

    def _is_it_the_column(self) -> str:
        text = "are these the labels?\n  Choose their column with --label_column."
        if not self._word:
            return f"{text}\n  {FOR_VALUES}"
        return f"{text} This one seems to name the rows." if len(self._names) == len(self._values) else text

    def _warn_of_other_spelling(self):
        if self._respelt:
            what = " and ".join(sorted({difference(*pair) for pair in self._respelt.items()}))
            pairs = [f"{shown(label, what)} for {shown(name, what)}" for label, name in self._respelt.items()]
            console.warn(
                f"{self._path}: labels differ from those of training in {what}: {console.listed(pairs)}; taken as the "
                "same"
            )

    def _warn_of_like_classes(self, names: Sequence[str]):
        like: dict[str, list[str]] = {}
        for name in names:
            like.setdefault(lower(name), []).append(name)
        pairs = [same for same in like.values() if len(same) > 1]
        if pairs:
            what = " and ".join(sorted({difference(*same[:2]) for same in pairs}))
            shown_pairs = [" and ".join(shown(name, what) for name in same) for same in pairs]
            console.warn(
                f"{self._path}: classes that differ only in {what} count as different ones: "
                f"{console.listed(shown_pairs)}"
            )


def with_positive(
    labels: np.ndarray, class_names: tuple[str, ...], positive: str, path: str
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Makes one of two classes the second, which is the positive one for precision, recall and ROC.

    Args:
      labels: int64 [N].
      class_names: of Labels.result.
      positive: the name of the class.
      path: the file that holds the labels, for errors.
    Returns:
      (labels, class_names), as Labels.result.
    Raises:
      UserError: there aren't two classes, or none has this name.
    """
    place = place_of(positive, class_names)
    if len(class_names) != 2 or place is None:
        found = f"the classes {console.listed(class_names)}" if class_names else "labels that are numbers to predict"
        wanted = "one of two classes" if len(class_names) != 2 else "one of them"
        raise UserError(f"--positive_class {positive}: {path} has {found}; expected {wanted}.")
    if place == 1:
        return labels, class_names
    return 1 - labels, class_names[::-1]
