"""The first batches, drawn: are they mixed?"""

from typing import Any

import kit.tensorflow1 as tf
from exercises.stages.drawn_batches import STAGE, figure_of_training
from exercises.student_blank import StudentBlank

from .check import made_of_lines


def look(blank: StudentBlank) -> Any:
    with tf.Graph().as_default():
        tf.set_random_seed(0)
        training, feed = made_of_lines(blank.at(), STAGE)
        return figure_of_training("Blank 4: the first batches of training", training, feed, blank)
