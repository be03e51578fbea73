"""Files that aren't what they should be are refused for what they are; those that only look odd are read."""

import json
import zipfile

import h5py
import numpy as np
import pytest

from kit.cli.errors import UserError
from kit.model.keras.architectures import read, with_input_shape
from kit.model.keras.weights import read_weights, write_weights
from kit.model.keras.writing import to_json

NETWORK = with_input_shape(read("dense 3 elu, dense 1 sigmoid"), (4,))
JSON = to_json(NETWORK)


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(JSON).encode(),
        json.dumps(json.dumps(JSON)).encode(),
        JSON.encode("utf-8-sig"),
        JSON.encode("utf-16"),
        JSON.encode("utf-16-le"),
        JSON.encode("utf-16-be"),
        JSON.encode("utf-32"),
        json.dumps(JSON).encode("utf-16"),
        JSON.encode() + b"\r\n\x1a",
        b"\n\n" + JSON.encode() + b"\x00\x00",
        json.dumps(json.loads(JSON)["config"]).encode(),  # model.get_config()
    ],
)
def test_odd_files_of_a_model_are_read(tmp_path, content):
    path = tmp_path / "net.json"
    path.write_bytes(content)
    assert read(path) == NETWORK


LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 41104\n"
TEXTS = [  # (content, what is found, the way out)
    (LFS, "this is a pointer of Git LFS", "git lfs pull"),
    (b"<!DOCTYPE html>\n<html>", "this is a web page", "button for the raw file"),
    (b"\xef\xbb\xbf\n <HTML><head>", "this is a web page", "button for the raw file"),
    (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code>', "this is XML", "raw file"),
    (b"", "this is an empty file", "Download or write it again"),
    (b"\r\n\x1a", "this is an empty file", "Download or write it again"),
    (b"\x1f\x8b\x08\x00abc", "this is compressed by gzip", "gunzip"),
    (b"\x80\x04\x95abc", "this is a Python pickle, which may run code and is not opened", None),
    (b"\x93NUMPY\x01\x00", "this is a NumPy array", None),
]
ARCHITECTURES = [
    *TEXTS,
    (JSON[:300].encode(), "this is JSON that is cut short", "short form"),
    (JSON.strip()[:-1].encode(), "this is JSON that is cut short", "short form"),
    ((JSON + JSON).encode(), "this is JSON with more text after it", "to_json"),
    (str(json.loads(JSON)).encode(), "this is Python's own notation", "to_json"),
    (repr(JSON).encode(), "this is JSON in Python's quotes", "to_json"),
    (b'"not a model"', "this is a JSON string, and what it holds is not JSON", "to_json"),
    (
        b"backend: tensorflow\nclass_name: Sequential\nconfig:\n",
        "this is YAML, not JSON; up to TensorFlow 2.5, keras.models.model_from_yaml reads it",
        "short form",
    ),
    (b"- class_name: Dense\n  config: {units: 3}\n", "this is YAML, not JSON", "short form"),
    (b"import keras\nmodel = keras.Sequential()\n", "this is a Python script", "to_json"),
    (b'Model: "sequential"\n____', "this is the output of model.summary()", "to_json"),
    (b"dense 16 elu, dense 1 sigmoid\n", "this is the short form, which is given on the command line", "short form"),
    (b'{"a_galaxy_workflow": "true", "steps": {}}', "this is a workflow of Galaxy", "not the workflow"),
    (b'{"settings": {}, "data": {}}', "this is the settings of a run", "architecture.json beside it"),
    (b'{"run": "a", "checkpoint": "b", "data": "c"}', "this is the report of an evaluation", "to_json"),
    (b'{"cells": [], "nbformat": 4}', "this is a Jupyter notebook", "to_json"),
    (b'{"modelTopology": {}}', "this is a model of TensorFlow.js", "to_json"),
    (b'{"keras_version": "3", "date_saved": "x"}', "this is the metadata of a .keras file", "config.json beside"),
    (b'{"architectures": [], "model_type": "bert"}', "this is the configuration of a model from Hugging Face", None),
    (b'{"a": 1, "b": 2}', "this is a JSON object with the keys 'a', 'b'", "to_json"),
    (b"[1, 2]", "this is a JSON list of 2", "to_json"),
    (b"null", "this is a JSON value, no object", "to_json"),
    (b'{"class_name": "Dense", "config": {}}', "found a layer of the class 'Dense', no model", "keras.Sequential"),
]


@pytest.mark.parametrize(("content", "found", "way_out"), ARCHITECTURES)
def test_what_is_no_architecture_is_refused_for_what_it_is(tmp_path, content, found, way_out):
    path = tmp_path / "net.json"
    path.write_bytes(content)
    check(read, path, found, way_out)


def check(reader, path, found, way_out):
    with pytest.raises(UserError) as error:
        reader(path)
    text = str(error.value)
    assert text.startswith(f"{path}: ") and found in text.splitlines()[0]
    assert (way_out or "Keras") in text.split("\n", 1)[1]


@pytest.mark.parametrize(
    ("content", "found", "way_out"),
    [*TEXTS, (JSON.encode(), "this is JSON, perhaps an architecture", "--architecture")],
)
def test_what_is_no_weights_is_refused_for_what_it_is(tmp_path, content, found, way_out):
    path = tmp_path / "x.h5"
    path.write_bytes(content)
    check(lambda path: read_weights(path, NETWORK), path, found, way_out)


@pytest.mark.parametrize(
    ("names", "of_architecture", "of_weights"),
    [
        (["arr_0.npy"], ("NumPy arrays (.npz)", "to_json"), ("NumPy arrays (.npz)", "save_weights")),
        (["net/data.pkl"], ("a model of PyTorch", "to_json"), ("a model of PyTorch", "save_weights")),
        (["net.json"], ("a zip archive", "Unpack it first"), ("a zip archive", "Unpack it first")),
        (None, ("a zip archive that is damaged", "copy it again"), ("a zip archive that is damaged", "copy it again")),
    ],
)
def test_archives_are_refused_for_what_they_hold(tmp_path, names, of_architecture, of_weights):
    path = tmp_path / "net.keras"
    path.write_bytes(b"PK\x03\x04 and no more")
    if names:
        with zipfile.ZipFile(path, "w") as file:
            for name in names:
                file.writestr(name, "{}")
    check(read, path, *of_architecture)
    check(lambda path: read_weights(path, NETWORK), path, *of_weights)


def test_folders_are_refused_for_what_they_are(tmp_path):
    saved, run, other = (tmp_path / name for name in ("saved", "run", "other"))
    for path in (saved, run, other):
        path.mkdir()
    (saved / "saved_model.pb").write_bytes(b"\x08\x01")
    for name in ("config.json", "architecture.json"):
        (run / name).write_text("{}")
    for reader, file in ((read, "architecture.json"), (lambda path: read_weights(path, NETWORK), "weights.h5")):
        check(reader, saved, "this is the folder of a SavedModel", None)
        check(reader, saved / "saved_model.pb", "TensorFlow's own format", None)
        check(reader, run, "this is the folder of a run", f"Give the file in it: {run / file}")
        check(reader, other, "this is a folder", "Give a file.")


def test_hdf5_files_are_refused_for_what_they_hold(tmp_path):
    weights = tmp_path / "weights.h5"
    values = {f"{name}/{part}": np.zeros(shape) for name, *shapes in SHAPES for part, shape in shapes}
    write_weights(weights, NETWORK, values)
    check(read, weights, "this is an HDF5 file of weights, without an architecture", None)
    whole = weights.read_bytes()
    for size in (100, len(whole) // 2, len(whole) - 1):
        weights.write_bytes(whole[:size])
        check(
            lambda path: read_weights(path, NETWORK), weights, f"it is cut short at {size:,} bytes", "Expected weights"
        )
        check(read, weights, "this is an HDF5 file that is damaged or cut short", None)


SHAPES = [("dense", ("kernel", [4, 3]), ("bias", [3])), ("dense_1", ("kernel", [3, 1]), ("bias", [1]))]


def test_an_address_and_missing_files_are_no_short_form(tmp_path):
    with pytest.raises(UserError, match=r"this is an address\. Download the file"):
        read("https://example.org/net.json")
    for name in ("net.keras", "net.h5", "net.yaml", "NET.JSON"):
        with pytest.raises(UserError, match="cannot read this architecture: No such file"):
            read(tmp_path / name)


def test_too_long_a_name_is_told(tmp_path):
    with pytest.raises(UserError, match="cannot read this architecture: File name too long"):
        read(tmp_path / f"{'a' * 300}.json")
    with pytest.raises(UserError, match="cannot read these weights: there is no such file"):
        read_weights(tmp_path / f"{'a' * 300}.h5", NETWORK)


def test_an_hdf5_file_whose_root_is_overwritten_is_damaged(tmp_path):
    """h5py opens it, and raises a KeyError when its attributes are asked for."""
    path = tmp_path / "w.h5"
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [b"dense"]
    content = bytearray(path.read_bytes())
    content[800:808] = (1 << 20).to_bytes(8, "little")
    path.write_bytes(content)
    with pytest.raises(UserError, match="an HDF5 file that is damaged or cut short"):
        read(str(path))
    with pytest.raises(UserError, match=r"w\.h5: cannot read these weights"):
        read_weights(str(path), with_input_shape(read("dense 1"), (2,)))
