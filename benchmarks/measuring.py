"""Contenders measured in turns: medians, their ratios, and the bars that these must meet.

Every figure is kept in benchmarks/results/<name>.json. The tables stand in a page of docs/, between the lines
<!-- name --> and <!-- end of name -->.
"""

import contextlib
import datetime
import itertools
import os
import platform
import re
import statistics
import time
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from processes import PROJECT

from kit.cli.settings import TrainingSettings
from kit.model.precision import uses_bfloat16
from kit.system.files import make_folder, write_json, write_text

RESULTS = PROJECT / "benchmarks" / "results"
PACKAGES = ("tensorflow", "keras", "torch", "numpy", "pillow")  # whose versions matter


def in_turns(contenders, rounds, round_name="round"):
    """Runs contenders in turns, so that whatever else the machine does slows all of them equally.

    Args:
      contenders: {name: function of the round's number, from 0}.
      rounds: how many; each begins with another contender.
      round_name: what a round is, for the lines that say how far it has come; None prints no lines.
    Returns:
      {name: [what the function returned in each round]}.
    """
    names = list(contenders)
    returned = {name: [] for name in names}
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            began = time.monotonic()
            returned[name].append(contenders[name](number))
            if round_name:
                print(f"{round_name} {number + 1} of {rounds}, {name}: {time.monotonic() - began:.0f} s", flush=True)
    return returned


@dataclass(frozen=True)
class Verdict:
    """A figure, and the bar that it must meet, if there is one."""

    what: str
    value: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def bar(self):
        """The bar in words; "" where there is none."""
        if self.at_least is not None:
            return f"at least {self.at_least:g}"
        return f"at most {self.at_most:g}" if self.at_most is not None else ""

    @property
    def is_met(self):
        """Whether the figure meets the bar; None where there is none."""
        if self.at_least is not None:
            return self.value >= self.at_least
        return self.value <= self.at_most if self.at_most is not None else None


class Comparison:
    """One quantity of several contenders, round by round."""

    def __init__(self, title, rounds, decimals=0, round_name="round"):
        """
        Args:
          title: the quantity, with its unit.
          rounds: {contender: [[figure, ...] of each round]}.
          decimals: of the figures, when they are shown.
          round_name: what a round is.
        """
        self.title, self.rounds, self.decimals, self.round_name = title, rounds, decimals, round_name
        self.medians = {name: statistics.median(itertools.chain(*figures)) for name, figures in rounds.items()}
        self.verdicts = []

    def ratio(self, ours, theirs, **bar):
        """Adds the ratio of two contenders' medians; `bar` is at_least=... or at_most=..., or nothing."""
        self.verdicts.append(Verdict(f"{ours} / {theirs}", self.medians[ours] / self.medians[theirs], **bar))

    def bound(self, contender, **bar):
        """Compares a contender's median itself with a bar."""
        self.verdicts.append(Verdict(contender, self.medians[contender], **bar))

    def as_json(self):
        return {
            "title": self.title,
            f"{self.round_name}s": self.rounds,
            "medians": self.medians,
            "verdicts": [
                {"what": verdict.what, "value": verdict.value, "bar": verdict.bar, "is_met": verdict.is_met}
                for verdict in self.verdicts
            ],
        }

    def as_markdown(self):
        """The figures as a table, and the verdicts as another, if there are any."""
        by_round = f"{self.round_name} by {self.round_name}"
        lines = [f"| {self.title} | median | {by_round} |", "|---|---:|---:|"]
        for name, figures in self.rounds.items():
            medians = [self._shown(statistics.median(figures_of_round)) for figures_of_round in figures]
            lines.append(f"| {name} | {self._shown(self.medians[name])} | {', '.join(medians)} |")
        if self.verdicts:
            lines += ["", "| medians | | the bar | |", "|---|---:|---|---|"]
        for verdict in self.verdicts:
            met = {True: "met", False: "**not met**", None: ""}[verdict.is_met]
            value = f"{verdict.value:.{max(2, self.decimals)}f}"
            lines.append(f"| {verdict.what} | {value} | {verdict.bar} | {met} |")
        return "\n".join(lines)

    def _shown(self, figure):
        return f"{figure:,.{self.decimals}f}".replace(",", " ")


def publish(name, heading, comparisons):
    """Prints what was measured, saves it, and puts it into the page.

    Args:
      name: of the benchmark; it names the file of results and the marker lines in the page.
      heading: of the benchmark's section, if the page has none yet.
      comparisons: a list of Comparison.
    """
    machine, date = machine_description(), datetime.date.today().isoformat()
    make_folder(RESULTS)
    content = {"date": date, "machine": machine, "comparisons": [comparison.as_json() for comparison in comparisons]}
    write_json(RESULTS / f"{name}.json", content)
    tables = [f"Measured on {date}: {_in_words(machine)}.", *(comparison.as_markdown() for comparison in comparisons)]
    text = "\n\n".join(tables)
    print(f"\n{text}")
    path = PROJECT / "docs" / "performance.md"
    before = path.read_text(encoding="utf-8") if path.exists() else "# Performance\n"
    write_text(path, spliced(before, name, heading, text))


def spliced(page, name, heading, text):
    """A page of Markdown with `text` between the marker lines of `name`; the rest stays as it is."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    section = f"{begin}\n\n{text}\n\n{end}"
    pattern = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
    if pattern.search(page):
        return pattern.sub(lambda _: section, page)
    return f"{page}\n## {heading}\n\n{section}\n"


def machine_description():
    """What the figures depend on: a dict."""
    packages = {}
    for package in PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            packages[package] = metadata.version(package)
    return {
        "processor": processor_model(),
        "cores": os.cpu_count(),
        "bfloat16": uses_bfloat16(TrainingSettings()),
        "python": platform.python_version(),
        "packages": packages,
    }


def processor_model():
    """As Linux names it; elsewhere the kind of processor."""
    with contextlib.suppress(OSError):
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
        if found:
            return found[1]
    return platform.processor() or platform.machine()


def _in_words(machine):
    bfloat16 = f"{'with' if machine['bfloat16'] else 'without'} bfloat16"
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    return f"{machine['processor']}, {machine['cores']} cores, {bfloat16}; Python {machine['python']}, {packages}"
