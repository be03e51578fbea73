"""The kinds of data, and the one function that chooses between them."""

from __future__ import annotations

from kit.cli.settings import TrainingSettings
from kit.data.image_data import ImageData
from kit.data.interface import Data
from kit.data.tables.table_data import TableData

KINDS: tuple[type[Data], ...] = (ImageData, TableData)


def kind_of(settings: TrainingSettings) -> type[Data]:
    """TableData, if the settings of training.py name labels; otherwise ImageData."""
    return TableData if settings.labels or settings.label_column else ImageData
