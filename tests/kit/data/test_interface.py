"""The kinds of data have one interface, and the one function that chooses between them chooses rightly."""

import dataclasses

import pytest

from kit.cli.settings import TrainingSettings
from kit.data.image_data import ImageData
from kit.data.interface import Data
from kit.data.kinds import KINDS, kind_of
from kit.data.sequences.sequence_data import SequenceData
from kit.data.tables.table_data import TableData

OWN = {  # what a kind has besides: what it was read from, and how it is read
    ImageData: {"scan", "folder", "image_size", "located", "number_of", "number_of_word"},
    TableData: {
        *("own_file", "labels", "columns", "fields", "num_fields", "has_header", "label_column", "name_field"),
        *("delimiter", "decimal", "has_quotes", "has_missing", "scaling", "bytes_per_line"),
        *("labels_path", "constant_columns", "constants"),
        *(
            "num_test",
            "with_test_rows",
            "has_values",
            "labels_of_lines",
            "labels_of",
            "names_of_rows",
            "numbered_lines",
        ),
    },
}
OWN[SequenceData] = OWN[TableData] | {"alphabet", "encoding"}  # the rows of a table, in another form


def public_names(kind):
    """The public attributes of a class's objects."""
    return {name for name in {*dir(kind), *(field.name for field in dataclasses.fields(kind))} if name[0] != "_"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_kinds_have_the_names_of_data_and_their_own(kind):
    assert public_names(kind) - public_names(Data) == OWN[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_a_kind_must_define_is_missing(kind):
    """The words and the default network; the rest of Data raises NotImplementedError, or has a default."""
    for name in ("unit", "described", "parsing", "more", "network", "flags", "dtype"):
        assert getattr(kind, name), name
    for name in ("shape", "spec", "parse", "scale", "fingerprint", "predictions"):
        assert getattr(kind, name) is not getattr(Data, name), name


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({}, ImageData),
        ({"data": "X.tabular"}, ImageData),
        ({"labels": "y.tabular"}, TableData),
        ({"label_column": "kind"}, TableData),
        ({"data": "reads.fa.gz"}, SequenceData),
        ({"data": "reads.fasta", "labels": "y.tabular"}, SequenceData),
    ],
)
def test_labels_make_a_table_and_a_name_sequences(settings, kind):
    assert kind_of(TrainingSettings(**settings)) is kind


def test_a_flag_of_one_kind_is_a_setting_and_of_no_other_kind():
    known = {field.name for field in dataclasses.fields(TrainingSettings)}
    assert not set(ImageData.flags) & {*TableData.flags, *SequenceData.flags}
    assert {*ImageData.flags, *TableData.flags, *SequenceData.flags} <= known
