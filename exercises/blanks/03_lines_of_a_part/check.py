"""Do the marked lines of the CSV come out, numbered, and no others?"""

from collections.abc import Iterator
from typing import Any

import kit.tensorflow1 as tf
from exercises.findings import Finding, Line
from exercises.stages.datasets import (
    check_no_python,
    check_uncut,
    dataset_called,
    is_dataset,
    line_of_steps,
    read,
    steps,
    types_of_operations,
    unused_steps,
)
from exercises.stages.stand_ins import image_data
from exercises.student_blank import StudentBlank
from exercises.student_lines import StudentLines
from kit.data.parts import TRAINING, VALIDATION

PARTS = (
    "pairs of a number and a line",
    "no header lines",
    "no lines of the other part",
    "all lines of the part, in their order",
)
HEADER = "image_name,image_path,label"
CSV = "joined.csv"
PARTS_OF_IMAGES = "vtvvtvtvtv" + "vvtvttvvtv"  # 10 of the first class, 10 of the second: training or validation
NAMES = {TRAINING: "training", VALIDATION: "validation"}


def check(blank: StudentBlank) -> Iterator[str | None]:
    lines = blank.at()
    texts = joined_csv()
    results = [Result(lines, texts, part) for part in NAMES]
    yield
    for check_part in (Result.check_headers, Result.check_other_part, Result.check_all):
        for result in results:
            check_part(result)
        if check_part is not Result.check_all:
            yield
    training, validation = (result.dataset._variant_tensor.op for result in results)
    check_uncut(training, validation, lines)
    yield


def joined_csv() -> list[str]:
    """Writes a CSV as `cat` joins two, each with its header line; gives its lines."""
    texts: list[str] = []
    for label, name in enumerate(("square", "triangle")):
        texts.append(HEADER)
        texts += [f"{name}_{number},{name}_{number}.png,{label}" for number in range(len(PARTS_OF_IMAGES) // 2)]
    with open(CSV, "w", encoding="utf-8") as file:
        file.write("\n".join(texts) + "\n")
    return texts


def marks_of(part: int, texts: list[str]) -> list[bool]:
    """Which lines of the CSV belong to a part."""
    parts = iter(PARTS_OF_IMAGES)
    return [text != HEADER and next(parts) == NAMES[part][0] for text in texts]


def names_made(lines: StudentLines, part: int, marked: dict[int, list[bool]]) -> dict[str, Any]:
    """Runs the student's lines for one part; {name: value}.

    Args:
      lines: the student's.
      part: one of NAMES.
      marked: {part: which lines of the CSV belong to it}.
    """
    data = image_data(
        path=CSV,
        num_training=sum(marked[TRAINING]),
        num_validation=sum(marked[VALIDATION]),
        marks=lambda which: tf.data.Dataset.from_tensor_slices(marked[which]),
    )
    try:
        return lines.run({"data": data, "part": part, "places": 1, "marks": data.marks(part)})
    except Finding as finding:
        raise explain(finding) from None


class Result:
    """What came out of the CSV for one part.

    Attributes:
      rows: the indices of its lines, from 0; 0 for any header line.
      numbers: what the lines are numbered with.
    """

    def __init__(self, lines: StudentLines, texts: list[str], part: int) -> None:
        """Runs the student's lines."""
        self.student, self.texts, self.part = lines, texts, part
        marked = {each: marks_of(each, texts) for each in NAMES}
        self.marked = marked[part]
        with tf.Graph().as_default() as graph:
            names = names_made(lines, part, marked)
            self.dataset = dataset_called("lines", names, lines)
            self.names = {value._variant_tensor.op: name for name, value in names.items() if is_dataset(value)}
            self.check_source(graph)
            self.check_elements()
            elements = read(self.dataset, most=3 * len(texts))
        self.numbers = [int(number) for number, _ in elements]
        self.rows = []
        for _, text in elements:
            if text.decode() not in texts:
                raise Finding(
                    f"a line that comes out is '{text.decode()}'",
                    f"lines as they are in the CSV, such as '{texts[1]}'",
                    "They are taken apart later, by data.parse.",
                    self.line("Map", "map"),
                )
            self.rows.append(texts.index(text.decode()))

    def check_source(self, graph: Any) -> None:
        """Checks that the graph itself reads the CSV."""
        check_no_python(graph, self.student)
        if "TextLineDataset" not in types_of_operations(graph):
            raise Finding(
                "nothing in the graph reads the CSV line by line",
                "tf.data.TextLineDataset(data.path)",
                "A file that is read as a whole must fit in memory; a data set of its lines needs room for a few.",
                self.student.line_with("open", "from_tensor", "lines ="),
            )

    def check_elements(self) -> None:
        """Checks that an element is a number with a line."""
        spec = self.dataset.element_spec
        kinds = [getattr(each, "dtype", None) for each in (spec if isinstance(spec, tuple) else (spec,))]
        found = None
        if kinds == [tf.string]:
            found = "lines holds lines of text without their numbers"
        elif kinds == [tf.int64]:
            found = "lines holds numbers without their lines"
        elif kinds == [None, tf.bool] or kinds == [tf.bool, None]:
            found = "lines still holds the marks: pairs of a numbered line and its mark"
        elif len(kinds) != 2:
            found = f"an element of lines has {len(kinds)} value{'s' * (len(kinds) != 1)}"
        elif kinds == [tf.string, tf.int64]:
            found = "an element of lines has the line before its number"
        elif kinds != [tf.int64, tf.string]:
            names = [getattr(kind, "name", "a pair") for kind in kinds]
            found = f"an element of lines is a pair of {' and '.join(names)}"
        elif not all(each.shape.is_compatible_with([]) for each in spec):
            found = (
                f"an element of lines has numbers of the shape {spec[0].shape} and texts of the shape {spec[1].shape}"
            )
        if found:
            made = steps(self.dataset, "Map") + steps(self.dataset, "Batch")
            raise Finding(
                found,
                "a pair (number, line), int64 [] and string [], as enumerate makes it",
                "The lines after the blank hand both on to data.parse.",
                line_of_steps(self.student, made) if made else self.student.line_naming("lines"),
            )

    def check_headers(self) -> None:
        """Checks that no header line comes out, and that numbers and marks belong to their lines."""
        every_row = [self.texts.index(text) for text in self.texts]
        if not self.rows:
            raise Finding(
                "no line comes out at all",
                f"the {sum(self.marked)} lines of the {NAMES[self.part]} part",
                "A filter keeps an element where its function gives True. Between tensors, == asks whether they are "
                "the same tensor; tf.equal compares their values.",
                self.line("Filter", "Take", "filter"),
            )
        if self.rows == every_row:
            unused = unused_steps(self.dataset, "Filter")
            called = "".join(f", {self.names[step]}," for step in unused[:1] if step in self.names)
            raise Finding(
                f"all {len(every_row)} lines of the CSV come out, with the header lines and those of the other part"
                + (f": the filtered data set{called} isn't used" if unused else ""),
                f"only the {sum(self.marked)} lines of the {NAMES[self.part]} part",
                "A header line names no image; and images that the network has learnt from can't tell how good it is.",
                line_of_steps(self.student, unused, "TextLineDataset"),
            )
        self.check_numbers()
        for shift in (-2, -1, 1, 2):
            row_of_mark = {row: row - shift for row in range(len(every_row))}
            kept = [row for row, other in row_of_mark.items() if 0 <= other < len(every_row) and self.marked[other]]
            if self.rows == [every_row[row] for row in kept]:
                row = max(1, 1 + shift)
                raise Finding(
                    f"the marks are off by {abs(shift)}: line {row + 1} of the CSV gets the mark of line "
                    f"{row + 1 - shift}",
                    "each line with its own mark: zip before any line is skipped",
                    "marks has a mark for each line of the file, header lines included.",
                    self.line("Skip", "skip", "zip"),
                )
        count = self.rows.count(0)
        if count:
            is_second = count == 1 and self.rows[0] != 0
            number = 1 + (self.texts.index(HEADER, 1) if is_second else 0)
            raise Finding(
                f"line {number} of the CSV, a header, comes out",
                "only marked lines: a header line is never marked",
                "The CSV was joined from several, so there are header lines in the middle of it, too.",
                self.line("Filter" if not is_second else "Skip", "skip", "filter"),
            )

    def check_numbers(self) -> None:
        """Checks that each line has its number in the file."""
        for row, number in zip(self.rows, self.numbers):
            if row and number != row:
                raise Finding(
                    f"the numbers of the lines are off by {abs(number - row)}: line {row + 1} of the CSV has number "
                    f"{number}",
                    f"number {row}: the file's first line has number 0, and header lines count",
                    "A table finds a row's label by the number of its line.",
                    self.line("Skip" if number < row else "Range", "skip", "enumerate", "range"),
                )

    def check_other_part(self) -> None:
        """Checks that none of the other part's lines comes out."""
        strangers = [row for row in self.rows if not self.marked[row]]
        if strangers:
            raise Finding(
                f"among the {len(self.rows)} lines for {NAMES[self.part]} is line {strangers[0] + 1} of the CSV, which "
                f"belongs to the other part; such lines: {len(strangers)}",
                f"only lines of the {NAMES[self.part]} part: those whose mark is True",
                "On images that it has learnt from, a network does better than on new ones.",
                self.line("Filter", "filter", "marks"),
            )

    def check_all(self) -> None:
        """Checks that every line comes out, once, in the file's order."""
        wanted = [row for row, is_marked in enumerate(self.marked) if is_marked]
        count = len(wanted)
        missing = [row for row in wanted if row not in self.rows]
        found = None
        if missing:
            found = f"{len(missing)} of the {count} {NAMES[self.part]} lines {'is' if len(missing) == 1 else 'are'} "
            found += f"missing: line {missing[0] + 1} of the CSV" + ", the first of them" * (len(missing) > 1)
        elif len(self.rows) != count:
            found = f"the {count} {NAMES[self.part]} lines come more than once"
        elif self.rows != wanted:
            found = "the lines come in another order than the CSV's"
        if found:
            raise Finding(
                found,
                "every line of the part once, in the CSV's order",
                "Predictions are written down line by line, in this order.",
                self.line("Shuffle", "Repeat", "Shard", "Take", "skip", "take", "filter"),
            )

    def line(self, *words: str) -> Line:
        """The student's line that made a step of a kind ("Map"), or else has one of some words ("map")."""
        made = [step for word in words for step in steps(self.dataset, word)]
        return line_of_steps(self.student, made, *words)


def explain(finding: Finding) -> Finding:
    """The Finding of an error in the student's lines, in this blank's own terms where it is a classic one."""
    message = str(finding.__cause__)
    if "positional argument" in message:
        return Finding(
            finding.found,
            "a function of two arguments where the elements are pairs",
            "map and filter hand over the parts of an element one by one.",
            finding.line,
        )
    if "is_compatible_with" in message or ("predicate" in message and "bool" in message):
        return Finding(
            "the function in filter gives no bool []",
            "filter(lambda line, is_marked: is_marked), after zip((lines, marks))",
            "filter keeps an element where its function gives True.",
            finding.line,
        )
    return finding
