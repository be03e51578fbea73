"""Settings as a typed dataclass, read from command-line flags and saved as JSON.

@dataclass(frozen=True)
class Settings:
    epochs: int = flag(10, "passes over the training images", least=1)

settings, given = read_command_line(Settings, "What the script does.")
"""

import argparse
import dataclasses
import difflib
import math
import re
import sys
import typing
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from kit.cli import console
from kit.cli.errors import UserError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

S = TypeVar("S", bound="DataclassInstance")  # a settings class


def flag(
    default: Any,
    help: str,
    least: float | None = None,
    most: float | None = None,
    above: float | None = None,
    below: float | None = None,
    choices: Collection[str] | None = None,
    is_later: bool = False,
) -> Any:
    """A field of a settings class.

    Args:
      default: the value if the flag isn't given; `dataclasses.MISSING` makes the flag required.
      help: its meaning, with the unit.
      least, most: a number's smallest and largest value, or None.
      above, below: bounds that a number must not reach, or None.
      choices: the values allowed, or None for any.
      is_later: whether files of version 1.0 don't have it: it then has its default.
    """
    rules = {"help": help, "least": least, "most": most, "above": above, "below": below, "choices": choices}
    if is_later:
        rules["may_be_missing"] = True
    return dataclasses.field(default=default, metadata=rules)


def read_command_line(
    settings_class: type[S],
    description: str | None,
    choices: Mapping[str, Collection[str]] | None = None,
    arguments: Sequence[str] | None = None,
    prog: str | None = None,
) -> tuple[S, set[str]]:
    """Reads the flags of a script.

    Args:
      settings_class: a dataclass whose fields were made with `flag`.
      description: the first lines of `--help`.
      choices: {field name: the values allowed}, if only the script knows them.
      arguments: the words after the script's name; by default those of this process.
      prog: the command; by default the script's name.
    Returns:
      (settings, given): the settings, and the names of the flags that the user gave.
    Raises:
      UserError: an unknown flag, or a value of the wrong type or out of bounds.
    """
    choices = choices or {}
    parser = Parser(prog=prog, description=description, allow_abbrev=False, formatter_class=_HelpFormatter)
    types = typing.get_type_hints(settings_class)
    for field in dataclasses.fields(settings_class):
        _add_flag(parser, field, types[field.name], choices.get(field.name, field.metadata["choices"]))
    words = sys.argv[1:] if arguments is None else arguments
    _check_text(words)
    values = vars(parser.parse_args([_underscored(word) for word in words]))
    values = {name: _frozen(value) for name, value in values.items()}
    for field in dataclasses.fields(settings_class):
        if field.name in values:
            _check_bounds(field, values[field.name], f"--{field.name}")
    return settings_class(**values), set(values)


def _check_text(words: Sequence[str]) -> None:
    """Checks that the command line is UTF-8, as TensorFlow, CSV and JSON files want names to be."""
    for word in words:
        if re.search("[\ud800-\udfff]", word):  # where Python puts bytes that aren't
            raise UserError(f"{console.one_line(word)}: this name isn't UTF-8.\n  Rename the file or folder.")


def to_json(settings: "DataclassInstance") -> dict[str, Any]:
    """A settings object as a dict that json can write."""
    return dataclasses.asdict(settings)


def from_json(
    settings_class: type[S],
    values: dict[str, Any],
    where: str,
    choices: Mapping[str, Collection[str]] | None = None,
) -> S:
    """A settings object from the dict that `to_json` made.

    Args:
      settings_class: the dataclass.
      values: the dict, read from a file.
      where: the file, for the error.
      choices: {field name: the values allowed}, if only the script knows them.
    Raises:
      UserError: a field is unknown, missing, of the wrong type or out of bounds.
    """
    fields = {field.name: field for field in dataclasses.fields(settings_class)}
    for name in values:
        if name not in fields:
            raise UserError(f"{where}: unknown setting '{name}'. Expected one of: {', '.join(fields)}.")
    for name in fields:
        if name not in values and "may_be_missing" not in fields[name].metadata:
            raise UserError(f"{where}: setting '{name}' is missing. Perhaps another version wrote this file.")
    for name, value in values.items():
        check_setting(settings_class, name, value, where, (choices or {}).get(name))
    return settings_class(**{name: _frozen(value) for name, value in values.items()})


def check_setting(
    settings_class: "type[DataclassInstance]",
    name: str,
    value: Any,
    where: str,
    choices: Collection[str] | None = None,
) -> None:
    """Checks a value of a setting that doesn't come as a flag, by the rules of the flag.

    Args:
      settings_class: a dataclass whose fields were made with `flag`.
      name: of one of its fields.
      value: from a file, or from another flag.
      where: where it was found, for the error.
      choices: the values allowed, if only the script knows them.
    Raises:
      UserError: it is of the wrong type, out of bounds, or none of the choices.
    """
    field = next(each for each in dataclasses.fields(settings_class) if each.name == name)
    annotation = typing.get_type_hints(settings_class)[name]
    what = f"{where}: setting '{name}'"
    if not _is_of_type(value, annotation):
        raise UserError(f"{what} is {value!r}, expected {_type_name(annotation)}.")
    _check_bounds(field, value, what)
    allowed = choices or field.metadata.get("choices")
    if allowed is not None and value is not None and value not in allowed:
        raise UserError(f"{what} is '{value}', expected one of {', '.join(allowed)}.")


class Parser(argparse.ArgumentParser):
    """An argparse parser that raises UserErrors."""

    _words: Sequence[str] = ()  # of the command line

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        self._words = sys.argv[1:] if args is None else args
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        if message.startswith("the following arguments are required"):  # perhaps only because one is mistyped
            flags = [word.partition("=")[0] for word in self._words if re.match("--[a-z]", word)]
            unknown = [flag for flag in flags if flag not in self._option_string_actions]
            message = f"unrecognized arguments: {unknown[0]}" if unknown else message
        unknown = re.search(r"unrecognized arguments: (--\w+)", message)
        close = difflib.get_close_matches(unknown[1], self._option_string_actions, n=1) if unknown else []
        choice = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        if choice:
            known = {name.strip("' ").lower(): name.strip("' ") for name in choice[2].split(",")}
            close = [known[name] for name in difflib.get_close_matches(choice[1].lower(), known, n=1)]
        number = re.fullmatch(r"argument (\S+): invalid (int|float) value: '(.*)'", message)
        if number:
            expected = {"int": "a whole number in digits, such as 1000", "float": "a number, such as 0.5"}[number[2]]
            message = f"{number[1]} is '{number[3]}'; expected {expected}."
        if close:
            message += f"; did you mean {close[0]}?"
        script = self.prog.removeprefix("python ")
        command = self.prog if script.startswith("-m") else console.python(script)
        raise UserError(f"{message}\n  '{command} --help' lists every flag.")


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """argparse's help, wide enough for a flag and its meaning on one line; keeps the description's line breaks."""

    def __init__(self, prog: str):
        super().__init__(prog, max_help_position=32, width=110)


def _add_flag(
    parser: argparse.ArgumentParser, field: dataclasses.Field[Any], annotation: Any, choices: Collection[str] | None
) -> None:
    help_text = field.metadata["help"].replace("%", "%%")
    options: dict[str, Any] = {"default": argparse.SUPPRESS, "required": field.default is dataclasses.MISSING}
    if field.default not in (None, "", (), dataclasses.MISSING) and not isinstance(field.default, bool):
        shown = field.default if isinstance(field.default, tuple) else [field.default]
        help_text += f" ({' '.join(map(str, shown))})"
    if choices is not None:
        options["choices"] = tuple(choices)
        options["metavar"] = "NAME"
        help_text += f": {', '.join(choices)}"
    value_type, _, is_tuple = _unwrap(annotation)
    if value_type is bool:
        options["action"] = "store_true"
        del options["required"]
        options.pop("metavar", None)
    else:
        options["type"] = value_type
        options.setdefault("metavar", {int: "N", float: "X", str: "TEXT"}[value_type])
        if is_tuple:
            options["nargs"] = "+"
    parser.add_argument(f"--{field.name}", help=help_text, **options)


def _underscored(word: str) -> str:
    """Turns --batch-size, as other tools write it, into --batch_size."""
    flag, equals, value = word.partition("=")
    return "--" + flag[2:].replace("-", "_") + equals + value if re.match("--[a-z]", flag) else word


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _unwrap(annotation: Any) -> tuple[type, bool, bool]:
    """(type of a value, whether it may be None, whether there are several): `int | None` -> (int, True, False)."""
    if typing.get_origin(annotation) is tuple:
        return typing.get_args(annotation)[0], False, True
    types = [each for each in typing.get_args(annotation) if each is not type(None)]
    return (types[0], True, False) if types else (annotation, False, False)


def _type_name(annotation: Any) -> str:
    value_type, is_optional, is_tuple = _unwrap(annotation)
    name = {int: "a whole number", float: "a number", str: "text", bool: "true or false"}[value_type]
    return f"a list, each {name}" if is_tuple else f"{name} or null" if is_optional else name


def _is_of_type(value: Any, annotation: Any) -> bool:
    value_type, is_optional, is_tuple = _unwrap(annotation)
    if is_tuple:
        return isinstance(value, (list, tuple)) and all(_is_of_type(item, value_type) for item in value)
    if value is None:
        return is_optional
    if value_type is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, value_type) and (value_type is bool or not isinstance(value, bool))


def _check_bounds(field: dataclasses.Field[Any], value: Any, what: str) -> None:
    rules = field.metadata
    if "least" not in rules or value is None or isinstance(value, (str, bool, tuple, list)):
        return
    bounds = [
        ("at least", rules["least"], lambda bound: value >= bound),
        ("at most", rules["most"], lambda bound: value <= bound),
        ("above", rules["above"], lambda bound: value > bound),
        ("below", rules["below"], lambda bound: value < bound),
    ]
    expected = [f"{words} {bound}" for words, bound, _ in bounds if bound is not None]
    is_finite = isinstance(value, int) or math.isfinite(value)
    holds = is_finite and all(test(bound) for _, bound, test in bounds if bound is not None)
    if not holds:
        raise UserError(f"{what} is {value}; expected {' and '.join(expected) or 'a finite number'}.")
