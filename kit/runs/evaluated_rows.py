"""Single rows of the table that is evaluated: read again, and found by their name or number."""

from __future__ import annotations

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.data.parts import TEST, TRAINING, UNUSED, VALIDATION
from kit.data.tables.table_data import TableData

ELSEWHERE = {  # part: why its rows aren't evaluated
    TRAINING: "the network was trained on this row of",
    TEST: "another --part, validation or test, has this row of",
    UNUSED: "neither training nor validation used this row of",
}


def read_rows(session: tf.Session, batches: tuple, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Reads some of the rows that are evaluated.

    Args:
      session: of the graph that reads them.
      batches: (iterator, next_element), as evaluating.py has them.
      places: int64 [N], which rows: their places among all that are evaluated, from 0, rising.
    Returns:
      (rows, labels): float32 [N, columns]; [N], zeros if there are none.
    """
    iterator, next_element = batches
    session.run(iterator.initializer)
    begin, found = 0, []
    while begin <= places[-1]:
        rows, labels = session.run(next_element)
        wanted = places[(places >= begin) & (places < begin + len(rows))] - begin
        found.append((rows[wanted], labels[wanted]))
        begin += len(rows)
    return np.concatenate([rows for rows, _ in found]), np.concatenate([labels for _, labels in found])


def names_of(data: TableData, part: int = VALIDATION) -> list[str]:
    """The names of the rows that are evaluated, or of another part; their numbers, from 1, where they have no names."""
    if data.name_field is None:
        return list(map(str, data.numbers(part)))
    return list(data.names_of_rows(part, data.name_field))


def places_of(asked: tuple[str, ...], data: TableData, flag: str) -> np.ndarray:
    """Where rows are that a flag names.

    Args:
      asked: names of rows, or numbers from 1, as predictions.tabular has them; of a name that is a number, the name.
      data: whose VALIDATION part is evaluated.
      flag: that names them, for errors.
    Returns:
      int64 [N]: their places among the rows that are evaluated, from 0, rising; each once.
    Raises:
      UserError: a row isn't there, or a name stands for several.
    """
    names, numbers = names_of(data), data.numbers(VALIDATION).tolist()
    found = set()
    for each in asked:
        places = [place for place, name in enumerate(names) if name == each]
        if len(places) > 1:
            several = console.listed([str(numbers[place]) for place in places])
            raise UserError(f"{flag} {each}: {len(places)} rows have this name. Give a number instead: {several}.")
        if not places and each.isdecimal() and int(each) in numbers:
            places = [numbers.index(int(each))]
        if not places:
            raise UserError(f"{flag} {each}: {_why_missing(each, data, names, numbers)}")
        found.add(places[0])
    return np.array(sorted(found))


def _why_missing(asked: str, data: TableData, names: list[str], numbers: list[int]) -> str:
    for part, reason in ELSEWHERE.items():
        if asked in {*names_of(data, part), *map(str, data.numbers(part))}:
            others = console.listed(list(map(str, numbers)), 5)
            return f"{reason} {data.source}.\n  Name one that is evaluated, such as {others}, or give --data."
    examples = console.listed(names, 5)
    return f"{data.source} has no such row among the {len(numbers):,} that are evaluated.\n  They are {examples}."
