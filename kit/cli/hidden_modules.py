"""Finds files beside the scripts that hide a module of Python's or of a package: a user's own random.py, say.

Python looks into the script's folder first, so `import random` would get the user's file in every package, too.
kit/__init__.py calls this before anything else is imported, so it needs sys and os alone.
"""

import os
import sys

PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OWN = {"kit", "exercises", "labs", "tests", "docs", "benchmarks"}  # the project's folders
OWN |= {
    "dataset_creation",
    "first_graph",
    "training",
    "evaluating",
    "drawing_board",
    "dlho2018",
    "dlho2018_nns",
    "tf_layers",
    "check",
}
ENDINGS = (".py", ".pyc", ".pyw", ".so", ".pyd")  # of files that Python imports
WRONG_INPUT = 2  # exit status, as in kit/cli/errors.py, which imports more


def refuse_hidden_modules() -> None:
    """Ends the process with an error if a file in the script's folder, or in the kit's, hides a module."""
    folders = dict.fromkeys([os.path.realpath(sys.path[0] or os.curdir), PROJECT])
    found = {folder: hiding for folder in folders if (hiding := hiding_modules(folder, sys.modules))}
    if found:
        print(f"error: {message(found)}", file=sys.stderr)
        sys.exit(WRONG_INPUT)


def hiding_modules(folder: str, loaded: dict) -> list[str]:
    """The names in a folder that are found before a module of the same name.

    Args:
      folder: that Python looks into first.
      loaded: sys.modules; what Python has imported from elsewhere already, nothing hides any more.
    Returns:
      Names of files, and of folders that are packages: `random.py`, `json`. A folder without __init__.py hides
      nothing, nor does __pycache__.
    """
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    modules = {name: module for name in names if (module := _module_of(folder, name))}
    if not modules:
        return []
    hidden = {module for module in _modules_elsewhere(folder) if not _is_from_elsewhere(loaded.get(module), folder)}
    return sorted(name for name, module in modules.items() if module in hidden)


def message(found: dict[str, list[str]]) -> str:
    """The text of the error: {folder: names in it that hide a module}."""
    names = [name for hiding in found.values() for name in hiding]
    stem, dot, ending = names[0].partition(".")
    if len(names) == 1:
        hides, it = f"{names[0]} hides the module '{stem}', which Python or its packages need", "it"
    else:
        hides, it = f"{', '.join(names)} hide modules of the same names, which Python or its packages need", "them"
    return (
        f"{hides}.\n"
        f"  Python looks into this folder first, and finds {it} instead: {', '.join(found)}\n"
        f"  Rename {it}, for example {names[0]} to my_{stem}{dot}{ending}, or move {it} to another folder."
    )


def _module_of(folder: str, name: str) -> str | None:
    """The module that Python would import from a file or folder; None if it is no module, or one of the project's."""
    stem = name.partition(".")[0]
    if stem in OWN or not stem.isidentifier() or name == "__pycache__":
        return None
    if stem != name:
        return stem if name.endswith(ENDINGS) else None
    inits = (os.path.join(folder, name, f"__init__{ending}") for ending in ENDINGS)
    return name if any(map(os.path.isfile, inits)) else None


def _modules_elsewhere(folder: str) -> set[str]:
    """The modules that Python would find without this folder, but for those built into it, which no file hides."""
    elsewhere = set(sys.stdlib_module_names)
    for entry in sys.path[1:]:
        if os.path.isdir(entry) and os.path.realpath(entry) not in (folder, PROJECT):
            stems = (name.partition(".")[0] for name in os.listdir(entry) if "." not in name or name.endswith(ENDINGS))
            elsewhere.update(stems)
    return elsewhere - set(sys.builtin_module_names)


def _is_from_elsewhere(module: object, folder: str) -> bool:
    """Whether a module, None if it isn't imported yet, was imported from outside a folder."""
    return module is not None and not (getattr(module, "__file__", None) or "").startswith(os.path.join(folder, ""))
