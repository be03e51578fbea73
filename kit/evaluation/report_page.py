"""report.html: an evaluation as one page, which opens without a network. Its frame is report_page.html."""

from __future__ import annotations

import base64
import importlib.metadata
import platform
import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from kit.cli.console import NO_NUMBER
from kit.evaluation.intervals import CONFIDENCE
from kit.evaluation.scores import shown_as

NAME = "report.html"
FRAME = Path(__file__).with_name("report_page.html")
PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = ("tensorflow", "numpy", "scikit-learn", "matplotlib")
NOT_SCORES = ("loss", "rows", "images")
CAPTIONS = {  # of the pictures, in their order
    "confusion_matrix.png": "Confusion matrix: true classes on the y-axis, predictions on the x-axis.",
    "roc.png": "ROC curve: right and wrong positives, as the threshold falls.",
    "precision_recall.png": "Precision over recall, as the threshold falls.",
    "values.png": "True values over predicted ones; on the dashed line they are equal.",
    "mistakes.png": "The most confident mistakes.",
}
WIDE = (
    "mistakes.png",
    "learning_curves.png",
    "importance.png",
    "explanations.png",
)  # pictures with a line of their own
_WIDE = ' class="wide"'
MOST_CLASSES = 40  # in the table of classes


@dataclass(frozen=True)
class About:
    """What a page says of the run beside the report."""

    network: str
    data: str  # what it was trained on
    settings: Mapping[str, object]  # of the training
    commands: Sequence[str]  # that made it: training, evaluation


def page_of(report: Mapping, pictures: Mapping[str, bytes], about: About) -> bytes:
    """The page of an evaluation.

    Args:
      report: the content of report.json.
      pictures: {file name: PNG}.
      about: the run.
    Returns:
      HTML as UTF-8. Pictures are within it, and nothing is loaded from elsewhere.
    """
    unit = "rows" if "rows" in report else "images"
    sections = {
        "Scores": _scores(report) + _figures(pictures, CAPTIONS),
        "Classes": _classes(report, unit),
        "Importance": _importance(report, pictures),
        "Explained rows": _explanations(report, pictures),
        "Learning curves": _figures(pictures, {"learning_curves.png": "Loss and score by epoch."}),
        "Data": _pairs({"trained on": about.data, "evaluated": f"{report[unit]:,} {unit} of {report['data']}"}),
        "Network and settings": _pairs({"network": about.network, **_given(about.settings)}),
        "Commands": f"<pre>{escape(chr(10).join(about.commands))}</pre>",
        "Versions": _pairs(versions()),
    }
    frame = string.Template(FRAME.read_text(encoding="utf-8"))
    text = frame.substitute(
        title=escape(f"Run {report['run']} on {report['data']}"),
        source=escape(f"Weights: {report['checkpoint']}"),
        sections=_caution(report)
        + "\n".join(f"<h2>{name}</h2>\n{content}" for name, content in sections.items() if content),
    )
    return text.encode()


def versions() -> dict[str, str]:
    """The versions of what an evaluation is made with."""
    found = {"Python": f"{platform.python_version()}, {platform.platform()}"}
    project = PROJECT / "pyproject.toml"
    if project.exists() and (own := re.search(r'(?m)^version = "(.*)"', project.read_text(encoding="utf-8"))):
        found["kit"] = own[1]
    for package in PACKAGES:
        found[package] = importlib.metadata.version(package)
    return found


# ----------------------------------------------------------------------------- sections


def _caution(report: Mapping) -> str:
    return f"<p>{escape(report['caution'])}</p>\n" if "caution" in report else ""


def _scores(report: Mapping) -> str:
    """Every score of the report, which are its numbers but for counts."""
    scores = {
        shown_as(name): value
        for name, value in report.items()
        if name not in NOT_SCORES and (value is None or isinstance(value, float))
    }
    loss = {"loss": report["loss"]} if "loss" in report else {}
    said = "".join(f"<p>{escape(line)}</p>\n" for line in report.get("undefined", []))
    return (_pairs({**scores, **loss}) if scores else "") + said


def _classes(report: Mapping, unit: str) -> str:
    classes = report.get("classes", [])
    columns = ["name", "label", "precision", "recall", "f1", unit]
    left = len(classes) - MOST_CLASSES
    more = f"<p>{left:,} more are in report.json.</p>\n" if left > 0 else ""
    return _table(["class", *columns[1:]], [[row[name] for name in columns] for row in classes[:MOST_CLASSES]]) + more


def _importance(report: Mapping, pictures: Mapping[str, bytes]) -> str:
    if "importance" not in report:
        return ""
    found = report["importance"]
    rows = found["most_important"]
    said = (
        f"<p>How much the score, {shown_as(found['score'])}, suffers if a column is shuffled among {found['rows']:,} "
        f"rows: means of {found['repeats']} shuffles, with {CONFIDENCE:.0%} intervals. importance.tabular has all "
        "columns.</p>\n"
    )
    table = _table([shown_as(name) for name in rows[0]], [list(row.values()) for row in rows])
    return said + _figures(pictures, {"importance.png": "The most important columns."}) + table


def _explanations(report: Mapping, pictures: Mapping[str, bytes]) -> str:
    rows = report.get("explanations", [])
    if not rows:
        return ""
    columns = ["row", "name", "predicted", "difference", "sum_of_shares", "is_complete"]
    said = (
        f"<p>What each column adds to the prediction, compared with {rows[0]['compared_with']}: integrated gradients. "
        "All shares are in explanations.tabular.</p>\n"
    )
    table = _table([shown_as(name) for name in columns], [[row[name] for name in columns] for row in rows])
    return said + table + _figures(pictures, {"explanations.png": "The largest shares."})


def _given(settings: Mapping[str, object]) -> dict[str, object]:
    """The settings that say something, as they are given: 0.00005, which scores would be rounded from."""
    return {
        name: value if value is True else " ".join(map(str, value if isinstance(value, (list, tuple)) else [value]))
        for name, value in settings.items()
        if value is not None and value is not False and value != () and value != []
    }


# ----------------------------------------------------------------------------- HTML


def _figures(pictures: Mapping[str, bytes], captions: Mapping[str, str]) -> str:
    return "".join(
        f'<figure{_WIDE if name in WIDE else ""}><img alt="{escape(caption)}" src="data:image/png;base64,'
        f'{base64.b64encode(pictures[name]).decode()}"><figcaption>{escape(caption)}</figcaption></figure>\n'
        for name, caption in captions.items()
        if name in pictures
    )


def _pairs(values: Mapping[str, object]) -> str:
    rows = "".join(f"<tr><td>{escape(name)}</td>{_cell(value)}</tr>\n" for name, value in values.items())
    return f"<table>\n{rows}</table>\n"


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    if not rows:
        return ""
    is_text = [any(isinstance(row[place], (str, bool)) for row in rows) for place in range(len(columns))]
    number = ' class="number"'
    head = "".join(f"<th{'' if text else number}>{escape(name)}</th>" for name, text in zip(columns, is_text))
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>\n" for row in rows)
    return f"<table>\n<tr>{head}</tr>\n{body}</table>\n"


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return f"<td>{'yes' if value else 'no'}</td>"
    if value is None or isinstance(value, (int, float)):
        text = NO_NUMBER if value is None else f"{value:.4f}" if isinstance(value, float) else f"{value}"
        return f'<td class="number">{text}</td>'
    return f"<td>{escape(str(value))}</td>"
