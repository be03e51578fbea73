"""Draws a data set: PNG images of one shape, and info.csv with a line for each.

python dataset_creation.py --shape square --num_images 10000 --output_directory ./squares --size 128
python dataset_creation.py --shape triangle --num_images 10000 --output_directory ./triangles --size 128
cat squares/info.csv triangles/info.csv > dataset.csv
"""

import contextlib
import csv
import dataclasses
import glob
import io
import os
import re
import shlex
import signal
import time
from concurrent.futures import ProcessPoolExecutor, as_completed

from kit.cli import console
from kit.cli.errors import UserError, run_script
from kit.cli.flags import from_json, read_command_line, to_json
from kit.cli.settings import DrawingSettings, DrawnSettings
from kit.data.drawing.shapes import default_label
from kit.system.files import make_folder, read_json, write_json, write_text, write_whole
from kit.system.locks import acquire_lock, remove_partial_files

HEADER = ("image_name", "image_path", "label")
SETTINGS_FILE = "settings.json"  # in the output directory: what its images were drawn with
IMAGES_A_TASK, PIXELS_A_TASK = 50, 50 * 128 * 128  # a worker draws so many at most before it reports
PREVIEW_COLUMNS, PREVIEW_ROWS, PREVIEW_SIZE = 8, 4, 128  # images, images, pixels at most


def main():
    # 1 settings
    settings, _ = read_command_line(DrawingSettings, __doc__)
    if settings.label is None:
        settings = dataclasses.replace(settings, label=default_label(settings.shape))

    # 2 the folder: new, or begun earlier with the same settings
    there = claim_folder(settings)
    missing = [index for index in range(settings.num_images) if image_name(settings, index) not in there]

    # 3 the images
    if missing:
        began = time.monotonic()
        draw_images(settings, missing)
        seconds = max(time.monotonic() - began, 1e-3)
        console.say(f"Drew {len(missing):,} images in {seconds:.1f} s ({len(missing) / seconds:,.0f} images/s).")
    else:
        console.say("All images were there already.")

    # 4 info.csv, whole, once every image is there
    write_preview(settings)
    write_info(settings)
    console.say(f"{path_of(settings, 'info.csv')}: {settings.num_images:,} lines, label {settings.label}")
    console.say(f"{path_of(settings, 'preview.png')}: a look at the first of them")

    # 5 next step
    say_next(settings)


def image_name(settings, index):
    return f"{settings.shape}_{index:06d}.png"


def path_of(settings, name):
    """The path of a file in the output directory, which stays as the user typed it."""
    return os.path.join(settings.output_directory, name)


def claim_folder(settings):
    """Makes the output directory ours, or checks that it is ours, begun with the same settings.

    Returns:
      The names of the images that are there already: a set of str.
    Raises:
      UserError: it holds images drawn with other settings, more of them, or images that aren't ours; or another
        process draws there.
    """
    folder = settings.output_directory
    if not folder or not folder.isprintable():
        raise UserError(f"--output_directory {folder!r}: expected a folder's name, in letters that info.csv can hold.")
    make_folder(folder)
    sizes = sizes_of_files(folder)
    numbers = {name: int(match[1]) for name in sizes if (match := re.fullmatch(rf"{settings.shape}_(\d+)\.png", name))}
    ours = DrawnSettings(**{field.name: getattr(settings, field.name) for field in dataclasses.fields(DrawnSettings)})
    if SETTINGS_FILE in sizes:
        path = path_of(settings, SETTINGS_FILE)
        theirs = from_json(DrawnSettings, read_json(path, "the settings of a data set"), path)
        for name, value in to_json(theirs).items():
            if value != getattr(ours, name):
                raise UserError(
                    f"{folder}: its images were drawn with --{name} {value}, not --{name} {getattr(ours, name)}.\n"
                    "  Give the same settings, or another --output_directory."
                )
    elif numbers or "info.csv" in sizes:
        raise UserError(
            f"{folder}: holds {min(numbers, default='info.csv')}, but no {SETTINGS_FILE} that says how it was drawn.\n"
            "  Choose another --output_directory."
        )
    if numbers and max(numbers.values()) >= settings.num_images:
        raise UserError(
            f"{folder}: holds {max(numbers)}, so more images than --num_images {settings.num_images}.\n"
            f"  Give --num_images {max(numbers.values()) + 1} or more, or another --output_directory."
        )
    acquire_lock(folder, "dataset_creation.py")
    remove_partial_files(folder)
    write_json(path_of(settings, SETTINGS_FILE), to_json(ours))
    return {name for name in numbers if sizes[name] > 0}


def sizes_of_files(folder):
    """The files of a folder, {name: size in bytes}; of a killed drawing, processes may still end their last images."""
    sizes = {}
    for entry in os.scandir(folder):
        with contextlib.suppress(FileNotFoundError):
            sizes[entry.name] = entry.stat().st_size
    return sizes


def draw_images(settings, indices):
    """Draws the images of these indices with several processes, each file whole or not at all."""
    a_task = max(1, min(IMAGES_A_TASK, PIXELS_A_TASK // settings.size**2))
    tasks = [indices[start : start + a_task] for start in range(0, len(indices), a_task)]
    workers = min(settings.workers or os.cpu_count() or 1, len(tasks))
    began, done = time.monotonic(), 0
    with ProcessPoolExecutor(workers, initializer=ignore_interrupts) as pool:
        on_interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)  # workers are started here, and inherit this
        results = [pool.submit(draw_task, settings, task) for task in tasks]
        signal.signal(signal.SIGINT, on_interrupt)
        try:
            with console.progress("drawing", len(indices), "images") as bar:
                for result in as_completed(results):
                    done += result.result()
                    bar.advance(result.result(), f"{done / (time.monotonic() - began):,.0f} images/s")
        except BaseException:
            pool.shutdown(cancel_futures=True)  # the images under way are finished
            console.say("Not all images are drawn yet; the same command goes on.")
            raise


def ignore_interrupts():
    """In a worker: Ctrl-C is for the parent, which lets the images under way be finished."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def draw_task(settings, indices):
    """Draws a few images to their files; returns how many."""
    from kit.data.drawing import png
    from kit.data.drawing.draw import draw

    for index in indices:
        image = draw(settings.shape, index, settings.size, settings.seed, settings.style)
        with write_whole(path_of(settings, image_name(settings, index))) as partial, open(partial, "wb") as file:
            file.write(png.encode(image))
    return len(indices)


def write_info(settings):
    """Writes info.csv: image_name,image_path,label."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(HEADER)
    for index in range(settings.num_images):
        name = image_name(settings, index)
        writer.writerow((name, path_of(settings, name), settings.label))
    write_text(path_of(settings, "info.csv"), lines.getvalue())


def write_preview(settings):
    """Writes preview.png, a contact sheet of the first images."""
    from PIL import Image

    size = min(settings.size, PREVIEW_SIZE)
    step = size + 2  # pixels from one image to the next
    count = min(settings.num_images, PREVIEW_COLUMNS * PREVIEW_ROWS)
    sheet = Image.new("RGB", (PREVIEW_COLUMNS * step - 2, -(-count // PREVIEW_COLUMNS) * step - 2), "white")
    for index in range(count):
        path = path_of(settings, image_name(settings, index))
        row, column = divmod(index, PREVIEW_COLUMNS)
        try:
            with Image.open(path) as image:
                sheet.paste(image.resize((size, size)), (column * step, row * step))
        except Exception as error:  # Pillow's decoders raise many types
            raise UserError(
                f"{path}: not the image that was drawn: {error}.\n"
                "  Delete it and give the same command again: it will be drawn anew."
            ) from error
    with write_whole(path_of(settings, "preview.png")) as partial:
        sheet.save(partial)


def say_next(settings):
    """Ends with the commands to type next: draw the other shape, join the two, train."""
    commands = []
    if settings.shape == "square":
        other = dataclasses.replace(settings, shape="triangle", output_directory="./triangles", label=None)
        flags = [
            (f"--{field.name}", str(getattr(other, field.name)))
            for field in dataclasses.fields(other)
            if getattr(other, field.name) != field.default
        ]
        commands.append(console.python("dataset_creation.py", *(word for flag in flags for word in flag)))
        joined = [path_of(settings, "info.csv"), path_of(other, "info.csv")]
    else:
        beside = os.path.join(os.path.dirname(os.path.normpath(settings.output_directory)), "*", "info.csv")
        joined = sorted({*glob.glob(beside), os.path.normpath(path_of(settings, "info.csv"))})
    files = shlex.join(joined)
    console.say_next(*commands, f"cat {files} > dataset.csv", console.python("training.py"))


if __name__ == "__main__":
    run_script(main)
