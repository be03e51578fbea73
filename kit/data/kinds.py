"""Which kind of data the settings of a training name: the one place that chooses."""

from __future__ import annotations

from typing import Any

from kit.data.image_data import ImageData
from kit.data.interface import Data
from kit.data.tables.table_data import TableData

KINDS: tuple[type[Data], ...] = (ImageData, TableData)


def kind_of(settings: Any) -> type[Data]:
    """ImageData; TableData where TrainingSettings say where its labels are."""
    return TableData if settings.labels or settings.label_column else ImageData
