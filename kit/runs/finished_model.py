"""A finished model in the place of a run: evaluating.py --model model.keras --data X.tabular, without a training."""

from __future__ import annotations

import dataclasses
import re
import tempfile
from collections.abc import Sequence, Set
from pathlib import Path

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.settings import EvaluatingSettings, TrainingSettings
from kit.data.data_spec import TableSpec
from kit.data.image_lines import check_is_no_list_of_images
from kit.data.sequences.alphabets import DNA, PROTEIN
from kit.data.sequences.fasta import is_fasta
from kit.data.sequences.sequence_layout import open_sequences
from kit.data.tables.advice import FOR_MODEL
from kit.data.tables.columns import field_of, input_fields
from kit.data.tables.label_rules import check_names
from kit.data.tables.layouts import Layout
from kit.data.tables.standardization import Scaling, scale_columns
from kit.data.tables.transposed_layout import open_layout
from kit.model.defaults import loss_of_end
from kit.model.keras import architectures, network
from kit.model.keras.containers import is_whole_model
from kit.model.keras.structure import Architecture
from kit.model.losses import REGRESSION
from kit.runs import checkpoint_files, export
from kit.runs.run_folder import ROOT, Run
from kit.runs.threshold import CHOSEN

OF_RUNS = ("checkpoint", "part", "images", "skip_bad")  # flags that a finished model has no use for
AS_THEY_ARE = (
    "The columns are taken as they are: scale them first if they were scaled for the training. A run of yours does so "
    "by itself: --run."
)
IN_NAMES = re.compile(r"[^\w.\-]+")


class ModelRun(Run):
    """What evaluating.py needs of a run. Its folder in runs/ gets the evaluation, and its pictures for TensorBoard."""

    is_finished_model = True

    def __init__(self, folder: Path, settings: TrainingSettings) -> None:
        super().__init__(folder, settings)
        self._temporary = tempfile.TemporaryDirectory(prefix="model-")  # removed as the process ends

    @property
    def design(self) -> str:
        return f"model {self.settings.architecture}"

    def checkpoint_prefix(self, kind: str) -> str:
        return str(Path(self._temporary.name) / checkpoint_files.NAME)

    def take(self, loss: str, spec: TableSpec) -> None:
        """Takes what a training would have known."""
        self.settings, self._data_spec = dataclasses.replace(self.settings, loss=loss), spec


def open_model(settings: EvaluatingSettings, given_flags: Set[str]) -> ModelRun:
    """Reads a model with its weights, and says what it predicts.

    Args:
      settings: of evaluating.py: they name the model and the table.
      given_flags: the names of the flags on the command line.
    Returns:
      A run whose checkpoint, in a temporary folder, has the model's weights.
    Raises:
      UserError: a flag, the model or its weights are wrong, or the table has other columns than the model takes.
    """
    _check_flags(settings, given_flags)
    path, table = settings.model, settings.data
    assert path and table
    run = ModelRun(_folder_of(settings), TrainingSettings(data=table, architecture=path))
    assert run.architecture
    spec = _spec_of_sequences(table, path, run.architecture) if is_fasta(table) else _spec_of_table(settings)
    shape = (len(spec.columns), *([len(spec.alphabet)] if spec.alphabet else []))
    way_out = f"{table} must have the columns that the model was trained on, in their order; and, if it has labels, "
    run.architecture = architectures.with_input_shape(
        run.architecture, shape, f"{way_out}name their column with --label_column."
    )
    units, activation = _write_checkpoint(run, shape, settings.weights or path)
    loss = loss_of_end(units, activation)
    predicts_values = units == 1 and loss in REGRESSION
    class_names = () if predicts_values else _class_names(settings.classes, max(units, 2))
    if predicts_values and settings.classes:
        raise UserError(f"--classes: {path} predicts values, not classes. Leave out the flag.")
    names = "" if settings.classes else "; their names: --classes"
    outputs = "a value" if predicts_values else f"the classes {console.listed(class_names)}{names}"
    each_letter = f" of {spec.alphabet}, one-hot in this order" if spec.alphabet else ""
    inputs = console.counted(len(spec.columns), "letters" if spec.alphabet else "columns")
    console.say(f"Model {path}: from {inputs}{each_letter}, {outputs}")
    if not spec.alphabet:
        console.say(AS_THEY_ARE)
    run.take(loss, dataclasses.replace(spec, class_names=class_names))
    return run


def _check_flags(settings: EvaluatingSettings, given_flags: Set[str]) -> None:
    path = settings.model
    assert path
    if settings.data is None:
        raise UserError(f"--model {path}: needs --data, a table to predict.")
    useless = [name for name in OF_RUNS if name in given_flags]
    if useless:
        raise UserError(f"--{useless[0]} has no effect on --model. Leave out one of them.")
    if settings.threshold:
        from kit.evaluation.thresholds import CHOOSE_BY  # here: it takes a while to import

        if settings.threshold in (CHOSEN, *CHOOSE_BY):
            raise UserError(
                f"--threshold {settings.threshold}: it is chosen on a run's validation rows, and --model has none.\n"
                "  Give a number between 0 and 1."
            )
    if not Path(path).exists():
        raise UserError(
            f"--model {path}: there is no such file.\n"
            "  Give a path relative to the current folder. Keras's model.save(...) writes such a file."
        )
    if Path(path).is_file() and not settings.weights and not is_whole_model(path):
        raise UserError(f"--model {path}: no model with its weights. If it is Keras's JSON, name them with --weights.")
    check_is_no_list_of_images(settings.data)


def _folder_of(settings: EvaluatingSettings) -> Path:
    """The folder of the evaluation: --run, or the name of the model's file."""
    name = settings.run or IN_NAMES.sub("_", Path(settings.model or "").stem).lstrip("._-") or "model"
    folder = ROOT / name
    if (folder / "config.json").exists():
        raise UserError(f"{folder}: a run has this name, and the evaluation goes there. Choose another with --run.")
    return folder


def _spec_of_table(settings: EvaluatingSettings) -> TableSpec:
    """A table's columns, as if they were those of the training: all but the labels and the rows' names."""
    header, decimal = settings.header or "auto", settings.decimal or "auto"
    layout = open_layout(settings.data or "", header, "--data", decimal, settings.transpose == "yes")
    label = None if settings.label_column is None or settings.labels else settings.label_column
    label_field = None if label is None else field_of(label, layout, "--label_column", FOR_MODEL)
    return _spec(layout, tuple(field for field in input_fields(layout) if field != label_field))


def _spec_of_sequences(path: str, model: str, architecture: Architecture) -> TableSpec:
    """The places of sequences, as long as the model takes them, or as they are."""
    own = list(architecture.input_shape or ())
    letters = {len(alphabet): alphabet for alphabet in (DNA, PROTEIN)}.get(own[1] if len(own) == 2 else 0)
    if letters is None:
        found = "whole numbers to look up" if architectures.takes_indices(architecture) else f"inputs of {own}"
        raise UserError(
            f"--model {model}: it takes {found}. Of a FASTA file's letters, --model only makes one-hot vectors: of "
            f"[length, {len(DNA)}] for DNA and RNA, or [length, {len(PROTEIN)}] for proteins."
        )
    layout = open_sequences(path, "--data", letters, own[0] or 0)
    return dataclasses.replace(_spec(layout, tuple(range(1, 1 + layout.length))), alphabet=letters)


def _spec(layout: Layout, fields: tuple[int, ...]) -> TableSpec:
    return TableSpec(
        columns=tuple(map(layout.name_of, fields)),
        fields=fields,
        num_fields=layout.num_fields,
        has_header=layout.names is not None,
        label_column=None,
        class_names=(),
        num_training=0,
        num_validation=0,
    )


def _write_checkpoint(run: ModelRun, shape: tuple[int, ...], weights: str) -> tuple[int, str]:
    """Writes a model's weights as the run's checkpoint.

    Args:
      run: whose model it is.
      shape: of an example: (columns,), or (length, letters).
      weights: the path of the file that holds them.
    Returns:
      (units, activation): the number of outputs, and the name of their activation.
    """
    assert run.architecture
    as_it_is = Scaling(*(np.full(shape[0], value, np.float32) for value in (0, 1, 0)))
    with tf.Graph().as_default(), tf.Session() as session:
        examples_ph = tf.placeholder(tf.float32, [None, *shape])
        inputs = scale_columns(examples_ph, as_it_is) if len(shape) == 1 else examples_ph
        _, logits, activation = network.build(run.architecture, inputs, tf.constant(False))
        session.run(tf.global_variables_initializer())
        export.load_weights(session, weights, run)
        tf.train.Saver().save(session, run.checkpoint_prefix("best"), 0, write_meta_graph=False)
    if logits.shape.ndims != 2:
        raise UserError(
            f"--model {run.settings.architecture}: its outputs have the shape {logits.shape.as_list()[1:]}, expected "
            "one per class, or a single value."
        )
    return logits.shape[1].value, activation


def _class_names(given: Sequence[str], count: int) -> tuple[str, ...]:
    if given:
        check_names("--classes", given, "in the order of the model's outputs", count)
    return tuple(given) or tuple(map(str, range(count)))
