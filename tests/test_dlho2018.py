"""The lesson's functions: lines of a CSV, images, the evaluation loop; held against Python, Pillow and NumPy."""

from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from support.data_sets import image_data
from support.image_csvs import HEADER, numbered_images
from support.scripts import elements

import kit.tensorflow1 as tf
from dlho2018 import evaluate, parse_line, read_image, read_lines, scale_pixels
from kit.cli.errors import UserError
from kit.data.image_lines import images_of
from kit.data.parts import TRAINING, VALIDATION

HEIGHT, WIDTH = 7, 9


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The current folder, empty."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text, path="data.csv"):
    with open(path, "w", newline="", encoding="utf-8") as file:
        file.write(text)
    return path


def parsed(data, part):
    """(image, label) of every line of a part, read one by one."""
    return elements(read_lines(data, part).map(data.parse))


def pillow(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


# ---- lines


@pytest.mark.parametrize("part", [TRAINING, VALIDATION], ids=["training", "validation"])
def test_read_lines_gives_the_lines_of_the_part_in_order(part, graph):
    Image.new("RGB", (4, 4)).save("one.png")
    lines = [f"image_{i},one.png,{i % 3}" for i in range(3000)]  # more than are sorted at once
    lines[1500:1500] = [HEADER, ""]
    data = image_data(write("\n".join([HEADER, *lines])), 0.3)
    expected = [(number - 1, f"{name},{path},{label}") for number, name, path, label in images_of(data, part)]
    assert [(number, line.decode()) for number, line in elements(read_lines(data, part))] == expected
    assert len(expected) == (data.num_training if part == TRAINING else data.num_validation)


def test_the_parts_share_no_line_and_lose_none(graph):
    data = image_data(numbered_images(100), 0.4)
    lines = [[line for _, line in elements(read_lines(data, part))] for part in (TRAINING, VALIDATION)]
    assert Counter(lines[0] + lines[1]) == Counter(f"image_{i},{i}.png,{i // 50}".encode() for i in range(100))


NASTY = (
    f"\ufeff{HEADER}\r\n"
    "plain_1,0.png,0\r\n"
    "\r\n"
    '"quoted, with comma","a, b.png",1\r\n'
    f"{HEADER}\r\n"
    '"say ""hi""","say ""hi"".png",0\n'
    "   \n"
    '\ufeff"image_name","image_path","label"\n'
    "Größe,Größe 三.png,1\n"
    "\ufeff"
    '"marked, quoted",4.png, 0\n'
    "\ufeffmarked,5.png,01\n"
    "Image_Name,Image_Path,Label\n"
    ",6.png,1 \n"
    "last,7.png,0"
)


@pytest.mark.parametrize("part", [TRAINING, VALIDATION], ids=["training", "validation"])
def test_tensorflow_and_python_read_a_nasty_csv_alike(part, graph):
    paths = ["0.png", "a, b.png", 'say "hi".png', "Größe 三.png", "4.png", "5.png", "6.png", "7.png"]
    for i, path in enumerate(paths):
        Image.new("RGB", (4, 4), (i, 0, 0)).save(path)
    data = image_data(write(NASTY), float(part == VALIDATION))
    assert [path for _, _, path, _ in images_of(data, part)] == paths
    images, labels = zip(*parsed(data, part))
    assert [image[0, 0, 0] for image in images] == list(range(8))
    assert list(labels) == [label for *_, label in images_of(data, part)] == [0, 1, 0, 1, 0, 1, 1, 0]


@pytest.mark.parametrize(
    "line",
    [
        'na"me,0.png,1',
        'name",0.png,1',
        '"name" ,0.png,1',
        ' "name",0.png,1',
        "name,0.png,1\u00a0",
        "name,0.png,\t1 ",
        "name,0.png,000000001",
        "\ufeff\ufeffname,0.png,1",
        "na\rme,0.png,1",
        "name,0.png,1\r\r",
        "name,0.png,\r1",
        '"name","0.png","1"',
        "name,0\u2028.png,1",
        "name,0\x0b.png,1",
        "'name,0.png,1",
        "na\\me,0.png,1",
        "name,c:0.png,1",
        "name,\\0.png,1",
    ],
)
@pytest.mark.parametrize("place", ["here", "sets"])
def test_what_the_scan_lets_through_tensorflow_reads(line, place, folder, graph):
    (folder / place).mkdir()
    for path in ("0.png", "c:0.png", "\\0.png", "0\u2028.png", "0\x0b.png"):
        Image.new("RGB", (4, 4), "red").save(path if place == "here" else folder / place / path)
    Image.new("RGB", (4, 4)).save("black.png" if place == "here" else folder / place / "black.png")
    csv_path = write(f"first,black.png,0\n{line}\n", "data.csv" if place == "here" else f"{place}/data.csv")
    try:
        data = image_data(csv_path, 1.0)
    except UserError as error:
        assert str(error).startswith(f"{csv_path}:2: ")
        return
    (_, first_label), (image, label) = parsed(data, VALIDATION)
    assert (first_label, label, tuple(image[0, 0])) == (0, 1, (255, 0, 0))


# ---- images


def picture(mode):
    """A picture with some of every colour, in a mode of Pillow's."""
    random = np.random.default_rng(0)
    colours = Image.fromarray(random.integers(0, 256, (HEIGHT, WIDTH, 4), dtype=np.uint8))
    return colours.convert("RGB").quantize(16) if mode == "P" else colours.convert(mode)


def read(path):
    """An image and its label by parse_line."""
    with tf.Session() as session:
        return session.run(parse_line(tf.constant(f'name,"{path}",3')))


@pytest.mark.parametrize(
    "mode, file",
    [
        ("RGB", "a.png"),
        ("L", "a.png"),
        ("P", "a.png"),
        ("1", "a.png"),
        ("RGBA", "a.png"),
        ("LA", "a.png"),
        ("RGB", "a.bmp"),
        ("P", "a.gif"),
    ],
)
def test_pixels_are_pillows_pixels(mode, file, graph):
    picture(mode).save(file)
    image, label = read(file)
    assert (image.dtype, image.shape) == (np.uint8, (HEIGHT, WIDTH, 3))
    assert (label.dtype, label) == (np.int64, 3)
    np.testing.assert_array_equal(image, pillow(file))


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_jpeg_pixels_are_pillows_but_for_rounding(mode, graph):
    picture(mode).resize((48, 32), Image.Resampling.BICUBIC).save("a.jpg", quality=95, subsampling=0)
    image, _ = read("a.jpg")
    assert (image.dtype, image.shape) == (np.uint8, (32, 48, 3))
    difference = np.abs(image.astype(int) - pillow("a.jpg"))
    assert difference.max() <= 16 and difference.mean() < 3  # TensorFlow's transform is the fast one


def test_the_extension_does_not_matter(graph):
    picture("RGB").save("a.jpg", format="PNG")
    np.testing.assert_array_equal(read("a.jpg")[0], pillow("a.jpg"))


def test_a_relative_path_is_taken_from_the_folder_and_an_absolute_one_stays(folder, graph):
    (folder / "sets").mkdir()
    Image.new("RGB", (2, 2), (1, 1, 1)).save("a.png")
    Image.new("RGB", (2, 2), (2, 2, 2)).save("sets/a.png")
    lines = ["n,a.png,0", f"n,{folder}/a.png,0"]
    images = [parse_line(tf.constant(line), f"{folder}/sets/")[0] for line in lines]
    with tf.Session() as session:
        assert [image[0, 0, 0] for image in session.run(images)] == [2, 1]


def test_static_shape_is_known_to_the_graph(graph):
    image, label = parse_line(tf.constant("n,a.png,0"), image_size=(HEIGHT, WIDTH))
    assert image.shape.as_list() == [HEIGHT, WIDTH, 3] and label.shape.as_list() == []


def test_an_image_of_another_size_is_refused(graph):
    picture("RGB").save("a.png")
    image = read_image(tf.constant("a.png"), (WIDTH, HEIGHT))
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError):
        session.run(image)


def test_scale_pixels_reaches_from_minus_1_to_1(graph):
    scaled = scale_pixels(tf.constant([[[[0, 255, 51]]]], tf.uint8))
    assert scaled.dtype == tf.float32
    with tf.Session() as session:
        np.testing.assert_allclose(session.run(scaled), [[[[-1.0, 1.0, -0.6]]]], atol=1e-6)


# ---- evaluation


GREYS = np.array([10, 20, 30, 40, 250], np.uint8)  # an image each; batches of 2 leave the extreme one on its own
LABELS = np.array([0, 0, 1, 0, 1])


ACCURACY = SimpleNamespace(score=lambda accuracy, labels, probabilities: accuracy)  # as images are scored


class Toy:
    """A network with no weights: logits = ((100 - mean pixel) / 10, 0), spoilt where is_training is true."""

    def __init__(self, tf, batch_size):
        images = np.broadcast_to(GREYS[:, None, None, None], (5, 2, 2, 3))
        dataset = tf.data.Dataset.from_tensor_slices((images, LABELS)).batch(batch_size)
        iterator = tf.data.make_initializable_iterator(dataset)
        self.batches = iterator, iterator.get_next()
        images_ph = tf.placeholder(tf.uint8, [None, 2, 2, 3])
        labels_ph = tf.placeholder(tf.int64, [None])
        is_training = tf.placeholder_with_default(False, [], "is_training")
        score = (100.0 - tf.reduce_mean(tf.cast(images_ph, tf.float32), axis=[1, 2, 3])) / 10.0
        score = tf.where(is_training, -score, score)
        logits = tf.stack([score, tf.zeros_like(score)], axis=1)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels_ph, logits=logits)
        self.placeholders = images_ph, labels_ph, is_training
        self.outputs = losses, tf.nn.softmax(logits)


def toy_answer():
    """Each image's loss and chances of class 0, in NumPy."""
    chance = 1 / (1 + np.exp(-(100.0 - GREYS) / 10.0))
    return -np.log(np.where(LABELS == 0, chance, 1 - chance)), chance


@pytest.mark.parametrize("batch_size", [1, 2, 3, 5, 64])
def test_evaluate_weighs_every_image_alike(batch_size, graph):
    toy = Toy(tf, batch_size)
    each_loss, chance = toy_answer()
    seen = []
    with tf.Session() as session:
        result = evaluate(session, ACCURACY, toy.batches, toy.placeholders, toy.outputs, seen.append)
    assert result.loss == pytest.approx(each_loss.mean(), rel=1e-5)
    assert result.score == 0.8  # all but the third
    assert result.labels.tolist() == LABELS.tolist()
    np.testing.assert_allclose(result.probabilities[:, 0], chance, rtol=1e-4)
    assert sum(seen) == 5 and max(seen) <= batch_size


def test_the_toy_tells_a_mean_over_batches_from_a_mean_over_images():
    each_loss, _ = toy_answer()
    mean_of_batches = np.mean([each_loss[:2].mean(), each_loss[2:4].mean(), each_loss[4:].mean()])
    assert abs(mean_of_batches - each_loss.mean()) > 0.05


def test_evaluate_twice_gives_the_same(graph):
    toy = Toy(tf, 2)
    with tf.Session() as session:
        first, second = (evaluate(session, ACCURACY, toy.batches, toy.placeholders, toy.outputs) for _ in range(2))
    assert first.loss == second.loss and len(second.labels) == 5
    np.testing.assert_array_equal(first.probabilities, second.probabilities)
