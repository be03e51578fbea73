"""The networks, by name. Each takes images and gives logits: a score for every class.

    images       float32 [B, H, W, C], pixels in [-1, 1]
    num_classes  how many classes
    is_training  bool [], a placeholder: for layers that work differently in training
    returns      logits, float32 [B, num_classes]

Write your own in `my_network`, then: python training.py --network my_network
"""

from kit.model.architecture_network import Head, build_architecture
from kit.model.class_weights import head_of_run
from kit.model.design_errors import check_logits, design_errors_explained
from tf_layers import (
    j_batch_norm_layer,
    j_conv_layer,
    j_dropout_layer,
    j_fc_layer,
    j_flatten_layer,
    j_global_avg_pool_layer,
    j_logits,
    j_max_pool_layer,
)


def simple_fc(images, num_classes, is_training):
    """Only fully connected layers: every neuron sees every pixel, so each shape must be learnt again at each place."""
    x = j_flatten_layer(images, "flatten")  # [B, H * W * C]
    x = j_fc_layer(x, 128, "fc1")  # [B, 128]
    x = j_fc_layer(x, 32, "fc2")  # [B, 32]
    x = j_fc_layer(x, 64, "fc3")  # [B, 64]
    return j_logits(x, num_classes)


def cnn(images, num_classes, is_training):
    """A typical convolutional network: from layer to layer, the image gets smaller and has more channels."""
    x = j_conv_layer(images, 8, "conv1", kernel_size=5, strides=2)  # [B, H/2, W/2, 8]
    x = j_conv_layer(x, 16, "conv2")  # [B, H/2, W/2, 16]
    x = j_max_pool_layer(x, "pool2")  # [B, H/4, W/4, 16]
    x = j_conv_layer(x, 32, "conv3")  # [B, H/4, W/4, 32]
    x = j_max_pool_layer(x, "pool3")  # [B, H/8, W/8, 32]
    x = j_conv_layer(x, 64, "conv4")  # [B, H/8, W/8, 64]
    x = j_max_pool_layer(x, "pool4")  # [B, H/16, W/16, 64]
    x = j_flatten_layer(x, "flatten")  # [B, H/16 * W/16 * 64]
    x = j_fc_layer(x, 64, "fc1", activation="elu")  # [B, 64]; elu, because relu neurons can die
    return j_logits(x, num_classes)


def cnn_strided(images, num_classes, is_training):
    """`cnn` with a first stride of 4 instead of 2: a quarter of the arithmetic, as good on images of 128 x 128."""
    x = j_conv_layer(images, 8, "conv1", kernel_size=5, strides=4)  # [B, H/4, W/4, 8]
    x = j_conv_layer(x, 16, "conv2")  # [B, H/4, W/4, 16]
    x = j_max_pool_layer(x, "pool2")  # [B, H/8, W/8, 16]
    x = j_conv_layer(x, 32, "conv3")  # [B, H/8, W/8, 32]
    x = j_max_pool_layer(x, "pool3")  # [B, H/16, W/16, 32]
    x = j_conv_layer(x, 64, "conv4")  # [B, H/16, W/16, 64]
    x = j_max_pool_layer(x, "pool4")  # [B, H/32, W/32, 64]
    x = j_flatten_layer(x, "flatten")  # [B, H/32 * W/32 * 64]
    x = j_fc_layer(x, 64, "fc1", activation="elu")  # [B, 64]
    return j_logits(x, num_classes)


def cnn_regularized(images, num_classes, is_training):
    """`cnn` with batch normalisation after each convolution, and dropout before the logits."""
    x = j_conv_layer(images, 8, "conv1", kernel_size=5, strides=2)  # [B, H/2, W/2, 8]
    x = j_batch_norm_layer(x, is_training, "norm1")
    for block, filters in ((2, 16), (3, 32), (4, 64)):
        x = j_conv_layer(x, filters, f"conv{block}")
        x = j_max_pool_layer(x, f"pool{block}")  # H and W halved
        x = j_batch_norm_layer(x, is_training, f"norm{block}")
    x = j_flatten_layer(x, "flatten")  # [B, H/16 * W/16 * 64]
    x = j_fc_layer(x, 64, "fc1")  # [B, 64]
    x = j_dropout_layer(x, 0.3, is_training, "dropout1")
    return j_logits(x, num_classes)


def fully_convolutional(images, num_classes, is_training):
    """Without flatten, no layer depends on the image's size: train on one size, evaluate on another.

    In the mean over all places, a shape's few corners count for little. Batch normalisation makes up for it: without
    it, the loss stays at that of guessing for many epochs.
    """
    x = j_conv_layer(images, 8, "conv1", kernel_size=5, strides=2)  # [B, H/2, W/2, 8]
    x = j_conv_layer(x, 16, "conv2")  # [B, H/2, W/2, 16]
    x = j_max_pool_layer(x, "pool2")  # [B, H/4, W/4, 16]
    x = j_batch_norm_layer(x, is_training, "norm2")
    x = j_conv_layer(x, 32, "conv3")  # [B, H/4, W/4, 32]
    x = j_max_pool_layer(x, "pool3")  # [B, H/8, W/8, 32]
    x = j_batch_norm_layer(x, is_training, "norm3")
    x = j_conv_layer(x, 32, "conv4")  # [B, H/8, W/8, 32]
    x = j_batch_norm_layer(x, is_training, "norm4")
    x = j_conv_layer(x, 32, "conv5")  # [B, H/8, W/8, 32]; each place has seen 55 x 55 pixels
    x = j_global_avg_pool_layer(x, "mean")  # [B, 32]; so the logits are the mean of each place's scores
    return j_logits(x, num_classes)


def my_network(images, num_classes, is_training):
    """Yours: change it, add layers, and beat the others."""
    # blank 12: a network of your own
    x = j_conv_layer(images, 16, "conv1", kernel_size=5, strides=2)  # [B, H/2, W/2, 16]
    x = j_conv_layer(x, 32, "conv2")  # [B, H/2, W/2, 32]
    x = j_max_pool_layer(x, "pool2")  # [B, H/4, W/4, 32]
    x = j_conv_layer(x, 32, "conv3")  # [B, H/4, W/4, 32]
    x = j_max_pool_layer(x, "pool3")  # [B, H/8, W/8, 32]
    x = j_conv_layer(x, 32, "conv4")  # [B, H/8, W/8, 32]
    x = j_max_pool_layer(x, "pool4")  # [B, H/16, W/16, 32]
    x = j_flatten_layer(x, "flatten")  # [B, H/16 * W/16 * 32]
    x = j_fc_layer(x, 64, "fc1", activation="elu")  # [B, 64]
    x = j_dropout_layer(x, 0.2, is_training, "dropout1")
    logits = j_logits(x, num_classes)  # [B, classes]
    # end of blank 12
    return logits


NETWORKS = {
    "simple_fc": simple_fc,
    "cnn": cnn,
    "cnn_strided": cnn_strided,
    "cnn_regularized": cnn_regularized,
    "fully_convolutional": fully_convolutional,
    "my_network": my_network,
}


def build_network(run, inputs, num_classes, is_training):
    """Builds the network of a run: one of NETWORKS, or an architecture of Keras's.

    Args:
      run: kit.runs.run_folder.Run.
      inputs: float32 [B, H, W, C] or [B, columns].
      num_classes: how many classes; 0 for values.
      is_training: bool [].
    Returns:
      (logits, head): float32 [B, classes], or [B, 1] for values; and the kit.model.losses.LossHead that turns them into
      probabilities and losses.
    Raises:
      UserError: the network can't be built, or doesn't return logits.
    """
    if run.architecture:
        logits, end = build_architecture(run.architecture, inputs, num_classes, is_training)
    else:
        num_outputs, end = num_classes or 1, Head()
        with design_errors_explained():
            logits = NETWORKS[run.settings.network](inputs, num_outputs, is_training)
            check_logits(logits, run.settings.network, num_outputs)
    return logits, head_of_run(run, end, num_classes, is_training)
