"""The kinds of data, and the one function that chooses between them."""

from __future__ import annotations

from kit.cli.settings import TrainingSettings
from kit.data.image_data import ImageData
from kit.data.interface import Data
from kit.data.sequences.fasta import is_fasta
from kit.data.sequences.sequence_data import SequenceData
from kit.data.tables.table_data import TableData

KINDS: tuple[type[Data], ...] = (ImageData, TableData, SequenceData)


def kind_of(settings: TrainingSettings) -> type[Data]:
    """SequenceData for a FASTA file, by its name; TableData, if the settings name labels; otherwise ImageData."""
    if is_fasta(settings.data):
        return SequenceData
    return TableData if settings.labels or settings.label_column else ImageData
