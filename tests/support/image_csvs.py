"""CSVs of images of 8 x 6 pixels: written, and what ImageData finds in them."""

import pytest
from PIL import Image

from kit.cli.errors import UserError
from kit.data.image_lines import images_of
from kit.data.parts import TRAINING, VALIDATION
from support.data_sets import image_data

HEADER = "image_name,image_path,label"
SHAPES = ("square", "triangle")


def two_classes(images_per_class=4):
    """The lines of a good CSV, without a header."""
    return [
        f"{shape}_{i}.png,{shape}.png,{label}" for label, shape in enumerate(SHAPES) for i in range(images_per_class)
    ]


def write(lines, path="data.csv", newline="\n", encoding="utf-8"):
    """Writes a CSV of some lines; gives its path."""
    with open(path, "w", newline="", encoding=encoding) as file:
        file.write("".join(line + newline for line in lines))
    return path


def write_bytes(content, path="data.csv"):
    with open(path, "wb") as file:
        file.write(content)
    return path


def numbered_images(count):
    """Draws images of 4 x 4 whose every pixel is their number, and writes their CSV: the first half 0, the others 1."""
    lines = [HEADER]
    for i in range(count):
        Image.new("RGB", (4, 4), (i, i, i)).save(f"{i}.png")
        lines.append(f"image_{i},{i}.png,{int(i >= count / 2)}")
    return write(lines)


def found(csv_path, **options):
    """(name, path, label) of every image of a CSV, in the file's order."""
    data = image_data(csv_path, validation=0.5, **options)
    return [row[1:] for row in sorted([*images_of(data, TRAINING), *images_of(data, VALIDATION)])]


def names_found(csv_path, **options):
    return [name for name, _, _ in found(csv_path, **options)]


def refusal(csv_path, validation=0.5, **options):
    """The text of the error that a CSV gives."""
    with pytest.raises(UserError) as caught:
        image_data(csv_path, validation, **options)
    return str(caught.value)
