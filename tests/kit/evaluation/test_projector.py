"""The projector's files, read back as TensorBoard does, and by NumPy and Pillow."""

import numpy as np
from google.protobuf import text_format
from PIL import Image
from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

from kit.evaluation.projector import write_projector

COUNT, SIDE = 7, 48


def test_points_labels_and_thumbnails_read_back(tmp_path):
    vectors = np.random.default_rng(0).normal(0, 1, (COUNT, 3)).astype(np.float32)
    images = np.stack([np.full((20, 10, 3), 30 * number, np.uint8) for number in range(COUNT)])
    rows = [[f"class\t{number}", number] for number in range(COUNT)]
    write_projector(tmp_path, "hidden", vectors, ["class", "number"], rows, images)

    config = text_format.Parse((tmp_path / "projector_config.pbtxt").read_text(encoding="utf-8"), ProjectorConfig())
    (embedding,) = config.embeddings
    assert embedding.tensor_name == "hidden" and list(embedding.tensor_shape) == [COUNT, 3]
    np.testing.assert_allclose(np.loadtxt(tmp_path / embedding.tensor_path, delimiter="\t"), vectors, rtol=1e-4)
    lines = (tmp_path / embedding.metadata_path).read_text(encoding="utf-8").splitlines()
    assert lines == ["class\tnumber", *(f"class {number}\t{number}" for number in range(COUNT))]
    assert list(embedding.sprite.single_image_dim) == [SIDE, SIDE]
    sheet = Image.open(tmp_path / embedding.sprite.image_path)
    assert sheet.size == (3 * SIDE, 3 * SIDE)  # the projector takes it for a square of 3 x 3
    middles = [
        sheet.getpixel((SIDE * (number % 3) + SIDE // 2, SIDE * (number // 3) + SIDE // 2)) for number in range(9)
    ]
    assert middles == [(30 * number,) * 3 for number in range(COUNT)] + [(255, 255, 255)] * 2
