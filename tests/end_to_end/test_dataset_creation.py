"""dataset_creation.py, run as a user runs it."""

import csv
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image
from support import warm
from support.scripts import PROJECT, environment

SCRIPT = "dataset_creation.py"
PATIENCE = 60  # seconds until a process counts as hung


def words(shape="square", num_images=6, output_directory="./squares", size=16, **flags):
    """The words after the script's name."""
    flags = {"shape": shape, "num_images": num_images, "output_directory": output_directory, "size": size, **flags}
    return [word for name, value in flags.items() for word in (f"--{name}", str(value))]


def start(folder, *arguments):
    """The script as a process in a group of its own, as a shell starts it; Ctrl-C reaches it."""
    return subprocess.Popen(
        [sys.executable, str(PROJECT / SCRIPT), *arguments],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # pytest may run where it is ignored
    )


def watch(process, seen):
    """Calls `seen()` every few milliseconds until it says True or the process ends; returns whether it did."""
    deadline = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < deadline
        try:
            process.wait(timeout=0.005)
            return seen()
        except subprocess.TimeoutExpired:
            pass
    return True


def contents(folder):
    """{name: bytes} of every file but the lock, which is empty."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".lock"}


def times(folder):
    """{name: (time of the last change, which file)}: equal only when nothing was written."""
    return {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.iterdir()}


def images(folder):
    return sorted(path.name for path in folder.glob("square_*.png"))


def assert_refused(result, *message):
    """Exit status 2 and one error that tells these words; no traceback."""
    assert result.returncode == 2
    assert [line.startswith("error: ") for line in result.stderr.splitlines()].count(True) == 1
    assert result.stderr.startswith("error: ")
    assert "Traceback" not in result.stderr
    assert all(word in result.stderr for word in message)


@pytest.fixture(scope="module")
def six(tmp_path_factory):
    """./squares with six images of 16 x 16; copy it before you change it."""
    folder = tmp_path_factory.mktemp("six")
    subprocess.run([sys.executable, PROJECT / SCRIPT, *words()], cwd=folder, check=True, capture_output=True)
    return folder / "squares"


@pytest.fixture
def squares(six, tmp_path):
    """A copy of `six` at tmp_path/squares."""
    return shutil.copytree(six, tmp_path / "squares")


# What it writes


def test_the_command_of_the_class_text(run_script, tmp_path):
    line = "--shape square --num_images 10 --output_directory ./squares --size 128"
    result = run_script(SCRIPT, *line.split(), cold=True)
    assert (result.returncode, result.stderr) == (0, "")
    lines = [f"square_{i:06d}.png,./squares/square_{i:06d}.png,0\n" for i in range(10)]
    assert (tmp_path / "squares" / "info.csv").read_bytes().decode() == "image_name,image_path,label\n" + "".join(lines)
    assert images(tmp_path / "squares") == [f"square_{i:06d}.png" for i in range(10)]
    for name in images(tmp_path / "squares"):
        with Image.open(tmp_path / "squares" / name) as image:
            assert (image.format, image.mode, image.size) == ("PNG", "RGB", (128, 128))
            image.load()
    assert len({content for content in contents(tmp_path / "squares").values()}) == 10 + 3


def test_preview_shows_the_first_image_first(six):
    with Image.open(six / "preview.png") as preview, Image.open(six / "square_000000.png") as first:
        assert preview.width > first.width
        assert preview.crop((0, 0, 16, 16)).tobytes() == first.tobytes()


@pytest.mark.parametrize(
    "folder", ["./squares", "my squares", "a,b", 'the "best"', "Würfel 図", "deep/er", "squares/", "/absolute"]
)
def test_info_csv_has_the_folder_as_typed(run_script, tmp_path, folder):
    if folder == "/absolute":
        folder = str(tmp_path / "absolute")
    result = run_script(SCRIPT, *words(num_images=2, output_directory=folder))
    assert result.returncode == 0
    with open(tmp_path / folder / "info.csv", encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, strict=True)
    assert header == ["image_name", "image_path", "label"]
    typed = folder.removesuffix("/")
    assert rows == [[f"square_00000{i}.png", f"{typed}/square_00000{i}.png", "0"] for i in range(2)]
    assert all((tmp_path / row[1]).is_file() for row in rows)


def test_a_comma_in_the_folder_is_quoted(run_script, tmp_path):
    run_script(SCRIPT, *words(num_images=1, output_directory="a,b"))
    assert (tmp_path / "a,b" / "info.csv").read_text().splitlines()[1] == 'square_000000.png,"a,b/square_000000.png",0'


@pytest.mark.parametrize(("shape", "label"), [("triangle", 1), ("circle", 2)])
def test_a_shape_has_its_label(run_script, tmp_path, shape, label):
    run_script(SCRIPT, *words(shape, 1))
    line = (tmp_path / "squares" / "info.csv").read_text().splitlines()[1]
    assert line == f"{shape}_000000.png,./squares/{shape}_000000.png,{label}"


def test_a_label_may_be_given(run_script, tmp_path):
    run_script(SCRIPT, *words(label=7))
    with open(tmp_path / "squares" / "info.csv", newline="") as file:
        assert [row["label"] for row in csv.DictReader(file)] == ["7"] * 6


def test_any_number_of_workers_draws_the_same_files(run_script, tmp_path):
    drawn = []
    for workers in (1, 2, 3):
        folder = tmp_path / str(workers)
        folder.mkdir()
        assert run_script(SCRIPT, *words(num_images=110, workers=workers), cwd=folder).returncode == 0
        drawn.append(contents(folder / "squares"))
    assert len(drawn[0]) == 110 + 3
    assert drawn[0] == drawn[1] == drawn[2]


def test_info_csv_appears_once_every_image_is_there(tmp_path):
    process = start(tmp_path, *words(num_images=400, size=16, workers=2))
    folder = tmp_path / "squares"
    found = {"images before info.csv": False}

    def has_info():
        if (folder / "info.csv").exists():
            assert len(images(folder)) == 400
            return True
        found["images before info.csv"] |= folder.is_dir() and bool(images(folder))
        return False

    assert watch(process, has_info)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert found["images before info.csv"]
    assert not list(folder.glob(".partial-*"))


# What it says


def test_output_into_a_pipe_is_plain_text(tmp_path):
    result = subprocess.run(
        [sys.executable, PROJECT / SCRIPT, *words()], cwd=tmp_path, capture_output=True, env=environment()
    )
    assert result.returncode == 0
    assert b"squares/info.csv" in result.stdout
    assert b"\x1b" not in result.stdout and b"\r" not in result.stdout
    assert result.stderr == b""


def next_commands(result):
    lines = result.stdout.rstrip().splitlines()
    commands = lines[lines.index("Next:") + 1 :]
    assert commands and all(line.startswith("  ") for line in commands)  # they are the last lines
    return [line.strip() for line in commands]


@pytest.mark.parametrize(
    ("folder", "flags"),
    [("./squares", {}), ("./squares", {"style": "plain"}), ("./squares", {"seed": 3}), ("my squares", {})],
    ids=str,
)
def test_the_next_commands_lead_to_the_data_set(run_script, tmp_path, folder, flags):
    first = run_script(SCRIPT, *words(num_images=3, output_directory=folder, **flags))
    draw, join, train = next_commands(first)
    script, *arguments = shlex.split(draw)[1:]
    assert os.path.basename(script) == SCRIPT
    second = run_script(SCRIPT, *arguments)
    assert second.returncode == 0
    assert subprocess.run(join, shell=True, cwd=tmp_path).returncode == 0
    assert train.endswith("training.py")
    with open(tmp_path / "dataset.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert [row[2] for row in rows] == ["label", "0", "0", "0", "label", "1", "1", "1"]
    assert all((tmp_path / row[1]).is_file() for row in rows if row[2] != "label")

    drawn_with = [json.loads(path.read_text()) for path in sorted(tmp_path.glob("*/settings.json"))]
    alike = [{name: made[name] for name in ("size", "style", "seed")} for made in drawn_with]
    assert len(alike) == 2 and alike[0] == alike[1]  # or the classes differ in more than the shape
    assert next_commands(second)[-1].endswith("training.py")


def test_help_comes_before_any_large_import(run_script, monkeypatch):
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    result = run_script(SCRIPT, "--help")
    assert result.returncode == 0
    assert all(
        flag in result.stdout for flag in ("--shape", "--num_images", "--output_directory", "--size", "triangle")
    )
    assert not imported(result) & {"tensorflow", "numpy", "PIL", "rich", "matplotlib"}


def test_drawing_never_imports_tensorflow(run_script, monkeypatch):
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    result = run_script(SCRIPT, *words())
    assert result.returncode == 0
    assert "PIL" in imported(result)
    assert not imported(result) & {"tensorflow", "keras", "matplotlib", "sklearn"}


def imported(result):
    """The top-level packages that a process, and those it forked, imported."""
    lines = [line for line in result.stderr.splitlines() if line.startswith("import time:")]
    assert len(lines) > 10
    return {line.rsplit("|", 1)[1].strip().split(".")[0] for line in lines}


# Run again


def test_a_second_run_draws_what_is_missing(run_script, squares, six):
    for name in ("square_000001.png", "square_000004.png"):
        (squares / name).unlink()
    kept = {name: when for name, when in times(squares).items() if name in images(squares)}
    result = run_script(SCRIPT, *words())
    assert result.returncode == 0
    assert "Drew 2 images" in result.stdout
    assert contents(squares) == contents(six)
    now = times(squares)
    assert {name: now[name] for name in kept} == kept


def test_a_third_run_has_nothing_to_draw(run_script, squares, six):
    before = times(squares)
    result = run_script(SCRIPT, *words())
    assert result.returncode == 0
    assert "already" in result.stdout and "Drew" not in result.stdout
    assert contents(squares) == contents(six)
    assert all(times(squares)[name] == before[name] for name in images(squares))


def test_more_images_extend_the_data_set(run_script, squares, tmp_path):
    before = times(squares)
    result = run_script(SCRIPT, *words(num_images=9))
    assert result.returncode == 0
    assert "Drew 3 images" in result.stdout
    assert all(times(squares)[name] == before[name] for name in before if name.startswith("square_"))
    (tmp_path / "at once").mkdir()
    run_script(SCRIPT, *words(num_images=9), cwd=tmp_path / "at once")
    assert contents(squares) == contents(tmp_path / "at once" / "squares")


@pytest.mark.parametrize(
    ("name", "value"),
    [("num_images", 2), ("size", 20), ("shape", "triangle"), ("seed", 1), ("style", "plain"), ("label", 5)],
)
def test_other_settings_in_the_same_folder_are_refused(run_script, monkeypatch, squares, name, value):
    monkeypatch.setenv("PYTHONHASHSEED", "1")  # the order of a set must not choose the flag that is named
    before = times(squares)
    assert_refused(run_script(SCRIPT, *words(**{name: value})), f"--{name} {value}", "squares", "--output_directory")
    assert times(squares) == before


def test_a_strange_info_csv_is_left_alone(run_script, tmp_path):
    (tmp_path / "squares").mkdir()
    (tmp_path / "squares" / "info.csv").write_text("mine")
    assert_refused(run_script(SCRIPT, *words()), "info.csv", "--output_directory")
    assert contents(tmp_path / "squares") == {"info.csv": b"mine"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"num_images": "six"}', '{"num_images": null}'])
def test_damaged_settings_are_refused(run_script, squares, text):
    (squares / "settings.json").write_text(text)
    before = times(squares)
    assert_refused(run_script(SCRIPT, *words()), "squares")
    assert times(squares) == before


# Refused


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ({"shape": "squircle"}, "--shape"),
        ({"num_images": 0}, "--num_images is 0; expected at least 1"),
        ({"num_images": -3}, "--num_images"),
        ({"num_images": "abc"}, "--num_images"),
        ({"size": 3}, "--size is 3"),
        ({"size": 100_000}, "--size"),
        ({"seed": -1}, "--seed"),
        ({"style": "oily"}, "--style"),
        ({"label": -1}, "--label"),
        ({"workers": 0}, "--workers"),
        ({"colour": "red"}, "--colour"),
        ({"output_directory": ""}, "--output_directory"),
    ],
    ids=str,
)
def test_a_wrong_flag_is_refused_before_anything_is_written(run_script, tmp_path, flags, message):
    assert_refused(run_script(SCRIPT, *words(**flags)), message)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["--shape", "--num_images", "--output_directory"])
def test_a_missing_flag_is_named(run_script, tmp_path, name):
    arguments = words()
    place = arguments.index(name)
    del arguments[place : place + 2]
    assert_refused(run_script(SCRIPT, *arguments), name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", ["file", "file/below", "file/far/below"])
def test_a_file_in_the_folders_place_is_refused(run_script, tmp_path, folder):
    (tmp_path / "file").write_text("mine")
    assert_refused(run_script(SCRIPT, *words(output_directory=folder)), folder)
    assert contents(tmp_path) == {"file": b"mine"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a name is always text")
def test_a_folder_whose_name_is_no_text_ends_without_a_traceback(run_script):
    result = run_script(SCRIPT, *words(output_directory=os.fsdecode(b"a\xff")))
    assert "Traceback" not in result.stderr
    assert result.returncode in (0, 2)


def test_an_empty_image_is_drawn_again_or_told(run_script, squares, six):
    """A computer that went off may leave one."""
    (squares / "square_000002.png").write_bytes(b"")
    result = run_script(SCRIPT, *words())
    if result.returncode == 0:
        assert contents(squares) == contents(six)
    else:
        assert_refused(result, "square_000002.png")


@pytest.mark.parametrize("name", ["info.csv", "preview.png"])
def test_a_folder_in_a_files_place_is_told(run_script, squares, name):
    (squares / name).unlink()
    (squares / name).mkdir()
    assert_refused(run_script(SCRIPT, *words()), name)
    assert not list(squares.glob(".partial-*"))


# Interrupted


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The files of 1,200 squares drawn in one go."""
    folder = tmp_path_factory.mktemp("undisturbed")
    arguments = words(num_images=1200, size=32, workers=2)
    subprocess.run([sys.executable, PROJECT / SCRIPT, *arguments], cwd=folder, check=True, capture_output=True)
    return contents(folder / "squares")


@pytest.mark.skipif(os.name != "posix", reason="signals as shells send them")
@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["to the script", "to its group, as a terminal does"])
def test_an_interrupted_drawing_goes_on_to_the_same_files(run_script, tmp_path, undisturbed, send):
    arguments = words(num_images=1200, size=32, workers=2)
    process = start(tmp_path, *arguments)
    folder = tmp_path / "squares"
    assert watch(process, lambda: folder.is_dir() and len(images(folder)) > 0)
    send(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE)

    assert process.returncode == 130
    assert "Traceback" not in errors
    left = contents(folder)
    assert 0 < len(images(folder)) < 1200
    assert not [name for name in left if name.startswith(".partial-")]
    assert "info.csv" not in left
    assert {name: undisturbed[name] for name in left} == left  # every file there is whole

    result = run_script(SCRIPT, *arguments)
    assert result.returncode == 0
    assert f"Drew {1200 - len([name for name in left if name.startswith('square_')]):,} images" in result.stdout
    assert contents(folder) == undisturbed


def test_two_at_once_in_a_folder_the_second_is_refused(run_script, tmp_path):
    words = ["--shape", "square", "--num_images", "20000", "--size", "64", "--output_directory", "squares"]
    first = warm.start(SCRIPT, tmp_path, *words, pipes=False, own_group=True)
    while not list(tmp_path.glob("squares/*.png")):
        assert first.poll() is None
    second = run_script("dataset_creation.py", *words)
    assert second.returncode == 2
    assert second.stderr.startswith("error: squares: another dataset_creation.py is writing here.\n")
    assert first.poll() is None
    os.killpg(first.pid, signal.SIGTERM)  # its helpers, too
    first.wait(timeout=60)


@pytest.mark.skipif(os.name != "posix", reason="signals as shells send them")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_the_script(tmp_path, number):
    process = start(tmp_path, *words(num_images=100_000, size=32, workers=2))
    watch(process, lambda: (tmp_path / "squares").is_dir() and len(images(tmp_path / "squares")) > 10)
    process.send_signal(number)
    process.communicate(timeout=PATIENCE)  # the workers hold its streams open: it returns when they have ended, too
    assert process.returncode == -number


@pytest.mark.skipif(sys.platform != "linux", reason="where /proc lists a process's children")
def test_a_worker_that_is_killed_is_told(tmp_path):
    process = start(tmp_path, *words(num_images=100_000, size=32, workers=2))
    watch(process, lambda: (tmp_path / "squares").is_dir() and len(images(tmp_path / "squares")) > 10)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2 and "Traceback" not in errors
    assert errors.startswith("error: A process that was drawing was ended from outside")


def test_one_image_is_one_image(run_script, tmp_path):
    result = run_script(SCRIPT, *words(num_images=1, workers=1))
    assert result.stdout.startswith("Drew 1 image in ") and "info.csv: 1 line, label 0" in result.stdout
