"""From a line of a table to a row of numbers, as operations of the graph."""

from __future__ import annotations

from typing import Any

import kit.tensorflow1 as tf
from kit.data.tables.cells import MISSING_VALUES

MISSING = f"(?i) *({'|'.join(MISSING_VALUES)}) *"  # what stands in a field that has no value
QUOTED_NUMBER, QUOTED = r'"([-+.0-9eE ]*)"', r'"[^"]*"'


def parse_row(line: tf.Tensor, table: Any) -> tf.Tensor:
    """Turns a line of a table into a row of numbers.

    Args:
      line: string [], fields with table.delimiter between them.
      table: kit.data.tables.table_data.TableData.
    Returns:
      float32 [columns], NaN where a value is missing.
    """
    line = tf.strings.regex_replace(line, "^\ufeff", "")  # the mark of UTF-8 that some editors put first
    if table.has_quotes:  # no delimiter between quotes counts, and quoted words are no column of numbers
        line = tf.strings.regex_replace(line, QUOTED_NUMBER, r"\1")
        line = tf.strings.regex_replace(line, QUOTED, "")
    fields = tf.strings.split([line], table.delimiter).values  # string [fields]
    values = tf.gather(fields, table.fields)  # string [columns]
    if table.has_missing:
        values = tf.strings.regex_replace(values, f"^{MISSING}$", "nan")
    return tf.ensure_shape(tf.strings.to_number(values), [len(table.columns)])
