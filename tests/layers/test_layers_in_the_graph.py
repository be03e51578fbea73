"""What a layer is in the graph, and every error that a layer tells."""

import numpy as np
import pytest
from support.layers import ONE_OF_EACH, images_ph, inputs_of, is_training_ph, result

import kit.tensorflow1 as tf
from kit.model.layer_registry import layers_of
from tf_layers import (
    LayerError,
    j_avg_pool_layer,
    j_batch_norm_layer,
    j_conv_layer,
    j_dropout_layer,
    j_fc_layer,
    j_flatten_layer,
    j_global_avg_pool_layer,
    j_logits,
    j_max_pool_layer,
)

# ----------------------------------------------------------------------------- the graph


@pytest.mark.parametrize("kind", ONE_OF_EACH)
def test_a_layer_is_one_name_scope(graph, kind):
    images, is_training = inputs_of(kind), is_training_ph()
    tf.train.get_or_create_global_step()  # the graph's, not dropout's
    before = set(graph.get_operations())
    ONE_OF_EACH[kind]("some_layer", images, is_training)
    added = [operation.name for operation in graph.get_operations() if operation not in before]
    assert added and all(name.startswith("some_layer/") for name in added)


def test_layers_are_listed_in_order(graph):
    is_training = is_training_ph()
    built = []
    for number, (kind, make) in enumerate(ONE_OF_EACH.items()):
        built.append((f"layer{number}", kind, make(f"layer{number}", inputs_of(kind), is_training)))
    assert [(layer.name, layer.kind) for layer in layers_of(graph)] == [(name, kind) for name, kind, _ in built]
    assert all(layer.output is output for layer, (_, _, output) in zip(layers_of(graph), built))


def test_logits_are_listed_as_fc(graph):
    logits = j_logits(tf.zeros([1, 4]), 2)
    assert [(layer.name, layer.kind, layer.output) for layer in layers_of(graph)] == [("logits", "fc", logits)]


def test_each_graph_has_its_own_layers(graph):
    j_flatten_layer(images_ph())
    with tf.Graph().as_default() as other:
        j_max_pool_layer(images_ph(), "pool")
        j_flatten_layer(images_ph())
    assert [layer.name for layer in layers_of(graph)] == ["flatten"]
    assert [layer.name for layer in layers_of(other)] == ["pool", "flatten"]


def test_layers_in_two_scopes_may_share_a_name(graph):
    for scope in ("left", "right"):
        with tf.variable_scope(scope):
            j_conv_layer(images_ph(), 2, "conv")
    assert [layer.name for layer in layers_of(graph)] == ["left/conv", "right/conv"]
    assert [variable.op.name for variable in tf.trainable_variables()] == [
        "left/conv/weights",
        "left/conv/biases",
        "right/conv/weights",
        "right/conv/biases",
    ]


# ----------------------------------------------------------------------------- errors


@pytest.mark.parametrize("kind", ONE_OF_EACH)
def test_name_taken(graph, kind):
    j_flatten_layer(images_ph(), "twice")
    with pytest.raises(LayerError, match=r"layer 'twice': got a name that another layer .* wants a name of its own"):
        ONE_OF_EACH[kind]("twice", inputs_of(kind), is_training_ph())
    assert len(layers_of(graph)) == 1


@pytest.mark.parametrize("layer", [j_max_pool_layer, j_avg_pool_layer, j_global_avg_pool_layer])
def test_images_wanted_rows_given(graph, layer):
    with pytest.raises(LayerError, match=r"layer 'here': got \[\?, 5\], wants images \[B, H, W, C\]"):
        layer(tf.placeholder(tf.float32, [None, 5]), "here")


def test_conv_wants_images(graph):
    with pytest.raises(LayerError, match=r"layer 'here': got \[2, 5\], wants images \[B, H, W, C\]"):
        j_conv_layer(tf.zeros([2, 5]), 4, "here")


@pytest.mark.parametrize("layer", [j_fc_layer, j_logits])
def test_fc_wants_rows(graph, layer):
    with pytest.raises(LayerError, match=r"layer 'here': got \[\?, 8, 8, 3\], wants rows \[B, D\].*j_flatten_layer"):
        layer(images_ph(), 4, "here")


def test_unknown_rank(graph):
    with pytest.raises(LayerError, match=r"layer 'here': got a tensor of unknown shape, wants images \[B, H, W, C\]"):
        j_conv_layer(tf.placeholder(tf.float32), 4, "here")


def test_unknown_channels(graph):
    with pytest.raises(LayerError, match=r"'here': got \[\?, 8, 8, \?\], wants images .* the last size known"):
        j_conv_layer(images_ph([None, 8, 8, None]), 4, "here")
    with pytest.raises(LayerError, match=r"'here': got \[\?, \?\], wants rows .* the last size known"):
        j_fc_layer(tf.placeholder(tf.float32, [None, None]), 4, "here")


def test_batch_norm_unknown_channels(graph):
    with pytest.raises(LayerError, match=r"'here': got \[\?, 8, 8, \?\], wants .*C"):
        j_batch_norm_layer(images_ph([None, 8, 8, None]), is_training_ph(), "here")


@pytest.mark.parametrize("dtype", ["uint8", "float64"])
@pytest.mark.parametrize("kind", ONE_OF_EACH)
def test_input_of_another_type(graph, kind, dtype):
    with pytest.raises(LayerError, match=f"layer 'here': got dtype {dtype}, wants float32; cast"):
        ONE_OF_EACH[kind]("here", inputs_of(kind, dtype), is_training_ph())


@pytest.mark.parametrize("given", [None, [[1.0, 2.0]], "images"])
@pytest.mark.parametrize("kind", ONE_OF_EACH)
def test_input_is_no_tensor(graph, kind, given):
    with pytest.raises(LayerError) as error:
        ONE_OF_EACH[kind]("here", given, is_training_ph())
    assert str(error.value).startswith(f"layer 'here': got inputs of type {type(given).__name__}, wants a tensor")


@pytest.mark.parametrize("activation", ["Relu", "swish", "", None])
def test_unknown_activation(graph, activation):
    got = f"layer 'here': got activation={activation!r}, wants one of linear, sigmoid, tanh, relu, elu, softmax"
    with pytest.raises(LayerError, match=got):
        j_conv_layer(images_ph(), 4, "here", activation=activation)
    with pytest.raises(LayerError, match=got):
        j_fc_layer(tf.zeros([1, 2]), 4, "here", activation=activation)


@pytest.mark.parametrize("padding", ["same", "FULL", 1])
def test_unknown_padding(graph, padding):
    got = f"layer 'here': got padding={padding!r}, wants one of SAME, VALID"
    with pytest.raises(LayerError, match=got):
        j_conv_layer(images_ph(), 4, "here", padding=padding)
    with pytest.raises(LayerError, match=got):
        j_avg_pool_layer(images_ph(), "here", padding=padding)


@pytest.mark.parametrize("count", [0, -1, 2.0, "3", True, (3, 3)])
@pytest.mark.parametrize("argument", ["filters", "kernel_size", "strides", "pool_size", "pool strides", "units"])
def test_counts_that_count_nothing(graph, argument, count):
    makers = {
        "filters": lambda: j_conv_layer(images_ph(), count, "here"),
        "kernel_size": lambda: j_conv_layer(images_ph(), 4, "here", kernel_size=count),
        "strides": lambda: j_conv_layer(images_ph(), 4, "here", strides=count),
        "pool_size": lambda: j_max_pool_layer(images_ph(), "here", pool_size=count, strides=2),
        "pool strides": lambda: j_avg_pool_layer(images_ph(), "here", strides=count),
        "units": lambda: j_fc_layer(tf.zeros([1, 2]), count, "here"),
    }
    with pytest.raises(LayerError) as error:
        makers[argument]()
    assert f"layer 'here': got {argument.split()[-1]}={count!r}, wants a whole number, 1 or more" in str(error.value)


def test_logits_error_names_its_own_argument(graph):
    with pytest.raises(LayerError, match="layer 'logits': got num_classes=0, wants a whole number, 1 or more"):
        j_logits(tf.zeros([1, 2]), 0)


@pytest.mark.parametrize("size", [(4, 9), (9, 4)])
def test_window_larger_than_the_image(graph, size):
    inputs = images_ph([None, *size, 3])
    got = rf"layer 'here': got \[\?, {size[0]}, {size[1]}, 3\], wants an image of at least 5 x 5 .*padding='SAME'"
    with pytest.raises(LayerError, match=got):
        j_conv_layer(inputs, 4, "here", kernel_size=5, padding="VALID")
    with pytest.raises(LayerError, match=got):
        j_max_pool_layer(inputs, "here", pool_size=5)
    with pytest.raises(LayerError, match=got):
        j_avg_pool_layer(inputs, "here", pool_size=5)
    assert j_conv_layer(inputs, 4, "same", kernel_size=5).shape.as_list() == [None, *size, 4]
    assert j_max_pool_layer(inputs, "just", pool_size=4).shape.as_list()[1:3] == [size[0] // 4, size[1] // 4]


@pytest.mark.parametrize("shape", [[None, None, 8, 3], [None, 8, None, 3], [None, 8, 8, None]])
def test_flatten_of_unknown_size(graph, shape):
    text = r"\[" + ", ".join(r"\?" if size is None else str(size) for size in shape) + r"\]"
    with pytest.raises(LayerError, match=f"'here': got {text}, wants every size .* known; .*j_global_avg_pool_layer"):
        j_flatten_layer(images_ph(shape), "here")


@pytest.mark.parametrize("is_training", [True, None, 1, "int tensor"])
def test_is_training_is_no_bool_tensor(graph, is_training):
    given = tf.constant(1) if is_training == "int tensor" else is_training
    for make in (
        lambda: j_dropout_layer(images_ph(), 0.5, given, "here"),
        lambda: j_batch_norm_layer(images_ph(), given, "here"),
    ):
        with pytest.raises(LayerError) as error:
            make()
        assert str(error.value).startswith(f"layer 'here': got is_training={given!r}, wants the placeholder")


def test_is_training_is_no_scalar(graph):
    with pytest.raises(LayerError, match=r"layer 'here': got is_training=.*, wants .*bool tensor"):
        j_dropout_layer(images_ph(), 0.5, tf.constant([True]), "here")


@pytest.mark.parametrize("rate", [-0.1, 1, 1.5, 30, float("nan")])
def test_rate_out_of_range(graph, rate):
    with pytest.raises(LayerError, match=f"layer 'here': got rate={rate!r}, wants a number, at least 0 and below 1"):
        j_dropout_layer(images_ph(), rate, is_training_ph(), "here")


@pytest.mark.parametrize("rate", [None, "0.5"])
def test_rate_is_no_number(graph, rate):
    with pytest.raises(LayerError, match=f"layer 'here': got rate={rate!r}, wants a number, at least 0 and below 1"):
        j_dropout_layer(images_ph(), rate, is_training_ph(), "here")


@pytest.mark.parametrize("l2", [-0.1, "0.1"])
def test_l2_out_of_range(graph, l2):
    with pytest.raises(LayerError, match=f"layer 'here': got l2={l2!r}, wants"):
        j_conv_layer(images_ph(), 4, "here", l2=l2)


@pytest.mark.parametrize("momentum", [-0.1, 1.5])
def test_momentum_out_of_range(graph, momentum):
    with pytest.raises(LayerError, match=f"layer 'here': got momentum={momentum!r}, wants"):
        j_batch_norm_layer(images_ph(), is_training_ph(), "here", momentum=momentum)


def test_dropout_takes_rows_as_well_as_images(graph):
    outputs = j_dropout_layer(tf.ones([10, 100]), 0.5, tf.constant(True), "dropout")
    assert 400 < np.count_nonzero(result(outputs)) < 600


def test_no_name(graph):
    with pytest.raises(LayerError, match="layer ''"):
        j_conv_layer(images_ph(), 4, "")


def test_name_taken_by_another_operation(graph):
    inputs = images_ph()  # so the layer's operations would be images_1/..., and its variables images/...
    with pytest.raises(LayerError, match="layer 'images': got a name"):
        j_conv_layer(inputs, 4, "images")
