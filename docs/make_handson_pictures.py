"""Makes the pictures of the guide, docs/handson.md, from a folder in which the solved scripts were run like this:

python dataset_creation.py --shape square --num_images 1000 --output_directory squares --size 64
python dataset_creation.py --shape triangle --num_images 1000 --output_directory triangles --size 64
cat squares/info.csv triangles/info.csv > dataset.csv
python first_graph.py
python training.py --network simple_fc --run simple_fc
python training.py --validation 0.8 --epochs 20 --run few
python training.py --run cnn
(here the three commands of the guide's chapter 6 that make sketches.csv)
python evaluating.py --run cnn --data sketches.csv
mv runs/cnn/evaluation evaluation_of_sketches
python evaluating.py --run cnn
python docs/make_handson_pictures.py .       the folder

It prints the numbers that the guide quotes.
"""

import csv
import io
import json
import sys
import time
from pathlib import Path

import numpy as np
from make_pictures import PICTURES  # before the others: it makes the project importable

from support.browser import WAIT_SECONDS, chromium, tensorboard, wait_for, wait_for_curve  # isort: skip
from kit.data.drawing.draw import draw
from kit.evaluation.plots import confusion_matrix_png

BLUE, ORANGE, GREY = "#3b6ea5", "#d9822b", "#777777"
CONVOLUTIONS = ("conv1", "conv2", "conv3", "conv4")
PICTURED = (("square", 25), ("triangle", 27))  # the validation images whose feature maps are shown
TWO_ROWS = 640  # pixels, of mistakes.png
MAPS, MAP_SIDE = 6, 96  # feature maps shown per layer; pixels of one
GRAPH_SHARPNESS = 2  # pixels of the picture per pixel of the page
FIND_IN_SHADOW_TREES = """
    const selector = arguments[0];
    const find = (root) => root.querySelector(selector) || [...root.querySelectorAll('*')]
        .filter(element => element.shadowRoot).map(element => find(element.shadowRoot)).find(found => found);
    const found = find(document);
    return found ? found.getBoundingClientRect() : null;
"""


def main(folder):
    runs = folder / "runs"
    draw_activations()
    draw_descent()
    draw_convolution()
    draw_learning(runs)
    draw_confusion_matrix(runs / "cnn")
    draw_mistaken(folder / "evaluation_of_sketches")
    draw_inside(runs / "cnn" / "best", folder)
    photograph_graph(folder / "graphs", "first_graph.png", width=900)
    photograph_graph(runs / "cnn", "network_graph.png", width=1200)
    photograph_curves(runs / "cnn")
    for path in sorted(PICTURES.glob("*.png")):
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


# ----------------------------------------------------------------------------- drawn from formulas


def draw_activations():
    """activations.png: a neuron's output over its weighted sum, for each activation."""
    x = np.linspace(-4, 4, 200)
    curves = {
        "sigmoid": 1 / (1 + np.exp(-x)),
        "tanh": np.tanh(x),
        "relu": np.maximum(x, 0),
        "elu": np.where(x > 0, x, np.exp(x) - 1),
    }
    figure, grid = new_figure(8, 2.1, 4, sharey=True)
    for axes, (name, y) in zip(grid, curves.items()):
        axes.axhline(0, color=GREY, linewidth=0.6)
        axes.axvline(0, color=GREY, linewidth=0.6)
        axes.plot(x, y, color=BLUE, linewidth=2)
        axes.set(title=name, ylim=(-1.6, 4))
    save(figure, "activations.png")


def draw_descent():
    """descent.png: ten steps down the curve 2x^2 + 3, with a small, a good and a too large learning rate."""
    x = np.linspace(-9, 9, 200)
    figure, grid = new_figure(8, 2.6, 3, sharey=True)
    for axes, rate in zip(grid, (0.02, 0.1, 0.52)):
        places = [4.0]
        for _ in range(10):
            places.append(places[-1] - rate * 4 * places[-1])
        steps = np.array(places)
        axes.plot(x, 2 * x**2 + 3, color=GREY, linewidth=1)
        axes.plot(steps, 2 * steps**2 + 3, "o-", color=ORANGE, linewidth=1, markersize=4)
        axes.set(title=f"learning rate {rate}: x = {steps[-1]:.2f}", xlabel="x", xlim=(-9, 9), ylim=(0, 160))
        print(f"descent with rate {rate}: from 4 to {steps[-1]:.4f}")
    grid[0].set_ylabel("2x² + 3")
    save(figure, "descent.png")


def draw_convolution():
    """convolution.png: a drawn square, two kernels of 3 x 3, and the feature maps that they give."""
    pixels = np.asarray(draw("square", 1, 32, seed=0, style="plain").convert("L")) / 127.5 - 1  # black -1, white 1
    upright = np.array([[-1, 0, 1]] * 3)
    figure, grid = new_figure(8, 1.9, 5, width_ratios=[1, 0.6, 1, 0.6, 1])
    grid[0].imshow(pixels, cmap="gray", vmin=-1, vmax=1)
    grid[0].set_title("image, 32 x 32", fontsize=9)
    for number, (kernel, title) in enumerate([(upright, "upright edges"), (upright.T, "level edges")]):
        small, large = grid[1 + 2 * number], grid[2 + 2 * number]
        small.imshow(kernel, cmap="RdBu_r", vmin=-2, vmax=2)
        for (row, column), value in np.ndenumerate(kernel):
            small.text(column, row, value, ha="center", va="center", fontsize=9)
        small.set_title("kernel", fontsize=9)
        windows = np.lib.stride_tricks.sliding_window_view(pixels, (3, 3))  # [30, 30, 3, 3]
        large.imshow((windows * kernel).sum(axis=(2, 3)), cmap="RdBu_r", vmin=-6, vmax=6)
        large.set_title(title, fontsize=9)
    for axes in grid:
        axes.set(xticks=[], yticks=[])
    save(figure, "convolution.png")


# ----------------------------------------------------------------------------- drawn from runs


def draw_learning(runs):
    """learning.png: two networks on the same images, and one network on a quarter of them."""
    histories = {name: read_history(runs / name) for name in ("cnn", "simple_fc", "few")}
    figure, (left, right) = new_figure(8, 3, 2)
    for name, colour in (("cnn", BLUE), ("simple_fc", ORANGE)):
        history = histories[name]
        left.plot(history["epoch"], history["training_accuracy"], "--", color=colour, label=f"{name}, training")
        left.plot(history["epoch"], history["validation_accuracy"], color=colour, label=f"{name}, validation")
    left.set(title="two networks, 1,609 training images", xlabel="epoch", ylabel="accuracy", ylim=(0.4, 1.02))
    few = histories["few"]
    right.plot(few["epoch"], few["training_accuracy"], "--", color=BLUE, label="cnn, training")
    right.plot(few["epoch"], few["validation_accuracy"], color=BLUE, label="cnn, validation")
    right.set(title="402 training images", xlabel="epoch", ylabel="accuracy", ylim=(0.4, 1.02))
    for axes in (left, right):
        axes.legend(fontsize=8, frameon=False)
    save(figure, "learning.png")
    for name, history in histories.items():
        best = int(np.argmax(history["validation_accuracy"]))
        last = {column: f"{values[-1]:.4f}" for column, values in history.items() if "_" in column}
        print(f"{name}: best validation accuracy {history['validation_accuracy'][best]:.4f}, at the end {last}")


def read_history(run):
    """history.csv of a run: {column: array}."""
    with open(run / "history.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {column: np.array([float(row[column]) for row in rows]) for column in rows[0]}


def draw_confusion_matrix(run):
    """confusion_matrix.png, from the run's evaluation."""
    report = json.loads((run / "evaluation" / "report.json").read_text(encoding="utf-8"))
    names = [row["name"] for row in report["classes"]]
    (PICTURES / "confusion_matrix.png").write_bytes(confusion_matrix_png(report["confusion_matrix"], names))
    print(f"evaluation: accuracy {report['accuracy']:.4f}, {report['confusion_matrix']}, {report['classes']}")


def draw_mistaken(evaluation):
    """mistaken.png: the first two rows of mistakes.png."""
    from PIL import Image

    with Image.open(evaluation / "mistakes.png") as sheet:
        sheet.crop((0, 0, sheet.width, TWO_ROWS)).save(PICTURES / "mistaken.png")


def draw_inside(checkpoints, folder):
    """filters.png and feature_maps.png: the weights of `cnn`'s first layer, and the outputs of each convolution."""
    import kit.tensorflow1 as tf
    from dlho2018 import scale_pixels
    from dlho2018_nns import NETWORKS
    from kit.model.layer_registry import layers_of

    images = np.stack([pixels_of(folder / f"{shape}s" / f"{shape}_{index:06d}.png") for shape, index in PICTURED])
    with tf.Graph().as_default() as graph, tf.Session() as session:
        images_ph = tf.placeholder(tf.uint8, [None, *images.shape[1:]])  # [B, H, W, 3]
        logits = NETWORKS["cnn"](scale_pixels(images_ph), 2, tf.constant(False))  # [B, 2]
        tf.train.Saver().restore(session, tf.train.latest_checkpoint(str(checkpoints)))
        outputs = {layer.name: layer.output for layer in layers_of(graph) if layer.name in CONVOLUTIONS}
        kernel = session.run(graph.get_tensor_by_name("conv1/weights:0"))
        maps, probabilities = session.run([outputs, tf.nn.softmax(logits)], feed_dict={images_ph: images})
    draw_filters(kernel)
    draw_feature_maps(images, maps)
    print(f"probabilities of square and triangle in feature_maps.png: {probabilities.round(3).tolist()}")


def pixels_of(path):
    from PIL import Image

    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def draw_filters(kernel):
    """The filters of a kernel, float32 [k, k, 3, F]: in colour above, summed over red, green and blue below."""
    low, high = kernel.min(axis=(0, 1, 2)), kernel.max(axis=(0, 1, 2))
    brightness = kernel.sum(axis=2)  # [k, k, F]
    most = np.abs(brightness).max(axis=(0, 1))
    figure, (above, below) = new_figure(8, 2.25, kernel.shape[3], rows=2)
    for number in range(kernel.shape[3]):
        above[number].imshow(((kernel - low) / (high - low))[..., number])
        above[number].set_title(f"{number + 1}", fontsize=9)
        below[number].imshow((brightness / most)[..., number], cmap="gray", vmin=-1, vmax=1)
    for axes in (*above, *below):
        axes.set(xticks=[], yticks=[])
    save(figure, "filters.png")


def draw_feature_maps(images, maps):
    """A column per image, a row per layer: the MAPS of a layer that respond most to these images."""
    from PIL import Image

    heights = [1.6] + [1] * len(CONVOLUTIONS)
    figure, rows = new_figure(9, 4.3, 2, rows=len(heights), height_ratios=heights)
    for column, image in enumerate(images):
        rows[0][column].imshow(image)
        for row, layer in enumerate(CONVOLUTIONS, start=1):
            values = maps[layer]  # [images, H, W, C]
            strongest = np.sort(np.argsort(-values.mean(axis=(0, 1, 2)), kind="stable")[:MAPS])
            tiles = []
            for channel in strongest:
                tile = values[column, ..., channel] / max(values[..., channel].max(), 1e-9)  # one scale for both images
                tile = Image.fromarray((255 * tile).astype(np.uint8)).resize((MAP_SIDE, MAP_SIDE), Image.NEAREST)
                tiles.append(np.pad(np.asarray(tile), ((0, 0), (0, 3)), constant_values=255))
            rows[row][column].imshow(np.concatenate(tiles, axis=1), cmap="gray", vmin=0, vmax=255)
            if column == 0:
                height, width, channels = values.shape[1:]
                label = f"{layer}\n{height} x {width}\n{channels} channels"
                rows[row][column].set_ylabel(label, rotation=0, ha="right", va="center", fontsize=9)
    for axes in rows.flat:
        axes.set(xticks=[], yticks=[])
        for side in axes.spines.values():
            side.set_visible(False)
    save(figure, "feature_maps.png")


# ----------------------------------------------------------------------------- TensorBoard


def photograph_graph(events, name, width):
    """The graph as TensorBoard draws it, without the parts that it moves to the side."""
    from PIL import Image

    with tensorboard(events) as address, chromium() as driver:
        set_screen(driver, width, height=1000)
        driver.get(f"{address}#graphs")
        box, before, began = None, None, time.monotonic()
        while box is None or box != before:  # TensorBoard draws the graph, then moves it
            if time.monotonic() - began > WAIT_SECONDS:
                raise RuntimeError(f"{events}: TensorBoard shows no graph that stops moving")
            before, box = box, driver.execute_script(FIND_IN_SHADOW_TREES, "g.core")
            time.sleep(1)
        picture = Image.open(io.BytesIO(driver.get_screenshot_as_png()))
    edges = box["left"] - 4, box["top"] - 4, box["right"] + 4, box["bottom"] + 4
    picture = picture.crop([round(GRAPH_SHARPNESS * edge) for edge in edges])
    picture.convert("RGB").quantize(64).save(PICTURES / name, optimize=True)


def photograph_curves(run):
    """curves.png: the first page that TensorBoard shows for a run."""
    from PIL import Image

    with tensorboard(run) as address, chromium() as driver:
        driver.set_window_size(1400, 800)
        driver.get(f"{address}#timeseries")
        wait_for(driver, "document.querySelector('[aria-label=\"Toggle settings side pane\"]')").click()
        wait_for_curve(driver, "scalar-card line-chart canvas")
        picture = Image.open(io.BytesIO(driver.get_screenshot_as_png()))
    picture.convert("RGB").quantize(128).save(PICTURES / "curves.png", optimize=True)


def set_screen(driver, width, height):
    """Sets the size of the page; a screenshot has GRAPH_SHARPNESS times as many pixels."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": GRAPH_SHARPNESS, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


# ----------------------------------------------------------------------------- matplotlib


def new_figure(width, height, columns, rows=1, **grid):
    """A figure of this many inches: (figure, axes)."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(rows, columns, **grid)


def save(figure, name):
    figure.savefig(PICTURES / name, dpi=120)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
