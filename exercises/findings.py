"""What a check says: a Finding where something isn't right yet, and the Verdict on a blank."""

from dataclasses import dataclass

LOOK = ("the picture",)  # the parts of a look
Line = tuple[str, int, str]  # a line of a script: (its file, its number from 1, its text)


class Finding(Exception):
    """Something that isn't right yet, in words that a student understands.

    Args:
      found: what is there: "the batches hold images of one class only".
      expected: what should be: "images of both classes in every batch".
      why: why it matters.
      line: the student's line it is about, or None.
    """

    def __init__(self, found: str, expected: str, why: str, line: Line | None = None) -> None:
        super().__init__(found)
        self.found, self.expected, self.why, self.line = found, expected, why, line

    def __reduce__(self) -> tuple:
        return type(self), (self.found, self.expected, self.why, self.line)


class Empty(Finding):
    """Nothing was written into a place of the blank yet."""


class TooBusy(Finding):
    """The machine was too busy to check: it says nothing about the student's lines."""


@dataclass(frozen=True)
class Verdict:
    """What came out of the check of a blank."""

    number: int
    parts: tuple[str, ...]  # what the check looks at, in order
    passed: int  # how many of the parts hold
    remarks: tuple[str, ...]  # on lines that are right: a medal, or what they leave out. "what: more of it"
    finding: Finding | None  # None if all parts hold
    printed: str  # what the student's lines printed
    seconds: float
    picture: bytes | None = None  # of a look, as PNG

    @property
    def is_open(self) -> bool:
        """Whether the machine was too busy to find anything out."""
        return isinstance(self.finding, TooBusy)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written into the blank yet."""
        return self.passed == 0 and isinstance(self.finding, Empty)

    @property
    def is_look(self) -> bool:
        """Whether the lines were to be drawn, and not checked."""
        return self.parts == LOOK

    @property
    def solved(self) -> bool:
        return self.finding is None and self.passed == len(self.parts)
