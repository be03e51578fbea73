"""Slips in the lesson's own lines: each is named with its line, what was found and what is expected."""

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from support.scripts import PROJECT

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.runs import script_errors
from kit.runs.script_errors import line_of_node, readable_graph_growth_errors, readable_script_errors

EXPECTED = r"expected images uint8 \[B, 8, 8, 3\], labels int64 \[B\]"
IMAGES_PH = "tf.placeholder(data.dtype, [None, *data.shape]"
SLIPS = [  # (script, its line, the slip, the error)
    (
        "training",
        ".map(data.parse, num_parallel_calls=tf.data.AUTOTUNE)",
        ".map(lambda number, line: (data.parse(number, line), number))",
        rf"training.py:\d+, in train: next_element is (.|\n)*{EXPECTED}",
    ),
    (
        "training",
        ".batch(settings.batch_size)",
        ".take(9)",
        rf"images uint8 \[8, 8, 3\], labels int64 \[\], {EXPECTED}",
    ),
    (
        "training",
        ".map(data.parse, num_parallel_calls=tf.data.AUTOTUNE)",
        ".take(99)",
        rf"training.py:\d+, in train: (.|\n)*string \[B\], {EXPECTED}",
    ),
    (
        "training",
        ".map(data.parse",
        ".batch(4).map(data.parse",
        r"\.py:\d+, in .* rank 0 but is rank 1(.|\n)*map comes before",
    ),
    ("training", IMAGES_PH, "tf.placeholder(data.dtype, [None, 192]", rf"images uint8 \[B, 192\], labels.*{EXPECTED}"),
    ("training", "tf.placeholder(data.label_dtype", "tf.placeholder(tf.float32", rf"labels float32 \[B\], {EXPECTED}"),
    (
        "training",
        "images, labels = session",
        "labels, images = session",
        r"train: ValueError: Cannot feed value of shape \(4,\)",
    ),
    ("training", "settings.epochs", "epochs", r"training.py:\d+, in train: NameError: name 'epochs' is not defined"),
    ("dlho2018", "channels=3", "channels=1", r"dlho2018.py:\d+, in read_image: .*\[8,8,3\] and \[\?,\?,1\]"),
    (
        "dlho2018",
        "expand_animations=False",
        "dtype=tf.float32",
        r"parse_line returns image float32 .* expected image uint8",
    ),
    (
        "dlho2018",
        "tf.constant([0], tf.int64)",
        "[0]",
        r"label int32 \[\], expected image uint8 \[8, 8, 3\], label int64 \[\]",
    ),
    (
        "dlho2018",
        "session.run(outputs",
        "session.run(output",
        r"dlho2018.py:\d+, in evaluate: NameError: name 'output'",
    ),
    ("dlho2018", ".enumerate()", ".take(9)", r"read_lines gives string \[\], expected int64 \[\], string \[\]"),
    (
        "dlho2018",
        "lines = marked.map(lambda line, is_marked: line)",
        "lines = marked",
        r"read_lines gives \(int64 \[\], string \[\]\), bool \[\], expected int64 \[\], string \[\]: ",
    ),
    (
        "dlho2018",
        "return read_image(path, image_size), label",
        "return (read_image(path, image_size), label), label",
        r"parse_line returns image \(uint8 \[8, 8, 3\], int64 \[\]\), label int64 \[\], expected image uint8",
    ),
    ("dlho2018", "tf.read_file(path)", "path", r"dlho2018.py:\d+: TensorFlow stopped: Unknown image file format"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A data set of 20 images of 8 x 8 pixels."""
    folder = tmp_path_factory.mktemp("slips")
    Image.fromarray(np.arange(192, dtype=np.uint8).reshape(8, 8, 3)).save(folder / "a.png")
    (folder / "dataset.csv").write_text("".join(f"{'ab'[i % 2]}_{i},a.png,{i % 2}\n" for i in range(20)))
    return folder


@pytest.mark.parametrize("script, line, slip, expected", SLIPS, ids=[slip[2] for slip in SLIPS])
def test_a_slip_is_told(script, line, slip, expected, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["training.py", "--batch_size", "4", "--epochs", "1", "--network", "simple_fc"])
    monkeypatch.setattr(script_errors, "PROJECT", tmp_path)
    for name in ("dlho2018", "training"):
        text = (PROJECT / f"{name}.py").read_text(encoding="utf-8")
        assert line in text or name != script
        text = text.replace(line, slip, 1) if name == script else text
        module = ModuleType(name)
        monkeypatch.setitem(sys.modules, name, module)
        path = tmp_path / f"{name}.py"  # a file: TensorFlow reads the functions that it traces from there
        path.write_text(text, encoding="utf-8")
        exec(compile(text, str(path), "exec"), vars(module))
    with pytest.raises(UserError, match=expected):
        sys.modules["training"].main()


def test_an_error_in_kits_lines_stays_as_it_is(graph, tmp_path, monkeypatch):
    monkeypatch.setattr(script_errors, "PROJECT", tmp_path)
    names = {}
    for place in ("kit/bug.py", "training.py"):
        text = "def bug():\n    raise ValueError('of kit')\n" if "kit" in place else "def train(): bug()\n"
        exec(compile(text, str(tmp_path / place), "exec"), names)
    with pytest.raises(ValueError, match=r"^of kit$"), readable_script_errors(SimpleNamespace(unit="images")):
        names["train"]()


def test_a_node_of_no_line_has_no_place():
    assert line_of_node(tf.errors.UnknownError(None, None, "[[{{node Nowhere}}]]")) == ""


def test_an_operation_added_to_a_final_graph_is_named_with_its_line(graph, tmp_path, monkeypatch):
    monkeypatch.setattr(script_errors, "PROJECT", tmp_path)
    script = tmp_path / "training.py"
    script.write_text("def train(tf):\n    tf.constant(1)\n")
    names = {}
    exec(compile(script.read_text(), str(script), "exec"), names)
    graph.finalize()
    with pytest.raises(UserError, match=r"^training.py:2, in train: adds an operation"), readable_graph_growth_errors():
        names["train"](tf)


def test_other_errors_pass():
    with pytest.raises(RuntimeError, match=r"^another$"), readable_graph_growth_errors():
        raise RuntimeError("another")
