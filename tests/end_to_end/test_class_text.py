"""The class text's own lines run as they are printed, but for the import: `tensorflow.compat.v1`."""

import pytest
from support import warm
from support.scripts import PROJECT, environment

BEGIN = """
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
"""

FIRST_GRAPH = """
x = tf.placeholder(tf.float32, shape=(), name="x")
y = 2 * x**2 + 3
with tf.Session() as session:
    print(session.run(y, feed_dict={x: 4.0}))
"""

PIPELINE = """
def parse(line):
    name, path, label = tf.decode_csv(line, record_defaults=[[""], [""], [0]])
    image = tf.image.decode_image(tf.read_file(path), channels=3)
    image.set_shape([32, 32, 3])
    return image, label

dataset = tf.data.TextLineDataset("squares/info.csv").skip(1)
dataset = dataset.map(parse)
dataset = dataset.shuffle(buffer_size=100)
dataset = dataset.batch(25)
dataset = dataset.repeat(2)
iterator = tf.data.make_one_shot_iterator(dataset)
next_element = iterator.get_next()

images_ph = tf.placeholder(tf.float32, [None, 32, 32, 3])
labels_ph = tf.placeholder(tf.int32, [None])
brightness = tf.reduce_mean(images_ph)
with tf.Session() as session:
    while True:
        try:
            images, labels = session.run(next_element)
        except tf.errors.OutOfRangeError:
            break
        value = session.run(brightness, feed_dict={images_ph: images, labels_ph: labels})
        print(len(labels), 0 < value < 255)
"""

IN_MEMORY = """
import numpy as np
features = np.arange(10, dtype=np.float32)
labels = np.arange(10)
dataset = tf.data.Dataset.from_tensor_slices((features, labels)).shuffle(10).batch(4)
next_element = tf.data.make_one_shot_iterator(dataset).get_next()
with tf.Session() as session:
    for _ in range(3):
        some_features, some_labels = session.run(next_element)
        print(len(some_labels), bool((some_features == some_labels).all()))
"""

NETWORK = """
import numpy as np
from tf_layers import j_conv_layer, j_dropout_layer, j_fc_layer, j_flatten_layer, j_logits

images_ph = tf.placeholder(tf.float32, [None, 32, 32, 3])
labels_ph = tf.placeholder(tf.int64, [None])
x = j_flatten_layer(images_ph, "flatten")
x = j_fc_layer(x, 128, "fc1")
x = j_fc_layer(x, 32, "fc2")
x = j_fc_layer(x, 64, "fc3")
logits = j_logits(x, 2)
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels_ph, logits=logits))
train_op = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    feed = {images_ph: np.random.RandomState(0).rand(8, 32, 32, 3), labels_ph: [0, 1] * 4}
    before = session.run(loss, feed_dict=feed)
    for _ in range(50):
        session.run(train_op, feed_dict=feed)
    print(session.run(loss, feed_dict=feed) < before)
"""


def printed_by(snippet, folder):
    """The lines that a snippet prints, run as a program in a folder."""
    environ = {**environment(), "PYTHONPATH": str(PROJECT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    is_first = snippet is FIRST_GRAPH  # it begins as a user's Python does
    result = warm.run("-c", folder, BEGIN + snippet, env=environ, cold=is_first)
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


@pytest.mark.parametrize(
    ("snippet", "printed"),
    [
        pytest.param(FIRST_GRAPH, ["35.0"], id="2x^2+3"),
        pytest.param(PIPELINE, ["25 True", "25 True", "10 True"] * 2, id="60 images in batches of 25, twice"),
        pytest.param(IN_MEMORY, ["4 True", "4 True", "2 True"], id="data in memory"),
        pytest.param(NETWORK, ["True"], id="the fully connected network learns"),
    ],
)
def test_snippet(drawn, snippet, printed):
    assert printed_by(snippet, drawn) == printed
