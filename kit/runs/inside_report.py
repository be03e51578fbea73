"""What labs/look_inside.py writes: pictures of filters and of single images, for a viewer and for TensorBoard."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.data.interface import Data
from kit.data.pixels import pixels_of
from kit.evaluation.pictures import picture
from kit.evaluation.projector import write_projector
from kit.evaluation.sheets import Row, overlaid, sheet_png
from kit.model.filters import Filters
from kit.runs import tensorboard
from kit.runs.run_folder import Run
from kit.system.files import cannot_write, make_folder, write_whole

MOST_FILTERS = 64  # of a layer
PATCHES = 6  # that excite a filter most
MOST_SINGLE = 8  # images that are looked at one by one
PATCH, MAP, IMAGE = 64, 64, 176  # sides in the pictures, in pixels
SAME = 0.02  # of probabilities: answers that differ by less tell nothing apart
OUTSIDE = 127  # grey, 0 to the network: what a convolution sees beyond the image's edge


class InsideReport:
    """Collects what a network makes of images, and writes it as pictures."""

    def __init__(self, run: Run, data: Data, filters: list[Filters]) -> None:
        """
        Args:
          run: whose network it is.
          data: whose VALIDATION part is looked at.
          filters: of the network.
        """
        self._run, self._data = run, data
        self._seen: dict[str, list] = {}  # of each batch
        self._pictures: dict[str, bytes] = {}  # {name of the file without its ending: PNG}
        self._singles: list[Row] = []
        if not any(each.is_convolution for each in filters):
            console.say(
                f"{run.design} has no convolutions: its fully connected neurons are shown instead of filters and "
                "feature maps, and the pixels that matter instead of Grad-CAM."
            )
            self._heads = ["image", "slope of pixels", "occlusion"]
            self._explained = "\nSlope: where a change of a pixel changes the lead of the class most."
        else:
            self._heads = ["image", "Grad-CAM", "by place", "occlusion"]
            self._explained = (
                "\nGrad-CAM: the last maps, each weighted by what it adds. By place: each place of each map weighted."
            )
        self._explained += "\nOcclusion: where a small cover lowers the lead of the class most."

    def add(self, images: np.ndarray, labels: np.ndarray, outputs: Mapping[str, Any]) -> None:
        """Adds a batch: uint8 [B, H, W, 3], int64 [B], and the network's outputs, {name: array or {layer: arrays}}."""
        for name, values in {"images": images, "labels": labels, **outputs}.items():
            self._seen.setdefault(name, []).append(values)

    def seen(self, name: str, layer: str | None = None, part: int = 0) -> np.ndarray:
        """One kind of output of all images: [N, ...]; of a layer, its first or second."""
        if layer is not None:
            return np.concatenate([batch[layer][part] for batch in self._seen[name]])
        if len(self._seen[name]) > 1:
            self._seen[name] = [np.concatenate(self._seen[name])]
        return self._seen[name][0]

    # ------------------------------------------------------------------------- filters

    def add_filters(self, filters: Filters, made: np.ndarray, answers: np.ndarray) -> None:
        """Draws a row per filter: the image that was made to excite it, and what excites it among all images.

        Args:
          filters: of one layer.
          made: float32 [F, H, W, 3], -1 to 1, or of the first filters.
          answers: float32 [F], what the filters answer to them.
        """
        images, strongest = self.seen("images"), self.seen("answers", filters.name)
        place = self.seen("answers", filters.name, part=1)
        rows, silent, is_last = [], 0, filters.name == "logits"
        for number, answer in enumerate(answers):
            order = np.argsort(-strongest[:, number], kind="stable")[:PATCHES]
            best = strongest[order[0], number]
            silent += bool(best <= 0)
            own = pixels_of(made[number])
            patches = [_patch(own, filters, filters.middle_place)]
            exciting = [i for i in order if strongest[i, number] > 0 or is_last]  # logits may be negative
            patches += [_patch(images[i], filters, place[i, number]) for i in exciting]
            rows.append(Row(f"{number + 1}\n{answer:.1f}\n{best:.1f}", patches))
        kind = "filter" if filters.is_convolution else "neuron"
        height, width = filters.field.size
        words = [console.counted(filters.count, f"{kind}s"), f"each sees {height} x {width} pixels"]
        words += [f"the first {len(rows)} are shown"] if len(rows) < filters.count else []
        words += [f"{silent} answer{'s' * (silent == 1)} to no image"] if silent and not is_last else []
        title = (
            f"{filters.name}: {', '.join(words)}.\n"
            f"First the image made to excite a {kind}, then the {PATCHES} parts of images that do most.\n"
            f"Numbers: the {kind}, its answer to the made image, its answer to the next one."
        )
        console.say(title.partition("\n")[0])
        self._pictures[filters.name] = sheet_png(title, rows, PATCH, abreast=2 if len(rows) > 16 else 1)

    # ------------------------------------------------------------------------- single images

    def chosen(self) -> list[int]:
        """The numbers of the images to look at: of each class the surest one and the least sure, eight at most."""
        probabilities, labels = self.seen("probabilities"), self.seen("labels")
        if len(labels) > 1 and np.ptp(probabilities, axis=0).max() < SAME:
            console.warn(
                f"run {self._run.name} gives all images much the same answer: it tells nothing apart, and what the\n"
                "  pictures show of its weights is mostly chance. Look at a run that has learnt."
            )
        sure = _of_true_class(probabilities, labels)
        found: list[int] = []
        for label in np.unique(labels):
            own = np.flatnonzero(labels == label)
            found += [own[np.argmax(sure[own])], own[np.argmin(sure[own])]]
        return list(dict.fromkeys(map(int, found)))[:MOST_SINGLE]

    def add_single(self, number: int, maps: Mapping[str, np.ndarray], heats: list[np.ndarray]) -> None:
        """Draws the feature maps of an image, and where the network looks in it.

        Args:
          number: of the image, of `chosen`.
          maps: {layer: uint8 [maps, h, w]}.
          heats: float32 [h, w] each, 0 to 1.
        """
        images, caption = self.seen("images"), self._caption(number)
        rows = [Row("image", [images[number]])]
        shown = {name: each for name, each in maps.items() if each[0].size > 1}  # a single value is no picture
        rows += [Row(f"{name}\n{_size(each)}", list(each)) for name, each in shown.items()]
        title = (
            f"{', '.join(caption)}\nEach map from its least value, black, to its largest, white; 16 of a layer at most."
        )
        self._pictures[f"feature_maps_{len(self._singles) + 1}"] = sheet_png(title, rows, MAP)
        drawn = [images[number], *(overlaid(images[number], heat) for heat in heats)]
        self._singles.append(Row(f"{len(self._singles) + 1}", drawn, ["\n".join(caption)]))

    def _caption(self, number):
        """The image's class, and the one that the network sees."""
        probabilities, names = self.seen("probabilities")[number], self._data.class_names
        best = int(probabilities.argmax())
        return names[self.seen("labels")[number]], f"seen as {names[best]}, {100 * probabilities[best]:.1f} %"

    # ------------------------------------------------------------------------- files

    def write(self, checkpoint: str) -> None:
        """Writes the pictures into the run's folder and for TensorBoard, and the files of its projector.

        Args:
          checkpoint: the path of the one that was restored.
        Raises:
          UserError: a file can't be written.
        """
        title = f"Yellow and red: what matters most for the class that the network sees.{self._explained}"
        self._pictures["what_decides"] = sheet_png(title, self._singles, IMAGE, self._heads)
        folder = self._run.folder / "look_inside"
        make_folder(folder)
        for name, png in self._pictures.items():
            with write_whole(folder / f"{name}.png") as partial:
                Path(partial).write_bytes(png)
        _remove_others(folder, self._pictures)
        summary = tf.Summary()
        for name, png in self._pictures.items():
            summary.MergeFrom(picture(f"look_inside/{name}", png))
        tensorboard.write_pictures(self._run, summary, checkpoint, tensorboard.INSIDE)
        names, labels, probabilities = self._data.class_names, self.seen("labels"), self.seen("probabilities")
        rows = zip(
            (names[label] for label in labels),
            (names[label] for label in probabilities.argmax(axis=1)),
            (f"{share:.3f}" for share in _of_true_class(probabilities, labels)),
        )
        header = ["class", "predicted", "probability of its class"]
        vectors = self.seen("hidden").reshape(len(labels), -1)
        write_projector(
            tensorboard.pictures_folder(self._run), "last hidden layer", vectors, header, rows, self.seen("images")
        )
        console.say(f"Wrote {console.counted(len(self._pictures), 'pictures')} to {folder}")
        console.say("TensorBoard shows them under Images, and the last hidden layer under Projector.")
        console.say_next(console.tensorboard("runs"))


def _of_true_class(probabilities, labels):
    return probabilities[np.arange(len(labels)), labels]


def _size(maps):
    _, height, width = maps.shape
    return f"{height} x {width}" if height > 1 else f"{width} neurons"


def _patch(image, filters, place):
    """What the unit at a place of the map sees of an image: uint8 [size, size, 3]."""
    (top, left), (height, width) = filters.field.corner(*place), filters.field.size
    rows, columns = np.arange(top, top + height), np.arange(left, left + width)
    inside = np.logical_and.outer((rows >= 0) & (rows < image.shape[0]), (columns >= 0) & (columns < image.shape[1]))
    cut = image[np.clip(rows, 0, image.shape[0] - 1)][:, np.clip(columns, 0, image.shape[1] - 1)]
    return np.where(inside[..., None], cut, OUTSIDE).astype(np.uint8)


def _remove_others(folder, names):
    """Removes the pictures of the last time that weren't replaced."""
    for path in folder.glob("*.png"):
        if path.stem not in names:
            try:
                path.unlink()
            except OSError as error:
                raise cannot_write(path, error) from error
