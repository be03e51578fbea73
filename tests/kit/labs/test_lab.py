"""A lab's flags, folder, progress, pictures and last words."""

import io
import json

import pytest
from PIL import Image

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.lab_settings import LabSettings
from kit.labs.lab import Lab, Progress


@pytest.fixture
def lab(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["try.py", "--folder", "first", "--epochs", "3"])
    return Lab("try", LabSettings, "Tries.")


def test_flags_and_folder(lab):
    assert lab.settings.epochs == 3 and lab.given == {"folder", "epochs"}
    assert lab.events("train") == "runs/labs/first/train"
    with pytest.raises(UserError, match=r"runs/labs/first: exists already. Choose another --folder"):
        Lab("try", LabSettings, "Tries.")


@pytest.mark.parametrize("name", ["a/b", "..", "", " "])
def test_a_folder_is_a_plain_name(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["try.py", "--folder", name])
    with pytest.raises(UserError, match="--folder '"):
        Lab("try", LabSettings, "Tries.")


def test_a_picture_is_a_file_and_in_tensorboard(lab, capsys):
    png = io.BytesIO()
    Image.new("RGB", (3, 2), "red").save(png, "PNG")
    lab.picture("red", png.getvalue())
    assert (lab.folder / "red.png").read_bytes() == png.getvalue()
    (events,) = (lab.folder / "train").iterdir()
    values = [value for event in tf.train.summary_iterator(str(events)) for value in event.summary.value]
    assert [(value.tag, value.image.encoded_image_string) for value in values] == [("lab/red", png.getvalue())]
    assert capsys.readouterr().out == "runs/labs/first/red.png\n"


def test_the_last_words(lab, capsys):
    lab.end("Right: 98.0 %.", right=0.98)
    assert json.loads((lab.folder / "figures.json").read_text()) == {"right": 0.98}
    assert capsys.readouterr().out.endswith("tensorboard --logdir runs/labs\nRight: 98.0 %.\n")


class Heard:
    def __init__(self):
        self.lines, self.done = [], 0

    def advance(self, count, note=""):
        self.done += count

    def say(self, text):
        self.lines.append(text)


def test_an_epoch_is_told_with_the_mean_over_its_images():
    bar: console.Bar = Heard()
    progress = Progress(bar, images=10, epochs=2)
    steps = [progress.add(loss, count) for loss, count in ((1.0, 4), (2.0, 4), (8.0, 2), (3.0, 4), (3.0, 4), (3.0, 2))]
    assert steps == [1, 2, 3, 4, 5, 6] and bar.done == 20
    first, second = bar.lines
    assert first.startswith("Epoch 1 of 2: loss 2.8000 (") and second.startswith("Epoch 2 of 2: loss 3.0000 (")


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
def test_a_loss_that_is_no_number_ends_a_lab(loss):
    progress = Progress(Heard(), images=10, epochs=2)
    progress.add(0.5, 5)
    with pytest.raises(UserError, match=f"^Step 2: the loss is {loss}(.|\n)*  Try a smaller --learning_rate"):
        progress.add(loss, 5)


def test_seconds_of_the_processor_go_on():
    progress = Progress(Heard(), images=10, epochs=2)
    first = progress.processor_seconds
    sum(range(100_000))
    assert 0 <= first < progress.processor_seconds
