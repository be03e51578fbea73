"""The names that the student's own placeholders have in the graph, which a feed by "x:0" goes by."""

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.run_blank import StudentBlank
from exercises.stages.stand_ins import image_data


def names_in_graph(blank: StudentBlank, number: int, letter: str, usual: dict[str, str]) -> list[str]:
    """How the lines of another place name the placeholders that they make.

    Args:
      blank: the student's.
      number, letter: of the place that makes the placeholders.
      usual: {Python's name: the name in the graph that the solution gives it}.
    Returns:
      A name in the graph for each; the usual ones where the place holds no lines that make them.
    """
    try:
        with tf.Graph().as_default():
            made = blank.other(number).at(letter).run({"data": image_data()})
        return [made[name].op.name for name in usual]
    except (Finding, KeyError, AttributeError):
        return list(usual.values())
