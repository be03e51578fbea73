"""A run's network for other programs, and from them: weights in Keras's files, the network as a SavedModel."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError, tensorflow_reason
from kit.cli.settings import EvaluatingSettings
from kit.runs.run_folder import Run
from kit.system.files import cannot_write, check_writable, make_folder, write_text

if TYPE_CHECKING:
    from kit.model.keras.structure import Architecture

WEIGHTS_SUFFIX = ".h5"
OF_ONE_FILE = (".keras", WEIGHTS_SUFFIX, ".tflite", ".onnx", ".pb")
CLASSES = "labels.txt"  # a line per class, in the order of the probabilities
TRIED = 8  # examples


def check_weights(path: str, run: Run) -> None:
    """Checks that one of Keras's files holds the weights of a run's network; a UserError says why it doesn't."""
    from kit.model.keras import weights  # here, and below: only networks of Keras need it

    weights.read_weights(path, _architecture_of(run, path))


def check_wanted(settings: EvaluatingSettings, run: Run) -> None:
    """Checks, before time is spent on an evaluation, that --weights, --write_weights and --export can be done.

    Args:
      settings: of evaluating.py.
      run: whose network it is.
    Raises:
      UserError: one of them can't.
    """
    for path in filter(None, (settings.weights, settings.write_weights)):
        _architecture_of(run, path)
    if settings.weights and not Path(settings.weights).exists():
        raise UserError(
            f"--weights {settings.weights}: there is no such file.\n  Give a path relative to the current folder."
        )
    if settings.write_weights:
        check_writable(settings.write_weights)
        if not settings.write_weights.endswith(WEIGHTS_SUFFIX):
            raise UserError(
                f"--write_weights {settings.write_weights}: expected a name that ends in .weights.h5, or in .h5 for "
                "Keras's older layout."
            )
    if settings.export:
        _check_new(Path(settings.export))


def load_weights(session: tf.Session, path: str | None, run: Run) -> None:
    """Loads the weights of one of Keras's files into a session.

    Args:
      session: a tf.Session whose graph holds the run's network.
      path: an .h5 file, in either of Keras's layouts; None does nothing.
      run: whose network is an architecture of Keras's.
    Raises:
      UserError: the file can't be read, or its weights aren't this network's.
    """
    if path is None:
        return
    from kit.model.keras import weights

    values = weights.read_weights(path, _architecture_of(run, path))
    for variable in session.graph.get_collection(tf.GraphKeys.GLOBAL_VARIABLES):
        if variable.op.name in values:
            variable.load(values[variable.op.name], session)


def write_weights(session: tf.Session, path: str, run: Run) -> None:
    """Writes a session's weights for Keras, in the layout of the path's suffix: .weights.h5, or .h5 for the older."""
    from kit.model.keras import weights

    architecture = _architecture_of(run, path)
    variables = {variable.op.name: variable for variable in tf.global_variables()}
    weights.write_weights(path, architecture, session.run(variables))


@contextlib.contextmanager
def new_folder(path: str | Path) -> Iterator[Path]:
    """Yields a temporary folder, which is renamed to `path` when the block ends without an error.

    Raises:
      UserError: `path` exists, or can't be written.
    """
    path = Path(path)
    _check_new(path)
    make_folder(path.parent)
    partial = path.with_name(f".partial-{os.getpid()}-{path.name}")
    try:
        yield partial
        os.replace(partial, path)
    except tf.errors.OpError as error:
        raise UserError(f"--export {path}: cannot write: {tensorflow_reason(error)}.") from error
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def export_network(
    session: tf.Session,
    settings: EvaluatingSettings,
    run: Run,
    batches: tuple,
    inputs: tf.Tensor,
    probabilities: tf.Tensor,
    threshold: float | None = None,
) -> None:
    """Does what --write_weights and --export ask for.

    Args:
      session: a tf.Session with the weights in place.
      settings: of evaluating.py.
      run: whose network it is.
      batches: (iterator, next_element) of the data; what is written is tried on its first examples.
      inputs: the placeholder of a batch: uint8 [B, H, W, 3], or float32 [B, columns].
      probabilities: float32 [B, classes]; of values, the predictions [B, 1].
      threshold: of two classes, the probability from which on the second is predicted; None: the larger one wins.
    Raises:
      UserError: a file can't be written.
    """
    if settings.write_weights:
        write_weights(session, settings.write_weights, run)
        console.say(f"{settings.write_weights}: the weights, for Keras")
    if settings.export:
        from kit.runs import portable

        class_names = run.data_spec.class_names
        name = "probabilities" if class_names else "values"
        outputs = {name: probabilities}
        if class_names:
            outputs["predicted"] = tf.gather(tf.constant(class_names), decided(probabilities, threshold))  # string [B]
        iterator, next_element = batches
        session.run(iterator.initializer)
        examples = session.run(next_element)[0][:TRIED]
        console.say(f"{settings.export}: the network as a SavedModel, and beside it")
        with new_folder(settings.export) as folder:
            tf.saved_model.simple_save(session, str(folder), {inputs.op.name: inputs}, outputs)
            portable.write_portable(session, folder, examples, inputs, probabilities, name)
            if class_names:
                write_text(folder / CLASSES, "".join(f"{name}\n" for name in class_names))


def decided(probabilities: tf.Tensor, threshold: float | None) -> tf.Tensor:
    """The class predicted for each example, int64 [B], as kit.data.interface.Data.decide does it outside the graph."""
    if threshold is None:
        return tf.argmax(probabilities, axis=1)
    return tf.cast(probabilities[:, 1] >= threshold, tf.int64)


def _check_new(folder):
    if folder.suffix in OF_ONE_FILE:
        raise UserError(
            f"--export {folder}: it makes a folder with several kinds of file, not a {folder.suffix} file.\n"
            "  Choose a name without an ending. For Keras, --write_weights saves the weights."
        )
    if folder.exists():
        raise UserError(f"--export {folder}: exists already. Remove it, or choose another name.")
    there = next(parent for parent in folder.absolute().parents if parent.exists())
    if not (there.is_dir() and os.access(there, os.W_OK)):
        raise UserError(f"--export {folder}: cannot write to '{there}'. Choose a folder that you may write to.")


def _architecture_of(run: Run, path: str) -> Architecture:
    """A run's architecture; a UserError if it has none, so that `path` can't hold its weights."""
    if run.architecture is None:
        raise UserError(
            f"{path}: Keras's weights fit only a network of --architecture, but run '{run.name}' has one of "
            "dlho2018_nns.py.\n  Use --export to use such a network in other programs."
        )
    return run.architecture
