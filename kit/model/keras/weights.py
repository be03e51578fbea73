"""Reads and writes weights in Keras's HDF5 layouts.

The legacy layout, Keras 2's (`.h5`), has one group per layer, listed in order in attributes. Keras 3's
(`.weights.h5`) has layers/<class>_<number>/vars/<number>.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.model.keras.architectures import Architecture, snake_case
from kit.model.keras.file_kinds import FROM_KERAS, HDF5_ERRORS, wrong_kind
from kit.model.keras.layers import build
from kit.system.files import cannot_write, write_whole

if TYPE_CHECKING:
    import h5py

KERAS_3_SUFFIX = ".weights.h5"
KERAS_2 = b"2.15.0"  # the version written into a legacy file
LISTS = ("layer_names", "layer_names0")  # attributes of a legacy file; a long list is in numbered parts
KERAS_3_GROUPS = ("layers", "_layer_checkpoint_dependencies")  # the second as Keras 2.13 had it
LAYOUTS = FROM_KERAS["weights"]
OTHER_BACKENDS = ("theano", "cntk", "plaidml")
SHOWN = 40  # differences listed in an error


# ----------------------------------------------------------------------------- read


def read_weights(path: str | Path, architecture: Architecture) -> dict[str, np.ndarray]:
    """Reads the weights of a network.

    As in Keras, the layers of a legacy file are matched with the network's by their order, those of Keras 3's layout
    by their class and its order. The content shows which layout it is, whatever the file's name.

    Args:
      path: an HDF5 file: `.weights.h5` of Keras 3, `.h5` of model.save_weights of Keras 2, or of model.save.
      architecture: its input shape must be known.
    Returns:
      {variable name: float32 array}, in the network's order.
    Raises:
      UserError: the file can't be read, or its weights don't fit the network; the message lists the differences.
    """
    wanted = shapes_of(architecture)
    with _opened(path) as file:
        is_legacy = "model_weights" in file or any(name in file.attrs for name in LISTS)
        found = _legacy_layers(file, path) if is_legacy else _keras_3_layers(file, path)
        pairs, differences = _matched(found, architecture, wanted, by_class=not is_legacy)
        differences += [
            f"shape differs: {name} is {list(dataset.shape)} in the file, {list(wanted[name])} in the network"
            for name, dataset in pairs.items()
            if dataset.shape != wanted[name]
        ]
        if differences:
            more = [f"and {len(differences) - SHOWN} more"] if len(differences) > SHOWN else []
            raise UserError(
                f"{path}: its weights are not this network's:\n  "
                + "\n  ".join(differences[:SHOWN] + more)
                + "\n  Give the architecture that the weights were trained with."
            )
        return {name: _values(pairs[name], path) for name in wanted}


def shapes_of(architecture: Architecture) -> dict[str, tuple[int, ...]]:
    """The variables of a network, in Keras's order: {name: shape}.

    Raises:
      UserError: the architecture's input shape isn't known, or its layers don't fit each other.
    """
    if architecture.input_shape is None:
        raise UserError(
            f"The architecture '{architecture.name}' doesn't say the shape of its inputs, on which its weights depend."
        )
    with tf.Graph().as_default():
        inputs = tf.placeholder(tf.float32, [None, *architecture.input_shape])
        build(architecture, inputs, tf.placeholder_with_default(False, []))
        variables = [variable for variable in tf.global_variables() if "/" in variable.op.name]  # no global_step
        return {variable.op.name: tuple(variable.shape.as_list()) for variable in variables}


def _matched(
    found: Mapping[str, list[h5py.Dataset]],
    architecture: Architecture,
    wanted: Mapping[str, tuple[int, ...]],
    by_class: bool,
) -> tuple[dict[str, h5py.Dataset], list[str]]:
    """Pairs the network's variables with a file's.

    Args:
      found: {name of a layer in the file: its datasets}, only layers with weights.
      architecture: the network.
      wanted: {variable name: shape}.
      by_class: match layers by their class and its order; otherwise only by their order.
    Returns:
      ({variable name: dataset}, differences: variables that only one side has).
    """
    variables = _by_layer(architecture, wanted)
    names = _class_names(architecture) if by_class else dict(zip(variables, found))  # {layer: its name in the file}
    pairs, differences = {}, []
    for layer, own in variables.items():
        datasets = found.get(names.get(layer, ""), [])
        pairs.update(zip(own, datasets))
        differences += [f"missing in the file: {name} {list(wanted[name])}" for name in own[len(datasets) :]]
        differences += [_extra(dataset) for dataset in datasets[len(own) :]]
    matched = {names.get(layer) for layer in variables}
    differences += [_extra(dataset) for name in found if name not in matched for dataset in found[name]]
    return pairs, differences


def _by_layer(architecture: Architecture, wanted: Iterable[str]) -> dict[str, list[str]]:
    """{layer name: names of its variables}, only layers with variables."""
    by_layer = {
        layer.name: [name for name in wanted if name.rpartition("/")[0] == layer.name] for layer in architecture.layers
    }
    return {layer: names for layer, names in by_layer.items() if names}


def _class_names(architecture: Architecture) -> dict[str, str]:
    """{layer name: its group in Keras 3's layout}: dense, dense_1, ..., whatever the layers' names."""
    used, names = {}, {}
    for layer in architecture.layers:
        name = snake_case(layer.class_name)
        used[name] = used.get(name, -1) + 1
        names[layer.name] = f"{name}_{used[name]}" if used[name] else name
    return names


def _extra(dataset: h5py.Dataset) -> str:
    return f"missing in the network: {str(dataset.name).lstrip('/')} {list(dataset.shape)}"


# ----------------------------------------------------------------------------- the two layouts


def _legacy_layers(file: h5py.File, path: str | Path) -> dict[str, list[h5py.Dataset]]:
    """{layer name: its datasets} of a legacy file, in its order, only layers with weights."""
    root = _member(file, "model_weights", path) if "model_weights" in file else file  # by model.save
    _check_version(root, path)
    layers = {}
    for layer in _list_of(root, "layer_names"):
        group = _member(root, layer, path)
        datasets = [_member(group, name, path) for name in _list_of(group, "weight_names")]
        if datasets:
            layers[layer] = datasets
    return layers


def _check_version(root: h5py.Group, path: str | Path) -> None:
    """Refuses weights whose kernels may be stored in another order: those of Keras 1, and of another backend."""
    version, backend = (_list_of(root, name) or [""] for name in ("keras_version", "backend"))
    names = [
        name for layer in _list_of(root, "layer_names") for name in _list_of(_member(root, layer, path), "weight_names")
    ]
    old = next((name for name in names if name.removesuffix(":0").endswith(("_W", "_b", "_running_std"))), None)
    if version[0].startswith("1.") or old:
        raise UserError(
            f"{path}: these weights were written by Keras 1 ({old or version[0]}), expected Keras 2 or 3.\n"
            "  Load them with Keras 2.0 to 2.2, model.load_weights, and write them again, model.save_weights."
        )
    if backend[0] in OTHER_BACKENDS:
        raise UserError(
            f"{path}: these weights were written by Keras on {backend[0]}, which stores kernels in another order.\n"
            "  Load them with Keras 2 on TensorFlow, model.load_weights, and write them again, model.save_weights."
        )


def _list_of(group: h5py.Group, name: str) -> list[str]:
    """A list of names in the attributes of a group."""
    parts = [name] if name in group.attrs else []
    while f"{name}{len(parts)}" in group.attrs:
        parts.append(f"{name}{len(parts)}")
    items = [item for part in parts for item in np.atleast_1d(np.asarray(group.attrs[part]))]
    return [item.decode("utf-8") if isinstance(item, bytes) else str(item) for item in items]


def _keras_3_layers(file: h5py.File, path: str | Path) -> dict[str, list[h5py.Dataset]]:
    """{group name: its datasets} of a file in Keras 3's layout, only layers with weights."""
    import h5py

    layers = {}
    groups = next((_member(file, name, path) for name in KERAS_3_GROUPS if name in file), None)
    if not isinstance(groups, h5py.Group):
        raise UserError(f"{path}: this HDF5 file has no weights from Keras.\n  {LAYOUTS}")
    for layer in map(str, groups):
        group = _member(groups, layer, path)
        stored = _member(group, "vars", path) if isinstance(group, h5py.Group) and "vars" in group else None
        if stored is not None and len(stored):
            layers[layer] = [_member(stored, str(number), path) for number in range(len(stored))]
    return layers


def _member(group: h5py.Group, name: str, path: str | Path) -> Any:
    """A group or a dataset in a group. An HDF5 file may point to other files: those are not opened."""
    import h5py

    member = group.get(name) if isinstance(group, h5py.Group) else None
    if not isinstance(member, h5py.Group | h5py.Dataset):
        raise UserError(f"{path}: this file is damaged: '{name}' is missing in '{getattr(group, 'name', group)}'.")
    is_elsewhere = member.file.filename != group.file.filename
    if is_elsewhere or (isinstance(member, h5py.Dataset) and (member.external or member.is_virtual)):
        raise UserError(f"{path}: '{name}' points to another file. Give a file that holds the weights itself.")
    return member


def _values(dataset: h5py.Dataset, path: str | Path) -> np.ndarray:
    if dataset.dtype.kind not in "fiu":
        raise UserError(f"{path}: {dataset.name} has values of type {dataset.dtype}, expected numbers.")
    with np.errstate(over="ignore"):
        values = np.asarray(dataset, np.float32)
    if not np.isfinite(values).all():
        raise UserError(
            f"{path}: {dataset.name} has values that are infinite or not a number.\n  Train these weights again."
        )
    return values


@contextlib.contextmanager
def _opened(path: str | Path) -> Iterator[h5py.File]:
    """Opens an h5py.File to read; raises a UserError if that fails, then or while it is read."""
    import h5py

    if wrong := wrong_kind(path, "weights"):
        raise wrong
    if not Path(path).is_file():
        raise UserError(f"{path}: cannot read these weights: there is no such file.")
    try:
        with h5py.File(path, "r") as file:
            yield file
    except HDF5_ERRORS as error:
        reason = "this is not an HDF5 file" if "file signature not found" in str(error) else error
        if "truncated file" in str(error):
            reason = f"it is cut short at {Path(path).stat().st_size:,} bytes. Download or copy it again"
        raise UserError(f"{path}: cannot read these weights: {reason}.\n  {LAYOUTS}") from error


# ----------------------------------------------------------------------------- write


def write_weights(path: str | Path, architecture: Architecture, values: Mapping[str, np.ndarray]) -> None:
    """Writes the weights of a network, whole or not at all; Keras's model.load_weights reads them.

    Args:
      path: with the suffix `.weights.h5` the layout is Keras 3's, otherwise the legacy one, Keras 2's.
      architecture: its input shape must be known.
      values: {variable name: float32 array} with all variables of the network (shapes_of); others are ignored.
    Raises:
      UserError: the file can't be written.
      ValueError: a variable is missing in values, or has another shape.
    """
    import h5py

    wanted = shapes_of(architecture)
    misfits = [name for name, shape in wanted.items() if name not in values or np.shape(values[name]) != shape]
    if misfits:
        raise ValueError(f"missing in values, or of another shape: {', '.join(misfits)}")
    write = _write_keras_3 if str(path).endswith(KERAS_3_SUFFIX) else _write_legacy
    with write_whole(path) as partial:
        try:
            with h5py.File(partial, "w") as file:
                write(file, architecture, _by_layer(architecture, wanted), values)
        except RuntimeError as error:  # h5py's, if the disk is full
            raise cannot_write(path, OSError(str(error))) from error


def _write_legacy(
    file: h5py.File,
    architecture: Architecture,
    variables: Mapping[str, list[str]],
    values: Mapping[str, np.ndarray],
) -> None:
    file.attrs["backend"], file.attrs["keras_version"] = b"tensorflow", KERAS_2
    file.attrs["layer_names"] = _as_attribute(layer.name for layer in architecture.layers)
    for layer in architecture.layers:
        names = variables.get(layer.name, [])
        group = file.create_group(layer.name)
        group.attrs["weight_names"] = _as_attribute(f"{name}:0" for name in names)
        for name in names:
            group[f"{name}:0"] = np.asarray(values[name], np.float32)


def _as_attribute(names: Iterable[str]) -> np.ndarray:
    return np.array([name.encode("utf-8") for name in names], "S")


def _write_keras_3(
    file: h5py.File,
    architecture: Architecture,
    variables: Mapping[str, list[str]],
    values: Mapping[str, np.ndarray],
) -> None:
    file.create_group("vars").attrs["name"] = architecture.name
    for layer_name, group_name in _class_names(architecture).items():
        stored = file.create_group(f"layers/{group_name}/vars")
        stored.attrs["name"] = layer_name
        for number, name in enumerate(variables.get(layer_name, [])):
            stored[str(number)] = np.asarray(values[name], np.float32)
