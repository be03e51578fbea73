"""labs/iterators.py on a few small images: what it says of its batches is held against Pillow's pixels."""

import numpy as np
from PIL import Image
from support import warm

import kit.tensorflow1 as tf

WAYS = {
    "one_shot": "T1 T2 T3 T4",
    "initializable": "T3 T4 T1 T2 T3 T4",
    "reinitializable": "T1 T2 V1 V2 T1 T2",
    "feedable": "T1 T2 V1 T3 T4 V2",
    "zipped": "T1 T2 T3 T4",
    "sparse": "T1 T2 T3 T4",
    "tfrecord": "T1 T2 T3 T4",
}


def test_every_way_gives_the_batches_that_it_must(run_lab, drawn_with_truth):
    output, folder, figures = run_lab("iterators")
    assert figures == {"right": 7, "tried": 7}
    said = [line.split(": ") for line in output.splitlines() if ": T" in line]
    assert {name: batches for name, batches in said} == WAYS
    assert output.splitlines()[-1] == "7 of 7 ways gave the batches that they must, to the last bit."
    # a sparse [2, 8, 8] of 2 ones: 2 * (3 int64 + 1 float32) of 2 * 64 float32, 4 times
    assert f"sparse: {4 * 2 * (3 * 8 + 4)} bytes instead of {4 * 2 * 64 * 4:,}" in output

    records = [tf.train.Example.FromString(each) for each in tf.io.tf_record_iterator(str(folder / "images.tfrecord"))]
    pixels = {Image.open(path).convert("RGB").tobytes() for path in (drawn_with_truth / "squares").glob("*.png")}
    assert len(records) == 8 and {each.features.feature["image"].bytes_list.value[0] for each in records} <= pixels

    assert {path.name for path in folder.iterdir() if path.is_dir()} == {*WAYS, "train"}
    with Image.open(folder / "ways.png") as picture:
        shown = np.asarray(picture.convert("RGB"))
    assert shown.shape[1] > 12 * 72 and len(np.unique(shown.reshape(-1, 3), axis=0)) > 1000


def test_too_few_images_are_told(drawn_with_truth, tmp_path):
    for name in ("dataset.csv", "truth.csv"):
        lines = (drawn_with_truth / name).read_text().splitlines(keepends=True)
        (tmp_path / name).write_text("".join([*lines[:8], *lines[-8:]]))
    for folder in ("squares", "triangles"):
        (tmp_path / folder).symlink_to(drawn_with_truth / folder)
    result = warm.run("labs/iterators.py", tmp_path)
    assert result.returncode == 2 and result.stderr.startswith("error: dataset.csv: ")
    assert result.stderr.endswith("expected at least 8.\n  Draw more images.\n")
    assert not (tmp_path / "runs").exists()
