"""What a network must know of the data it was trained on. It is saved in a run's config.json."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar

from kit.cli.console import counted, listed
from kit.cli.flags import from_json


def later(default: Any) -> Any:
    """A field that the runs of earlier versions don't have, and that doesn't matter where data are compared."""
    return dataclasses.field(default=default, compare=False, metadata={"may_be_missing": True})


@dataclasses.dataclass(frozen=True)
class ImageSpec:
    """What a network must know of its images."""

    image_size: tuple[int, ...]  # (height, width) in pixels
    class_names: tuple[str, ...]
    num_training: int  # images
    num_validation: int  # images
    digest: str = later("")  # of the file
    has_words: bool = later(False)  # as labels

    is_of_images: ClassVar[bool] = True

    def __str__(self) -> str:
        return _counted(self, "images", " x ".join(map(str, self.image_size)))


@dataclasses.dataclass(frozen=True)
class TableSpec:
    """What a network must know of its table."""

    columns: tuple[str, ...]  # of the inputs: their names, or numbers from 1
    fields: tuple[int, ...]  # their places in a line, from 0
    num_fields: int  # in a line
    has_header: bool
    label_column: str | None  # its name or number; None if the labels are in another file
    class_names: tuple[str, ...]  # () if the labels are values
    num_training: int  # rows
    num_validation: int  # rows
    digest: str = later("")  # of the files
    constant_columns: tuple[str, ...] = later(())  # inputs that have one value in all training rows
    constants: tuple[float, ...] = later(())  # these values
    num_test: int = later(0)  # rows kept for the end
    alphabet: str = later("")  # of sequences, whose columns are places; "" for a table

    is_of_images: ClassVar[bool] = False

    def __str__(self) -> str:
        if self.alphabet:
            return _counted(self, "sequences", counted(len(self.columns), "letters"))
        return _counted(self, "rows", counted(len(self.columns), "columns"))


def spec_from_json(values: dict[str, Any], where: str) -> ImageSpec | TableSpec:
    """The spec from the dict that to_json made; errors are those of kit.cli.flags.from_json."""
    return from_json(TableSpec if "columns" in values else ImageSpec, values, where)


def _counted(spec: ImageSpec | TableSpec, unit: str, size: str) -> str:
    classes = f"classes {listed(spec.class_names)}" if spec.class_names else "labels that are values"
    parts = [f"{spec.num_training:,} training", f"{spec.num_validation:,} validation"]
    if isinstance(spec, TableSpec) and spec.num_test:
        parts.append(f"{spec.num_test:,} test")
    return f"{', '.join(parts[:-1])} and {parts[-1]} {unit} of {size}, {classes}"
