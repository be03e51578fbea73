"""Does labs/reconstruct.py mend images better than Keras's autoencoder from its own examples?

  python benchmarks/autoencoder.py

Both learn from the same images, in as many seconds of the processor, and mend the same spoilt ones. Keras's
layers, loss and batches are those of https://keras.io/examples/vision/autoencoder.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
from contenders import KERAS, OURS
from data_sets import draw
from measuring import Comparison, publish
from PIL import Image
from processes import ask, run

import dlho2018
from kit.cli.lab_settings import ReconstructSettings
from kit.data.image_data import ImageData
from kit.data.image_lines import images_of
from kit.data.parts import TRAINING, VALIDATION
from kit.labs.data import HELD_OUT
from kit.labs.spoiling import spoilt

SIZE = 64  # pixels


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images_per_class", type=int, default=2000)
    parser.add_argument("--epochs", type=int, default=ReconstructSettings.epochs)
    parser.add_argument("--seeds", type=int, default=3, help="how many: 0, 1, 2, ...")
    arguments = parser.parse_args()
    seconds = {}  # of the lab, {seed: its training}; Keras gets as many
    with tempfile.TemporaryDirectory() as folder:
        arrays = write_arrays(folder, draw(folder, arguments.images_per_class, SIZE))

        def ours(seed):
            flags = "--seed", seed, "--epochs", arguments.epochs, "--folder", f"seed_{seed}"
            run(folder, "labs/reconstruct.py", *flags)
            figures = json.loads((Path(folder) / f"runs/labs/seed_{seed}/figures.json").read_text())
            seconds[seed] = figures["processor_seconds"]
            return {**figures, "epochs": arguments.epochs}

        def keras(seed):
            figures = ask(
                folder, "keras_autoencoder.py", "--images", arrays, "--seconds", seconds[seed], "--seed", seed
            )
            return {**figures, "processor_seconds": figures["seconds"]}

        found = {OURS: [], KERAS: []}
        for seed in range(arguments.seeds):
            for name, contender in ((OURS, ours), (KERAS, keras)):  # in this order: Keras gets our seconds
                found[name].append(contender(seed))
                print(f"seed {seed}, {name}: {found[name][-1]}", flush=True)

    def comparison(title, key, decimals):
        return Comparison(
            title, {name: [[each[key]] for each in figures] for name, figures in found.items()}, decimals, "seed"
        )

    errors = comparison("mean squared error on held-out images", "error", 5)
    errors.ratio(OURS, KERAS, at_most=0.5)
    weights = comparison("weights", "weights", 0)
    weights.ratio(OURS, KERAS, at_most=1)
    others = [
        comparison("seconds of the processor, in training", "processor_seconds", 0),
        comparison("epochs", "epochs", 0),
    ]
    publish("autoencoder", "Reconstruct, compared with Keras", [errors, weights, *others])


def write_arrays(folder, csv_path):
    """Writes the images that the lab sees into a file for the peer; returns its path."""
    data = ImageData.scan(str(csv_path), HELD_OUT, lesson=dlho2018)
    training, held_out = (
        np.stack([np.asarray(Image.open(path)) for _, _, path, _ in images_of(data, part)])
        for part in (TRAINING, VALIDATION)
    )  # uint8 [N, H, W, 3]
    random, batch = np.random.default_rng(0), ReconstructSettings.batch_size
    parts = [spoilt(held_out[start : start + batch], random) for start in range(0, len(held_out), batch)]
    path = Path(folder) / "images.npz"
    np.savez(path, training=training, held_out=held_out, held_out_spoilt=np.concatenate(parts))
    return path


if __name__ == "__main__":
    main()
