"""From a line of a table to a row of numbers, as operations of the graph."""

from __future__ import annotations

from typing import Any

import kit.tensorflow1 as tf
from kit.data.tables.cells import MISSING_VALUES

MISSING = f"(?i) *({'|'.join(MISSING_VALUES)}) *"  # what stands in a field that has no value
QUOTED_NUMBER_OR_WORD = r'"([-+.{}0-9eE ]*)"|"[^"]*"'  # the group is the number; nothing for a word
OPEN, CLOSE, COMMA = "\x1e", "\x1f", "\x1d"  # stand for quotes and for a comma between them; no line has them
MOST_COMMAS = 5  # in a number


def parse_row(line: tf.Tensor, table: Any) -> tf.Tensor:
    """Turns a line of a table into a row of numbers.

    Args:
      line: string [], fields with table.delimiter between them.
      table: kit.data.tables.table_data.TableData.
    Returns:
      float32 [columns], NaN where a value is missing.
    """
    line = tf.strings.regex_replace(line, "^\ufeff", "")  # the mark of UTF-8 that some editors put first
    if table.has_quotes:
        line = _without_quotes(line, table)
    delimiter = None if table.delimiter == " " else table.delimiter  # None: any number of spaces
    fields = tf.strings.split([line], delimiter).values  # string [fields]
    values = tf.gather(fields, table.fields)  # string [columns]
    if table.has_missing:
        values = tf.strings.regex_replace(values, f"^{MISSING}$", "nan")
    if table.decimal == ",":
        values = tf.strings.regex_replace(tf.strings.regex_replace(values, r"\.", ""), f"[,{COMMA}]", ".")
    elif table.decimal == ".":
        values = tf.strings.regex_replace(values, f"[,{COMMA}]", "")
    return tf.ensure_shape(tf.strings.to_number(values), [len(table.columns)])


def _without_quotes(line: tf.Tensor, table: Any) -> tf.Tensor:
    """A line without quotes and quoted words, so that no delimiter between quotes counts. No column has such words."""
    quoted = QUOTED_NUMBER_OR_WORD.format("," if table.decimal else "")
    if table.delimiter != " " and not (table.delimiter == "," and table.decimal):
        return tf.strings.regex_replace(line, quoted, r"\1")
    line = tf.strings.regex_replace(line, quoted, rf"{OPEN}\1{CLOSE}")
    if table.delimiter == " ":  # a field has at least one character
        line = tf.strings.regex_replace(line, f"{OPEN} *{CLOSE}", "?")
    else:
        for _ in range(MOST_COMMAS):
            line = tf.strings.regex_replace(line, f"({OPEN}[^,{CLOSE}]*),", rf"\1{COMMA}")
    return tf.strings.regex_replace(line, f"[{OPEN}{CLOSE}]", "")
