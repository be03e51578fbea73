"""labs/fine_tune.py on a few small images."""

import pytest
from PIL import Image
from support import warm
from support.trained import curves

FLAGS = ("--data", "plain.csv", "--labels", 6, 24, "--repeats", 1, "--steps", 30)


def test_what_a_run_has_learnt_helps_where_labels_are_few(run_lab, plain_run):
    output, folder, figures = run_lab("fine_tune", "--run", plain_run, *FLAGS)
    for way in ("frozen", "fine_tuned"):
        assert figures[f"{way}_6"] > figures["from_scratch_6"] and figures[f"{way}_24"] > 0.9
    assert f"24 labels, draw 1, frozen: accuracy {figures['frozen_24']:.3f}" in output
    assert output.splitlines()[-1].startswith("Fine-tuned above from scratch by ")
    points = curves(folder, "fine_tuned")["curves/accuracy_over_labels"]
    assert [step for step, _ in points] == [6, 24] and points[1][1] == pytest.approx(figures["fine_tuned_24"])
    with Image.open(folder / "accuracy.png") as picture:
        assert picture.width > 600


def test_other_classes_get_a_new_last_layer(run_lab, plain_run, drawn_with_truth):
    lines = (drawn_with_truth / "plain.csv").read_text().splitlines()
    three = [
        line.removesuffix(",1") + ",2" if number % 2 and line.endswith(",1") else line
        for number, line in enumerate(lines)
    ]
    (drawn_with_truth / "three.csv").write_text("\n".join(three) + "\n")
    flags = ("--data", "three.csv", "--labels", 12, "--repeats", 1, "--steps", 20)
    _, _, figures = run_lab("fine_tune", "--run", plain_run, *flags)
    assert figures["fine_tuned_12"] > 0.5  # the squares, and some of the triangles


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (("--labels", "5000"), "--labels 5000: more than the 2"),
        (("--labels", "0", "20"), "--labels 0: expected 1 or more."),
        (("--data", "missing.csv"), "missing.csv: no such file."),
        (("--run", "nobody"), "no run of this name."),
    ],
)
def test_wrong_flags_are_told(drawn_with_truth, plain_run, flags, expected):
    given = ("--run", plain_run, "--data", "plain.csv", "--folder", "refused", *flags)
    result = warm.run("labs/fine_tune.py", drawn_with_truth, *given)
    assert result.returncode == 2 and expected in result.stderr and "Traceback" not in result.stderr


def test_images_of_another_size_are_told(drawn_with_truth, plain_run):
    for shape in ("square", "triangle"):
        flags = ("--shape", shape, "--num_images", 20, "--output_directory", f"large_{shape}s", "--size", 48)
        warm.run("dataset_creation.py", drawn_with_truth, *flags).check_returncode()
    lines = [(drawn_with_truth / f"large_{shape}s" / "info.csv").read_text() for shape in ("square", "triangle")]
    (drawn_with_truth / "large.csv").write_text("".join(lines))
    given = ("--run", plain_run, "--data", "large.csv", "--labels", 5, "--folder", "refused")
    result = warm.run("labs/fine_tune.py", drawn_with_truth, *given)
    assert result.returncode == 2 and "These images are 48 x 48 pixels, but run 'plain'" in result.stderr
