"""evaluating.py --importance: which columns of a table a network relies on, found by shuffling each."""

from __future__ import annotations

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.data.parts import VALIDATION
from kit.data.tables.table_data import TableData
from kit.evaluation import permutation
from kit.evaluation.bars import MOST_BARS, Bars, bars_png
from kit.evaluation.findings import Findings, tabular
from kit.evaluation.permutation import Importance
from kit.evaluation.scores import TOLERANCE, shown_as
from kit.evaluation.shuffled_columns import ShuffledColumns
from kit.model.first_layer import FirstLayer, is_only_layer
from kit.runs.evaluated_rows import read_rows

TABLE, PICTURE = "importance.tabular", "importance.png"
SEED = 0  # of the shuffles
MOST_ROWS, MOST_VALUES = 20_000, 1 << 24  # that are shuffled: 64 MiB
SAID = 10  # columns on the screen


def check_rows(data: TableData) -> None:
    """Checks that columns can be shuffled, and predictions scored.

    Raises:
      UserError: there are no labels, a single row, or all labels are the same value.
    """
    if not data.has_labels:
        raise UserError(
            f"--importance: {data.source} has no labels, so no prediction can get worse.\n"
            "  Name them with --labels, or --label_column."
        )
    labels = data.labels_of(VALIDATION)
    if len(labels) < 2:
        raise UserError(
            f"--importance: a column of one row can't be shuffled. Give more rows than that of {data.source}."
        )
    if data.has_values and labels.min() == labels.max():
        raise UserError(
            f"--importance: all {len(labels):,} labels of {data.source} are {labels[0]:g}, so that R2 is undefined.\n"
            "  Give rows whose labels differ."
        )


def find_importance(
    session: tf.Session,
    data: TableData,
    batches: tuple,
    inputs: tf.Tensor,
    logits: tf.Tensor,
    probabilities: tf.Tensor,
    repeats: int,
) -> Findings:
    """Shuffles each column among the rows that are evaluated.

    Args:
      session: with the weights in place.
      data: whose VALIDATION part is evaluated.
      batches: (iterator, next_element) of it.
      inputs: the placeholder of a batch, float32 [B, columns].
      logits: float32 [B, classes].
      probabilities: float32 [B, classes]; of values, the predictions [B, 1].
      repeats: how often to shuffle each column.
    Returns:
      importance.tabular, importance.png, and what is said. Nothing if a prediction isn't a finite number, which is an
      error of its own.
    """
    rows, labels = read_rows(session, batches, _chosen_places(data))
    columns = ShuffledColumns(session, rows, inputs, probabilities)
    scores = _scores(data, labels, columns.unshuffled())
    if not scores:
        return Findings()
    if columns.layer is None:
        console.say(
            "The network doesn't begin with a dense layer, so all columns are computed again for each that is shuffled."
        )
    with console.progress("importance", len(data.columns), "columns") as bar:
        orders = permutation.orders(len(rows), repeats, SEED)
        found = permutation.permutation_importance(columns, len(data.columns), scores, orders, bar.advance)
    layer = columns.layer
    weights = weights_of(session, layer, data) if layer and is_only_layer(layer, logits) else {}
    return _findings(data, found, weights, len(rows), repeats)


def _chosen_places(data: TableData) -> np.ndarray:
    """Which rows are shuffled: all, or as many by chance as fit; which is said."""
    most = max(2, min(MOST_ROWS, MOST_VALUES // len(data.columns)))
    if data.num_validation <= most:
        return np.arange(data.num_validation)
    console.say(f"--importance: on {most:,} of the {data.num_validation:,} rows, drawn by chance.")
    return np.sort(np.random.default_rng(SEED).choice(data.num_validation, most, replace=False))


def _scores(data: TableData, labels: np.ndarray, predictions: np.ndarray) -> dict[str, permutation.Score]:
    """By what predictions are compared, the first decides the rank; {} if a prediction isn't finite."""
    if not np.isfinite(predictions).all():
        return {}
    if data.has_values:
        return {"r2": permutation.r2(labels)}
    is_distribution = np.allclose(predictions.sum(axis=1), 1, rtol=0, atol=TOLERANCE)
    scores = {"log_loss": permutation.log_loss(labels)} if is_distribution else {}
    return {**scores, "accuracy": _accuracy(labels, data.threshold)}


def _accuracy(labels: np.ndarray, threshold: float | None) -> permutation.Score:
    """The share of rows whose predicted class is their label; of two classes, perhaps by a threshold."""
    if threshold is None:
        return permutation.accuracy(labels)
    return lambda probabilities: ((probabilities[:, :, 1] >= threshold) == labels).mean(axis=1)


def weights_of(session: tf.Session, layer: FirstLayer, data: TableData) -> dict[str, np.ndarray]:
    """The weights of a network that is a single layer, {heading: float32 [columns]}.

    Two classes have one weight per column: what it adds to the second class, less what it adds to the first.
    """
    weights = session.run(layer.weights)  # [columns, units]
    if weights.shape[1] == 1:
        return {"weight": weights[:, 0]}
    if weights.shape[1] == 2:
        return {"weight": weights[:, 1] - weights[:, 0]}
    return {f"weight_{name}": weights[:, place] for place, name in enumerate(data.class_names)}


def _findings(
    data: TableData, found: dict[str, Importance], weights: dict[str, np.ndarray], num_rows: int, repeats: int
) -> Findings:
    score, *others = found
    mean, low, high = found[score]
    size = sum(map(np.abs, weights.values()), np.zeros(len(mean)))
    order = np.lexsort((-size, -mean))  # between equals, the larger weights
    columns = {
        "feature": list(data.columns),
        "importance": mean,
        "low": low,
        "high": high,
        "rank": np.argsort(order) + 1,
        **{f"{name}_lost": found[name].mean for name in others},
        **weights,
    }
    cells = {name: values if isinstance(values, list) else values.tolist() for name, values in columns.items()}
    rows = [[values[place] for values in cells.values()] for place in order.tolist()]
    top = order[:MOST_BARS]
    bars = Bars("", [data.columns[place] for place in top], mean[top], low[top], high[top])
    what = "raises the log loss" if score == "log_loss" else f"lowers {'R2' if score == 'r2' else 'the accuracy'}"
    title = f"{len(top):,} of {len(mean):,} columns: how much shuffling one {what}"
    findings = Findings(
        {TABLE: tabular(list(columns), rows), PICTURE: bars_png([bars._replace(title=title)], "importance")}
    )
    findings.report["importance"] = {
        "score": score,
        "rows": num_rows,
        "repeats": repeats,
        "seed": SEED,
        "is_single_layer": bool(weights),
        "most_important": [dict(zip(columns, row)) for row in rows[:MOST_BARS]],
    }
    said = [name for name in columns if name != "rank"]
    findings.tell(
        f"Importance: how much shuffling a column {what}; means of {repeats} shuffles of {num_rows:,} rows, and their "
        f"{permutation.CONFIDENCE:.0%} intervals."
        + " Weight: what the column adds, scaled as the network has it."
        * bool(weights),
        [shown_as(name) for name in said],
        [[cells[name][place] for name in said] for place in order[:SAID].tolist()],
    )
    return findings
