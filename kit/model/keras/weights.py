"""Reads and writes weights in Keras's HDF5 layouts.

The legacy layout, Keras 1's and 2's (`.h5`), has one group per layer, listed in order in attributes; Galaxy's h5mlm has
it, too. Keras 3's (`.weights.h5`, and within `.keras`) has layers/<class>_<number>/vars/<number>.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kit.cli.errors import UserError
from kit.model.keras.containers import GALAXY_MODEL, opened_hdf5
from kit.model.keras.file_kinds import FROM_KERAS, HDF5_ERRORS, wrong_kind
from kit.model.keras.slots import BuiltNetwork, Slot, built
from kit.model.keras.structure import Architecture
from kit.system.files import cannot_write, write_whole

if TYPE_CHECKING:
    import h5py

KERAS_3_SUFFIX = ".weights.h5"
KERAS_2 = b"2.15.0"  # the version written into a legacy file
LISTS = ("layer_names", "layer_names0")  # attributes of a legacy file; a long list is in numbered parts
KERAS_3_GROUPS = ("layers", "_layer_checkpoint_dependencies")  # the second as Keras 2.13 had it
LAYOUTS = FROM_KERAS["weights"]
OTHER_BACKENDS = ("plaidml",)
SHOWN = 40  # differences listed in an error


# ----------------------------------------------------------------------------- read


def read_weights(path: str | Path, architecture: Architecture) -> dict[str, np.ndarray]:
    """Reads the weights of a network.

    As in Keras, the layers of a legacy file are matched with the network's by their order, those of Keras 3's layout
    by their class and its order. The content shows which layout it is, whatever the file's name.

    Args:
      path: an HDF5 file: `.weights.h5` of Keras 3, `.h5` of model.save_weights or model.save; a `.keras` file; h5mlm.
      architecture: its input shape must be known.
    Returns:
      {variable name: float32 array}, in the network's order.
    Raises:
      UserError: the file can't be read, or its weights don't fit the network; the message lists the differences.
    """
    network = built(architecture)
    with _opened(path) as file:
        root = _legacy_root(file, path)
        if root is not None:
            values, differences = _of_legacy(root, network, path)
        else:
            values, differences = _of_keras_3(file, network, path)
        if differences:
            more = [f"and {len(differences) - SHOWN} more"] if len(differences) > SHOWN else []
            raise UserError(
                f"{path}: its weights are not this network's:\n  "
                + "\n  ".join(differences[:SHOWN] + more)
                + "\n  Give the architecture that the weights were trained with."
            )
        return {name: values[name] for name in network.shapes}


def shapes_of(architecture: Architecture) -> dict[str, tuple[int, ...]]:
    """The variables of a network, in Keras's order: {name: shape}.

    Raises:
      UserError: the architecture's input shape isn't known, or its layers don't fit each other.
    """
    return built(architecture).shapes


def _extra(dataset: h5py.Dataset) -> str:
    return f"missing in the network: {str(dataset.name).lstrip('/')} {list(dataset.shape)}"


def _missing(names: Iterable[str], network: BuiltNetwork) -> list[str]:
    return [f"missing in the file: {name} {list(network.shapes[name])}" for name in names]


def _taken(
    slot: Slot, datasets: list[h5py.Dataset], network: BuiltNetwork, path: str | Path, version: str, backend: str
) -> tuple[dict[str, np.ndarray], list[str]]:
    """({variable name: values} of a layer, differences), converted from an older version's order if need be."""
    names = slot.variables
    differences = []
    if len(datasets) < len(names):
        differences += _missing(names[len(datasets) :], network)
    arrays = slot.converted([_values(dataset, path) for dataset in datasets], version, backend)
    differences += [_extra(dataset) for dataset in datasets[len(names) :]] if len(arrays) > len(names) else []
    differences += [
        f"shape differs: {name} is {list(array.shape)} in the file, {list(network.shapes[name])} in the network"
        for name, array in zip(names, arrays)
        if array.shape != network.shapes[name]
    ]
    return dict(zip(names, arrays)), differences


# ----------------------------------------------------------------------------- the two layouts


def _legacy_root(file: h5py.File, path: str | Path) -> h5py.Group | None:
    """The group with the list of layers in a legacy file; None in Keras 3's layout."""
    for name in ("model_weights", f"{GALAXY_MODEL}/weights"):  # by model.save; by Galaxy
        if name in file:
            return _member(file, name, path)
    if "-Galaxy-ML-" in file.attrs:
        raise UserError(
            f"{path}: this model of Galaxy's (h5mlm) has no weights of a network, expected a trained one.\n  {LAYOUTS}"
        )
    return file if any(name in file.attrs for name in LISTS) else None


def _of_legacy(root: h5py.Group, network: BuiltNetwork, path: str | Path) -> tuple[dict, list[str]]:
    layers = {}
    for layer in _list_of(root, "layer_names"):
        group = _member(root, layer, path)
        datasets = [_member(group, name, path) for name in _list_of(group, "weight_names")]
        if datasets:
            layers[layer] = datasets
    version, backend = _written_by(root, path)
    values, differences = {}, []
    own = network.legacy_groups()
    for group, datasets in zip(own, layers.values()):
        for slot, part in group.split(datasets):
            found, different = _taken(slot, part, network, path, version, backend)
            values |= found
            differences += different
        differences += [_extra(dataset) for dataset in datasets[len(group.variables) :] if len(group.slots) > 1]
    for group in own[len(layers) :]:
        differences += _missing(group.variables, network)
    differences += [_extra(dataset) for datasets in list(layers.values())[len(own) :] for dataset in datasets]
    order = ("missing in the network", "missing in the file", "shape")
    return values, sorted(differences, key=lambda text: [text.startswith(start) for start in order].index(True))


def _written_by(root: h5py.Group, path: str | Path) -> tuple[str, str]:
    """(version of Keras, backend), as far as a legacy file says; a backend that orders kernels otherwise is refused."""
    version, backend = ((_list_of(root, name) or [""])[0] for name in ("keras_version", "backend"))
    names = [
        name for layer in _list_of(root, "layer_names") for name in _list_of(_member(root, layer, path), "weight_names")
    ]
    if any(name.removesuffix(":0").endswith(("_W", "_b", "_running_std")) for name in names):
        version = "1"
    if backend in OTHER_BACKENDS:
        raise UserError(
            f"{path}: these weights were written by Keras on {backend}, which stores kernels in another order.\n"
            "  Load them with Keras 2 on TensorFlow, model.load_weights, and write them again, model.save_weights."
        )
    return version[:1], backend


def _list_of(group: h5py.Group, name: str) -> list[str]:
    """A list of names in the attributes of a group."""
    parts = [name] if name in group.attrs else []
    while f"{name}{len(parts)}" in group.attrs:
        parts.append(f"{name}{len(parts)}")
    items = [item for part in parts for item in np.atleast_1d(np.asarray(group.attrs[part]))]
    return [item.decode("utf-8") if isinstance(item, bytes) else str(item) for item in items]


def _of_keras_3(file: h5py.File, network: BuiltNetwork, path: str | Path) -> tuple[dict, list[str]]:
    import h5py

    top = next((name for name in KERAS_3_GROUPS if name in file), None)
    if top is None or not isinstance(_member(file, top, path), h5py.Group):
        raise UserError(f"{path}: this HDF5 file has no weights from Keras.\n  {LAYOUTS}")
    values, differences, used = {}, [], set()
    for slot in network.slots():
        folder = slot.path.replace("layers/", f"{top}/", 1) if top != "layers" else slot.path
        folder = folder.replace("/layers/", f"/{top}/")
        stored = _found(file, f"{folder}/vars", path)
        datasets = [_member(stored, str(number), path) for number in range(len(stored))] if stored is not None else []
        used |= {str(dataset.name) for dataset in datasets}
        found, different = _taken(slot, datasets, network, path, "3", "tensorflow")
        values |= found
        differences += different
    extra = [dataset for dataset in _datasets(_member(file, top, path), path) if str(dataset.name) not in used]
    order = ("missing in the file", "missing in the network", "shape")
    differences = [*(_extra(dataset) for dataset in extra), *differences]
    return values, sorted(differences, key=lambda text: text.startswith(order[2]))


def _found(file: h5py.File, name: str, path: str | Path) -> Any:
    """The member at a path in a file; None if there is none."""
    member = file
    for part in name.split("/"):
        if part not in member:
            return None
        member = _member(member, part, path)
    return member


def _datasets(group: h5py.Group, path: str | Path) -> Iterator[h5py.Dataset]:
    """All datasets in a group, but the state of random numbers."""
    import h5py

    for name in map(str, group):
        member = _member(group, name, path)
        if isinstance(member, h5py.Dataset):
            yield member
        elif name != "seed_generator":
            yield from _datasets(member, path)


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
    if wrong := wrong_kind(path, "weights"):
        raise wrong
    if not os.path.isfile(path):
        raise UserError(
            f"{path}: cannot read these weights: there is no such file.\n  Give a path relative to the current folder."
        )
    try:
        with opened_hdf5(path) as file:
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

    network = built(architecture)
    wanted = network.shapes
    misfits = [name for name, shape in wanted.items() if name not in values or np.shape(values[name]) != shape]
    if misfits:
        raise ValueError(f"missing in values, or of another shape: {', '.join(misfits)}")
    write = _write_keras_3 if str(path).endswith(KERAS_3_SUFFIX) else _write_legacy
    with write_whole(path) as partial:
        try:
            with h5py.File(partial, "w") as file:
                write(file, architecture, network, values)
        except RuntimeError as error:  # h5py's, if the disk is full
            raise cannot_write(path, OSError(str(error))) from error


def _write_legacy(
    file: h5py.File, architecture: Architecture, network: BuiltNetwork, values: Mapping[str, np.ndarray]
) -> None:
    file.attrs["backend"], file.attrs["keras_version"] = b"tensorflow", KERAS_2
    file.attrs["layer_names"] = _as_attribute(layer.name for layer in architecture.layers)
    groups = {group.name: group.variables for group in network.legacy_groups()}
    for layer in architecture.layers:
        names = groups.get(layer.name, [])
        group = file.create_group(layer.name)
        group.attrs["weight_names"] = _as_attribute(f"{name}:0" for name in names)
        for name in names:
            group[f"{name}:0"] = np.asarray(values[name], np.float32)


def _as_attribute(names: Iterable[str]) -> np.ndarray:
    return np.array([name.encode("utf-8") for name in names], "S")


def _write_keras_3(
    file: h5py.File, architecture: Architecture, network: BuiltNetwork, values: Mapping[str, np.ndarray]
) -> None:
    file.create_group("vars").attrs["name"] = architecture.name
    for path, name in network.folders():
        file.create_group(f"{path}/vars").attrs["name"] = name
    for slot in network.slots():
        stored = file.require_group(f"{slot.path}/vars")
        for number, name in enumerate(slot.variables):
            stored[str(number)] = np.asarray(values[name], np.float32)
