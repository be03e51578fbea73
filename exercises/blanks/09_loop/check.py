"""Does the loop train on each batch once, until there is none, and write the points of the curves?"""

from collections.abc import Iterator

from exercises.stages.own_names import names_in_graph
from exercises.student_blank import StudentBlank

from . import loop, point
from .rehearsal import Rehearsal

PARTS = (
    "a batch is fetched and fed whole",
    "train_op runs once for each batch, with dropout on",
    "each turn gives loss, score, rate and summary",
    "the loop ends where the data ends",
    "other errors are not hidden",
    "a point is written at its step",
)


def check(blank: StudentBlank) -> Iterator[str | None]:
    lines = blank.at("a")
    names = names_in_graph(blank, 6, "a", {"images_ph": "images", "labels_ph": "labels"})
    rehearsal = Rehearsal(names)
    rehearsal.play(lines)
    loop.check_recorder(lines, rehearsal)
    loop.check_fed(lines, rehearsal)
    yield
    loop.check_trained(lines, rehearsal)
    yield
    loop.check_results(lines, rehearsal)
    loop.check_one_run(lines, rehearsal)
    yield
    loop.check_end(lines, rehearsal)
    yield
    broken = Rehearsal(names, broken=True)
    broken.play(lines)
    loop.check_broken(lines, broken)
    yield
    point.check_points(blank.at("b"))
    yield
