"""Does the loss compare the mended images with those that weren't spoilt?"""

from collections.abc import Iterator

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding, Line
from exercises.stages.stand_ins import image_data
from exercises.stages.tensors import line_making, shape_in_words, tensor_called, told_apart
from exercises.student_blank import StudentBlank

PARTS = (
    "loss is a single number",
    "it is the mean squared difference to the images as they were",
    "a smaller batch has a loss, too",
    "its gradient reaches the network",
)
WEIGHT = 0.7  # of the stand-in for the network: mended = WEIGHT * the spoilt images


def check(blank: StudentBlank) -> Iterator[str | None]:
    lines, data = blank.at(), image_data()
    with tf.Graph().as_default(), tf.Session() as session:
        given = {
            "images_ph": tf.placeholder(tf.uint8, [None, *data.shape], "images"),
            "spoilt_ph": tf.placeholder(tf.uint8, [None, *data.shape], "spoilt"),
        }
        weight = tf.get_variable("weight", initializer=tf.constant(WEIGHT))
        given["mended"] = weight * data.scale(given["spoilt_ph"])
        names = lines.run({**given, "data": data}, keeps=given)
        loss = tensor_called(lines, names, "loss", "It is what the optimiser minimises.")
        line = line_making(lines, "loss", loss)
        session.run(tf.global_variables_initializer())
        for count in (5, 2):
            images, spoilt = np.random.default_rng(count).integers(0, 256, [2, count, *data.shape], dtype=np.uint8)
            found = session.run(loss, {given["images_ph"]: images, given["spoilt_ph"]: spoilt})
            if np.shape(found) != ():
                raise Finding(
                    f"loss is {shape_in_words(found)}",
                    "a single number: the mean over all pixels, colours and images",
                    "The optimiser makes one number small.",
                    line,
                )
            if count == 5:
                yield
            check_value(found, images / 127.5 - 1, spoilt / 127.5 - 1, line)
            yield
        if tf.gradients(loss, weight)[0] is None:
            raise Finding(
                "no weight of the network changes loss smoothly",
                "a loss made of mended by operations that have gradients",
                "The optimiser asks for each weight which way makes the loss smaller. Rounded numbers can't say.",
                line,
            )
        yield


def check_value(found: float, images: np.ndarray, spoilt: np.ndarray, line: Line) -> None:
    """Checks a loss; images, spoilt are float64 [B, H, W, 3], -1 to 1."""
    mended = WEIGHT * spoilt
    right = np.mean((mended - images) ** 2)
    if np.isclose(found, right, rtol=1e-4):
        return
    wrong = {
        ": mended is compared with the spoilt images": np.mean((mended - spoilt) ** 2),
        ": it has no mended in it": np.mean((spoilt - images) ** 2),
        ": the images' pixels go from 0 to 255, those of mended from -1 to 1": np.mean(
            (mended - (images + 1) * 127.5) ** 2
        ),
        ": the images' pixels go from 0 to 1, those of mended from -1 to 1": np.mean((mended - (images + 1) / 2) ** 2),
        ": the sum, not the mean": right * images.size,
        ": half of the mean": right / 2,
        ": its root": right**0.5,
        ": the mean of the differences, where those above and below 0 cancel out": np.mean(mended - images),
        ": the mean of the absolute differences, not of their squares": np.mean(abs(mended - images)),
    }
    is_now, expected = told_apart(found, right)
    raise Finding(
        f"loss is {is_now}" + next((words for words, value in wrong.items() if np.isclose(found, value, 1e-4)), ""),
        f"{expected}, the mean of (mended - the images as they were) squared",
        "Compared with what it sees, a network learns to copy it, noise and all. Compared with what it doesn't see, it "
        "has to learn what such images look like.",
        line,
    )
