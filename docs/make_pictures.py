"""Makes the pictures of the README, and of the styles:

python docs/make_pictures.py RUNS       RUNS: folder of trained runs, for the screenshot of TensorBoard
"""

import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PICTURES = PROJECT / "docs" / "pictures"
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests")]

from support.browser import chromium, tensorboard, wait_for, wait_for_curve  # noqa: E402

from kit.data.drawing.draw import draw  # noqa: E402

COLUMNS, SIZE, GAP = 9, 96, 4  # pictures in a row; pixels


def draw_shapes():
    """shapes.png: squares above, triangles below; styles.png: both, varied above, sketched below."""
    square, triangle = ("square", "triangle")
    save_sheet("shapes.png", [[(shape, "varied")] * COLUMNS for shape in (square, triangle)])
    both = [square, triangle] * COLUMNS
    save_sheet("styles.png", [[(shape, style) for shape in both[:COLUMNS]] for style in ("varied", "sketch")])


def save_sheet(name, rows):
    """Saves rows of images, each a (shape, style); an image's number is its column."""
    from PIL import Image

    step = SIZE + GAP
    sheet = Image.new("RGB", (COLUMNS * step - GAP, len(rows) * step - GAP), "white")
    for row, images in enumerate(rows):
        for column, (shape, style) in enumerate(images):
            sheet.paste(draw(shape, column, SIZE, seed=0, style=style), (column * step, row * step))
    sheet.save(PICTURES / name)


def photograph_tensorboard(runs):
    """tensorboard.png: the first page that TensorBoard shows."""
    with tensorboard(runs) as address, chromium() as driver:
        driver.set_window_size(1400, 800)
        driver.get(f"{address}#timeseries")
        wait_for(driver, "document.querySelector('[aria-label=\"Toggle settings side pane\"]')").click()
        wait_for_curve(driver, "scalar-card line-chart canvas")
        driver.save_screenshot(str(PICTURES / "tensorboard.png"))


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    draw_shapes()
    photograph_tensorboard(sys.argv[1])
