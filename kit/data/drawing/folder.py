"""The folder of a drawn data set: the names in it, and who may draw there."""

import contextlib
import dataclasses
import os
import re
from collections.abc import Sequence

from kit.cli.errors import UserError
from kit.cli.flags import from_json, to_json
from kit.cli.settings import DrawingSettings, DrawnSettings
from kit.data.drawing.truth import claim_masks, has_mask, write_truth
from kit.data.output_folder import check_name
from kit.system.files import make_folder, read_json, write_json
from kit.system.locks import acquire_lock, remove_partial_files

SETTINGS_FILE = "settings.json"  # what the images were drawn with


def image_name(settings: DrawingSettings, index: int) -> str:
    return f"{settings.shape}_{index:06d}.png"


def path_of(settings: DrawingSettings, name: str) -> str:
    """The path of a file in the output directory, as the user wrote the directory."""
    return os.path.join(settings.output_directory, name)


def drawn_settings(settings: DrawingSettings) -> DrawnSettings:
    """What the images of a drawing depend on."""
    return DrawnSettings(**{field.name: getattr(settings, field.name) for field in dataclasses.fields(DrawnSettings)})


def drawn_with(folder: str) -> DrawnSettings:
    """What the images in a folder were drawn with; a UserError if no settings of a drawing are there."""
    path = os.path.join(folder, SETTINGS_FILE)
    return from_json(DrawnSettings, read_json(path, "the settings of a data set"), path)


def is_complete(folder: str) -> bool:
    """Whether all images of a folder are drawn: info.csv is written last."""
    return os.path.isfile(os.path.join(folder, "info.csv"))


def claim_folder(settings: DrawingSettings) -> set[str]:
    """Creates the output directory, or checks that it was begun with the same settings; then locks it.

    Args:
      settings: the settings, with a label.
    Returns:
      The names of the images that are already drawn.
    Raises:
      UserError: the folder holds images drawn with other settings, too many images, or images of unknown origin; or
        another process draws there.
    """
    folder = settings.output_directory
    check_name(folder)
    if (settings.shards or 1) > settings.num_images:
        raise UserError(f"--shards {settings.shards}: more files than --num_images {settings.num_images}. Give fewer.")
    if settings.truth and settings.shards:
        raise UserError("--truth: masks lie beside images that are files of their own. Leave out --shards.")
    make_folder(folder)
    sizes = _file_sizes(folder)
    numbers = {name: int(match[1]) for name in sizes if (match := re.fullmatch(rf"{settings.shape}_(\d+)\.png", name))}
    wanted = drawn_settings(settings)
    if SETTINGS_FILE in sizes:
        _check_same(settings, wanted)
    elif numbers or "info.csv" in sizes:
        raise UserError(
            f"{folder}: holds {min(numbers, default='info.csv')}, but no {SETTINGS_FILE} that says how it was drawn.\n"
            "  Choose another --output_directory."
        )
    if settings.shards:
        numbers, sizes = _in_parts(settings), {}
    most = max(numbers.values(), default=-1)
    if most >= settings.num_images:
        raise UserError(
            f"{folder}: holds {max(numbers)}, so more images than --num_images {settings.num_images}.\n"
            f"  Give --num_images {most + 1} or more, or another --output_directory."
        )
    acquire_lock(folder, "dataset_creation.py")
    remove_partial_files(folder)
    if settings.truth:
        claim_masks(settings)
    write_json(path_of(settings, SETTINGS_FILE), to_json(wanted))
    return {name for name in numbers if sizes.get(name) != 0 and (not settings.truth or has_mask(settings, name))}


def finish_folder(settings: DrawingSettings, names: Sequence[str]) -> list[str]:
    """Where the images are, now that all are drawn; TFRecord files get their manifest, --truth its truth.csv."""
    if settings.truth:
        write_truth(settings, names)
    if not settings.shards:
        return [path_of(settings, name) for name in names]
    from kit.data.tfrecord.parts import part_paths, place_of, read_back, write_manifest  # only --shards needs it
    from kit.data.tfrecord.records import RAW

    folder, size = settings.output_directory, (settings.size, settings.size)
    parts = [read_back(path) for path in part_paths(folder, settings.shards)]
    write_manifest(folder, parts, size, RAW, [settings.shape])
    return [place_of(parts, index) for index in range(len(names))]


def _in_parts(settings: DrawingSettings) -> dict[str, int]:
    """The images in the TFRecord files that are there and whole: {name: number}."""
    from kit.data.tfrecord.folder import MANIFEST
    from kit.data.tfrecord.parts import images_in_parts, whole_parts

    count, folder = settings.shards or 1, settings.output_directory
    if os.path.exists(path_of(settings, MANIFEST)):
        found = read_json(path_of(settings, MANIFEST), "the manifest of TFRecord files").get("images", 0)
        if found > settings.num_images:
            raise UserError(
                f"{folder}: holds {found} images, so more than --num_images {settings.num_images}.\n"
                f"  Give --num_images {found} or more, or another --output_directory."
            )
    parts = whole_parts(folder, images_in_parts(settings.num_images, count))
    indices = [index for index in range(settings.num_images) if parts[index % count]]
    return {image_name(settings, index): index for index in indices}


def _check_same(settings: DrawingSettings, wanted: DrawnSettings) -> None:
    """Checks that the folder's images were drawn with the wanted settings."""
    for name, value in to_json(drawn_with(settings.output_directory)).items():
        if value != getattr(wanted, name):
            raise UserError(
                f"{settings.output_directory}: its images were drawn {_with(name, value)}, "
                f"not {_with(name, getattr(wanted, name))}.\n"
                "  Give the same settings, or another --output_directory."
            )


def _with(name: str, value: object) -> str:
    return f"without --{name}" if value is None else f"with --{name} {value}"


def _file_sizes(folder: str) -> dict[str, int]:
    """The files of a folder: {name: size in bytes}. Workers of a killed process may still be renaming some."""
    sizes = {}
    for entry in os.scandir(folder):
        with contextlib.suppress(FileNotFoundError):
            sizes[entry.name] = entry.stat().st_size
    return sizes
