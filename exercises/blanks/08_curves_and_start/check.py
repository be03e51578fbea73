"""Are the curves made and written to the right place, and are the variables and the data started?"""

from collections.abc import Iterator

import kit.tensorflow1 as tf
from exercises.stages.stand_ins import StageRun
from exercises.student_blank import StudentBlank

from . import curves, start

PARTS = (
    "three scalars have the tags of their curves",
    "scalars merges them",
    "train_writer writes into the run's folder",
    "train_writer shows the graph",
    "every variable has a first value",
    "the iterator stands before the first batch",
)


def check(blank: StudentBlank) -> Iterator[str | None]:
    lines, run = blank.at("a"), StageRun("rehearsal")
    with tf.Graph().as_default() as graph:
        names = curves.run_on_constants(lines, graph, run)
        with tf.Session(graph=graph) as session:
            curves.check_tags(lines, graph, session)
            yield
            curves.check_scalars(lines, names, session)
            yield
    curves.check_writer(lines, names, run)
    yield
    curves.check_graph_shown(lines, run)
    yield
    lines = blank.at("b")
    with start.start(lines) as started:
        start.check_variables(lines, started)
        yield
        start.check_iterator(lines, started)
        yield
