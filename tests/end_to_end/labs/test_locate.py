"""labs/locate.py on a few small images."""

from PIL import Image


def test_it_finds_most_shapes_roughly(run_lab):
    output, folder, figures = run_lab("locate", "--epochs", 15)
    assert figures["centre"] < 2 and figures["area"] < 0.25 and figures["turn"] < 15
    assert output.splitlines()[-1].startswith("Median error over ")
    assert f"centre {figures['centre']:.2f} pixels" in output and "Epoch 15 of 15" in output
    with Image.open(folder / "located.png") as picture:
        assert picture.width > 8 * 128
