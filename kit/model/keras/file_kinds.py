"""What a file is that isn't what it should be: a web page, a pointer, a whole model, a JSON of something else."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kit.cli.errors import UserError
from kit.data.failed_downloads import DOWNLOAD_AGAIN, HEAD, failed_download
from kit.model.keras import short_form

HDF5, ZIP = b"\x89HDF\r\n\x1a\n", b"PK\x03\x04"  # how these files begin
CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"  # in a .keras file, a zip
HDF5_ERRORS = (OSError, KeyError, RuntimeError, ValueError, TypeError)  # h5py's, for any damage
MOST_WRAPPED = 3  # JSON within a JSON string
FROM_KERAS = {  # wanted -> how Keras writes it
    "architecture": "Write the file with Keras's model.to_json().",
    "weights": "Expected weights from Keras: model.save_weights('x.weights.h5'), model.save('x.keras') or 'x.h5'.",
}
SHORT_FORM = f"Or give the network in short form, {short_form.EXAMPLE}."

# Beside those of kit.data.failed_downloads: (how the file begins, what it is, the way out; None: how Keras writes what
# is wanted)
BEGINNINGS: list[tuple[bytes, str, str | None]] = [
    (rb"\s*<", "XML", DOWNLOAD_AGAIN),
    (rb"\x1f\x8b", "compressed by gzip", "Unpack it first: gunzip."),
    (rb"(\x80[\x02-\x05]|ccopy_reg|c__builtin__)", "a Python pickle, which may run code and is not opened", None),
    (rb"\x93NUMPY", "a NumPy array (.npy)", None),
    (rb"....TFL3", "a model of TensorFlow Lite", None),
    (rb"%PDF|\x89PNG|GIF8|\xff\xd8\xff|BM", "a document or a picture", None),
]
OBJECTS: list[tuple[set[str], str, str | None]] = [  # (keys of a JSON object, what it is, the way out)
    ({"a_galaxy_workflow"}, "a workflow of Galaxy", "Download the dataset with the architecture, not the workflow."),
    ({"settings", "data"}, "the settings of a run", "Its network, if it is Keras's, is architecture.json beside it."),
    ({"run", "checkpoint", "data"}, "the report of an evaluation", None),
    ({"cells", "nbformat"}, "a Jupyter notebook", None),
    ({"modelTopology"}, "a model of TensorFlow.js", None),
    ({"keras_version", "date_saved"}, "the metadata of a .keras file", "Give the config.json beside it."),
    ({"traceEvents"}, "a trace of Chrome", None),
    ({"architectures", "model_type"}, "the configuration of a model from Hugging Face", None),
]


def wrong_kind(path: str | Path, wanted: str) -> UserError | None:
    """The UserError for a file or folder of another kind than wanted, by its first bytes; None if it isn't one known.

    Args:
      path: of a file or a folder.
      wanted: a key of FROM_KERAS.
    """
    path = Path(path)
    found = _of_folder(path, wanted) if os.path.isdir(path) else _of_file(path, wanted)  # False for too long a name
    if found is None:
        return None
    what, way_out = found
    return UserError(f"{path}: this is {what}, expected {_expected(wanted)}.\n  {way_out or FROM_KERAS[wanted]}")


def text_of(path: str | Path) -> str:
    """The text of a file in UTF-8, UTF-16 or UTF-32, without a mark at its start and a Ctrl-Z at its end.

    Raises:
      OSError: it can't be read.
      UnicodeDecodeError: it is no such text.
    """
    content = Path(path).read_bytes()
    return content.decode(json.detect_encoding(content)).removeprefix("\ufeff").rstrip("\x1a\x00 \r\n\t")


def json_of(text: str, where: str) -> Any:
    """The content of a JSON text; JSON in a string, which json.dump makes of model.to_json(), is unwrapped.

    Raises:
      UserError: it isn't JSON; it says what it is, as far as that can be seen.
    """
    content: Any = text
    for _ in range(MOST_WRAPPED):
        if not isinstance(content, str):
            break
        try:
            content = json.loads(content, object_hook=_without_tuples)
        except (ValueError, RecursionError) as error:
            raise _no_json(content.strip(), error, where, is_wrapped=content is not text) from error
    return content


def check_is_model(content: Any, where: str) -> None:
    """Checks that a JSON is of a model, or is its config; a UserError says what else it is."""
    if isinstance(content, dict) and (isinstance(content.get("class_name"), str) or "layers" in content):
        return
    way_out, found = None, f"a JSON {_kind_of(content)}"
    if isinstance(content, dict):
        keys = ", ".join(map(repr, list(content)[:4]))
        found = f"a JSON object with the keys {keys}" if content else "an empty JSON object"
        for keys, what, out in OBJECTS:
            if keys <= content.keys():
                found, way_out = f"{what}, in JSON", out
                break
    raise UserError(
        f"{where}: found no model, expected a model in Keras's JSON: this is {found}.\n"
        f"  {way_out or FROM_KERAS['architecture']}"
    )


# ----------------------------------------------------------------------------- files and folders


def _of_folder(path: Path, wanted: str) -> tuple[str, str | None]:
    if (path / "saved_model.pb").exists():
        return "the folder of a SavedModel", f"{FROM_KERAS[wanted]} A SavedModel is loaded by the Keras that wrote it."
    if (path / "config.json").exists() and (path / "architecture.json").exists():
        inside = "architecture.json" if wanted == "architecture" else "weights.h5"
        return "the folder of a run", f"Give the file in it: {path / inside}"
    return "a folder", "Give a file."


def _of_file(path: Path, wanted: str) -> tuple[str, str | None] | None:
    try:
        with open(path, "rb") as file:
            head = file.read(HEAD)
    except OSError:
        return None
    if not head.strip(b"\x1a\x00 \r\n\t"):
        return "an empty file", "Download or write it again."
    if head.startswith(HDF5):
        return _of_hdf5(path, wanted)
    if head.startswith(ZIP):
        return _of_zip(path)
    if found := failed_download(head):
        return found
    text = head.removeprefix(b"\xef\xbb\xbf")
    for beginning, what, way_out in BEGINNINGS:
        if re.match(beginning, text, re.DOTALL):
            return what, way_out
    if path.suffix in (".index", ".pb") or re.search(r"\.data-\d+-of-\d+$", path.name):
        return "of TensorFlow's own format, a checkpoint or a graph", None
    if wanted == "weights" and re.match(rb'\s*[\[{"]', text):
        return "JSON, perhaps an architecture", "Give it to --architecture, and the .h5 file here."
    return None


def _of_hdf5(path: Path, wanted: str) -> tuple[str, str | None] | None:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            names = set(file.attrs)
    except HDF5_ERRORS:
        return None if wanted == "weights" else ("an HDF5 file that is damaged or cut short", None)
    if wanted == "weights" or names & {"-Galaxy-ML-", "model_config"}:  # kit.model.keras.containers reads them
        return None
    return "an HDF5 file of weights, without an architecture", None


def _of_zip(path: Path) -> tuple[str, str | None] | None:
    import zipfile  # here, so that --help needn't wait for it

    try:
        with zipfile.ZipFile(path) as file:
            names = file.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return "a zip archive that is damaged or cut short", "Download or copy it again."
    if WEIGHTS in names and CONFIG in names:  # a .keras file: kit.model.keras.containers reads it
        return None
    if any(name.endswith(".npy") for name in names):
        return "NumPy arrays (.npz)", None
    if any(name.endswith("data.pkl") for name in names):
        return "a model of PyTorch", None
    return "a zip archive", "Unpack it first, and give the file in it."


def _expected(wanted: str) -> str:
    return "Keras's JSON" if wanted == "architecture" else "weights in HDF5"


# ----------------------------------------------------------------------------- text


def _no_json(text: str, error: Exception, where: str, is_wrapped: bool) -> UserError:
    """The UserError for a text that isn't JSON."""
    looks: list[tuple[Callable, str]] = [
        (lambda: is_wrapped, "a JSON string, and what it holds is not JSON"),
        (
            lambda: re.search(r"(?m)^[\s-]*class_name:", text),
            "YAML, not JSON; up to TensorFlow 2.5, keras.models.model_from_yaml reads it",
        ),
        (lambda: re.match(r"[{\[(]\s*'", text), "Python's own notation, such as print(model.get_config()), not JSON"),
        (lambda: re.match(r"b?'\s*[{\[]", text), "JSON in Python's quotes"),
        (lambda: re.search(r"(?m)^(import|from) \w+|^model = ", text), "a Python script"),
        (lambda: text.startswith("Model: "), "the output of model.summary()"),
        (lambda: _is_short_form(text), "the short form, which is given on the command line, not JSON"),
        (lambda: getattr(error, "pos", -1) >= len(text) or "Untermin" in str(error), "JSON that is cut short"),
        (lambda: "Extra data" in str(error), "JSON with more text after it"),
    ]
    what = next((what for is_it, what in looks if is_it()), f"not JSON: {error}")
    return UserError(f"{where}: this is {what}.\n  {FROM_KERAS['architecture']} {SHORT_FORM}")


def _is_short_form(text: str) -> bool:
    try:
        return bool(short_form.parse(text))
    except UserError:
        return False


def _kind_of(content: Any) -> str:
    if isinstance(content, list):
        return f"list of {len(content)}"
    return "string" if isinstance(content, str) else "value, no object"


def _without_tuples(found: dict) -> Any:
    """Turns a tuple, which Keras may write as an object, into a list; leaves other objects as they are."""
    is_tuple = found.get("class_name") == "__tuple__" and isinstance(found.get("items"), list)
    return found["items"] if is_tuple else found
