"""The sequences that the settings of a run name: with their labels, their alphabet, their split."""

from __future__ import annotations

from functools import partial

from kit.cli.errors import UserError
from kit.cli.settings import EvaluatingSettings
from kit.data.data_spec import TableSpec
from kit.data.interface import Lesson
from kit.data.sequences.fasta import is_fasta
from kit.data.sequences.sequence_data import SequenceData
from kit.data.sequences.sequence_layout import SequenceLayout, open_sequences
from kit.data.tables import splits
from kit.data.tables.advice import for_evaluating
from kit.data.tables.labels import LabelSource
from kit.data.tables.table import scan_table
from kit.data.tables.table_data import TableData
from kit.runs.run_folder import Run
from kit.runs.table_of_run import gives_values, is_new, split_of, weigh_classes

LABEL = "label"  # what a label is called in the line of a sequence's name: label=...


def open_sequence_data(run: Run, lesson: Lesson) -> TableData:
    """Opens the sequences that a run learns from.

    Raises:
      UserError: a record, a label or a setting is wrong.
    """
    settings = run.settings
    layout = open_sequences(settings.data, "--data")
    column = settings.label_column or (None if settings.labels else LABEL)
    labels = LabelSource(settings.labels, column, settings.positive_class)
    if not labels.path and labels.column not in layout.facts:
        known = ", ".join(layout.facts) or "nothing of this kind"
        raise UserError(
            f"{layout.path}: no labels: no line >NAME says {labels.column}=..., but {known}.\n"
            "  Name the labels' file with --labels, what the lines call them with --label_column, or write label=... "
            "into each."
        )
    data = scan_table(
        settings.data,
        labels,
        decimal=settings.decimal,
        split=split_of(run),
        prefer_values=gives_values(run),
        tells=is_new(run),
        layout=layout,
        kind=_kind(layout, settings.encoding),
        lesson=lesson,
    )
    weigh_classes(run, data)
    return data


def open_other_sequences(settings: EvaluatingSettings, run: Run, lesson: Lesson) -> TableData:
    """Opens another FASTA file for the network of a run: all of its sequences as the VALIDATION part.

    Raises:
      UserError: it isn't one, a record, a label or a flag is wrong, or a sequence is too long.
    """
    spec = run.data_spec
    assert settings.data and isinstance(spec, TableSpec)
    if not is_fasta(settings.data):
        raise UserError(
            f"{settings.data}: run '{run.name}' was trained on sequences. Name a FASTA file, such as reads.fasta."
        )
    for flag in ("header", "transpose"):
        if getattr(settings, flag):
            raise UserError(f"--{flag} is only for tables, but run '{run.name}' was trained on sequences.")
    layout = open_sequences(settings.data, "--data", spec.alphabet, len(spec.columns))
    return scan_table(
        settings.data,
        LabelSource(settings.labels, settings.label_column),
        decimal=settings.decimal or run.settings.decimal,
        split=splits.everything(),
        trained_on=spec,
        advice=for_evaluating(run.is_finished_model, run.settings.fill_missing),
        layout=layout,
        kind=_kind(layout, run.settings.encoding),
        lesson=lesson,
    )


def _kind(layout: SequenceLayout, encoding: str) -> partial:
    return partial(SequenceData, alphabet=layout.alphabet.letters, encoding=encoding)
