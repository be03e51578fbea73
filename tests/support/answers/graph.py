"""Answers to blank 6."""

from support.answers import mistake, variant

IMAGES_PH = "[None, height, width, 3]"
LABELS_PH = 'tf.placeholder(tf.int64, [None], "labels")'
SCALED = "tf.cast(images, tf.float32) / 127.5 - 1.0"

PLACEHOLDERS = [
    mistake(
        6,
        "scaled by what is in the batch",
        says="in dark images",
        place_6b="""
            x = tf.cast(images, tf.float32)
            scaled = 2 * (x - tf.reduce_min(x)) / (tf.reduce_max(x) - tf.reduce_min(x)) - 1
        """,
    ),
    mistake(6, "a fixed batch size", says="always just 32 images", place_6a=[("[None, height", "[32, height")]),
    mistake(6, "images as float32", says="images_ph takes float32, 4 bytes", place_6a=[("tf.uint8", "tf.float32")]),
    mistake(6, "colours forgotten", says="the colours are missing", place_6a=[(IMAGES_PH, "[None, height, width]")]),
    mistake(6, "colours first", says="the colours come first", place_6a=[(IMAGES_PH, "[None, 3, height, width]")]),
    mistake(6, "a single image", says="that is a single image", place_6a=[(IMAGES_PH, "[height, width, 3]")]),
    mistake(6, "a grey image", says="images_ph has the shape [None, 4, 6, 1]", place_6a=[("width, 3]", "width, 1]")]),
    mistake(6, "no shape", says="images_ph has the shape None", place_6a=[(IMAGES_PH, "None")]),
    mistake(
        6,
        "height and width swapped",
        says="the wrong way round",
        place_6a=[(IMAGES_PH, "[None, width, height, 3]")],
    ),
    mistake(
        6,
        "a constant instead of a placeholder",
        says="images_ph is a Const",
        place_6a=[('tf.placeholder(tf.uint8, [None, height, width, 3], "images")', "tf.zeros([8, height, width, 3])")],
    ),
    mistake(
        6,
        "a variable instead of a placeholder",
        says="labels_ph is a variable",
        place_6a=[(LABELS_PH, "tf.Variable([0, 1], dtype=tf.int64)")],
    ),
    mistake(6, "another name", says="there is no labels_ph", place_6a=[("labels_ph =", "labels =")]),
    mistake(6, "labels as float", says="labels_ph takes float32", place_6a=[("tf.int64", "tf.float32")]),
    mistake(6, "labels as int32", says="labels_ph takes int32", place_6a=[("tf.int64", "tf.int32")]),
    mistake(6, "labels in a column", says="the shape [None, 1]", place_6a=[("[None],", "[None, 1],")]),
    mistake(6, "a single label", says="labels_ph has the shape []", place_6a=[("[None],", "[],")]),
    mistake(6, "a fixed number of labels", says="labels_ph has the shape [32]", place_6a=[("[None],", "[32],")]),
]
SCALING = [
    mistake(6, "cast forgotten", says="images is still uint8", place_6b="scaled = images / 127.5 - 1.0"),
    mistake(6, "pixels not scaled", says="scaled goes from 0 to 255", place_6b=[(" / 127.5 - 1.0", "")]),
    mistake(6, "pixels from 0 to 1", says="scaled goes from 0 to 1", place_6b=[("127.5 - 1.0", "255.0")]),
    mistake(6, "pixels from 0 to 2", says="scaled goes from 0 to 2", place_6b=[(" - 1.0", "")]),
    mistake(6, "halves of 1", says="scaled goes from -0.5 to 0.5", place_6b=[("127.5 - 1.0", "255.0 - 0.5")]),
    mistake(6, "128 for 127.5", says="scaled goes from -1 to 0.992", place_6b=[("127.5", "128")]),
    mistake(
        6,
        "uint8 wraps around",
        says="a pixel of 127 becomes 1, but one of 128 becomes -1",
        place_6b="scaled = tf.cast(images - 128, tf.float32) / 127.5 - 1.0",
    ),
    mistake(6, "the same everywhere", says="every pixel becomes 0", place_6b="scaled = tf.zeros([2, 16, 16, 3])"),
    mistake(
        6,
        "whole numbers divided",
        says="only 3 different numbers",
        place_6b="scaled = tf.cast(images // 127, tf.float32) - 1.0",
    ),
    mistake(6, "still whole numbers", says="scaled holds uint8", place_6b="scaled = images // 127 - 1"),
    mistake(6, "float64", says="scaled holds float64", place_6b=[("tf.float32", "tf.float64")]),
    mistake(6, "bright is dark", says="bright is dark", place_6b=[(SCALED, f"-({SCALED})")]),
    mistake(
        6,
        "each image by itself",
        says="in one place and",
        place_6b="scaled = tf.map_fn(tf.image.per_image_standardization, tf.cast(images, tf.float32))",
    ),
    mistake(
        6,
        "a mean of the colours",
        says="scaled has shape [2, 16, 16]",
        place_6b=[(SCALED, f"tf.reduce_mean({SCALED}, axis=3)")],
    ),
]
MISTAKES = PLACEHOLDERS + SCALING
VARIANTS = [
    variant(
        6,
        "keywords and tuples",
        place_6a="""
        size = (None, height, width, 3)
        images_ph = tf.placeholder(dtype="uint8", shape=size)
        labels_ph = tf.placeholder(shape=(None,), dtype=tf.int64)
    """,
        place_6b="scaled = 2 * (tf.to_float(images) / 255 - 0.5)",
    ),
    variant(
        6,
        "minus before the division",
        place_6b="""
        pixels = tf.cast(images, tf.float32)
        scaled = tf.subtract(pixels, 127.5) / 127.5
    """,
    ),
    variant(
        6,
        "convert_image_dtype",
        place_6b="""
        zero_to_one = tf.image.convert_image_dtype(images, tf.float32)
        scaled = zero_to_one * 2 - 1
    """,
    ),
]
