"""The names of classes, from the words that their images' names begin with; and compared with those of a network."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence

from kit.cli import console
from kit.cli.errors import UserError


class ClassWords:
    """The word that the images' names of each label begin with."""

    def __init__(self) -> None:
        self._words: dict[int, str | None] = {}  # None where they differ

    def note(self, label: int, name: str) -> None:
        """Notes an image's name."""
        word = re.split(r"\d", os.path.splitext(name)[0])[0].rstrip("_- .")
        known = self._words.setdefault(label, word)
        if known is not None and known != word and _same(known) != _same(word):
            self._words[label] = None

    @property
    def labels(self) -> list[int]:
        return sorted(self._words)

    @property
    def names(self) -> tuple[str, ...]:
        """The classes' names, by label: the words, if each class has another one; otherwise the labels."""
        are_names = self._are_names()
        return tuple(str(self._words[label] if are_names else label) for label in self.labels)

    def are_of(self, known: Sequence[str]) -> bool:
        """Whether each label names one of the known classes, and the images of it are named like that class."""
        names = {label: word or str(label) for label, word in self._words.items()}
        return all(label < len(known) and _same(name) == _same(known[label]) for label, name in names.items())

    def compare(self, known: Sequence[str], csv_path: str) -> None:
        """Compares the words with the names of a network's classes, but for capitals, spaces and Unicode forms.

        Args:
          known: the names, by label.
          csv_path: of the images, for messages.
        Raises:
          UserError: a word is the name of another class.
        """
        label_of = {_same(name): label for label, name in enumerate(known) if not name.isdecimal()}
        words = {label: word for label, word in sorted(self._words.items()) if word}
        others = {label: word for label, word in words.items() if label_of.get(_same(word), label) != label}
        network = console.listed([f"{name} ({label})" for label, name in enumerate(known)])
        if others:
            label, word = next(iter(others.items()))
            raise UserError(
                f"{csv_path}: the images of label {label} are named '{word}', but label {label} of the network is "
                f"'{known[label]}', and '{word}' is {label_of[_same(word)]}.\n"
                f"  Give the images the labels that it was trained with: {network}. If it is their names that are "
                "wrong, change image_name in the CSV."
            )
        unknown = [f"{word} ({label})" for label, word in words.items() if _same(word) not in label_of]
        if unknown and label_of and self._are_names() and len(words) > 1:
            console.warn(f"{csv_path}: its images are named {console.listed(unknown)}, but the network knows {network}")

    def _are_names(self) -> bool:
        """Whether each label has one word, and each another."""
        words = [word for word in self._words.values() if word]
        return len(words) == len(self._words) == len(set(map(_same, words)))


def _same(word: str) -> str:
    """A word without what doesn't count: capitals, spaces and their stand-ins, Unicode form."""
    return re.sub(r"[\s_.-]+", " ", unicodedata.normalize("NFKC", word).casefold()).strip()
