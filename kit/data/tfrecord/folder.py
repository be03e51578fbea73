"""A folder of TFRecord files: what is in it, and whether it is whole.

tfrecord.json  what the files are written from, before the first of them is there
part-00000-of-00016.tfrecord, ...
info.csv       a line per image, with the place of its record; of a table lines.csv, with a line for each of its lines
manifest.json  how many images, of what size, format and classes; of each file its images, bytes and checksum. Written
               last: a folder without it is not complete
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from kit.cli.errors import UserError
from kit.data.image_place import MARK
from kit.data.output_folder import check_name, claim
from kit.system.files import read_json

SETTINGS_FILE, MANIFEST, INFO = "tfrecord.json", "manifest.json", "info.csv"
TABLE = "table"  # the format of a table's lines
PROGRAM = "python -m kit.data.tfrecord"
WHAT = "the manifest of TFRecord files"
WAY_OUT = "  Repeat the command that wrote it: it writes again what is missing or damaged."


def part_name(number: int, count: int) -> str:
    """The name of one of `count` files, by its number from 0."""
    return f"part-{number:05d}-of-{count:05d}{MARK[:-1]}"


def claim_folder(folder: str, wanted: dict[str, Any]) -> None:
    """Creates a folder, or checks that it was begun from the same data; then locks it.

    Args:
      folder: for the files.
      wanted: what they are to be written from.
    Raises:
      UserError: it holds something else, or another process writes there.
    """

    def difference(found):
        what = "another table" if wanted["format"] == TABLE else "other images"
        others = [name for name, value in wanted.items() if found.get(name) != value]
        return (
            f"its files are written from {what}, or otherwise ({', '.join(others)}).\n"
            "  Choose another --output_directory."
        )

    check_name(folder)
    claim(folder, SETTINGS_FILE, wanted, PROGRAM, difference)


def part_names(folder: str) -> list[str]:
    """The names of a folder's files, from its manifest."""
    return [part["file"] for part in _parts(os.path.join(folder, MANIFEST))]


def checksums(folder: str) -> dict[str, str]:
    """The checksums of a folder's files, from its manifest: {name: BLAKE2b}; {} if there is none yet."""
    path = os.path.join(folder, MANIFEST)
    return {part["file"]: part["blake2b"] for part in _parts(path)} if os.path.exists(path) else {}


def csv_in(path: str) -> str:
    """The CSV of images that --data names: of a folder of TFRecord files its info.csv, else the path itself.

    Raises:
      UserError: the folder is not complete, or holds a table.
    """
    found = _format_of(path)
    if found == TABLE:
        raise UserError(f"{path}: TFRecord files of a table.\n  Say where its labels are: --label_column, or --labels.")
    return path if found is None else os.path.join(path, INFO)


def is_of_table(path: str) -> bool:
    """Whether a path is a folder of TFRecord files that hold a table.

    Raises:
      UserError: the folder is not complete, or holds images.
    """
    found = _format_of(path)
    if found not in (None, TABLE):
        raise UserError(
            f"{path}: TFRecord files of images. --labels and --label_column are only for tables of numbers."
        )
    return found == TABLE


def _format_of(path: str) -> str | None:
    """What a folder of TFRecord files holds: "raw", "png", TABLE, "" if it isn't known; None for another path."""
    manifest = os.path.join(path, MANIFEST)
    if os.path.isfile(manifest):
        return read_json(manifest, WHAT).get("format", "")
    if os.path.isfile(os.path.join(path, SETTINGS_FILE)):
        raise UserError(f"{path}: its TFRecord files are not complete: there is no {MANIFEST}.\n{WAY_OUT}")
    return None


def parts_folder(csv_path: str) -> str | None:
    """The folder of a CSV, if it is the list of the TFRecord files there; other lists name records of any folder."""
    folder, name = os.path.split(csv_path)
    return folder if name == INFO and os.path.isfile(os.path.join(folder, MANIFEST)) else None


def check_whole(files: Iterable[str], skip_bad: bool) -> bool:
    """Checks the sizes of TFRecord files against the manifests beside them, where there are any.

    Args:
      files: their paths.
      skip_bad: whether a file may be cut short, as what is missing was left out.
    Returns:
      Whether the images in them are known to be RAW.
    Raises:
      UserError: one is missing, or of another size.
    """
    paths = [Path(file) for file in files]
    manifests = {folder: folder / MANIFEST for folder in {path.parent for path in paths}}
    sizes, formats = {}, set()
    for folder, manifest in manifests.items():
        if manifest.exists():
            sizes.update({folder / part["file"]: part["bytes"] for part in _parts(manifest)})
            formats.add(read_json(manifest, WHAT).get("format"))
        else:
            formats.add(None)
    for path in paths:
        size = path.stat().st_size
        if sizes.get(path, size) != size and not skip_bad:
            expected = f"{size:,} bytes, expected {sizes[path]:,}"
            raise UserError(f"{path}: {expected}: it is damaged or cut short.\n{WAY_OUT}")
    return formats == {"raw"}


def _parts(path: str | Path) -> list[dict[str, Any]]:
    """What a manifest says of each file."""
    parts = read_json(path, WHAT).get("parts")
    kinds = {"file": str, "bytes": int, "blake2b": str}
    is_good = isinstance(parts, list) and all(
        isinstance(part, dict) and all(isinstance(part.get(name), kind) for name, kind in kinds.items())
        for part in parts
    )
    if not is_good:
        raise UserError(f"{path}: not as {PROGRAM} writes it.\n{WAY_OUT}")
    return cast("list[dict[str, Any]]", parts)
