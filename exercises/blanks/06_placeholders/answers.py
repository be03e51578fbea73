"""Answers to this blank."""

from exercises.answers import mistake, variant

IMAGES_PH = "[None, *data.shape]"
LABELS_PH = 'tf.placeholder(data.label_dtype, [None], "labels")'
SCALED = "tf.cast(images, tf.float32) / 127.5 - 1.0"

PLACEHOLDERS = [
    mistake(
        "scaled by what is in the batch",
        says="in dark images",
        b="""
            x = tf.cast(images, tf.float32)
            scaled = 2 * (x - tf.reduce_min(x)) / (tf.reduce_max(x) - tf.reduce_min(x)) - 1
        """,
    ),
    mistake(
        "a graph of one's own",
        says="images_ph is in another graph than the script's",
        a="""
        with tf.Graph().as_default():
            images_ph = tf.placeholder(data.dtype, [None, *data.shape])
            labels_ph = tf.placeholder(data.label_dtype, [None])
    """,
    ),
    mistake(
        "the size written down", says="images_ph has the shape [None, 128, 128, 3]", a=[("*data.shape", "128, 128, 3")]
    ),
    mistake(
        "one long row",
        says="images_ph has the shape [None, 72]",
        a=[("*data.shape", "data.shape[0] * data.shape[1] * 3")],
    ),
    mistake(
        "labels as one-hot", says="labels_ph has the shape [None, 2]", a=[("[None], ", "[None, data.num_classes], ")]
    ),
    mistake("any labels", says="labels_ph has the shape None", a=[("[None], ", "None, ")]),
    mistake("-1 for any", says="Dimension -1 must be >= 0", a=[("[None, *", "[-1, *")]),
    mistake("a fixed batch size", says="always just 32 images", a=[("[None, *data.shape", "[32, *data.shape")]),
    mistake("images as float32", says="images_ph takes float32, 4 bytes", a=[("data.dtype", "tf.float32")]),
    mistake("colours forgotten", says="the colours are missing", a=[(IMAGES_PH, "[None, *data.shape[:2]]")]),
    mistake("colours first", says="the colours come first", a=[(IMAGES_PH, "[None, 3, *data.shape[:2]]")]),
    mistake("a single image", says="that is a single image", a=[(IMAGES_PH, "data.shape")]),
    mistake(
        "a grey image", says="images_ph has the shape [None, 4, 6, 1]", a=[("*data.shape]", "*data.shape[:2], 1]")]
    ),
    mistake("no shape", says="images_ph has the shape None", a=[(IMAGES_PH, "None")]),
    mistake(
        "height and width swapped",
        says="the wrong way round",
        a=[(IMAGES_PH, "[None, data.shape[1], data.shape[0], 3]")],
    ),
    mistake(
        "a constant instead of a placeholder",
        says="images_ph is a Const",
        a=[("tf.placeholder(data.dtype, [None, *data.shape], data.unit)", "tf.zeros([8, *data.shape])")],
    ),
    mistake(
        "a variable instead of a placeholder",
        says="labels_ph is a variable",
        a=[(LABELS_PH, "tf.Variable([0, 1], dtype=tf.int64)")],
    ),
    mistake("another name", says="there is no labels_ph", a=[("labels_ph =", "labels =")]),
    mistake("labels as float", says="labels_ph takes float32", a=[("data.label_dtype", "tf.float32")]),
    mistake("labels as int32", says="labels_ph takes int32", a=[("data.label_dtype", "tf.int32")]),
    mistake("labels in a column", says="the shape [None, 1]", a=[("[None],", "[None, 1],")]),
    mistake("a single label", says="labels_ph has the shape []", a=[("[None],", "[],")]),
    mistake("a fixed number of labels", says="labels_ph has the shape [32]", a=[("[None],", "[32],")]),
]
SCALING = [
    mistake("float16", says="scaled holds float16", b=[("tf.float32", "tf.float16")]),
    mistake(
        "rounded to float16",
        says="a pixel of 208 becomes 0.6309",
        b=[(SCALED, "tf.cast(tf.cast(images, tf.float16) / 127.5 - 1.0, tf.float32)")],
    ),
    mistake("whole steps", says="the 256 shades of a pixel become only 3", b=[(" / 127.5", " // 127.5")]),
    mistake(
        "cut off",
        says="become only 4 different numbers",
        b=[(SCALED, "tf.clip_by_value(tf.cast(images, tf.float32) - 127.5, -1, 1)")],
    ),
    mistake("in place", says="there is no scaled", b=[("scaled =", "images =")]),
    mistake(
        "NumPy's cast",
        says="a tensor has no attribute 'astype'",
        b=[("tf.cast(images, tf.float32)", "images.astype(float)")],
    ),
    mistake("bent", says="scaled goes from -0.762 to 0.762", b=[(SCALED, f"tf.tanh({SCALED})")]),
    mistake("cast forgotten", says="images is still uint8", b="scaled = images / 127.5 - 1.0"),
    mistake("pixels not scaled", says="scaled goes from 0 to 255", b=[(" / 127.5 - 1.0", "")]),
    mistake("pixels from 0 to 1", says="scaled goes from 0 to 1", b=[("127.5 - 1.0", "255.0")]),
    mistake("pixels from 0 to 2", says="scaled goes from 0 to 2", b=[(" - 1.0", "")]),
    mistake("halves of 1", says="scaled goes from -0.5 to 0.5", b=[("127.5 - 1.0", "255.0 - 0.5")]),
    mistake("128 for 127.5", says="scaled goes from -1 to 0.992", b=[("127.5", "128")]),
    mistake(
        "uint8 wraps around",
        says="a pixel of 127 becomes 1, but one of 128 becomes -1",
        b="scaled = tf.cast(images - 128, tf.float32) / 127.5 - 1.0",
    ),
    mistake("the same everywhere", says="every pixel becomes 0", b="scaled = tf.zeros([2, 16, 16, 3])"),
    mistake(
        "whole numbers divided",
        says="only 3 different numbers",
        b="scaled = tf.cast(images // 127, tf.float32) - 1.0",
    ),
    mistake("still whole numbers", says="scaled holds uint8", b="scaled = images // 127 - 1"),
    mistake("float64", says="scaled holds float64", b=[("tf.float32", "tf.float64")]),
    mistake("bright is dark", says="bright is dark", b=[(SCALED, f"-({SCALED})")]),
    mistake(
        "each image by itself",
        says="in one place and",
        b="scaled = tf.map_fn(tf.image.per_image_standardization, tf.cast(images, tf.float32))",
    ),
    mistake(
        "a mean of the colours",
        says="scaled has shape [2, 16, 16]",
        b=[(SCALED, f"tf.reduce_mean({SCALED}, axis=3)")],
    ),
]
MISTAKES = PLACEHOLDERS + SCALING
VARIANTS = [
    variant(
        "both from a list; a function of the blank's own",
        a="""
        kinds = {"x": (data.dtype, (None, *data.shape)), "y": (data.label_dtype, (None,))}
        images_ph, labels_ph = (tf.compat.v1.placeholder(*kind, name=f"{name}_ph") for name, kind in kinds.items())
    """,
        b="""
        def around_0(pixels):
            return (tf.cast(pixels, dtype="float32") / 255 - 0.5) / 0.5

        scaled = around_0(images)
    """,
    ),
    variant(
        "keywords and tuples",
        a="""
        height, width, _ = data.shape
        size = (None, height, width, 3)
        images_ph = tf.placeholder(dtype="uint8", shape=size)
        labels_ph = tf.placeholder(shape=(None,), dtype=tf.int64)
    """,
        b="scaled = 2 * (tf.to_float(images) / 255 - 0.5)",
    ),
    variant(
        "minus before the division",
        b="""
        pixels = tf.cast(images, tf.float32)
        scaled = tf.subtract(pixels, 127.5) / 127.5
    """,
    ),
    variant(
        "convert_image_dtype",
        b="""
        zero_to_one = tf.image.convert_image_dtype(images, tf.float32)
        scaled = zero_to_one * 2 - 1
    """,
    ),
]
