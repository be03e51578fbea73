"""Every check: the modules that hold them, imported."""

from exercises.checks import (
    CHECKS,
    batches,
    curves,
    evaluation,
    first_graph,
    graph,
    images_of_part,
    iterators,
    lines_and_images,
    loop,
    network,
    objective,
)

__all__ = [
    "CHECKS",
    "batches",
    "curves",
    "evaluation",
    "first_graph",
    "graph",
    "images_of_part",
    "iterators",
    "lines_and_images",
    "loop",
    "network",
    "objective",
]
