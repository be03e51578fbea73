"""The first batches that are made of the arrays, drawn; and what of the arrays is in the graph."""

from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.stages.drawn import WRONG, heading
from exercises.stages.drawn_batches import STAGE, figure_of_training
from exercises.student_blank import StudentBlank

from .check import made_of_arrays


def look(blank: StudentBlank) -> Any:
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(0)
        training, feed = made_of_arrays(blank.at(), STAGE)
        arrays = arrays_in(graph)
        figure = figure_of_training("Blank 11: the first batches made of arrays in memory", training, feed, blank)
    fed = f"fed when the iterator starts: {len(feed or {})} arrays"
    if not arrays:
        heading(figure.axes[0], f"The graph holds no array; {fed}.")
        return figure
    size = f"{sum(each.nbytes for each in arrays):,} bytes"
    kinds = " and ".join(f"{each.dtype.name} {list(each.shape)}" for each in arrays)
    heading(figure.axes[0], f"The graph holds {kinds} as constants, {size}; {fed}.", WRONG)
    return figure


def arrays_in(graph: Any) -> list[np.ndarray]:
    """The constants of a graph, those in the functions of its data sets included, that have a row for each image."""
    definition = graph.as_graph_def()
    nodes = [*definition.node, *(node for function in definition.library.function for node in function.node_def)]
    constants = [tf.make_ndarray(node.attr["value"].tensor) for node in nodes if node.op == "Const"]
    return [each for each in constants if each.ndim and len(each) == STAGE.count]
