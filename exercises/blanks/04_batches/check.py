"""Is the training data shuffled, parsed, in batches, for all epochs?"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, NoReturn

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.datasets import dataset_called, is_dataset, numbered_image
from exercises.stages.training_batches import PARTS, check_training
from exercises.stages.training_images import TrainingImages
from exercises.student_blank import StudentBlank
from exercises.student_lines import StudentLines

__all__ = ["PARTS", "check"]
PAIRS = "After enumerate, each element is a pair (number, line), and a function is given both."
EXPECTED_MAP = "map(data.parse), which gets the line's number and the line"


def check(blank: StudentBlank) -> Iterator[str | None]:
    yield from check_training(blank.at(), made_of_lines)


def made_of_lines(lines: StudentLines, images: TrainingImages) -> tuple[Any, None]:
    """Runs the student's lines on a data set of numbered lines; an image's path is its number."""
    parser = Parser()
    texts = [f"image_{number},{number:05}.png,{label}" for number, label in enumerate(images.labels)]
    parse = tf.autograph.experimental.do_not_convert(parser.parse)  # rewriting it takes TensorFlow a while
    data = SimpleNamespace(**vars(images.data), parse=parse, marks=lambda part: None)
    names = {
        "data": data,
        "settings": images.settings,
        "lines": tf.data.Dataset.from_tensor_slices(tf.constant(texts)).enumerate(start=1),
    }
    try:
        after = lines.run(names)
    except Finding as finding:
        if parser.findings:
            raise Finding(*parser.findings[0], finding.line) from None
        if "positional argument" in finding.found:
            raise Finding(finding.found, "a function of (number, line)", PAIRS, finding.line) from None
        raise
    return dataset_called("training", after, lines), None


class Parser:
    """data.parse, and what was wrong with its calls: TensorFlow wraps the error itself.

    Attributes:
      findings: a list of (found, expected, why).
    """

    def __init__(self) -> None:
        self.findings: list[tuple[str, str, str]] = []

    def parse(self, number: Any, line: Any = None) -> Any:
        if is_dataset(number):
            self._refuse(
                "data.parse is called with the whole data set",
                "map(data.parse): the function itself, without a call",
                "map calls the function, for each line.",
            )
        if line is None:
            kind = "line" if tf.convert_to_tensor(number).dtype == tf.string else "line's number"
            self._refuse(f"data.parse is given only the {kind}", EXPECTED_MAP, PAIRS)
        if line.dtype != tf.string or number.dtype != tf.int64:
            self._refuse("data.parse is given the line before its number", EXPECTED_MAP, PAIRS)
        if line.shape.ndims:
            self._refuse(
                "data.parse is given a batch of lines",
                "one line at a time: map before batch",
                "It opens one file; images are put together into a batch once they are there.",
            )
        _, path, label = tf.decode_csv(line, [[""], [""], tf.constant([0], tf.int64)])
        return numbered_image(tf.strings.to_number(tf.strings.substr(path, 0, 5), tf.int32)), label

    def _refuse(self, *finding: str) -> NoReturn:
        found, expected, why = finding
        self.findings.append((found, expected, why))
        raise TypeError("data.parse takes (number, line)")
