"""What a random search draws from: --search_space learning_rate=0.0001..0.1 batch_size=4,8,16 units=4..64.

A name is a setting of training.py, or stands in braces in --architecture: "dense {units} elu, dense 1 sigmoid".
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from kit.cli.errors import UserError
from kit.cli.flags import check_setting
from kit.cli.settings import TrainingSettings
from kit.model.optimizers import OPTIMIZERS

SETTINGS = ("learning_rate", "batch_size", "epochs", "decay", "optimizer", "scale")  # that can be searched
CHOICES = {"optimizer": tuple(OPTIMIZERS)}  # beside those that kit/cli/settings.py names
TEXTS = ("optimizer", "scale")
PLACE = re.compile(r"\{([a-z]\w*)\}")  # in the text of --architecture
FORMS = "a range as 0.0001..0.1 or 4..64, or values as 4,8,16"
DIGITS = 2  # significant, of a number that is drawn: as it is printed, it can be typed


@dataclasses.dataclass(frozen=True)
class Range:
    """Numbers from low to high; on a logarithmic scale if low is above 0, whole if both ends are."""

    low: float
    high: float
    is_whole: bool

    @property
    def ends(self) -> tuple[float, float]:
        """Between which all that is drawn lies."""
        return self.low, self.high

    def draw(self, random: np.random.Generator) -> float | int:
        """A number at random. In equal ratios, since it matters how many times larger one is than another."""
        if self.low > 0:
            number = float(np.exp(random.uniform(np.log(self.low), np.log(self.high))))
        else:
            number = random.uniform(self.low, self.high)
        return round(number) if self.is_whole else float(f"{number:.{DIGITS}g}")


@dataclasses.dataclass(frozen=True)
class Values:
    """Some values, each as likely as the others."""

    values: tuple[Any, ...]

    @property
    def ends(self) -> tuple[Any, ...]:
        """All that may be drawn."""
        return self.values

    def draw(self, random: np.random.Generator) -> Any:
        return self.values[random.integers(len(self.values))]


class SearchSpace:
    """The settings to search, and what they may be."""

    def __init__(self, words: Sequence[str], settings: TrainingSettings) -> None:
        """
        Args:
          words: of --search_space, "name=range" or "name=values".
          settings: of training.py.
        Raises:
          UserError: a word is wrong, a name is unknown, a value is none that its flag takes, or a place of the
            architecture has no range.
        """
        self._settings = settings
        self.places = PLACE.findall(settings.architecture or "")
        self.of = dict(self._read(word) for word in words)
        missing = [name for name in self.places if name not in self.of]
        if missing:
            raise UserError(
                f"--architecture has {{{missing[0]}}}, but --search_space doesn't say what it may be.\n"
                f"  Give {FORMS}: --search_space {missing[0]}=4..64"
            )
        if not self.of:
            raise UserError("--search needs --search_space, such as: learning_rate=0.0001..0.1 batch_size=4,8,16")

    def draw(self, random: np.random.Generator) -> dict[str, Any]:
        """Settings at random: {name: value}."""
        return {name: values.draw(random) for name, values in self.of.items()}

    def ends(self) -> list[dict[str, Any]]:
        """Settings that have each end of each range, and each value, at least once."""
        first = {name: values.ends[0] for name, values in self.of.items()}
        return [{**first, name: end} for name, values in self.of.items() for end in values.ends]

    def apply(self, drawn: dict[str, Any]) -> TrainingSettings:
        """The settings of a training with what was drawn, without those of the search."""
        changes = {name: value for name, value in drawn.items() if name not in self.places}
        if self.places and self._settings.architecture:
            changes["architecture"] = PLACE.sub(lambda match: str(drawn[match[1]]), self._settings.architecture)
        return dataclasses.replace(self._settings, search=None, search_space=(), **changes)

    def _read(self, word):
        name, sign, text = word.partition("=")
        if not sign or not text:
            raise UserError(f"--search_space {word}: expected NAME=VALUES, {FORMS}.")
        if name not in (*SETTINGS, *self.places):
            known = ", ".join(SETTINGS)
            raise UserError(
                f"--search_space {word}: '{name}' can't be searched. Expected one of {known};\n"
                f"  or a place in --architecture: 'dense {{{name}}} elu, dense 1 sigmoid'."
            )
        values = self._values(word, name, text)
        for end in values.ends if name in SETTINGS else ():
            check_setting(TrainingSettings, name, end, f"--search_space {word}", CHOICES.get(name))
        return name, values

    @staticmethod
    def _values(word, name, text):
        low, sign, high = text.partition("..")
        if sign:
            first, last = _number(low), _number(high)
            if first is None or last is None or not 0 <= first < last:
                raise UserError(f"--search_space {word}: expected a range of two numbers from 0 on, the smaller first.")
            is_whole = isinstance(first, int) and isinstance(last, int) and name not in ("learning_rate", "decay")
            return Range(first, last, is_whole)
        numbers = [_number(each) for each in text.split(",")]
        words = [each for each, number in zip(text.split(","), numbers) if number is None]
        if words and name in TEXTS:
            return Values(tuple(text.split(",")))
        if words:
            raise UserError(f"--search_space {word}: found '{words[0]}', expected {FORMS}.")
        return Values(tuple(numbers))


def _number(text: str) -> float | int | None:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) else None
