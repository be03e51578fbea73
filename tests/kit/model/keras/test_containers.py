"""Files that hold a whole model, damaged: each is told as such. Good ones are read by test_collection.py, too."""

import json
import zipfile

import h5py
import pytest

from kit.cli.errors import UserError
from kit.model.keras.architectures import read, with_input_shape
from kit.model.keras.containers import GALAXY_MODEL
from kit.model.keras.file_kinds import CONFIG, METADATA, WEIGHTS
from kit.model.keras.weights import read_weights
from kit.model.keras.writing import to_json

NETWORK = with_input_shape(read("dense 1"), (2,))
NO_OBJECTS = ["", "[]", "3", '{"a"', "null", "[" * 100_000]


def archive(path, compression=zipfile.ZIP_STORED, **members):
    """A .keras file; members: {the first word of a name: the content}."""
    content = {CONFIG: to_json(NETWORK), METADATA: '{"keras_version": "3.0.0"}', WEIGHTS: b"x" * 1000}
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, usual in content.items():
            file.writestr(name, members.get(name.partition(".")[0], usual))
    return path


def refusal(reader, *arguments):
    with pytest.raises(UserError) as error:
        reader(*arguments)
    return str(error.value)


def test_a_keras_file_is_read(tmp_path):
    assert read(archive(tmp_path / "net.keras")) == NETWORK


@pytest.mark.parametrize("text", NO_OBJECTS, ids=range(len(NO_OBJECTS)))
def test_metadata_that_are_no_object_are_damage(text, tmp_path):
    path = archive(tmp_path / "net.keras", metadata=text)
    expected = f"{path}: this file is damaged: metadata.json in it is no JSON object.\n  Download or copy it again."
    assert refusal(read, path) == expected


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_STORED])
@pytest.mark.parametrize("member", [METADATA, WEIGHTS])
def test_a_member_that_cannot_be_unpacked_is_damage(compression, member, tmp_path):
    path = archive(tmp_path / "net.keras", compression)
    with zipfile.ZipFile(path) as file:
        found = file.getinfo(member)
    content = bytearray(path.read_bytes())
    begin = found.header_offset + 30 + len(member)  # a local header has 30 bytes, and the name
    content[begin : begin + found.compress_size] = b"\xff" * found.compress_size
    path.write_bytes(content)
    error = refusal(read, path) if member == METADATA else refusal(read_weights, path, NETWORK)
    assert error.startswith(f"{path}: this .keras file is damaged or cut short: ")


@pytest.mark.parametrize("text", NO_OBJECTS, ids=range(len(NO_OBJECTS)))
def test_settings_of_galaxy_that_are_no_object_are_damage(text, tmp_path):
    path = tmp_path / "net.h5mlm"
    with h5py.File(path, "w") as file:
        file.attrs["-Galaxy-ML-"] = "0.10"
        file[f"{GALAXY_MODEL}/params"] = text
    assert f"this file is damaged: /{GALAXY_MODEL}/params in it is no JSON object" in refusal(read, path)


def test_a_model_of_galaxy_is_read(tmp_path):
    path = tmp_path / "net.h5mlm"
    model = json.loads(to_json(NETWORK))
    with h5py.File(path, "w") as file:
        file.attrs["-Galaxy-ML-"] = "0.10"
        file[f"{GALAXY_MODEL}/params"] = json.dumps({"model_type": "sequential", "config": model["config"]})
    assert read(path).layers == NETWORK.layers
