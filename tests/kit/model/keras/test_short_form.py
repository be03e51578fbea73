"""The short form of an architecture: what it stands for, and mistakes in it."""

import pytest

from kit.cli.errors import UserError
from kit.model.keras.architectures import read
from kit.model.keras.network import check


def test_the_short_form():
    layers = read(
        "Conv2D 16 3 relu strides=2x1 padding=same,maxpooling2d 2 1, batch_normalization, flatten, dense 10 softmax"
    ).layers
    assert [layer.name for layer in layers] == ["conv2d", "max_pooling2d", "batch_normalization", "flatten", "dense"]
    conv, pool, _, _, dense = (layer.config for layer in layers)
    assert (conv["filters"], conv["kernel_size"], conv["strides"], conv["padding"]) == (16, 3, [2, 1], "same")
    assert conv["activation"] == "relu"
    assert (pool["pool_size"], pool["strides"]) == (2, 1)
    assert (dense["units"], dense["activation"]) == (10, "softmax")


def test_the_short_form_s_names_are_keras_s():
    layers = read("dense 1, leakyrelu, dense 1, relu, elu, dense 1, separableconv2d 1 1, globalaveragepooling2d").layers
    assert [layer.name for layer in layers] == [
        *("dense", "leaky_re_lu", "dense_1", "re_lu", "elu", "dense_2"),
        *("separable_conv2d", "global_average_pooling2d"),
    ]


def test_the_short_form_s_options():
    (layer,) = read("dense 4 kernel_initializer=he_normal use_bias=false l1=0.5 l2=1e-3 name=hidden").layers
    assert layer.name == "hidden"
    assert layer.config["kernel_initializer"]["class_name"] == "HeNormal"
    assert layer.config["use_bias"] is False
    assert layer.config["kernel_regularizer"]["config"] == {"l1": 0.5, "l2": 0.001}


@pytest.mark.parametrize(
    "text, message",
    [
        ("", 'layer 1 is empty. Separate layers by commas, for example "dense 16 elu, dropout 0.3'),
        ("dense 3,,dense 1", "layer 2 is empty"),
        ("dense 3, fully 4", "layer 2: 'fully' is no layer.\n  The layers are dense, einsumdense, activation"),
        ("dense 3 steep", "layer 1: 'steep' is no activation.\n  The activations are linear, relu,"),
        (
            "dense 16, elu, dense 1, sigmoid",
            "layer 4: 'sigmoid' is an activation, no layer.\n"
            "  Write it after its layer, without a comma: dense 1 sigmoid. Or as a layer: activation sigmoid.",
        ),
        ("dropout 30", "rate=30, expected a number from 0 to 1, such as 0.3 for 30%."),
        ("galaxy.jsn", "A file in Keras's JSON needs a name that ends in .json."),
        (
            "flatten relu",
            "flatten has no activation, found 'relu'.\n  Add it as the next layer: flatten ..., activation",
        ),
        ("dense 3 4", "dense 3 4: dense takes units, found 2 numbers"),
        ("flatten 2", "flatten 2: flatten takes no number, found 1 numbers"),
        ("dense", "layer 'dense' (Dense): the option units is missing"),
        ("dense 0", "units=0, expected a whole number, 1 or more"),
        ("dense 2.5", "units=2.5, expected a whole number"),
        ("dense nan", "expected a"),
        ("dropout 1.5", "rate=1.5, expected a number from 0 to 1"),
        ("dense 3 units=4", "units is given twice"),
        ("dense 3 relu tanh", "activation is given twice, the second time by 'tanh'"),
        ("dense 3 l2=.1 kernel_regularizer=l1", "kernel_regularizer is given twice"),
        ("dense 3 size=4", "size=4: not supported; its options are units, activation, use_bias"),
        ("flatten l2=.1", "kernel_regularizer={"),
        ("conv2d 4 3 padding=full", "The `padding` argument must be a list/tuple or one of"),
        ("conv2d 4 3x0", "kernel_size=[3, 0], expected a whole number, 1 or more"),
        ("add", "layer 1: 'add' is no layer."),
        ("dense 4 kernel_initializer=nought", "kernel_initializer='nought', expected one of Zeros, Ones"),
        ("dense 4 name=a, dense 4 name=a", "layer 'a' (Dense): another layer has this name"),
    ],
)
def test_mistakes_in_the_short_form(text, message):
    with pytest.raises(UserError) as error:
        check(read(text))
    assert str(error.value).startswith(("--architecture: layer ", "The architecture's layer "))
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("dens 3", "--architecture: layer 1: 'dens' is no layer. Did you mean dense?"),
        ("dense 3 rellu", "--architecture: layer 1: 'rellu' is no activation. Did you mean relu?"),
    ],
)
def test_a_misspelt_name_is_told_without_a_list(text, message):
    with pytest.raises(UserError) as error:
        read(text)
    assert str(error.value) == message


def test_a_short_form_too_long_for_a_path_is_none():
    assert len(read(", ".join(["dense 16 elu"] * 500)).layers) == 500


def test_a_forgotten_comma_is_told():
    with pytest.raises(UserError) as error:
        read("dense 4 elu dense 1 sigmoid")
    assert "'dense' starts another layer. Put a comma before it." in str(error.value)
