"""Blank 6: where a batch comes into the graph, and how its pixels are scaled there."""

import numpy as np

import kit.tensorflow1 as tf
from exercises.checks import check_of
from exercises.checks.tensors import line_making, shape_text, tensor_called
from exercises.findings import Finding

HEIGHT, WIDTH = 4, 6  # pixels; two numbers that can't be mistaken for each other
SHADES = np.arange(256)
FIRST_IMAGE = np.repeat(SHADES, 3).reshape(16, 16, 3)  # every value that a pixel can have
PIXELS = np.stack([FIRST_IMAGE, FIRST_IMAGE // 2 + 64]).astype(np.uint8)  # [2, 16, 16, 3]
DARK = PIXELS // 6 + 20  # the same images, with little light
WHY_A_TENSOR = "The lines after the blank build the network on it."


@check_of(
    6,
    "images_ph takes a batch of images",
    "labels_ph takes the labels of a batch",
    "scaled holds a float32 for each pixel",
    "a pixel becomes a number from -1 to 1",
)
def check_placeholders_and_scaling(lines):
    with tf.Graph().as_default():
        names = lines.run("6a", {"height": HEIGHT, "width": WIDTH})
    check_images_ph(lines, placeholder_called(lines, names, "images_ph"))
    yield
    check_labels_ph(lines, placeholder_called(lines, names, "labels_ph"))
    yield
    with tf.Graph().as_default() as graph:
        images = tf.placeholder(tf.uint8, [None, *PIXELS.shape[1:]], "images")
        scaled = scaled_tensor(lines, images)
        line = line_making(lines, "6b", "scaled", scaled)
        with tf.Session(graph=graph) as session:
            values, of_dark_ones = (session.run(scaled, feed_dict={images: pixels}) for pixels in (PIXELS, DARK))
    if values.shape != PIXELS.shape:
        raise Finding(
            f"for images of shape {list(PIXELS.shape)}, scaled has shape {list(values.shape)}",
            "the same shape: a number for each pixel and colour",
            "The network looks for shapes, so each pixel must stay in its place.",
            line,
        )
    yield
    check_scale(values, line)
    if np.abs(of_dark_ones - (DARK / 127.5 - 1)).max() > 1e-4:
        raise Finding(
            f"in dark images, a pixel of {DARK.min()} becomes {of_dark_ones.min():.3g}",
            f"{DARK.min() / 127.5 - 1:.3g}, whatever other pixels there are",
            "An image must give the same numbers in whatever batch it comes, in training and in evaluation.",
            line,
        )
    yield


def placeholder_called(lines, names, name):
    tensor = tensor_called(lines, "6a", names, name, "A placeholder is where each step's batch comes into the graph.")
    if tensor.op.type not in ("Placeholder", "PlaceholderWithDefault"):
        raise Finding(
            f"{name} is a {tensor.op.type}",
            "a tf.placeholder",
            "Each step feeds another batch. A placeholder has no value of its own and takes whatever is fed.",
            line_making(lines, "6a", name, tensor),
        )
    return tensor


def check_images_ph(lines, images_ph):
    line = line_making(lines, "6a", "images_ph", images_ph)
    if images_ph.dtype != tf.uint8:
        size = images_ph.dtype.size
        raise Finding(
            f"images_ph takes {images_ph.dtype.name}, {size} bytes for each colour of a pixel",
            "tf.uint8, one byte",
            "The images come as uint8. They are fed as they are, and become floating-point numbers in the graph: "
            "so fewer bytes are copied at each step.",
            line,
        )
    expected, shape = [None, HEIGHT, WIDTH, 3], images_ph.shape
    if shape.ndims is None or shape.as_list() != expected:
        raise Finding(
            f"for height {HEIGHT} and width {WIDTH}, images_ph has the shape {shape_text(images_ph)}"
            f"{what_is_odd(shape)}",
            f"{expected}: [None, height, width, 3]",
            why_of_shape(shape),
            line,
        )


def what_is_odd(shape):
    """Which of the classic slips a shape is."""
    sizes = shape.as_list() if shape.ndims is not None else None
    if sizes is None:
        return ""
    if sizes == [None, HEIGHT, WIDTH]:
        return ": the colours are missing"
    if sizes in ([HEIGHT, WIDTH, 3], [WIDTH, HEIGHT, 3]):
        return ": that is a single image"
    if len(sizes) == 4 and sizes[0] is not None:
        return f": always just {sizes[0]} images"
    if sizes == [None, WIDTH, HEIGHT, 3]:
        return ": height and width are the wrong way round"
    if sizes[1:] == [3, HEIGHT, WIDTH]:
        return ": the colours come first"
    return ""


def why_of_shape(shape):
    if shape.ndims == 4 and shape.as_list()[0] is not None:
        return "The last batch of an epoch may be smaller, and evaluating.py feeds single images: None leaves it open."
    return "An image is height rows of width pixels, each with 3 colours; the layers work with this shape."


def check_labels_ph(lines, labels_ph):
    line = line_making(lines, "6a", "labels_ph", labels_ph)
    if labels_ph.dtype != tf.int64:
        raise Finding(
            f"labels_ph takes {labels_ph.dtype.name}",
            "tf.int64",
            "A label is the number of a class, and int64 is what the batches hold and what tf.argmax gives: "
            "TensorFlow compares only numbers of one type.",
            line,
        )
    if labels_ph.shape.ndims is None or labels_ph.shape.as_list() != [None]:
        raise Finding(
            f"labels_ph has the shape {shape_text(labels_ph)}",
            "[None]: one label for each image of a batch, however many",
            "The labels of a batch come as a plain list of numbers, as long as there are images.",
            line,
        )


def scaled_tensor(lines, images):
    """Runs 6b and gives its tensor, which is float32."""
    try:
        with tf.name_scope("scale_pixels"):
            names = lines.run("6b", {"images": images})
    except Finding as finding:
        error = finding.__cause__
        if isinstance(error, (TypeError, ValueError)) and "uint8" in str(error):
            raise Finding(
                "images is still uint8 where you calculate with fractions",
                "images made float32 first, by tf.cast",
                "A uint8 is a whole number from 0 to 255. TensorFlow doesn't change a tensor's type on its own.",
                finding.line,
            ) from None
        raise
    scaled = tensor_called(lines, "6b", names, "scaled", WHY_A_TENSOR)
    if scaled.dtype != tf.float32:
        raise Finding(
            f"scaled holds {scaled.dtype.name}",
            "float32",
            "The layers calculate with float32: whole numbers have no fractions, and float64 takes twice the memory.",
            line_making(lines, "6b", "scaled", scaled),
        )
    return scaled


def check_scale(values, line):
    """Raises a Finding if the numbers aren't the pixels from -1 to 1."""
    expected = PIXELS / 127.5 - 1
    wrong_by = np.abs(values - expected)
    if wrong_by.max() < 1e-4:
        return
    of_shade = values[0, :, :, 0].reshape(-1).astype(np.float64)  # what each of 0 to 255 becomes
    scale = "from -1 for 0 to 1 for 255, in even steps"
    falls = np.flatnonzero(np.diff(of_shade) < 0)
    if np.abs(values - of_shade[PIXELS]).max() > 1e-4:
        shade = next(each for each in SHADES if np.ptp(values[each == PIXELS]) > 1e-4)
        low, high = values[shade == PIXELS].min(), values[shade == PIXELS].max()
        found = f"a pixel of {shade} becomes {low:.3g} in one place and {high:.3g} in another"
        why = "An image must give the same numbers in whatever batch it comes, in training and in evaluation."
    elif len(falls) == len(SHADES) - 1:
        found = f"a pixel of 0 becomes {of_shade[0]:.3g} and one of 255 becomes {of_shade[-1]:.3g}: bright is dark"
        why = "Dark should stay the smaller number, as in the file: whoever looks at the numbers expects it."
    elif len(falls):
        first, then = of_shade[falls[0]], of_shade[falls[0] + 1]
        found = f"a pixel of {falls[0]} becomes {first:.3g}, but one of {falls[0] + 1} becomes {then:.3g}"
        why = "A uint8 can't go below 0 or above 255: it starts over at the other end. So cast before you calculate."
    elif len(np.unique(of_shade)) == 1:
        found = f"every pixel becomes {of_shade[0]:.3g}"
        why = "What is the same everywhere shows no shape."
    elif len(np.unique(of_shade)) < len(SHADES):
        found = f"the 256 shades of a pixel become only {len(np.unique(of_shade))} different numbers"
        why = "Division of whole numbers throws the rest away, and with it what can be seen. So cast before you divide."
    elif max(abs(of_shade[0] + 1), abs(of_shade[-1] - 1)) > 1e-4:
        found = f"scaled goes from {of_shade[0]:.3g} to {of_shade[-1]:.3g}"
        why = "Inputs around 0 and of size 1 are what the first weights are made for: with others, learning is slow. "
        why += "And evaluating.py scales by these same lines."
    else:
        shade = int(np.abs(of_shade - (SHADES / 127.5 - 1)).argmax())
        found = f"a pixel of {shade} becomes {of_shade[shade]:.3g}"
        scale = f"{shade / 127.5 - 1:.3g}: {scale}"
        why = "Each step of brightness should be as large as any other."
    raise Finding(found, scale, why, line)
