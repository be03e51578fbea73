"""The layers of the network, from the images up to the logits, and the parameters of each."""

from typing import Any

import kit.tensorflow1 as tf
from exercises.stages.drawn import BLUE, GREY, ORANGE, SMALL, WRONG, figure_of, heading
from exercises.stages.drawn_graph import Box, draw_graph
from exercises.student_blank import StudentBlank
from kit.model.layer_registry import layers_of, scope_of

from . import design
from .learning import SHAPES, SIZE, count_multiplications


def look(blank: StudentBlank) -> Any:
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(1)
        images = tf.placeholder(tf.float32, [None, SIZE, SIZE, 3], "images")
        is_training = tf.placeholder_with_default(False, [], "is_training")
        built = design.build(blank.at(), images, len(SHAPES), is_training)
        boxes = layers_drawn(graph, images, built)
        layers = [layer.name for layer in layers_of(graph)]
        numbers = {
            name: sum(each.shape.num_elements() for each in tf.trainable_variables() if scope_of(each) == name)
            for name in layers
        }
        total = sum(each.shape.num_elements() for each in tf.trainable_variables())
    effort = count_multiplications(built.logits) / 1e6
    title = f"Blank 12: your network, {total:,} parameters, {effort:.2g} million multiplications per image"
    figure, (left, right) = figure_of(title, 10, max(4.5, 0.75 * len(boxes)), 2, (3, 2))
    heading(left, f"The layers, on images of {SIZE} x {SIZE}; red: leads nowhere")
    draw_graph(left, boxes)
    heading(right, "Parameters")
    right.barh(layers, list(numbers.values()), color=BLUE)
    for place, number in enumerate(numbers.values()):
        right.text(number, place, f" {number:,}", va="center", fontsize=SMALL)
    right.margins(x=0.25)
    right.locator_params(axis="x", nbins=4)
    right.tick_params(axis="x", labelsize=SMALL)
    return figure


def layers_drawn(graph: Any, images: Any, built: design.Design) -> dict[str, Box]:
    """A Box for the images, and for each layer."""
    boxes = {"images": Box(f"images\n[B, {SIZE}, {SIZE}, 3]", (), BLUE)}
    outputs = {images.op: "images"}
    idle = {layer.name for layer in built.idle_layers}
    for layer in layers_of(graph):
        shape = ", ".join("B" if size is None else str(size) for size in layer.output.shape.as_list())
        colour = WRONG if layer.name in idle else ORANGE if layer.output is built.logits else GREY
        boxes[layer.name] = Box(f"{layer.name}\n[{shape}]", sources_of(layer.output.op, outputs), colour)
        outputs[layer.output.op] = layer.name
    return boxes


def sources_of(operation: Any, outputs: dict[Any, str]) -> list[str]:
    """The nearest of some operations, {operation: name}, that an operation is made from: their names."""
    found: dict[str, None] = {}
    waiting, seen = [operation], {operation}
    while waiting:
        for each in (tensor.op for tensor in waiting.pop().inputs):
            if each in outputs:
                found[outputs[each]] = None
            elif each not in seen:
                waiting.append(each)
            seen.add(each)
    return list(found)
