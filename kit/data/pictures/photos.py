"""Finds the pictures in the folders of a folder: a folder for each class."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kit.cli import console
from kit.cli.errors import UserError

UNREAD = {".heic", ".heif", ".svg", ".cr2", ".nef", ".arw"}  # pictures, though Pillow can't read them
PARTS = {"train", "training", "val", "valid", "validation", "test", "testing"}  # names of folders that are no classes
FOR_EXAMPLE = "Put the pictures of each class into a folder of its name: {0}/cat/1.jpg, {0}/dog/1.jpg"


class Photo(NamedTuple):
    """A picture that is to be read."""

    path: str
    label: str  # its class: the name of the folder

    @property
    def shown(self) -> str:
        """The path for messages and files."""
        return console.one_line(self.path)


def find_photos(folder: str) -> list[Photo]:
    """All pictures below a folder's folders, in the order of their names. Says what else is there.

    Hidden files and folders are passed by, and links to folders that are read anyway, or that hold the link.

    Raises:
      UserError: there is no such folder, it holds no pictures, or its folders can't be classes.
    """
    if not os.path.isdir(folder):
        what = "a file, expected a folder" if os.path.exists(folder) else "no such folder"
        raise UserError(f"--photos {folder}: {what}.\n  {FOR_EXAMPLE.format('photos')}")
    labels = [name for name in _names_in(folder) if os.path.isdir(os.path.join(folder, name))]
    _check_labels(folder, labels)
    walk, photos, others = _Walk(folder), [], [name for name in _names_in(folder) if name not in labels]
    for label in labels:
        count = len(photos)
        for path in walk.files_below(os.path.join(folder, label)):
            if _is_picture(path):
                photos.append(Photo(path, label))
            else:
                others.append(os.path.relpath(path, folder))
        if len(photos) == count:
            console.warn(f"{os.path.join(folder, label)}: holds no pictures, so there is no class of this name")
    if others:
        _warn(folder, others, "files left out, as no pictures in the folder of a class")
    if walk.passed_by:
        links = [os.path.relpath(path, folder) for path in walk.passed_by]
        _warn(folder, links, "links not followed, as they lead to a folder that is read anyway, or that holds them")
    if not photos:
        raise UserError(f"{folder}: no pictures in its folders.\n  {FOR_EXAMPLE.format(folder)}")
    return photos


def _check_labels(folder: str, labels: list[str]) -> None:
    """Checks that the names of the folders can be labels."""
    if labels and PARTS.issuperset(name.lower() for name in labels):
        raise UserError(
            f"{folder}: its folders are {console.listed(labels)}, expected classes.\n"
            f"  Make a data set of each: --photos {os.path.join(folder, labels[0])}. training.py takes a share of the "
            "first for validation; evaluating.py --data scores on another."
        )
    from kit.data.image_labels import is_word, whole_number

    numbers = [number for name in labels if (number := whole_number(name)) is not None]
    if sorted(numbers) == list(range(len(labels))):
        return  # as labels that are numbers must be
    for name in labels:
        if not (is_word(name) and name.isprintable() and name == name.strip()):
            raise UserError(
                f"{folder}: a folder is named {name!r}, which can't be the name of a class.\n"
                f"  Rename it: class_{re.sub(r'[^0-9A-Za-z]+', '_', name)}, for example. Numbers can be names if all "
                "folders have them: 0, 1, 2, ..."
            )


def _warn(folder: str, names: Sequence[str], what: str) -> None:
    names = [console.one_line(name) for name in names]
    things, _, why = what.partition(" ")
    console.warn(f"{folder}: {console.counted(len(names), things)} {why}: {console.listed(names)}")


class _Walk:
    """Goes through the folders below a folder, into each once."""

    def __init__(self, root: str) -> None:
        self._root, self._been = os.path.realpath(root), set()
        self.passed_by: list[str] = []  # paths of links

    def files_below(self, folder: str) -> Iterator[str]:
        """The paths of all files below a folder, in the order of their names."""
        if self._is_passed_by(folder):
            self.passed_by.append(folder)
            return
        self._been.add(os.path.realpath(folder))
        for name in _names_in(folder):
            path = os.path.join(folder, name)
            if os.path.isdir(path):
                yield from self.files_below(path)
            else:
                yield path

    def _is_passed_by(self, folder: str) -> bool:
        """Whether a folder is a link to one that is read anyway, or that holds the link; or was read already."""
        target, holder = os.path.realpath(folder), os.path.realpath(os.path.dirname(folder))
        leads_back = _lies_in(target, self._root) or _lies_in(holder, target)
        return target in self._been or (os.path.islink(folder) and leads_back)


def _lies_in(path: str, folder: str) -> bool:
    return os.path.join(path, "").startswith(os.path.join(folder, ""))


def _names_in(folder: str) -> list[str]:
    """The names in a folder, sorted, without hidden ones."""
    try:
        return sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except OSError as error:
        raise UserError(f"{folder}: cannot read this folder: {error.strerror}.") from error


def _is_picture(path: str) -> bool:
    """Whether a file is meant to be a picture, by its suffix; where that says nothing, by its first bytes."""
    from PIL import Image

    from kit.data.image_shown import all_formats

    formats, suffix = all_formats(), os.path.splitext(path)[1].lower()
    if suffix in UNREAD or Image.registered_extensions().get(suffix) in formats:
        return True
    try:
        with Image.open(path, formats=formats):
            return True
    except Exception:  # Pillow's plugins raise many types
        return False
