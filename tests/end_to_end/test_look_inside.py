"""labs/look_inside.py, on a run of two epochs."""

import csv
import importlib.util
import json
import os
import shutil
import sys

import numpy as np
import pytest
from PIL import Image
from support import warm
from support.browser import chromium, missing_programs, tensorboard, wait_for
from support.scripts import PROJECT

LAB = "labs/look_inside.py"
PICTURES = ["conv1", "conv2", "conv3", "conv4", "fc1", "logits", "what_decides"]
PICTURES += [f"feature_maps_{number}" for number in (1, 2, 3, 4)]  # of each of two classes the surest, the least sure

ALL_TEXT = """
    const text = (root) => [...root.querySelectorAll('*')]
        .map(element => (element.shadowRoot ? text(element.shadowRoot) : '') + element.textContent).join(' ');
    return text(document).replace(/\\s+/g, ' ')
"""  # of the page, which keeps much of itself in shadow trees


@pytest.fixture(scope="module")
def trained(drawn, tmp_path_factory):
    """A folder with two runs: `seen`, and `flat` without convolutions."""
    folder = tmp_path_factory.mktemp("look") / "class"
    shutil.copytree(drawn, folder)
    warm.run("training.py", folder, "--epochs", 2, "--run", "seen").check_returncode()
    warm.run("training.py", folder, "--epochs", 1, "--run", "flat", "--network", "simple_fc").check_returncode()
    return folder


def look(folder, run):
    """Runs the lab in this process, with fewer steps; gives (its InsideReport, {layer: (made images, answers)})."""
    spec = importlib.util.spec_from_file_location("look_inside", PROJECT / LAB)
    lab = importlib.util.module_from_spec(spec)
    made, reports = {}, []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.path", ["", *sys.path])  # the lab replaces the first one
        spec.loader.exec_module(lab)

        class Watched(lab.InsideReport):
            def add_filters(self, filters, pictures, answers):
                made[filters.name] = pictures, answers
                super().add_filters(filters, pictures, answers)

            def write(self, checkpoint):
                reports.append(self)
                super().write(checkpoint)

        for name, value in {"InsideReport": Watched, "STEPS": 12, "STEADY": 4, "STEP_SIZE": 0.12}.items():
            patch.setattr(lab, name, value)
        patch.setattr("sys.argv", ["look_inside.py", "--run", run])
        patch.chdir(folder)
        lab.main()
    return reports[0], made


@pytest.fixture(scope="module")
def looked(trained):
    return look(trained, "seen")


def test_a_made_image_excites_its_filter_more_than_any_image_of_the_data(looked):
    report, made = looked
    assert list(made) == PICTURES[:6]
    for layer, (pictures, answers) in made.items():
        strongest = report.seen("answers", layer).max(axis=0)  # of all images and places
        assert pictures.shape == (len(strongest), 32, 32, 3) and np.abs(pictures).max() <= 1
        assert (answers > strongest).all(), layer


def test_so_does_one_for_a_filter_that_sees_only_3_x_3_pixels(trained):
    words = ["--architecture", "conv2d 8 3 relu, maxpooling2d, flatten, dense 2 softmax"]
    warm.run("training.py", trained, *words, "--epochs", 1, "--run", "edges").check_returncode()
    report, made = look(trained, "edges")
    pictures, answers = made["conv2d"]
    strongest = report.seen("answers", "conv2d").max(axis=0)
    assert pictures.shape == (8, 32, 32, 3) and (answers > strongest).all()


def test_all_is_written_at_the_checkpoints_step(looked, trained):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    folder = trained / "runs" / "seen"
    assert sorted(path.stem for path in (folder / "look_inside").iterdir()) == sorted(PICTURES)
    events = EventAccumulator(str(folder / "validation"), {"images": 0})
    events.Reload()
    (newest,) = {path.stem for path in (folder / "best").glob("*.index")}
    for name in PICTURES:
        (shown,) = events.Images(f"look_inside/{name}")
        png = (folder / "look_inside" / f"{name}.png").read_bytes()
        assert shown.encoded_image_string == png and shown.step == int(newest.rpartition("-")[2])


def test_the_projector_has_a_point_for_each_validation_image(looked, trained):
    report, _ = looked
    folder = trained / "runs" / "seen" / "validation" / "projector"
    with open(folder / "labels.tsv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    names = ["square", "triangle"]
    labels, probabilities = report.seen("labels"), report.seen("probabilities")
    assert [row["class"] for row in rows] == [names[label] for label in labels]
    assert [row["predicted"] for row in rows] == [names[label] for label in probabilities.argmax(axis=1)]
    vectors = np.loadtxt(folder / "vectors.tsv", delimiter="\t")
    np.testing.assert_allclose(vectors, report.seen("hidden"), rtol=1e-3)
    assert Image.open(folder / "thumbnails.png").size == (48 * np.ceil(len(rows) ** 0.5),) * 2


@pytest.mark.browser
@pytest.mark.long
def test_tensorboard_shows_the_points(looked, trained):
    missing = missing_programs()
    if missing and not os.environ.get("CI"):
        pytest.skip(f"no {' and no '.join(missing)} on this machine")
    report, _ = looked
    with tensorboard(trained / "runs" / "seen") as address, chromium() as driver:
        driver.get(f"{address}data/plugin/projector/projector_binary.html")  # what is in the frames of its page
        count = f"Points: {len(report.seen('labels'))}"
        assert wait_for(driver, f"(() => {{ {ALL_TEXT} }})().includes('{count}')")


def test_a_network_without_convolutions_and_what_is_left_of_the_last_look(trained, capsys):
    folder = trained / "runs" / "flat" / "look_inside"
    folder.mkdir()
    (folder / "conv9.png").write_bytes(b"")
    look(trained, "flat")
    said = capsys.readouterr().out
    assert "network simple_fc has no convolutions: its fully connected neurons are shown instead" in said
    assert "fc1: 128 neurons, each sees 32 x 32 pixels, the first 64 are shown" in said
    names = {path.stem for path in folder.iterdir()}
    assert {"fc1", "fc2", "fc3", "logits", "what_decides"} <= names and "conv9" not in names


def test_a_run_on_a_table_is_refused_in_words(trained):
    folder = trained / "runs" / "genes"
    shutil.copytree(trained / "runs" / "flat", folder, ignore=shutil.ignore_patterns("look_inside"))
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    columns = {"columns": ["a"], "fields": [0], "num_fields": 2, "has_header": True, "label_column": "b"}
    config["data"] = columns | {"class_names": ["0", "1"], "num_training": 8, "num_validation": 2}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    result = warm.run(LAB, trained, "--run", "genes")
    assert result.returncode == 2 and "Traceback" not in result.stderr
    assert "Run 'genes' was trained on a table" in result.stderr and "--run NAME" in result.stderr
    assert not (folder / "look_inside").exists()
