"""The folder of a run: settings that can't be read, and places that can't be written to."""

import errno
import io
import json
import os
import tempfile
from pathlib import Path

import pytest

from kit.cli.errors import UserError
from kit.cli.flags import to_json
from kit.cli.settings import TrainingSettings
from kit.runs.run_folder import ROOT, Run, check_writable_place, open_run

OF_1_0 = (  # the settings in a config.json of version 1.0
    "architecture batch_size columns data decay deterministic epochs explain_time fill_missing fold folds "
    "header initial_weights input label_column labels learning_rate loss network optimizer optimizer_options "
    "patience precision reduce_factor reduce_on_plateau resume run scale seed skip_bad stratified validation "
    "without_columns write_architecture"
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (ROOT / "mine" / "checkpoints").mkdir(parents=True)
    return ROOT / "mine"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "cannot read the settings of a run: Expecting value"),
        ('{"settings": {', "cannot read the settings of a run: Expecting property name"),
        ("[]", "the settings of a run should be a JSON object, found list"),
        ("{}", "expected the objects 'settings' and 'data', found nothing"),
        ('{"settings": {}, "data": {}}', "setting 'data' is missing"),
    ],
)
def test_damaged_settings_are_told_with_a_way_out(folder, text, found):
    (folder / "config.json").write_text(text)
    with pytest.raises(UserError) as error:
        open_run("mine", {})
    assert str(error.value).startswith(f"runs/mine/config.json: {found}")
    assert "Put the file back as it was, train again, or name another run with --run." in str(error.value)


def test_a_run_of_version_1_0_is_opened(folder):
    """CHANGELOG.md promises it: a setting that came later has its default."""
    now = to_json(TrainingSettings(run="mine", epochs=7))
    data = {"image_size": [24, 24], "class_names": ["square", "triangle"], "num_training": 8, "num_validation": 2}
    config = {"settings": {name: now[name] for name in OF_1_0.split()}, "data": data}
    (folder / "config.json").write_text(json.dumps(config))
    assert open_run("mine", {}).settings == TrainingSettings(run="mine", epochs=7)


@pytest.mark.parametrize("place", ["runs", "runs/mine", "runs/mine/checkpoints"])
@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_a_place_that_cannot_be_written_to_is_told_before_anything_is_done(folder, monkeypatch, place, number):
    def temporary_file(dir):
        if dir == Path(place):
            raise OSError(number, os.strerror(number))
        return io.BytesIO()

    monkeypatch.setattr(tempfile, "TemporaryFile", temporary_file)
    asked = ROOT if place == "runs" else folder
    with pytest.raises(UserError) as error:
        check_writable_place(asked)
    what = "it" if place == str(asked) else place
    assert str(error.value).startswith(f"{asked}: cannot write to {what}: {os.strerror(number)}.\n  Runs are saved in")


def test_a_place_that_can_be_written_to_is_left_as_it_was(folder):
    check_writable_place(ROOT)
    check_writable_place(folder)
    check_writable_place(ROOT / "new")
    assert [path.name for path in ROOT.rglob("*")] == ["mine", "checkpoints"]


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="only Linux makes files without a name")
def test_a_kill_while_the_place_is_tried_leaves_no_file(folder, monkeypatch):
    monkeypatch.setattr(os, "unlink", lambda path: pytest.fail(f"{path}: had a name for a moment"))
    check_writable_place(folder)


@pytest.mark.parametrize(
    ("there_before", "made", "stays"),
    [
        ([], ["train"], False),
        (["train"], [], True),  # made by another process, or by the user
        ([], ["train", "config.json"], True),  # it has begun: it can be resumed
        ([], ["train", ".lock"], True),  # another training has taken the name in the meantime
    ],
)
def test_an_error_leaves_no_folder_of_a_run_that_has_not_begun(tmp_path, there_before, made, stays):
    run = Run(tmp_path / "new", TrainingSettings())
    for name in there_before:
        (run.folder / name).mkdir(parents=True)
    with pytest.raises(KeyboardInterrupt), run.removed_unless_begun():
        for name in made:
            (run.folder / name).mkdir(parents=True)
        raise KeyboardInterrupt
    assert run.folder.exists() == stays
