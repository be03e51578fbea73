"""labs/segment.py on a few small images."""

from PIL import Image
from support import warm


def test_it_finds_most_pixels_of_the_shapes(run_lab):
    """480 images of 32 x 32 are too few to tell squares from triangles that it hasn't seen: a half is guessed."""
    others = "--other_data", "dataset.csv", "--other_truth", "truth.csv"  # with those that it has learnt from
    output, folder, figures = run_lab("segment", "--epochs", 8, *others)
    assert figures["segmented"] > 0.12 and figures["other_size"] > 0.2
    assert f"Intersection over union: {figures['segmented']:.3f} over " in output.splitlines()[-1]
    for name in ("segmented", "other_size"):
        with Image.open(folder / f"{name}.png") as picture:
            assert picture.width > 8 * 128


def test_without_the_truth(drawn_with_truth):
    result = warm.run("labs/segment.py", drawn_with_truth, "--truth", "none.csv")
    assert result.returncode == 2 and result.stderr.startswith(
        "error: none.csv: no such file.\n  Draw the images with --truth"
    )


def test_other_images_need_the_same_classes(drawn_with_truth):
    lines = (drawn_with_truth / "dataset.csv").read_text().replace(",1\n", ",5\n")
    (drawn_with_truth / "six.csv").write_text(lines)
    result = warm.run("labs/segment.py", drawn_with_truth, "--other_data", "six.csv", "--other_truth", "truth.csv")
    assert result.returncode == 2 and result.stderr.startswith("error: six.csv:")
