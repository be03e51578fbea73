"""Draws a data set: PNG images of one shape, and info.csv with a line for each.

python dataset_creation.py --shape square --num_images 10000 --output_directory ./squares --size 128
python dataset_creation.py --shape triangle --num_images 10000 --output_directory ./triangles --size 128
cat squares/info.csv triangles/info.csv > dataset.csv
"""

import csv
import dataclasses
import io
import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor, as_completed

from kit import console
from kit.errors import UserError, run_script
from kit.files import make_folder, read_json, write_json, write_text, write_whole
from kit.flags import read_command_line
from kit.settings import DrawingSettings
from kit.shapes import default_label

HEADER = ("image_name", "image_path", "label")
SETTINGS_FILE = "settings.json"  # in the output directory: what its images were drawn with
IMAGES_A_TASK = 50  # a worker draws so many before it reports
PREVIEW_COLUMNS, PREVIEW_ROWS = 8, 4


def main():
    # 1 settings
    settings, _ = read_command_line(DrawingSettings, __doc__)
    if settings.label is None:
        settings = dataclasses.replace(settings, label=default_label(settings.shape))

    # 2 the folder: new, or begun earlier with the same settings
    claim_folder(settings)
    there = set(os.listdir(settings.output_directory))
    missing = [index for index in range(settings.num_images) if image_name(settings, index) not in there]

    # 3 the images
    started = time.monotonic()
    draw_images(settings, missing)
    seconds = time.monotonic() - started

    # 4 info.csv, whole, once every image is there
    write_info(settings)
    write_preview(settings)

    # 5 next step
    drawn = f"Drew {len(missing):,} images in {seconds:.1f} s ({len(missing) / seconds:,.0f} images/s)."
    console.say(drawn if missing else "All images were there already.")
    console.say(f"{image_path(settings, 'info.csv')}: {settings.num_images:,} lines, label {settings.label}")
    console.say(f"{image_path(settings, 'preview.png')}: a look at the first of them")
    say_next(settings)


def image_name(settings, index):
    return f"{settings.shape}_{index:06d}.png"


def image_path(settings, name):
    """The path of a file in the output directory, which stays as the user typed it."""
    return os.path.join(settings.output_directory, name)


def claim_folder(settings):
    """Makes the output directory ours, or checks that it was ours with the same settings.

    Raises:
      UserError: it holds images drawn with other settings, or an info.csv that this script didn't write.
    """
    make_folder(settings.output_directory)
    ours = {name: getattr(settings, name) for name in ("shape", "num_images", "size", "seed", "style", "label")}
    path = image_path(settings, SETTINGS_FILE)
    if os.path.exists(path):
        theirs = read_json(path, "the settings of a data set")
        if settings.num_images < theirs.get("num_images", 0):
            raise UserError(
                f"{settings.output_directory}: holds {theirs['num_images']} images, more than "
                f"--num_images {settings.num_images}.\n  Give at least as many, or another --output_directory."
            )
        for name in ours.keys() - {"num_images"}:
            if theirs.get(name) != ours[name]:
                raise UserError(
                    f"{settings.output_directory}: its images were drawn with --{name} {theirs.get(name)}, "
                    f"not --{name} {ours[name]}.\n  Give the same settings, or another --output_directory."
                )
    elif os.path.exists(image_path(settings, "info.csv")):
        raise UserError(
            f"{settings.output_directory}: holds an info.csv, but no {SETTINGS_FILE} that says how it was drawn.\n"
            "  Choose another --output_directory."
        )
    write_json(path, ours)


def draw_images(settings, indices):
    """Draws the images of these indices with several processes, each file whole or not at all."""
    tasks = [indices[start : start + IMAGES_A_TASK] for start in range(0, len(indices), IMAGES_A_TASK)]
    workers = min(settings.workers or os.cpu_count() or 1, max(len(tasks), 1))
    started, done = time.monotonic(), 0
    with ProcessPoolExecutor(workers, initializer=ignore_interrupts) as pool:
        results = [pool.submit(draw_task, settings, task) for task in tasks]
        try:
            with console.progress("drawing", len(indices), "images") as bar:
                for result in as_completed(results):
                    done += result.result()
                    bar.advance(result.result(), f"{done / (time.monotonic() - started):,.0f} images/s")
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def ignore_interrupts():
    """In a worker: Ctrl-C is for the parent, which lets the images under way be finished."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def draw_task(settings, indices):
    """Draws a few images to their files; returns how many."""
    from kit.drawing import draw

    for index in indices:
        image = draw(settings.shape, index, settings.size, settings.seed, settings.style)
        with write_whole(image_path(settings, image_name(settings, index))) as partial:
            image.save(partial, compress_level=1)  # the fastest: a level of 6 saves a fifth of the bytes
    return len(indices)


def write_info(settings):
    """Writes info.csv: image_name,image_path,label."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(HEADER)
    for index in range(settings.num_images):
        name = image_name(settings, index)
        writer.writerow((name, image_path(settings, name), settings.label))
    write_text(image_path(settings, "info.csv"), lines.getvalue())


def write_preview(settings):
    """Writes preview.png, a contact sheet of the first images."""
    from PIL import Image

    step = settings.size + 2  # pixels from one image to the next
    count = min(settings.num_images, PREVIEW_COLUMNS * PREVIEW_ROWS)
    sheet = Image.new("RGB", (PREVIEW_COLUMNS * step - 2, -(-count // PREVIEW_COLUMNS) * step - 2), "white")
    for index in range(count):
        row, column = divmod(index, PREVIEW_COLUMNS)
        with Image.open(image_path(settings, image_name(settings, index))) as image:
            sheet.paste(image, (column * step, row * step))
    with write_whole(image_path(settings, "preview.png")) as partial:
        sheet.save(partial)


def say_next(settings):
    folder = settings.output_directory
    if settings.label == 0:
        console.say_next(
            f"python dataset_creation.py --shape triangle --num_images {settings.num_images} "
            f"--output_directory ./triangles --size {settings.size}",
            f"cat {image_path(settings, 'info.csv')} ./triangles/info.csv > dataset.csv",
            "python training.py",
        )
    else:
        console.say_next(f"cat ./squares/info.csv {folder}/info.csv > dataset.csv", "python training.py")


if __name__ == "__main__":
    run_script(main)
