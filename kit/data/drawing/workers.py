"""Draws many images with several processes."""

import functools
import time
from collections.abc import Sequence

from kit.cli.settings import DrawingSettings
from kit.data.drawing.folder import image_name, path_of
from kit.data.drawing.truth import mask_path
from kit.system.files import write_whole
from kit.system.workers import work_in_parallel

IMAGES_PER_TASK, PIXELS_PER_TASK = 50, 50 * 128 * 128  # then a worker reports; with --shards, after each file


def draw_images(settings: DrawingSettings, indices: Sequence[int]) -> float:
    """Draws the images with these indices; each file is written completely or not at all.

    Returns:
      The seconds it took.
    Raises:
      UserError: an image can't be written, or a worker was ended from outside.
    """
    began = time.monotonic()
    if settings.shards:
        of_part: dict[int, list[int]] = {}
        for index in indices:
            of_part.setdefault(index % settings.shards, []).append(index)
        work, tasks = _draw_part, list(of_part.values())
    else:
        per_task = max(1, min(IMAGES_PER_TASK, PIXELS_PER_TASK // settings.size**2))
        work, tasks = _draw_task, [indices[start : start + per_task] for start in range(0, len(indices), per_task)]
    work_in_parallel(functools.partial(work, settings), tasks, settings.workers, "drawing")
    return time.monotonic() - began


def _draw_task(settings: DrawingSettings, indices: Sequence[int]) -> None:
    """In a worker: draws a few images to their files."""
    from kit.data.drawing import png  # here, so that --help needs no NumPy and Pillow
    from kit.data.drawing.draw import plan

    for index in indices:
        name = image_name(settings, index)
        image, mask = plan(settings.shape, index, settings.size, settings.seed, settings.style).paint()
        if settings.truth:
            _write_png(mask_path(settings, name), png.encode(mask))
        _write_png(path_of(settings, name), png.encode(image))


def _write_png(path: str, content: bytes) -> None:
    with write_whole(path) as partial, open(partial, "wb") as file:
        file.write(content)


def _draw_part(settings: DrawingSettings, indices: Sequence[int]) -> None:
    """In a worker: draws the images of a TFRecord file."""
    import numpy as np

    from kit.data.drawing.draw import draw
    from kit.data.tfrecord.parts import part_paths, write_part
    from kit.data.tfrecord.records import RAW, encode_record

    count, label = settings.shards or 1, settings.label or 0

    def records():
        for index in indices:
            pixels = np.asarray(draw(settings.shape, index, settings.size, settings.seed, settings.style))
            yield encode_record(image_name(settings, index), label, pixels, pixels.tobytes(), RAW)

    write_part(part_paths(settings.output_directory, count)[indices[0] % count], records())
