"""Makes a data set of your own pictures: PNG images of one size, and info.csv with a line for each.

python -m kit.data.pictures --photos ./photos --output_directory ./mine --size 128
python training.py --data mine/info.csv

./photos holds a folder of pictures for each class, of any size and format: photos/cat/IMG_1.jpg, photos/dog/rex.webp
"""

from collections import Counter

from kit.cli import console
from kit.cli.errors import run_script
from kit.cli.flags import read_command_line
from kit.cli.settings import PicturesSettings
from kit.data.drawing.preview import COLUMNS, ROWS, write_contact_sheet
from kit.data.image_lines import HEADER
from kit.data.pictures.folder import claim_folder, path_of
from kit.data.pictures.images import make_images
from kit.data.pictures.photos import find_photos
from kit.data.pictures.same import only_once
from kit.system.files import write_csv

MADE_OF = "sources.csv"


def main() -> None:
    # 1 settings
    settings, _ = read_command_line(PicturesSettings, __doc__, prog="python -m kit.data.pictures")

    # 2 folders: the pictures, and where their images go
    photos = find_photos(settings.photos)
    claim_folder(settings)

    # 3 images
    images = only_once(make_images(settings, photos), settings)  # each with its class and its picture
    shown = images[:: max(1, -(-len(images) // (COLUMNS * ROWS)))]  # of all classes
    preview = path_of(settings, "preview.png")
    write_contact_sheet(preview, [path_of(settings, image.name) for image in shown], settings.size)

    # 4 info.csv: a line per image, written last: a folder without it is not complete
    sources, info = path_of(settings, MADE_OF), path_of(settings, "info.csv")
    write_csv(sources, ("image_name", "picture"), ((image.name, image.photo.shown) for image in images))
    write_csv(info, HEADER, ((image.name, path_of(settings, image.name), image.photo.label) for image in images))
    counts = Counter(image.photo.label for image in images)
    labels = console.listed([f"{label} ({count:,})" for label, count in sorted(counts.items())])
    console.say(f"{info}: {console.counted(len(images), 'lines')}, labels {labels}")
    console.say(f"{sources}: the picture that each image was made of")
    console.say(f"{preview}: some of the images")

    # 5 next step
    if len(counts) == 1:
        console.warn(
            f"{settings.photos}: one class only, '{images[0].photo.label}', and a network needs two.\n"
            "  --photos is the folder that holds a folder for each class."
        )
        return
    console.say_next(console.python("training.py", "--data", info))


if __name__ == "__main__":
    run_script(main)
