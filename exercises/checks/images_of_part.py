"""Blank 3: from the CSV to the images of one part of the data."""

import numpy as np

import kit.tensorflow1 as tf
from exercises.checks import check_of
from exercises.checks.datasets import (
    PARSE_CALLED,
    dataset_called,
    is_dataset,
    line_of_steps,
    numbered_image,
    numbers_of,
    read,
    steps,
    unused_steps,
)
from exercises.findings import Finding
from kit.data.image_csv import HEADER, SKIPPED, TRAINING, VALIDATION, look_over

PARTS = {TRAINING: "training", VALIDATION: "validation"}
IMAGES_A_CLASS = 10


@check_of(3, "images with their labels", "no header lines", "no lines of the other part", "all lines, in their order")
def check_images_of_part(lines):
    texts = joined_csv("joined.csv")
    records = look_over("joined.csv", validation=0.4)
    results = [Result(lines, records, texts, part) for part in PARTS]
    yield
    for look in (Result.check_headers, Result.check_other_part, Result.check_all):
        for result in results:
            look(result)
        yield


def joined_csv(path):
    """Writes a CSV as `cat` joins two, each with its header line, and the images' files; gives its lines."""
    from PIL import Image

    texts = []
    for label, name in enumerate(("square", "triangle")):
        texts.append(",".join(HEADER))
        for number in range(IMAGES_A_CLASS):
            texts.append(f"{name}_{number},{name}_{number}.png,{label}")
            Image.new("RGB", (4, 2)).save(f"{name}_{number}.png")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(texts) + "\n")
    return texts


class Result:
    """What came out of the CSV for one part: `rows`, the indices of its lines, and 0 for any header line."""

    def __init__(self, lines, records, texts, part):
        self.lines, self.texts, self.part, self.parts = lines, texts, part, records.parts
        self.parsed = []  # rows that parse was given
        self.told = []  # what went wrong in a function of the stage; TensorFlow wraps the error itself
        with tf.Graph().as_default():
            self.part_of_line = tf.constant(np.frombuffer(records.parts, np.uint8))
            names = {"records": records, "part": part, "parse": self.parse, "is_wanted": self.is_wanted}
            try:
                names = lines.run("3", {**names, "part_of_line": self.part_of_line})
            except Finding as finding:
                if self.told:
                    raise Finding(*self.told[0], finding.line) from None
                if "positional argument" in finding.found:
                    raise Finding(
                        finding.found,
                        "a function of (number, line) where the elements are such pairs",
                        "map and filter hand over the parts of an element one by one.",
                        finding.line,
                    ) from None
                raise
            self.images = dataset_called("images", names, lines, "3")
            self.check_elements()
            elements = read(self.images, most=3 * len(texts))
        self.rows = [int(numbers_of(image[None])[0]) for image, _ in elements]
        for row, (_, label) in zip(self.rows, elements):
            if row < 0 or label != self.label_of(row):
                raise Finding(
                    "the images have other pixels than parse gives"
                    if row < 0
                    else f"line {row + 1} of the CSV comes out with label {label}",
                    "each image and its label as parse gives them",
                    "A network that is told another class than the image's learns nonsense.",
                    self.line("Map"),
                )

    # ---- the functions that the script defines before the blank

    def is_wanted(self, number, line=None):
        if line is None:
            self.told.append(
                (
                    "is_wanted is given one value, the line",
                    "the data set enumerated first, so that each element is a pair (number, line)",
                    "A line itself doesn't say which part it belongs to; its number does.",
                )
            )
            raise TypeError("is_wanted takes (number, line)")
        if number.shape.ndims:
            self.told.append(
                (
                    "is_wanted is given many numbers at once",
                    "one pair (number, line) at a time, as enumerate makes them",
                    "It looks up a single number.",
                )
            )
            raise TypeError("is_wanted takes one number")
        return tf.equal(tf.gather(self.part_of_line, self.within(number)), self.part)

    def parse(self, line, *more):
        if is_dataset(line):
            self.told.append(PARSE_CALLED)
            raise TypeError("parse takes one line")
        if more or tf.convert_to_tensor(line).dtype != tf.string:
            self.told.append(
                (
                    "parse is given the line's number " + ("and the line" if more else "in place of the line"),
                    "parse(line), with the line alone",
                    "After enumerate, each element is a pair (number, line), and a function is given both.",
                )
            )
            raise TypeError("parse takes (line)")
        row = tf.argmax(tf.cast(tf.equal(self.texts, line), tf.int32), output_type=tf.int32)
        row = tf.py_func(self.note, [row], tf.int32)
        row.set_shape([])
        return numbered_image(row), tf.gather([self.label_of(row) for row in range(len(self.texts))], row)

    def note(self, row):
        """Keeps which lines are parsed, while the data set is read."""
        self.parsed.append(int(row))
        return row

    def within(self, number):
        """A line's number, or the nearest that there is: so a number that is off by one fails no lookup."""
        return tf.clip_by_value(tf.cast(number, tf.int64), 0, len(self.texts) - 1)

    def label_of(self, row):
        label = self.texts[row].rpartition(",")[2]
        return int(label) if label.isdigit() else -1

    # ---- what came out

    def check_elements(self):
        """Checks that an element is an image with its label."""
        spec = self.images.element_spec
        tensors = spec if isinstance(spec, tuple) else (spec,)
        kinds = [getattr(tensor, "dtype", None) for tensor in tensors]
        found = None
        if kinds == [tf.string]:
            found = "images holds lines of text, which nothing turns into images"
        elif len(kinds) == 2 and kinds[1] == tf.string:
            found = "images holds pairs of a number and a line, which nothing turns into images"
        elif len(kinds) == 2 and kinds[1] is None:
            found = "images holds pairs of a line's number and an image with its label"
        elif len(kinds) != 2:
            found = f"an element of images has {len(kinds)} value{'s' * (len(kinds) != 1)}"
        elif kinds[0] != tf.uint8 or not tensors[0].shape.is_compatible_with([None, None, 3]):
            found = f"the first value of an element is {kinds[0].name} of the shape {tensors[0].shape}"
        elif not tensors[1].shape.is_compatible_with([]):
            found = f"the second value of an element is {kinds[1].name} of the shape {tensors[1].shape}"
        if found:
            raise Finding(
                found,
                "a pair (image, label), uint8 [H, W, 3] and int64 [], as parse gives it",
                "The lines after the blank make batches of these pairs.",
                self.line("Map", "map", "images ="),
            )

    def check_headers(self):
        """Checks that no header line comes out; one of another mistake's kind is told as that."""
        every_row = [self.texts.index(text) for text in self.texts]
        if not self.rows:
            raise Finding(
                "no image comes out at all",
                f"the {self.wanted_rows()[1]} images of the {PARTS[self.part]} part",
                "A filter keeps an element where its function gives True. Between tensors, == asks whether they are "
                "the same tensor; tf.equal compares their values.",
                self.line("Filter", "Take", "filter"),
            )
        if self.rows == every_row:
            unused = unused_steps(self.images, "Filter")
            raise Finding(
                f"all {len(every_row)} lines of the CSV come out, with the header lines and those of the other part"
                + (": the filtered data set isn't used" if unused else ""),
                f"the {self.wanted_rows()[1]} lines of the {PARTS[self.part]} part alone",
                "A header line names no image; and an image that is learnt from can't tell how well the network does.",
                line_of_steps(self.lines, "3", unused, "TextLineDataset"),
            )
        for shift in (-2, -1, 1, 2):
            looked_up = [min(max(row - shift, 0), len(every_row) - 1) for row in range(len(every_row))]
            kept = [row for row, other in enumerate(looked_up) if self.parts[other] == self.part]
            if self.rows == [every_row[row] for row in kept if row >= shift]:
                row = max(2, shift)
                raise Finding(
                    f"the numbers of the lines are off by {abs(shift)}: line {row} of the CSV has number "
                    f"{row - 1 - shift}",
                    f"number {row - 1}: the file's first line has number 0, and header lines count",
                    "is_wanted looks the number up in a list with an entry for every line of the file.",
                    self.line("Skip" if shift > 0 else "Range", "skip", "enumerate", "range"),
                )
        count = self.rows.count(0)
        if count:
            is_second = count == 1 and self.rows[0] != 0
            number = 1 + (self.texts.index(self.texts[0], 1) if is_second else 0)
            raise Finding(
                f"line {number} of the CSV, a header, comes out as an image",
                "images alone: is_wanted is never true for a header line",
                "The CSV was joined from several, so header lines stand in the midst of it too.",
                self.line("Filter" if not is_second else "Skip", "skip", "filter"),
            )
        if 0 in self.parsed:
            raise Finding(
                "parse is given a header line, before the lines are filtered",
                "first filter, then map",
                "A header's last field is the word label, no number, and parse fails on it.",
                self.line("Map", "map"),
            )

    def check_other_part(self):
        """Checks that none of the other part's lines comes out."""
        strangers = [row for row in self.rows if self.parts[row] != self.part]
        if strangers:
            raise Finding(
                f"among the {len(self.rows)} images for {PARTS[self.part]} is that of line {strangers[0] + 1} of the "
                f"CSV, which belongs to the other part; such images: {len(strangers)}",
                f"only lines of the {PARTS[self.part]} part, which is_wanted is true for",
                "On images that it has learnt from, a network does better than on new ones.",
                self.line("Filter", "filter", "is_wanted"),
            )

    def check_all(self):
        """Checks that every line comes out, once, in the file's order."""
        wanted, count = self.wanted_rows()
        missing = [row for row in wanted if row not in self.rows]
        found = None
        if missing:
            found = f"{len(missing)} of the {count} {PARTS[self.part]} images {'is' if len(missing) == 1 else 'are'} "
            found += f"missing: line {missing[0] + 1} of the CSV" + ", the first of them" * (len(missing) > 1)
        elif len(self.rows) != count:
            found = f"the {count} {PARTS[self.part]} images come more than once"
        elif self.rows != wanted:
            found = "the images come in another order than the CSV's lines"
        if found:
            raise Finding(
                found,
                "every line of the part once, in the CSV's order",
                "What the network predicts is written down line by line, in this order.",
                self.line("Shuffle", "Repeat", "skip", "take", "filter"),
            )

    def wanted_rows(self):
        """The rows that have to come out, and how many they are."""
        wanted = [row for row, part in enumerate(self.parts) if part == self.part and part != SKIPPED]
        return wanted, len(wanted)

    def line(self, *words):
        """The student's line that made a step of a kind ("Map"), or else has one of some words ("map")."""
        made = [step for word in words for step in steps(self.images, word)]
        return line_of_steps(self.lines, "3", made, *words)
