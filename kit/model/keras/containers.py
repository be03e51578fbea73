"""Files that hold a whole model: .keras (a zip), HDF5 of model.save, Galaxy's h5mlm. Only text and numbers are read.

Galaxy-ML's h5mlm is HDF5: the model's settings as JSON in -keras_models-/0/params, its weights, if it has been
trained, in -keras_models-/0/weights. Other objects in it are described for unpickling; they are not looked at.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.cli.errors import UserError
from kit.model.keras.file_kinds import CONFIG, FROM_KERAS, HDF5, HDF5_ERRORS, METADATA, WEIGHTS, ZIP, text_of

if TYPE_CHECKING:
    import h5py

GALAXY_MODEL = "-keras_models-/0"  # in an h5mlm file
ZIP_ERRORS = (OSError, EOFError, KeyError, RuntimeError, ValueError)  # zipfile's for damage, beside its own
MOST_BYTES = 4 << 30  # unpacked


def architecture_in(path: str | Path) -> tuple[str, str | None]:
    """The JSON of a model in a file, and the version of Keras that wrote it, if the file says so beside it.

    Raises:
      OSError: the file can't be read.
      UnicodeDecodeError: it is no text.
      UserError: it is a whole model that is damaged, or of something else.
    """
    with open(path, "rb") as file:
        beginning = file.read(len(HDF5))
    if beginning.startswith(ZIP):
        return _of_zip(path)
    if beginning == HDF5:
        return _of_hdf5(path)
    return text_of(path), None


def is_whole_model(path: str | Path) -> bool:
    """Whether a file, by its first bytes, can hold weights beside an architecture."""
    with open(path, "rb") as file:
        beginning = file.read(len(HDF5))
    return beginning.startswith(ZIP) or beginning == HDF5


@contextlib.contextmanager
def opened_hdf5(path: str | Path) -> Iterator[h5py.File]:
    """Opens a file of weights or a whole model, to read its weights."""
    import h5py

    with open(path, "rb") as file:
        is_zip = file.read(len(ZIP)) == ZIP
    if not is_zip:
        with h5py.File(path, "r") as opened:
            yield opened
        return
    with h5py.File(io.BytesIO(_member(path, WEIGHTS)), "r") as opened:
        yield opened


def _of_zip(path: str | Path) -> tuple[str, str | None]:
    version = _object(_member(path, METADATA), path, METADATA).get("keras_version")
    return _member(path, CONFIG).decode("utf-8"), version


def _member(path: str | Path, name: str) -> bytes:
    """A file in a .keras file."""
    import lzma
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(path) as file:
            if file.getinfo(name).file_size > MOST_BYTES:
                raise UserError(f"{path}: {name} in it has more than {MOST_BYTES >> 30} GB, too much to be read.")
            return file.read(name)
    except (*ZIP_ERRORS, zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError) as error:
        raise UserError(
            f"{path}: this .keras file is damaged or cut short: {error}.\n  Download or copy it again."
        ) from error


def _object(text: str | bytes, path: str | Path, what: str) -> dict[str, Any]:
    """The JSON object in a part of a file; a UserError if that part is damaged."""
    content = None
    with contextlib.suppress(ValueError, RecursionError):
        content = json.loads(text)
    if not isinstance(content, dict):
        raise UserError(f"{path}: this file is damaged: {what} in it is no JSON object.\n  Download or copy it again.")
    return content


def _of_hdf5(path: str | Path) -> tuple[str, str | None]:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            if "model_config" in file.attrs:
                return _text(file.attrs["model_config"]), _text(file.attrs.get("keras_version", "")) or None
            return _of_galaxy(file, path), "2"
    except HDF5_ERRORS as error:
        raise UserError(f"{path}: this HDF5 file is damaged: {error}.\n  {FROM_KERAS['architecture']}") from error


def _of_galaxy(file: h5py.File, path: str | Path) -> str:
    """The architecture of a model of Keras in an h5mlm file, as JSON."""
    settings: Any = file.get(f"{GALAXY_MODEL}/params")
    content = _object(_text(settings[()]), path, settings.name) if settings is not None else {}
    config = content.get("config")
    if not isinstance(config, dict) or "layers" not in config:
        raise UserError(
            f"{path}: this model of Galaxy's (h5mlm) holds no network of Keras, expected one.\n"
            "  Give the JSON that Galaxy's 'Create a deep learning model architecture' writes."
        )
    kind = {"sequential": "Sequential", "functional": "Functional"}.get(str(content.get("model_type")))
    kind = kind or ("Functional" if "input_layers" in config else "Sequential")
    return json.dumps({"class_name": kind, "config": config})


def _text(value: Any) -> str:
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)
