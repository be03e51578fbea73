"""Makes the pictures of docs/labs.md, from a folder in which the scripts were run like this:

python dataset_creation.py --shape square --num_images 2000 --output_directory squares --size 64 --truth
python dataset_creation.py --shape triangle --num_images 2000 --output_directory triangles --size 64 --truth
cat squares/info.csv triangles/info.csv > dataset.csv
cat squares/truth.csv triangles/truth.csv > truth.csv
python training.py --epochs 8 --run shapes
python labs/look_inside.py --run shapes
python labs/locate.py                         and the other labs
python labs/fine_tune.py --run shapes --data sketches.csv      500 squares and 500 triangles, --style sketch
python labs/transfer_style.py --run shapes
python docs/make_lab_pictures.py . locate     the folder, and whose pictures to make; without names, all
"""

import io
import sys
import time
from pathlib import Path

from make_pictures import PICTURES  # before the others: it makes the project importable

from support.browser import chromium, elements, tensorboard, wait_for  # isort: skip

COLOURS = 128  # of a picture's palette
SHEETS = {  # {picture: how many pixels of its height are shown}
    "conv2": 630,  # the first eight filters
    "conv4": 770,  # ten rows of two filters
    "what_decides": None,
}
PICTURES_OF = {  # {lab: its pictures in runs/labs that the page shows}
    "locate": ("located",),
    "segment": ("segmented",),
    "reconstruct": ("mended",),
    "generate": ("generated", "walks"),
    "fine_tune": ("accuracy",),
    "transfer_style": ("styles",),
    "fully_convolutional": ("found",),
    "iterators": ("ways",),
    "find_settings": ("tries", "hparams"),
}
SECONDS = 20  # until the projector has turned its points, and the table has its rows


def main(folder, labs):
    (PICTURES / "labs").mkdir(exist_ok=True)
    for lab in labs or ["look_inside", *PICTURES_OF]:
        if lab == "look_inside":
            save_look(folder / "runs" / "shapes")
        else:
            save_newest(folder / "runs" / "labs", lab)


def save_look(run):
    from PIL import Image

    for name, height in SHEETS.items():
        with Image.open(run / "look_inside" / f"{name}.png") as sheet:
            save(sheet.crop((0, 0, sheet.width, height or sheet.height)), name)
    save(photographed_projector(run), "projector")


def save_newest(folder, lab):
    """Saves the pictures of a lab's newest try."""
    from PIL import Image

    newest = max(folder.glob(f"{lab}_*"), key=lambda path: path.stat().st_mtime)
    for name in PICTURES_OF[lab]:
        if name == "hparams":
            save(photographed_table(newest), name)
            continue
        with Image.open(newest / f"{name}.png") as picture:
            save(picture, name)


def photographed_table(folder):
    """TensorBoard's table of the settings that were tried."""
    from PIL import Image

    with tensorboard(folder) as address, chromium() as driver:
        driver.set_window_size(1660, 920)
        driver.get(f"{address}#hparams")
        wait_for(driver, elements(".some(e => (e.innerText || '').trim() == 'curves/accuracy')"))
        time.sleep(SECONDS)
        page = Image.open(io.BytesIO(driver.get_screenshot_as_png()))
    return page.crop((338, 65, page.width, page.height))


def photographed_projector(run):
    """The points of TensorBoard's projector, without the page around them."""
    from PIL import Image

    with tensorboard(run) as address, chromium() as driver:
        driver.set_window_size(1400, 900)
        driver.get(f"{address}#projector")
        wait_for(driver, "document.querySelector('iframe')")
        time.sleep(SECONDS)
        page = Image.open(io.BytesIO(driver.get_screenshot_as_png()))
    return page.crop((390, 130, 1030, page.height))


def save(picture, name):
    path = PICTURES / "labs" / f"{name}.png"
    picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
