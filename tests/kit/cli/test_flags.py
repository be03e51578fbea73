"""Flags, settings as JSON, and files written whole."""

import dataclasses
import errno
import json
import os
from dataclasses import MISSING, dataclass, replace
from pathlib import Path

import pytest

from kit.cli.errors import UserError
from kit.cli.flags import flag, from_json, read_command_line, to_json
from kit.cli.settings import DrawingSettings, EvaluatingSettings, TrainingSettings
from kit.system.files import make_folder, read_json, write_json, write_text, write_whole


@dataclass(frozen=True)
class Settings:
    name: str = flag(MISSING, "a text that must be given")
    steps: int = flag(10, "how many, 50% of them", least=1, most=100)
    seed: int = flag(0, "no upper bound", least=0)
    rate: float | None = flag(None, "the size of a step", above=0)
    share: float = flag(0.5, "of all", above=0, below=1)
    shift: float = flag(0.0, "any number")
    fast: bool = flag(False, "hurry")
    files: tuple[str, ...] = flag((), "some files")
    style: str = flag("plain", "how", choices=("plain", "varied"))
    network: str = flag("cnn", "a design")


def read(*words, **named):
    return read_command_line(Settings, "What it does.", arguments=["--name", "n", *words], **named)


# Command line


def test_defaults():
    settings, typed = read()
    assert settings == Settings("n", 10, 0, None, 0.5, 0.0, False, (), "plain", "cnn")
    assert typed == {"name"}


@pytest.mark.parametrize(
    ("words", "name", "expected"),
    [
        ("--steps 1", "steps", 1),
        ("--steps=100", "steps", 100),
        ("--seed 123456789012345678901234567890", "seed", 123456789012345678901234567890),
        ("--rate 1e-3", "rate", 0.001),
        ("--rate 2", "rate", 2.0),
        ("--share 0.999", "share", 0.999),
        ("--shift -1.5", "shift", -1.5),
        ("--fast", "fast", True),
        ("--style varied", "style", "varied"),
        ("--network 7", "network", "7"),
    ],
)
def test_a_flag_has_its_type(words, name, expected):
    settings, typed = read(*words.split())
    value = getattr(settings, name)
    assert (value, type(value)) == (expected, type(expected))
    assert typed == {"name", name}


def test_several_values_become_a_tuple():
    settings, typed = read("--files", "a b.png", "c,d.png", "--steps", "3")
    assert settings == replace(Settings("n"), files=("a b.png", "c,d.png"), steps=3)
    assert typed == {"name", "files", "steps"}


def test_typing_the_default_counts_as_typed():
    assert read("--steps", "10")[1] == {"name", "steps"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--steps 0", "--steps is 0; expected at least 1 and at most 100"),
        ("--steps 101", "--steps is 101"),
        ("--steps -3", "--steps is -3"),
        ("--steps 3.0", "--steps"),
        ("--steps many", "--steps"),
        ("--steps", "--steps"),
        ("--seed -1", "--seed is -1; expected at least 0"),
        ("--rate 0", "--rate is 0.0; expected above 0"),
        ("--rate nan", "--rate is nan"),
        ("--rate inf", "--rate is inf"),
        ("--share 0", "--share is 0.0; expected above 0 and below 1"),
        ("--share 1", "--share is 1.0"),
        ("--shift nan", "--shift is nan; expected a finite number"),
        ("--shift=-inf", "--shift is -inf"),
        ("--fast=yes", "--fast"),
        ("--style oily", "plain"),
        ("--files", "--files"),
        ("--bogus 3", "--bogus"),
        ("--step 3", "--step"),  # no abbreviations: a later flag could make them mean another
        ("word", "word"),
    ],
)
def test_a_wrong_flag_is_refused_by_name(words, told):
    with pytest.raises(UserError) as refusal:
        read(*words.split())
    assert told in str(refusal.value)


def test_a_number_too_large_for_a_float_is_still_a_number():
    assert read("--seed", "1" + "0" * 400)[0].seed == 10**400
    with pytest.raises(UserError, match="--steps"):
        read("--steps", "1" + "0" * 400)


def test_a_missing_flag_is_named():
    with pytest.raises(UserError, match="--name"):
        read_command_line(Settings, "What it does.", arguments=["--steps", "3"])


def test_choices_that_only_the_script_knows():
    assert read("--network", "mlp", choices={"network": ("cnn", "mlp")})[0].network == "mlp"
    with pytest.raises(UserError, match="mlp"):
        read("--network", "rnn", choices={"network": ("cnn", "mlp")})


def test_help_tells_every_flag(capsys):
    with pytest.raises(SystemExit) as end:
        read("--help")
    text = capsys.readouterr().out
    assert end.value.code == 0
    assert text.index("What it does.") < text.index("  --name")
    assert "how many, 50% of them (10)" in text
    assert "plain, varied" in text
    assert all(f"--{name} " in text for name in to_json(Settings("n")))


# JSON


def through_json(settings):
    return from_json(type(settings), json.loads(json.dumps(to_json(settings))), "config.json")


@pytest.mark.parametrize(
    "settings",
    [
        Settings("n"),
        Settings("Würfel 図", 3, 10**30, 1e-300, 0.1, -7.25, True, ("a", "b c"), "varied", ""),
        DrawingSettings("star", 5, "a,b"),
        TrainingSettings(patience=3, learning_rate=0.1 + 0.2),
        EvaluatingSettings(images=("x.png",)),
    ],
    ids=lambda settings: type(settings).__name__,
)
def test_settings_come_back_from_json(settings):
    back = through_json(settings)
    assert back == settings
    assert hash(back) == hash(settings)  # tuples, not lists


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"colour": 1}, "colour"),
        ({"steps": "3"}, "steps"),
        ({"steps": 3.5}, "steps"),
        ({"steps": True}, "steps"),
        ({"steps": None}, "steps"),
        ({"steps": [3]}, "steps"),
        ({"steps": 0}, "steps"),
        ({"steps": 101}, "steps"),
        ({"rate": "fast"}, "rate"),
        ({"rate": -1}, "rate"),
        ({"rate": float("nan")}, "rate"),
        ({"shift": float("inf")}, "shift"),
        ({"fast": 1}, "fast"),
        ({"fast": "false"}, "fast"),
        ({"name": None}, "name"),
        ({"name": 3}, "name"),
        ({"files": "a.png"}, "files"),
        ({"files": ["a.png", 3]}, "files"),
        ({"files": None}, "files"),
    ],
    ids=str,
)
def test_wrong_json_is_refused_with_its_file(change, told):
    values = json.loads(json.dumps({**to_json(Settings("n")), **change}))
    with pytest.raises(UserError) as refusal:
        from_json(Settings, values, "runs/one/config.json")
    assert str(refusal.value).startswith("runs/one/config.json:")
    assert f"'{told}'" in str(refusal.value)


@pytest.mark.parametrize("name", ["name", "steps", "fast", "files"])
def test_a_missing_setting_is_refused_with_its_file(name):
    values = to_json(Settings("n"))
    del values[name]
    with pytest.raises(UserError, match=rf"^runs/one/config.json: .*'{name}' is missing"):
        from_json(Settings, values, "runs/one/config.json")


# Files


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("kind", [str, Path])
def test_a_file_appears_under_its_name_once_it_is_whole(tmp_path, kind):
    target = tmp_path / "a.png"
    with write_whole(kind(target)) as partial:
        Path(partial).write_bytes(b"half")
        assert not target.exists()
        assert Path(partial).suffix == ".png"
        Path(partial).write_bytes(b"whole")
    assert names(tmp_path) == ["a.png"]
    assert target.read_bytes() == b"whole"


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("old", [None, b"old"], ids=["new file", "old file"])
def test_a_failure_leaves_nothing_and_the_old_file(tmp_path, failure, old):
    target = tmp_path / "a.txt"
    if old:
        target.write_bytes(old)
    with pytest.raises(failure), write_whole(target) as partial:
        Path(partial).write_bytes(b"half of the new")
        raise failure
    assert names(tmp_path) == (["a.txt"] if old else [])
    assert not old or target.read_bytes() == old


def test_a_full_disk_is_told_and_leaves_the_old_file(tmp_path):
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    with (
        pytest.raises(UserError, match=r"a\.txt: cannot write: No space left") as refusal,
        write_whole(target) as partial,
    ):
        Path(partial).write_bytes(b"half of the new")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert str(target) in str(refusal.value)
    assert names(tmp_path) == ["a.txt"]
    assert target.read_bytes() == b"old"


def test_a_target_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    for target in ("folder", "file/below.txt", "missing/below.txt"):
        with pytest.raises(UserError, match=target):
            write_text(tmp_path / target, "text")
    assert names(tmp_path) == ["file", "folder"]
    assert names(tmp_path / "folder") == []


def test_text_is_utf8_with_plain_line_ends(tmp_path):
    write_text(tmp_path / "a.txt", "Würfel\n図\n")
    assert (tmp_path / "a.txt").read_bytes() == b"W\xc3\xbcrfel\n\xe5\x9b\xb3\n"


def test_json_comes_back(tmp_path):
    content = {"name": "Würfel 図", "values": [1, 2.5, None, True]}
    write_json(tmp_path / "a.json", content)
    assert read_json(tmp_path / "a.json", "a test") == content
    assert "図" in (tmp_path / "a.json").read_text(encoding="utf-8")  # for people to read


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"[1]", b"\xff{}", b"[" * 100_000], ids=lambda content: repr(content)[:8]
)
def test_what_is_no_json_object_is_told(tmp_path, content):
    path = tmp_path / "a.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError) as refusal:
        read_json(path, "the settings of a run")
    assert str(refusal.value).startswith(f"{path}: ")
    assert "the settings of a run" in str(refusal.value)


def test_a_folder_is_made_with_its_parents_or_refused(tmp_path):
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_bytes(b"")
    for path in ("file", "file/below"):
        with pytest.raises(UserError, match=path):
            make_folder(tmp_path / path)


@dataclasses.dataclass(frozen=True)
class TwoWords:
    batch_size: int = flag(32, "images a step")


def test_a_flag_may_be_written_with_hyphens():
    for words in (["--batch-size", "7"], ["--batch-size=7"]):
        assert read_command_line(TwoWords, "", arguments=words)[0].batch_size == 7


def test_a_misspelt_flag_is_told_its_right_name():
    with pytest.raises(UserError, match="did you mean --batch_size"):
        read_command_line(TwoWords, "", arguments=["--batchsize", "7"])


def test_a_choice_that_was_misspelt_is_guessed():
    with pytest.raises(UserError) as error:
        read_command_line(EvaluatingSettings, "", arguments=["--checkpoint", "Newst"])
    assert "invalid choice: 'Newst'" in str(error.value) and "; did you mean newest?" in str(error.value)
