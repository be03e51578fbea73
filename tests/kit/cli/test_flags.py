"""Flags, and settings as JSON."""

import dataclasses
import json
from dataclasses import MISSING, dataclass, replace

import pytest

from kit.cli.errors import UserError
from kit.cli.flags import flag, from_json, read_command_line, to_json
from kit.cli.settings import DrawingSettings, EvaluatingSettings, TrainingSettings


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
    counts: tuple[int, ...] = flag((20, 50), "some numbers")
    style: str = flag("plain", "how", choices=("plain", "varied"))
    network: str = flag("cnn", "a design")


def read(*words, **named):
    return read_command_line(Settings, "What it does.", arguments=["--name", "n", *words], **named)


# Command line


def test_defaults():
    settings, typed = read()
    assert settings == Settings("n", 10, 0, None, 0.5, 0.0, False, (), (20, 50), "plain", "cnn")
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
        ("--steps 3.0", "--steps is '3.0'; expected a whole number"),
        ("--steps many", "--steps is 'many'; expected a whole number"),
        ("--rate 1,5", "--rate is '1,5'; expected a number"),
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


def test_a_name_that_is_not_utf8_is_refused():
    with pytest.raises(UserError, match=r"^caf\\udce9\.csv: this name isn't UTF-8\.\n  Rename the file"):
        read("--steps", "3", "--rate", "caf\udce9.csv")


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
    assert "no upper bound (0)" in text
    assert "some numbers (20 50)" in text  # as they are typed
    assert "hurry\n" in text
    assert "plain, varied" in text
    assert all(f"--{name} " in text for name in to_json(Settings("n")))


# JSON


def through_json(settings):
    return from_json(type(settings), json.loads(json.dumps(to_json(settings))), "config.json")


@pytest.mark.parametrize(
    "settings",
    [
        Settings("n"),
        Settings("Würfel 図", 3, 10**30, 1e-300, 0.1, -7.25, True, ("a", "b c"), (1,), "varied", ""),
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


@dataclasses.dataclass(frozen=True)
class TwoWords:
    batch_size: int = flag(32, "images a step")


def test_a_flag_may_be_written_with_hyphens():
    for words in (["--batch-size", "7"], ["--batch-size=7"]):
        assert read_command_line(TwoWords, "", arguments=words)[0].batch_size == 7


def test_a_flag_that_is_missing_because_it_was_misspelt():
    for word in ("--nane", "--nane=n"):
        with pytest.raises(UserError, match=r"unrecognized arguments: --nane; did you mean --name\?"):
            read_command_line(Settings, "", arguments=[word, "n", "--steps", "3"])


def test_a_misspelt_flag_is_told_its_right_name():
    with pytest.raises(UserError, match="did you mean --batch_size"):
        read_command_line(TwoWords, "", arguments=["--batchsize", "7"])


def test_a_choice_that_was_misspelt_is_guessed():
    with pytest.raises(UserError) as error:
        read_command_line(EvaluatingSettings, "", arguments=["--checkpoint", "Newst"])
    assert "invalid choice: 'Newst'" in str(error.value) and "; did you mean newest?" in str(error.value)
