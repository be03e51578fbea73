"""evaluating.py --explain_rows: what pushed single rows of a table to their predictions, by integrated gradients."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.data.parts import VALIDATION
from kit.data.tables.table_data import TableData
from kit.evaluation.bars import BARS_OF_ROW, MOST_BARS, MOST_ROWS, Bars, bars_png
from kit.evaluation.findings import Findings, tabular
from kit.model.integrated_gradients import Attribution, IntegratedGradients
from kit.runs.evaluated_rows import names_of, places_of, read_rows

TABLE, PICTURE = "explanations.tabular", "explanations.png"
MOST_EXPLAINED = 20  # rows
SAID = 5  # columns on the screen
FILL = "scale_columns/fill"  # the variable with the means of the training rows
AVERAGE, ZEROS = "the average training row", "a row of zeros"  # what rows are compared with


def check_rows(asked: tuple[str, ...], data: TableData) -> None:
    """Checks that --explain_rows names rows that are evaluated, and not too many; otherwise a UserError."""
    if len(places_of(asked, data, "--explain_rows")) > MOST_EXPLAINED:
        raise UserError(
            f"--explain_rows: {len(asked)} rows, expected {MOST_EXPLAINED} or less.\n"
            "  It explains single rows; --importance says what matters for all of them."
        )


def explain_rows(
    session: tf.Session,
    asked: tuple[str, ...],
    data: TableData,
    batches: tuple,
    inputs: tf.Tensor,
    logits: tf.Tensor,
    probabilities: tf.Tensor,
    baseline_in_words: str = AVERAGE,
) -> Findings:
    """Explains rows: how far each column pushed the prediction away from that of the baseline.

    Args:
      session: with the weights in place.
      asked: names or numbers of the rows.
      data, batches, inputs, logits, probabilities: as kit.runs.importance.find_importance has them.
      baseline_in_words: AVERAGE; or ZEROS, of a finished model, whose training rows aren't known.
    Returns:
      explanations.tabular, explanations.png, and what is said. Nothing if a prediction isn't a finite number, which is
      an error of its own.
    """
    places = places_of(asked, data, "--explain_rows")
    rows, _ = read_rows(session, batches, places)
    predictions = session.run(probabilities, {inputs: rows})
    if not np.isfinite(predictions).all():
        return Findings()
    average = session.run(next(each for each in tf.global_variables() if each.op.name == FILL))  # [columns]
    filled = np.where(np.isnan(rows), average, rows)
    gradients = IntegratedGradients(inputs, logits, probabilities if data.has_values else None)
    findings, tables, bars = Findings(), [], []
    explanations = findings.report["explanations"] = []
    names, numbers = names_of(data), data.numbers(VALIDATION)
    labels = np.zeros(len(rows), int) if data.has_values else data.decide(predictions)
    most = BARS_OF_ROW if len(places) > 1 else MOST_BARS
    for row, values, label, place in zip(filled, predictions, labels.tolist(), places):
        predicted = f"{values[0]:.6g}" if data.has_values else data.class_names[label]
        found = gradients.explain(session, row, average, label)
        order = np.argsort(-np.abs(found.shares), kind="stable")
        named = {"row": int(numbers[place]), "name": names[place], "predicted": predicted}
        tables += [
            [*named.values(), data.columns[i], float(row[i]), float(average[i]), float(found.shares[i])] for i in order
        ]
        top = [{"feature": data.columns[i], "share": float(found.shares[i])} for i in order[:MOST_BARS]]
        explanations.append({**named, "compared_with": baseline_in_words, **_numbers(found), "largest": top})
        bars.append(_bars(named, found, data.columns, order[:most]))
        _tell(findings, named, found, data, top, baseline_in_words)
    findings.files[TABLE] = tabular(["row", "name", "predicted", "feature", "value", "compared_with", "share"], tables)
    axis = f"share: what the column adds, compared with {baseline_in_words}"
    findings.files[PICTURE] = bars_png(bars[:MOST_ROWS], axis)
    if len(bars) > MOST_ROWS:
        findings.tell(f"{PICTURE} shows the first {MOST_ROWS} of {len(bars)} rows; {TABLE} has all.")
    return findings


def _bars(named: dict, found: Attribution, columns: Sequence[str], shown: np.ndarray) -> Bars:
    row = f"row {_called(named)}, predicted {named['predicted']}"
    title = f"{row}; {len(shown)} of {len(columns):,} columns, all add up to {found.shares.sum():+.4g}"
    return Bars(title, [columns[int(place)] for place in shown], found.shares[shown])


def _numbers(found: Attribution) -> dict:
    return {
        "difference": found.difference,
        "sum_of_shares": float(found.shares.sum()),
        "is_complete": found.is_complete,
        "steps": found.steps,
    }


def _called(named: dict) -> str:
    return str(named["row"]) if named["name"] == str(named["row"]) else f"{named['row']}, {named['name']}"


def _tell(
    findings: Findings, named: dict, found: Attribution, data: TableData, top: list[dict], baseline_in_words: str
) -> None:
    what = "value" if data.has_values else "lead"
    pushes = console.listed([f"{each['feature']} {each['share']:+.4g}" for each in top[:SAID]], SAID)
    findings.tell(
        f"Row {_called(named)}, predicted {named['predicted']}: its {what} is "
        f"{found.difference:+.4f} compared with that of {baseline_in_words}: {pushes}; all columns add up "
        f"to {found.shares.sum():+.4f}"
    )
    if not found.is_complete:
        findings.tell(
            f"  This is {found.gap:.2g} apart, more than {found.tolerance:.2g}, after {found.steps:,} steps: take "
            "small shares with care."
        )
