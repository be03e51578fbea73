"""Writes the lines of a table into TFRecord files; files that are there and whole are kept."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Iterator
from itertools import islice, pairwise

from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.settings import TfrecordSettings
from kit.data.image_lines import check_is_no_list_of_images
from kit.data.tables.delimited import RECORDS, compression_of, numbered_lines
from kit.data.tfrecord.folder import MANIFEST, TABLE, claim_folder
from kit.data.tfrecord.parts import (
    Part,
    in_manifest,
    part_paths,
    read_back,
    say_damaged,
    whole_parts,
    write_part,
)
from kit.data.tfrecord.table_lines import LINES, encode_line
from kit.system.files import file_state, write_json, write_whole


def pack_table(settings: TfrecordSettings) -> None:
    """Writes the lines of a table into a folder.

    Raises:
      UserError: the table or a flag is wrong, or a file can't be written.
    """
    path, folder = settings.data, settings.output_directory
    if settings.skip_bad:
        raise UserError("--skip_bad is only for images. Leave it out, or --format table.")
    num_lines = check_table(path)
    state = hashlib.blake2b(repr((path, file_state(path))).encode(), digest_size=16).hexdigest()
    claim_folder(folder, {"data": state, "shards": settings.shards, "format": TABLE})
    write_table(path, folder, settings.shards, num_lines)


def check_table(path: str) -> int:
    """Checks that a file can be a table; returns how many lines it has.

    Raises:
      UserError: it can't be read, isn't text, is a list of images, or is in TFRecord files already.
    """
    if compression_of(path, "--data") == RECORDS:
        raise UserError(f"{path}: its lines are in TFRecord files already. Name a table with --data.")
    check_is_no_list_of_images(path)
    count = sum(1 for _ in _lines(path))
    if not count:
        raise UserError(f"{path}: holds no line.")
    return count


def write_table(path: str, folder: str, count: int, num_lines: int) -> None:
    """Writes a table into `count` files, each with as many lines as the others, one more or less; says what there is.

    Args:
      path: of the table.
      folder: for the files.
      count: how many files.
      num_lines: of the table.
    Raises:
      UserError: a file can't be written.
    """
    ends = [num_lines * number // count for number in range(count + 1)]
    sizes = [end - start for start, end in pairwise(ends)]
    paths, parts = part_paths(folder, count), whole_parts(folder, sizes)
    say_damaged(paths, parts)
    lines = _lines(path)
    with console.progress("writing", num_lines, "lines") as bar:
        for number, size in enumerate(sizes):
            some = islice(lines, size)
            if parts[number] is None:
                write_part(paths[number], _records(some, bar.advance))
                parts[number] = read_back(paths[number])
            else:
                for _ in some:
                    bar.advance(1)
    written = [part for part in parts if part]
    with write_whole(os.path.join(folder, LINES)) as partial, open(partial, "w", encoding="utf-8") as file:
        file.writelines(_places(path, written))
    content = {"lines": num_lines, "format": TABLE, "parts": in_manifest(written, "lines")}
    write_json(os.path.join(folder, MANIFEST), content)
    mebibytes = sum(part.size for part in written) / (1 << 20)
    console.say(f"{folder}: {num_lines:,} lines in {console.counted(count, 'files')}, {mebibytes:,.0f} MiB")


def _lines(path: str) -> Iterator[tuple[int, bytes]]:
    return numbered_lines(path, compression_of(path, "--data"), "--data")


def _records(lines: Iterator[tuple[int, bytes]], advance: Callable[[int], None]) -> Iterator[bytes]:
    for number, line in lines:
        yield encode_line(number, line)
        advance(1)


def _places(path: str, parts: list[Part]) -> Iterator[str]:
    """The lines of LINES: of each line of the table its place and its checksum."""
    places = (f"{os.path.basename(part.path)}:{place}" for part in parts for place in part.places)
    for place, (_, line) in zip(places, _lines(path), strict=True):
        yield f"{place},{zlib.crc32(line)}\n"
