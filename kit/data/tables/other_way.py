"""A table that seems to lie the other way round: its rows where its columns should be. What helps is a flag."""

import contextlib
from collections.abc import Collection

from kit.cli.errors import UserError
from kit.data.tables.advice import FOR_TRAINING, Advice
from kit.data.tables.layouts import Layout


def turn_hint(layout: Layout, where: str, advice: Advice = FOR_TRAINING) -> str:
    """A line for an error: the flag that turns a table round; "" if it can't be turned.

    Args:
      layout: of the table.
      where: what tells that it lies the other way round.
      advice: what depends on the script: its flag.
    """
    flag = advice.turn_back if layout.is_transposed else advice.turn
    return f"\n  {where}: {flag}" if flag and not layout.has_fixed_sides else ""


def are_columns(names: Collection[bytes], layout: Layout) -> bool:
    """Whether columns of a table are called as its rows should be: most of the names are theirs."""
    return _are_most(names, {name.encode() for name in layout.names or ()})


def are_rows(names: Collection[bytes], layout: Layout) -> bool:
    """Whether the cells of its first column are what its columns should be called."""
    found = set()
    with contextlib.suppress(UserError):  # a broken line: another error tells of it
        found = {layout.texts(*row)[0].strip() for row in layout.rows()}
    return _are_most(names, found)


def _are_most(names: Collection[bytes], found: set[bytes]) -> bool:
    return 2 * len(found & {*names}) > len({*names})
