"""Writes docs/flags.md, a page of all flags of all scripts, from kit/cli/settings.py:

python docs/make_flags.py
"""

import dataclasses
import inspect
import re
import sys
import textwrap
import typing
from collections.abc import Collection, Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from dlho2018_nns import NETWORKS  # noqa: E402
from kit.cli import lab_settings, settings  # noqa: E402
from kit.data.drawing.shapes import SHAPES  # noqa: E402
from kit.model.losses import ALIASES, LOSSES  # noqa: E402
from kit.model.optimizers import OPTIMIZERS  # noqa: E402

PAGE = PROJECT / "docs" / "flags.md"
SCRIPTS = {
    "dataset_creation.py": settings.DrawingSettings,
    "kit.data.pictures": settings.PicturesSettings,
    "kit.data.tfrecord": settings.TfrecordSettings,
    "first_graph.py": settings.FirstGraphSettings,
    "training.py": settings.TrainingSettings,
    "kit.cluster": settings.ClusterSettings,
    "evaluating.py": settings.EvaluatingSettings,
    "kit.evaluation.scores": settings.ScoringSettings,
    "drawing_board.py": settings.BoardSettings,
    "labs/look_inside.py": settings.LookSettings,
    "labs/locate.py": lab_settings.LocateSettings,
    "labs/segment.py": lab_settings.SegmentSettings,
    "labs/reconstruct.py": lab_settings.ReconstructSettings,
    "labs/generate.py": lab_settings.GenerateSettings,
    "labs/fine_tune.py": lab_settings.FineTuneSettings,
    "labs/transfer_style.py": lab_settings.TransferStyleSettings,
    "labs/fully_convolutional.py": lab_settings.FullyConvolutionalSettings,
    "labs/iterators.py": lab_settings.IteratorsSettings,
    "labs/find_settings.py": lab_settings.FindSettings,
}
CHOICES = {"shape": SHAPES, "network": NETWORKS, "loss": [*LOSSES, *ALIASES], "optimizer": OPTIMIZERS}
MOST_CHOICES = 8  # in a cell of the table; longer lists stand below it
HEAD = """\
# Flags

Every flag of every script, and of `python -m kit.data.pictures`, `kit.data.tfrecord`, `kit.cluster` and
`kit.evaluation.scores`; `--help` shows them too. Hyphens work as well: `--batch-size`. This page is made from
`kit/cli/settings.py` and `lab_settings.py` by `python docs/make_flags.py`.
"""


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8", newline="\n")


def page() -> str:
    """The text of docs/flags.md."""
    lines = [HEAD]
    for script, settings_class in SCRIPTS.items():
        lines.append(f"## {script}\n")
        for heading, fields in groups(settings_class):
            if heading:
                lines.append(f"### {heading}\n")
            lines += ["| flag | meaning | default | values |", "|---|---|---|---|"]
            lines += [row(field, typing.get_type_hints(settings_class)[field.name]) for field in fields]
            lines.append("")
            for field in fields:
                choices = choices_of(field)
                if len(choices) > MOST_CHOICES:
                    listed = f"`--{field.name}`: {', '.join(f'`{name}`' for name in choices)}."
                    lines.append(textwrap.fill(listed, 120, break_on_hyphens=False) + "\n")
    return "\n".join(lines).rstrip("\n") + "\n"


def groups(settings_class: type) -> Iterator[tuple[str, list[dataclasses.Field]]]:
    """The fields of a settings class by heading. Headings are the comments on lines of their own in its source."""
    fields = {field.name: field for field in dataclasses.fields(settings_class)}
    heading, found = "", []
    inherited_first = [each for each in reversed(settings_class.__mro__) if dataclasses.is_dataclass(each)]
    for line in (line for each in inherited_first for line in inspect.getsource(each).splitlines()):
        if comment := re.fullmatch(r"    # (.+)", line):
            if found:
                yield heading, found
            heading, found = comment[1].capitalize(), []
        elif (start := re.match(r"    (\w+): ", line)) and start[1] in fields:
            found.append(fields.pop(start[1]))
    yield heading, found


def row(field: dataclasses.Field, annotation: typing.Any) -> str:
    """A flag's row of the table."""
    meaning, default = field.metadata["help"], str(field.default)
    if field.default is dataclasses.MISSING:
        default = "required"
    elif field.default is False:
        default = "no"
    elif field.default in (None, ()):  # the help text ends in what the script then uses, in brackets
        default = ""
        if brackets := re.search(r" \(([^()]*)\)$", meaning):
            meaning, default = meaning[: brackets.start()], brackets[1]
    return f"| `--{field.name}` | {meaning} | {default} | {values_of(field, annotation)} |"


def values_of(field: dataclasses.Field, annotation: typing.Any) -> str:
    """What may be given: the choices, or the type with its bounds."""
    choices = choices_of(field)
    if choices:
        return ", ".join(choices) if len(choices) <= MOST_CHOICES else "see below"
    if annotation is bool:
        return "(no value)"
    types = typing.get_args(annotation) or (annotation,)
    name = {int: "whole number", float: "number", str: "text"}[types[0]]
    name += ", one or more" if types[-1] is ... else ""
    rules = field.metadata
    if rules["least"] is not None and rules["most"] is not None:
        return f"{name}, {rules['least']:,} to {rules['most']:,}"
    words = {"least": "at least", "above": "above", "most": "at most", "below": "below"}
    return ", ".join([name, *(f"{words[rule]} {rules[rule]:,}" for rule in words if rules[rule] is not None)])


def choices_of(field: dataclasses.Field) -> Collection[str]:
    return field.metadata["choices"] or CHOICES.get(field.name, ())


if __name__ == "__main__":
    main()
