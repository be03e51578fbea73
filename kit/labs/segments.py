"""Classes of pixels: how well they are found, and how they are shown."""

from __future__ import annotations

import numpy as np

from kit.evaluation.sheets import Row, sheet_png

SHOWN, SIDE = 8, 128  # images in a row of the sheet, and their height and width there, in pixels
COLOURS = ((230, 80, 60), (70, 120, 230), (60, 170, 90), (220, 160, 30), (150, 90, 200), (40, 170, 180))
"""Red, green and blue of the classes 1, 2, ...; class 0 is the background."""


def shared_area(wanted: np.ndarray, found: np.ndarray, num_classes: int) -> list[float]:
    """Intersection over union of each class but the background.

    Args:
      wanted, found: int [N, H, W], the class of each pixel, from 0, the background, to num_classes.
      num_classes: K, without the background.
    Returns:
      K numbers, 0 to 1: of the pixels that are of the class, or were taken for it, the share of those that are both.
      A class that is in neither has nan.
    """
    scores = []
    for number in range(1, num_classes + 1):
        is_wanted, is_found = wanted == number, found == number
        union = np.sum(is_wanted | is_found)
        scores.append(float(np.sum(is_wanted & is_found) / union) if union else float("nan"))
    return scores


def segments_sheet(images: np.ndarray, wanted: np.ndarray, found: np.ndarray, num_classes: int) -> bytes:
    """Draws some images, and the worst ones, with the classes of their pixels: a PNG.

    Args:
      images: uint8 [N, H, W, 3].
      wanted, found, num_classes: as for shared_area.
    """
    right = np.sum((wanted == found) & (wanted > 0), axis=(1, 2))  # [N], pixels
    scores = right / np.maximum(np.sum((wanted > 0) | (found > 0), axis=(1, 2)), 1)  # [N]
    rows = []
    for label, chosen in (
        ("some", np.linspace(0, len(images) - 1, SHOWN).astype(int)),
        ("worst", np.argsort(scores)[:SHOWN]),
    ):
        rows.append(Row(label, list(images[chosen])))
        rows.append(Row("wanted", [painted(images[i], wanted[i]) for i in chosen]))
        captions = [f"{scores[i]:.3f}" for i in chosen]
        rows.append(Row("found", [painted(images[i], found[i]) for i in chosen], captions))
    height, width = images.shape[1:3]
    return sheet_png(f"Images of {width} x {height}, and their intersection over union", rows, SIDE)


def painted(image: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """An image, in grey, with its pixels' classes in colour.

    Args:
      image: uint8 [H, W, 3].
      classes: int [H, W], from 0, the background.
    Returns:
      uint8 [H, W, 3].
    """
    from PIL import Image

    grey = np.asarray(Image.fromarray(image).convert("L").convert("RGB")) * 0.4 + 150
    colours = np.array(COLOURS)[(classes - 1) % len(COLOURS)]
    return np.where((classes > 0)[..., None], colours, grey).astype(np.uint8)
