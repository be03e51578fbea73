"""Is the checkpoint restored, is the network run over the whole data set, and is what came out added up?"""

from collections.abc import Iterator

from exercises.student_blank import StudentBlank

from . import loop, sums
from .rehearsal import Evaluation
from .restoring import check_restored

PARTS = (
    "the checkpoint's values are in the session",
    "each batch is fetched once and fed whole",
    "dropout is off",
    "each turn gives the labels, losses and probabilities of its batch",
    "the loop ends where the data ends",
    "other errors are not hidden",
    "loss is the mean over all images",
    "accuracy is the share of all images that are right",
)


def check(blank: StudentBlank) -> Iterator[str | None]:
    check_restored(blank.at("a"))
    yield
    lines = blank.at("b")
    evaluation = Evaluation(lines)
    loop.check_fed(lines, evaluation)
    yield
    loop.check_mode(lines, evaluation)
    yield
    loop.check_turns(lines, evaluation)
    yield
    yield from loop.remarks_on_runs(evaluation)
    loop.check_end(lines, evaluation)
    yield
    loop.check_broken(lines, Evaluation(lines, broken=True))
    yield
    lines = blank.at("c")
    names = sums.add_up(lines)
    sums.check_loss(lines, names)
    yield
    sums.check_accuracy(lines, names)
    sums.check_whole(lines)
    yield
