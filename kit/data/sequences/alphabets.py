"""The letters of sequences: which alphabet they are of, and the number of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

DNA, RNA, PROTEIN = "ACGT", "ACGU", "ACDEFGHIKLMNPQRSTVWY"
NAMES = {DNA: "DNA", RNA: "RNA", PROTEIN: "protein"}
FEWEST = 0.9  # of the letters must be of DNA or RNA, or N, for an unknown one
NO_LETTER = re.compile(rb"[^A-Za-z*.-]")  # * for a stop, - and . for gaps


@dataclass(frozen=True)
class Alphabet:
    """The letters that a network tells apart, in the order of their numbers, from 1. 0 stands for padding."""

    letters: str

    @property
    def name(self) -> str:
        return NAMES[self.letters]

    @property
    def in_words(self) -> str:
        return "proteins" if self.letters == PROTEIN else self.name

    @property
    def unknown(self) -> int:
        """The number of every other letter."""
        return len(self.letters) + 1

    def numbers(self) -> np.ndarray:
        """The number of each byte: uint8 [256]. Upper and lower case are the same, and so are T and U."""
        numbers = np.full(256, self.unknown, np.uint8)
        for number, letter in enumerate(self.letters, 1):
            same = "TU" if letter in "TU" and self.letters != PROTEIN else letter
            for each in same + same.lower():
                numbers[ord(each)] = number
        return numbers


def alphabet_of(counts: Mapping[str, int]) -> Alphabet:
    """The alphabet of sequences, told from how often each letter is there, in upper case."""
    of_dna = sum(counts.get(letter, 0) for letter in "ACGTUN")
    if of_dna < FEWEST * sum(counts.values()):
        return Alphabet(PROTEIN)
    return Alphabet(RNA if counts.get("U", 0) > counts.get("T", 0) else DNA)


def letters_in(sequence: bytes) -> Counter[str]:
    """How often each letter is in a sequence, in upper case."""
    counts = np.bincount(np.frombuffer(sequence.upper(), np.uint8), minlength=256)
    return Counter({chr(byte): int(counts[byte]) for byte in np.flatnonzero(counts)})
