"""The editor in which a place of a script is opened: which, and how it is told the line."""

import os
import shlex
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from kit.cli.errors import UserError

# Names of editors, by how they are told the line; _WINDOWS are those that leave the terminal alone.
_VSCODE = {"code", "code-insiders", "codium", "vscodium", "cursor", "windsurf"}
_JETBRAINS = {"pycharm", "pycharm64", "charm", "idea", "idea64"}
_COLON = {"subl", "sublime_text", "zed", "hx", "helix"}
_PLUS = {"vi", "vim", "nvim", "gvim", "view", "nano", "emacs", "emacsclient", "micro", "joe", "kak", "gedit", "mcedit"}
_WINDOWS = (
    _VSCODE | _JETBRAINS | {"subl", "sublime_text", "zed", "gvim", "gedit", "kate", "notepad", "notepad++", "mate"}
)
USUAL = ("code", "pycharm", "vim", "vi", "nano", "notepad")  # the first of these that is there, if none is chosen


def chosen_editor(flag: str | None, environment: Mapping[str, str] = os.environ) -> list[str]:
    """The words of the editor's command: --editor, else $VISUAL, $EDITOR, or the first of USUAL that is there.

    Raises:
      UserError: there is none.
    """
    for text in (flag, environment.get("VISUAL"), environment.get("EDITOR")):
        if text and text.strip():
            try:
                return shlex.split(text, posix=os.name == "posix")
            except ValueError:
                raise UserError(f"The editor's command, {text}, has a quote that isn't closed.") from None
    for name in USUAL:
        if shutil.which(name):
            return [name]
    raise UserError('No editor was found. Name one: watch --editor "code -g", or set EDITOR.')


def command_at(editor: Sequence[str], path: Path, line: int) -> list[str]:
    """The command that opens a file at a line, from 1."""
    name = name_of(editor)
    words, there = list(editor), f"{path}:{line}"
    if name in _VSCODE:
        return [*words, *(["-g"] if not {"-g", "--goto"} & set(words) else []), there]
    if name in _JETBRAINS:
        return [*words, "--line", str(line), str(path)]
    if name in _COLON:
        return [*words, there]
    if name == "notepad++":
        return [*words, f"-n{line}", str(path)]
    return [*words, *([f"+{line}"] if name in _PLUS else []), str(path)]


def has_window(editor: Sequence[str]) -> bool:
    """Whether an editor opens a window of its own, and leaves the terminal alone."""
    return name_of(editor) in _WINDOWS


def name_of(editor: Sequence[str]) -> str:
    """An editor's name: "vim" for /usr/bin/vim, "code" for Code.exe."""
    name = Path(editor[0].strip("\"'")).name.lower()
    return name.removesuffix(".exe").removesuffix(".cmd").removesuffix(".bat").removesuffix(".sh")
