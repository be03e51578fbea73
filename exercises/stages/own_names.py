"""The names that the student's own placeholders have in the graph, which a feed by "x:0" goes by."""

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.run_blank import StudentBlank
from exercises.stages.stand_ins import image_data


def names_in_graph(blank: StudentBlank, number: int, letter: str, names: tuple[str, ...]) -> list[str]:
    """How the lines of another place name the placeholders that they make.

    Args:
      blank: the student's.
      number, letter: of the place that makes the placeholders.
      names: {Python's names of them}.
    Returns:
      A name in the graph for each; the names that TensorFlow gives on its own where the place holds no such lines.
    """
    try:
        with tf.Graph().as_default():
            made = blank.other(number).at(letter).run({"data": image_data()})
        return [made[name].op.name for name in names]
    except (Finding, KeyError, AttributeError):
        return ["Placeholder", *(f"Placeholder_{place}" for place in range(1, len(names)))]
