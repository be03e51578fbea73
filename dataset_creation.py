"""Draws a data set: PNG images of one shape, and info.csv with a line for each.

python dataset_creation.py --shape square --num_images 10000 --output_directory ./squares --size 128
python dataset_creation.py --shape triangle --num_images 10000 --output_directory ./triangles --size 128
cat squares/info.csv triangles/info.csv > dataset.csv
"""

from kit.cli import console
from kit.cli.errors import run_script
from kit.cli.flags import read_command_line
from kit.cli.settings import DrawingSettings
from kit.data.drawing.defaults import fill_defaults
from kit.data.drawing.folder import claim_folder, finish_folder, image_name, path_of
from kit.data.drawing.next_commands import say_next
from kit.data.drawing.preview import write_preview
from kit.data.drawing.shapes import SHAPES
from kit.data.drawing.workers import draw_images
from kit.data.image_lines import HEADER
from kit.system.files import write_csv


def main():
    # 1 settings
    settings, given = read_command_line(DrawingSettings, __doc__, {"shape": SHAPES})
    settings = fill_defaults(settings, given)  # the shape's label; in a folder of the hands-on, the student's seed

    # 2 folder: new, or begun earlier with the same settings
    drawn = claim_folder(settings)
    names = [image_name(settings, index) for index in range(settings.num_images)]
    missing = [index for index, name in enumerate(names) if name not in drawn]

    # 3 images
    if missing:
        seconds = draw_images(settings, missing)
        count, rate = console.counted(len(missing), "images"), len(missing) / seconds
        console.say(f"Drew {count} in {seconds:.1f} s ({rate:,.0f} images/s).")
    else:
        console.say("All images are drawn already.")
    paths = finish_folder(settings, names)  # of PNG files, unless --shards names another place
    preview = write_preview(settings, paths)

    # 4 info.csv: a line per image, written last: a folder without it is not complete
    info = path_of(settings, "info.csv")
    write_csv(info, HEADER, ((name, path, settings.label) for name, path in zip(names, paths)))
    console.say(f"{info}: {console.counted(settings.num_images, 'lines')}, label {settings.label}")
    console.say(f"{preview}: the first images")

    # 5 next step
    say_next(settings, seed_is_given="seed" in given)


if __name__ == "__main__":
    run_script(main)
