"""The layout of a FASTA file as a table: a row per sequence, a column per place, what a sequence's line says behind.

It is read from a temporary copy, in which each letter is a number. What is told is of the user's file.
"""

from __future__ import annotations

import os
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kit.cli.console import counted, listed
from kit.cli.errors import UserError
from kit.data.sequences.alphabets import PROTEIN, Alphabet, alphabet_of, letters_in
from kit.data.sequences.fasta import Record, records_of
from kit.data.tables.column_names import ROW_NAMES
from kit.data.tables.copies import write_copy
from kit.data.tables.layouts import Layout
from kit.system.files import file_state

TAB = "\t"
LETTERS_SHOWN = 6
FEWEST_LETTERS = 20  # of a file, from which DNA and proteins can be told apart


@dataclass(frozen=True)
class SequenceLayout(Layout):
    """The layout of the copy. `path` is the FASTA file."""

    alphabet: Alphabet
    length: int  # columns for the letters: of the longest sequence, or that of the training
    shortest: int  # letters of a sequence in the file
    longest: int
    unknown: tuple[str, ...]  # letters that aren't of the alphabet
    num_unknown: int  # such letters
    record_lines: Sequence[int]  # of the records' names in the file

    @property
    def has_fixed_sides(self) -> bool:
        return True

    @property
    def facts(self) -> list[str]:
        """What is said of the sequences in the lines of their names: the names of these columns."""
        return [self.name_of(field) for field in self.annotations]

    @property
    def annotations(self) -> range:
        return range(1 + self.length, self.num_fields)

    def place(self, number: int, field: int | None = None) -> str:
        return f"{self.path}:{self.record_lines[number - 2]}"

    def described(self, num_rows: int, num_lines: int, names_rows: bool = False) -> str:
        lengths = f"{self.longest:,}" if self.shortest == self.longest else f"{self.shortest:,} to {self.longest:,}"
        padded = "; shorter ones are padded at their end" if self.shortest < self.longest else ""
        if self.longest < self.length:
            padded = f"; padded at their end to {self.length:,}, as in training"
        facts = [
            f"{self.path}: {counted(num_rows, 'sequences')} of {lengths} letters, {self.alphabet.name}{padded}",
            f"{counted(self.num_unknown, 'letters')} not among {self.alphabet.letters}: "
            f"{listed(self.unknown, LETTERS_SHOWN)}"
            if self.unknown
            else "",
            f"said of the sequences: {listed([repr(name) for name in self.facts])}" if self.facts else "",
        ]
        return "; ".join(filter(None, facts))


def open_sequences(path: str, flag: str, alphabet: str = "", length: int = 0) -> SequenceLayout:
    """The layout of a FASTA file.

    Args:
      path: the file.
      flag: the flag that named it.
      alphabet, length: of the sequences that a network was trained on; without, told from the file.
    Raises:
      UserError: a record is wrong, or longer than those of the training.
    """
    key = os.path.abspath(path), file_state(path), alphabet, length
    if key not in _LAYOUTS:  # the folds of a file share a copy
        _LAYOUTS[key] = _opened(path, flag, alphabet, length)
    return _LAYOUTS[key]


_LAYOUTS: dict[tuple, SequenceLayout] = {}


def _opened(path: str, flag: str, letters: str, length: int) -> SequenceLayout:
    counts, keys, lines, lengths = Counter[str](), {}, array("q"), Counter[int]()
    for record in records_of(path, flag):
        if length and len(record.sequence) > length:
            raise UserError(
                f"{path}:{record.line}: '{record.name}' has {len(record.sequence):,} letters, and the network was "
                f"trained on at most {length:,}.\n  Cut the sequence, or train on sequences as long as this."
            )
        counts += letters_in(record.sequence)
        keys.update(dict.fromkeys(record.facts))
        lines.append(record.line)
        lengths[len(record.sequence)] += 1
    found = alphabet_of(counts)
    alphabet = Alphabet(letters) if letters else found
    if counts.total() >= FEWEST_LETTERS:
        _check_kind(path, found, alphabet)
    length = length or max(lengths)
    numbers = alphabet.numbers()
    unknown = [letter for letter in counts if numbers[ord(letter)] == alphabet.unknown]
    names = (ROW_NAMES, *map(str, range(1, length + 1)), *keys)
    copy = write_copy(path, lambda copy: _write(copy, path, flag, names, numbers, length))
    return SequenceLayout(
        path=path,
        flag=flag,
        file=copy,
        compression="",
        delimiter=TAB,
        decimal="",
        num_fields=len(names),
        names=names,
        header_line=1,
        header_text=b"",
        has_row_names=True,
        num_comments=0,
        first_line=1,
        num_dropped=0,
        alphabet=alphabet,
        length=length,
        shortest=min(lengths),
        longest=max(lengths),
        unknown=tuple(sorted(unknown)),
        num_unknown=sum(counts[letter] for letter in unknown),
        record_lines=lines,
    )


def _check_kind(path: str, found: Alphabet, alphabet: Alphabet) -> None:
    """Refuses proteins for a network of DNA or RNA, and the other way round."""
    if (found.letters == PROTEIN) != (alphabet.letters == PROTEIN):
        raise UserError(
            f"{path}: the letters are those of {found.in_words}, and the network takes {alphabet.in_words}.\n"
            "  Give it sequences of the kind that it was trained on."
        )


def _write(copy: str, path: str, flag: str, names: Sequence[str], numbers: np.ndarray, length: int) -> None:
    with open(copy, "w", encoding="utf-8", newline="\n") as file:
        file.write(TAB.join(names) + "\n")
        for record in records_of(path, flag):
            file.write(TAB.join(_cells(record, names[1 + length :], numbers, length)) + "\n")


def _cells(record: Record, keys: Sequence[str], numbers: np.ndarray, length: int) -> list[str]:
    row = np.zeros(length, np.uint8)
    row[: len(record.sequence)] = numbers[np.frombuffer(record.sequence, np.uint8)]
    facts = [record.facts.get(key, "") for key in keys]
    return [_quoted(record.name), *map(str, row.tolist()), *map(_quoted, facts)]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if '"' in text or TAB in text else text
