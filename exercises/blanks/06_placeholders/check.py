"""Where a batch comes into the graph, and how its pixels are scaled there."""

from collections.abc import Iterator

from exercises.student_blank import StudentBlank

from . import placeholders, scaling

PARTS = (
    "images_ph takes a batch of images",
    "labels_ph takes the labels of a batch",
    "scaled holds a float32 for each pixel",
    "a pixel becomes a number from -1 to 1",
)


def check(blank: StudentBlank) -> Iterator[str | None]:
    lines = blank.at("a")
    names = placeholders.run(lines)
    placeholders.check_images_ph(lines, placeholders.placeholder_called(lines, names, "images_ph"))
    yield
    placeholders.check_labels_ph(lines, placeholders.placeholder_called(lines, names, "labels_ph"))
    yield
    values, of_dark_ones, line = scaling.scaled_values(blank.at("b"))
    scaling.check_shape(values, line)
    yield
    scaling.check_scale(values, line)
    scaling.check_dark_ones(of_dark_ones, line)
    yield
