"""labs/reconstruct.py on a few small images."""

from PIL import Image
from support import warm


def test_it_mends_most_of_the_damage(run_lab):
    output, folder, figures = run_lab("reconstruct", "--epochs", 8)
    assert figures["error"] < 0.6 * figures["error_before"]
    assert figures["weights"] == 28_291
    assert output.splitlines()[-1].startswith("Mean squared error over ")
    with Image.open(folder / "mended.png") as picture:
        assert picture.width > 8 * 128


def test_sides_that_it_cannot_halve(tmp_path):
    for shape in ("square", "triangle"):
        flags = "--shape", shape, "--num_images", 15, "--output_directory", shape, "--size", 24
        warm.run("dataset_creation.py", tmp_path, *flags).check_returncode()
    lines = [(tmp_path / shape / "info.csv").read_text() for shape in ("square", "triangle")]
    (tmp_path / "dataset.csv").write_text("".join(lines))
    result = warm.run("labs/reconstruct.py", tmp_path, "--batch_size", 1)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("error: dataset.csv: images of 24 x 24 pixels; this network halves both numbers")
