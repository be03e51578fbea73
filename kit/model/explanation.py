"""What a network sees in an image, and which part of the image decides: tensors to fetch with its probabilities."""

from __future__ import annotations

import kit.tensorflow1 as tf
from kit.model.layer_registry import layers_of

MOST_MAPS = 16  # shown of a layer
LARGEST_MAP = 64  # pixels; larger maps are thinned out


def feature_maps(graph: tf.Graph) -> dict[str, tf.Tensor]:
    """The output of each layer, as pictures.

    Args:
      graph: of a network, whose layers are registered.
    Returns:
      {layer: uint8 [B, maps, h, w]}, each map from its own least value, 0, to its own largest, 255. A layer that isn't
      made of maps is one map, a line high: [B, 1, 1, neurons].
    """
    return {layer.name: _pictures(layer.output) for layer in layers_of(graph)}


def _pictures(output: tf.Tensor) -> tf.Tensor:
    if output.shape.ndims == 4:
        every = max(1, -(-max(side or 1 for side in output.shape.as_list()[1:3]) // LARGEST_MAP))
        maps = tf.transpose(output[:, ::every, ::every, :MOST_MAPS], [0, 3, 1, 2])
    else:
        maps = tf.reshape(output, [tf.shape(output)[0], 1, 1, -1])
    least = tf.reduce_min(maps, axis=[2, 3], keepdims=True)
    span = tf.reduce_max(maps, axis=[2, 3], keepdims=True) - least
    return tf.cast(255.0 * tf.div_no_nan(maps - least, span), tf.uint8)


def heat_map(images: tf.Tensor, logits: tf.Tensor, by_place: bool = True) -> tf.Tensor:
    """Which places of an image speak for the class that the network sees.

    The maps of the last convolution are added up, weighted by how much the class's lead grows with them. What is below
    0 speaks against the class, and is left out. Grad-CAM takes one weight for a whole map, the mean over its places
    (Selvaraju et al. 2017, https://arxiv.org/abs/1610.02391). But after `flatten` a map counts differently at each
    place; so by default each place has its own weight, as in HiResCAM (Draelos and Carin 2020,
    https://arxiv.org/abs/2011.08891). A network without such maps gets how much the lead changes with each pixel.

    Args:
      images: float32 [B, H, W, 3], what the network was built on.
      logits: float32 [B, classes]; [B, 1] where one logit stands for two classes.
      by_place: whether each place has its own weight; if not, it is Grad-CAM.
    Returns:
      float32 [B, h, w], 0 to 1; 0 everywhere if nothing speaks for the class.
    """
    lead = lead_of(logits, likeliest(logits))
    maps = last_convolution(tf.get_default_graph())
    if maps is None:
        heat = tf.reduce_max(tf.abs(tf.gradients(lead, images)[0]), axis=3)
    else:
        weights = tf.gradients(lead, maps)[0]  # [B, h, w, C]
        if not by_place:
            weights = tf.reduce_mean(weights, axis=[1, 2], keepdims=True)  # [B, 1, 1, C]
        heat = tf.nn.relu(tf.reduce_sum(weights * maps, axis=3))  # [B, h, w]
    return tf.div_no_nan(heat, tf.reduce_max(heat, axis=[1, 2], keepdims=True))


def last_convolution(graph: tf.Graph) -> tf.Tensor | None:
    """The maps of a network's last convolution, float32 [B, h, w, C]; None if no layer makes such maps."""
    found = [layer.output for layer in layers_of(graph) if layer.makes_maps]
    return found[-1] if found else None


def likeliest(logits: tf.Tensor) -> tf.Tensor:
    """The class with the largest logit: int64 [B]."""
    return tf.argmax(_logit_of_each_class(logits), axis=1)


def lead_of(logits: tf.Tensor, label: tf.Tensor) -> tf.Tensor:
    """How far a class is ahead: its logit less the mean of the others'.

    Args:
      logits: float32 [B, classes], or [B, 1].
      label: of the class: int64 [B], or [] for all images.
    Returns:
      float32 [B].
    """
    logits = _logit_of_each_class(logits)
    classes = logits.shape[1].value
    own = tf.reduce_sum(logits * tf.one_hot(label, classes), axis=1)
    return own - (tf.reduce_sum(logits, axis=1) - own) / (classes - 1)


def _logit_of_each_class(logits: tf.Tensor) -> tf.Tensor:
    """[B, classes], also where one logit stands for two classes."""
    return logits if logits.shape[1].value > 1 else tf.concat([-logits, logits], axis=1) / 2
