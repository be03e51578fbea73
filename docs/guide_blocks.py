"""The blocks of code in a guide, what it shows of their output, and the figures in that."""

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass

NOT_RUN = re.compile(r"(curl|tensorboard|python benchmarks/|python docs/).*|.* --search .*", re.S)  # network, hours
FIGURE = re.compile(r"(?<![\w.])-?\d+\.\d+(?:e[+-]\d+)?(?![\w.])|(?<= )-(?= |$)")  # a decimal; - where undefined
SECONDS = re.compile(r"\d+\.\d+(?= s$)")  # of this machine: not compared
BEST = re.compile(r"(?<=The best: epoch )\d+")  # a whole number that differs like a decimal


@dataclass(frozen=True)
class Block:
    """A block of code in the guide."""

    line: int  # where it begins, from 1
    language: str
    text: str
    shown: str  # the block of output below it

    @property
    def id(self) -> str:
        return f"line {self.line}"

    @property
    def commands(self) -> list[str]:
        """Of a shell block: its commands, each on one line."""
        return re.sub(r" \\\n *", " ", self.text).splitlines()

    @property
    def is_run(self) -> bool:
        return self.language in ("sh", "python") and not NOT_RUN.fullmatch(self.text)

    @property
    def stops(self) -> bool:
        """Whether its last command ends in an error."""
        return self.shown.startswith("error: ")


def blocks_of(text: str) -> list[Block]:
    """Every Block of a Markdown text; one of output belongs to the block above it."""
    blocks: list[Block] = []
    for match in re.finditer(r"(?ms)^```(\w*)\n(.*?)^```$", text):
        language, code = match.groups()
        if language == "text":
            assert blocks and not blocks[-1].shown, f"output of what? {code}"
            blocks[-1] = dataclasses.replace(blocks[-1], shown=code)
        else:
            blocks.append(Block(text[: match.start()].count("\n") + 1, language, code, ""))
    return blocks


def words_of(line: str) -> str:
    """A line of output without its figures and the width of its columns; whole numbers stay."""
    return " ".join(FIGURE.sub("#", BEST.sub("#", line.rstrip())).split())


def figures_of(line: str) -> list[float]:
    """The figures of a line, in order, without seconds; NaN where one is undefined."""
    line = SECONDS.sub("", line.rstrip())
    found = sorted([*FIGURE.finditer(line), *BEST.finditer(line)], key=lambda match: match.start())
    return [float("nan") if match[0] == "-" else float(match[0]) for match in found]


def shown_lines(block: Block, printed: str) -> Iterator[tuple[str, str]]:
    """(a line that the guide shows, the same line as it was printed), in order.

    Args:
      block: of the guide.
      printed: by its commands.
    Yields:
      The lines; "" in place of one that isn't printed, or not in this order.
    """
    lines = printed.splitlines()
    for line in block.shown.splitlines():
        if line and line != "...":
            place = next((place for place, other in enumerate(lines) if words_of(other) == words_of(line)), None)
            yield line, "" if place is None else lines[place]
            lines = lines if place is None else lines[place + 1 :]
