"""Wrong inputs to the scripts, run as a user runs them: one clear error, exit status 2, no traceback."""

import json
import re
import shutil

import pytest
from PIL import Image
from support import warm

CHATTER = re.compile(  # what TensorFlow, absl and CUDA write when nobody asks
    r"^\d{4}-\d\d-\d\d \d\d:|^[IWEF]\d{4} |oneDNN|cuda|TF-TRT|tensorflow/|WARNING:|Deprecat|rebuild TensorFlow", re.M
)


def assert_clean(result):
    """Neither a traceback nor TensorFlow's chatter."""
    for text in (result.stdout, result.stderr):
        assert "Traceback" not in text, text
        assert not CHATTER.search(text), text


def assert_refused(result, *words):
    """One error with these words in it, and nothing that a user need not see."""
    assert_clean(result)
    assert result.returncode == 2, result.stderr
    assert len(re.findall("^error:", result.stderr, re.M)) == 1, result.stderr
    for word in words:
        assert word in result.stderr, result.stderr


def replace_in_config(folder, section, **changes):
    path = folder / "runs" / "tiny" / "config.json"
    config = json.loads(path.read_text())
    config[section].update(changes)
    path.write_text(json.dumps(config))


@pytest.fixture
def data(drawn, tmp_path):
    """The folder where run_script runs, with the drawn data set in it."""
    shutil.copytree(drawn, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture(scope="session")
def trained(drawn, tmp_path_factory):
    """A folder with the drawn data set and a run of one epoch, `tiny`."""
    folder = tmp_path_factory.mktemp("trained")
    shutil.copytree(drawn, folder, dirs_exist_ok=True)
    result = warm.run("training.py", folder, "--network", "simple_fc", "--epochs", 1, "--run", "tiny")
    assert result.returncode == 0, result.stderr
    return folder


@pytest.fixture
def with_run(trained, tmp_path):
    """The folder where run_script runs, with a copy of the trained run in it."""
    shutil.copytree(trained, tmp_path, dirs_exist_ok=True)
    return tmp_path


# ---- training.py


def test_training_without_a_csv(run_script):
    assert_refused(run_script("training.py"), "dataset.csv: no such file", "cat ", "--data")


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--network", "resnet"], ["--network", "'resnet'", "simple_fc", "my_network"]),
        (["--loss", "hing"], ["--loss", "'hing'", "softmax_cross_entropy"]),
        (["--optimizer", "magic"], ["--optimizer", "'magic'", "adam"]),
        (["--validation", "-0.1"], ["--validation is -0.1", "at least 0", "below 1"]),
        (["--validation", "1"], ["--validation is 1", "at least 0", "below 1"]),
        (["--validation", "nan"], ["--validation is nan", "at least 0", "below 1"]),
        (["--validation", "half"], ["--validation", "'half'"]),
        (["--epochs", "1e3"], ["--epochs", "'1e3'"]),
        (["--epoch", "3"], ["--epoch", "--help"]),
        (["--run", "../out"], ["--run '../out'", "without folders"]),
    ],
    ids=" ".join,
)
def test_training_with_a_wrong_flag(arguments, words, run_script):
    assert_refused(run_script("training.py", *arguments), *words)


def test_training_with_a_batch_larger_than_the_set(data, run_script):
    result = run_script("training.py", "--batch_size", 121)
    assert_refused(result, "--batch_size 121", "training images of dataset.csv", "or less")
    assert not (data / "runs").exists()


def cut(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def test_training_meets_a_truncated_image(data, run_script):
    cut(data / "squares" / "square_000010.png")
    result = run_script("training.py", "--network", "simple_fc", "--epochs", 1)
    assert_refused(result, "error: dataset.csv:12: image './squares/square_000010.png'", "cut short", "--skip_bad")


def test_training_meets_an_image_of_another_size(data, run_script):
    Image.new("RGB", (16, 16)).save(data / "triangles" / "triangle_000005.png")
    result = run_script("training.py", "--network", "simple_fc", "--epochs", 1)
    assert_refused(
        result, "error: dataset.csv:68: image './triangles/triangle_000005.png' is 16 x 16 pixels", "expected 32 x 32"
    )


def test_skip_bad_trains_without_the_bad_images(data, run_script):
    cut(data / "squares" / "square_000010.png")
    Image.new("RGB", (16, 16)).save(data / "triangles" / "triangle_000005.png")
    result = run_script("training.py", "--network", "simple_fc", "--epochs", 1, "--skip_bad", "--run", "tiny")
    assert_clean(result)
    assert result.returncode == 0, result.stderr
    warnings = result.stderr.splitlines()
    assert len(warnings) == 3 and all(line.startswith("warning: ") for line in warnings)
    assert "2 bad lines" in warnings[0] and "line 12:" in warnings[1] and "line 68:" in warnings[2]
    data_spec = json.loads((data / "runs" / "tiny" / "config.json").read_text())["data"]
    assert data_spec["num_training"] + data_spec["num_validation"] == 118


def test_training_where_runs_is_a_file(data, run_script):
    (data / "runs").write_text("in the way")
    result = run_script("training.py", "--network", "simple_fc", "--epochs", 1, "--run", "tiny")
    assert_refused(result, "error: runs")
    assert (data / "runs").read_text() == "in the way"


# ---- evaluating.py, before anything is computed


def test_evaluating_without_runs(run_script):
    assert_refused(run_script("evaluating.py"), "no runs yet", "training.py")


def test_evaluating_where_runs_is_a_file(tmp_path, run_script):
    (tmp_path / "runs").write_text("in the way")
    assert_refused(run_script("evaluating.py"), "error: runs")


def test_evaluating_a_run_that_does_not_exist(with_run, run_script):
    assert_refused(run_script("evaluating.py", "--run", "gone"), "gone: no run of this name", "There are: tiny")


@pytest.mark.parametrize("arguments", [("--data", "other.csv"), ("--skip_bad",), ("--batch_size", 2)], ids=str)
def test_evaluating_images_and_a_csv_at_once(arguments, with_run, run_script):
    result = run_script("evaluating.py", "--images", "squares/square_000000.png", *arguments)
    assert_refused(result, f"{arguments[0]} has no effect on --images")


@pytest.mark.parametrize(
    "content, words",
    [
        pytest.param('{"settings": {"data": "dataset', ["cannot read the settings of a run"], id="torn"),
        pytest.param("", ["cannot read the settings of a run"], id="empty"),
        pytest.param("[]", ["JSON object"], id="a list"),
        pytest.param("{}", ["'settings' and 'data'"], id="no settings"),
    ],
)
def test_evaluating_with_a_broken_config(content, words, with_run, run_script):
    (with_run / "runs" / "tiny" / "config.json").write_text(content)
    assert_refused(run_script("evaluating.py"), "config.json", *words)


@pytest.mark.parametrize(
    "section, changes, words",
    [
        ("settings", {"colour": "red"}, ["unknown setting 'colour'"]),
        ("settings", {"epochs": "ten"}, ["'epochs' is 'ten'", "a whole number"]),
        ("settings", {"validation": 2}, ["'validation' is 2", "below 1"]),
        ("data", {"class_names": "square"}, ["'class_names' is 'square'", "a list"]),
    ],
    ids=["unknown", "type", "bounds", "data"],
)
def test_evaluating_with_a_wrong_setting(section, changes, words, with_run, run_script):
    replace_in_config(with_run, section, **changes)
    assert_refused(run_script("evaluating.py"), "config.json", *words)


# ---- evaluating.py, with the network in place


def test_evaluating_a_network_that_is_no_longer_there(with_run, run_script):
    replace_in_config(with_run, "settings", network="renamed_network")
    assert_refused(run_script("evaluating.py"), "renamed_network", "simple_fc")


def test_evaluating_the_checkpoint_of_another_network(with_run, run_script):
    replace_in_config(with_run, "settings", network="cnn")
    assert_refused(
        run_script("evaluating.py"),
        "missing in the checkpoint: conv1/weights [5, 5, 3, 8]",
        "shape differs: fc1/weights is [3072, 128] in the checkpoint, [256, 64] in the network",
        "missing in the network: fc2/",
    )


def test_evaluating_images_of_another_size(with_run, run_script):
    Image.new("RGB", (48, 40)).save(with_run / "large.png")
    (with_run / "large.csv").write_text("large_1,large.png,0\nlarge_2,large.png,1\n")
    result = run_script("evaluating.py", "--data", "large.csv")
    assert_refused(result, "40 x 48", "32 x 32", "'tiny'", "fully_convolutional")


def test_evaluating_a_missing_image(with_run, run_script):
    result = run_script("evaluating.py", "--images", "squares/square_000000.png", "gone.png")
    assert_refused(result, "error: image 'gone.png' does not exist")


def test_evaluating_a_file_that_is_no_image(with_run, run_script):
    result = run_script("evaluating.py", "--images", "dataset.csv")
    assert_refused(result, "error: image 'dataset.csv' cannot be read (of no format that Pillow reads)")


def test_evaluating_where_the_split_leaves_nothing(with_run, run_script):
    from support.data_sets import image_data

    from kit.data.image_lines import images_of
    from kit.data.parts import TRAINING

    lines = (with_run / "dataset.csv").read_bytes().splitlines(keepends=True)
    absolute = (with_run / "dataset.csv").read_text().replace("./", f"{with_run}/")
    (with_run / "absolute.csv").write_text(absolute)
    training = images_of(image_data(with_run / "absolute.csv", 0.2), TRAINING)
    (with_run / "dataset.csv").write_bytes(b"".join(lines[number - 1] for number, *_ in list(training)[:3]))
    assert_refused(run_script("evaluating.py"), "dataset.csv", "validation")
