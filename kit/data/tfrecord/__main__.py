"""Writes the images of a CSV into a few TFRecord files, which are read faster than many small ones, and copied easily.

python -m kit.data.tfrecord --data dataset.csv --output_directory shards --shards 16
python training.py --data shards
"""

import hashlib

from kit.cli import console
from kit.cli.errors import run_script
from kit.cli.flags import read_command_line
from kit.cli.settings import TfrecordSettings
from kit.data.tfrecord.folder import claim_folder


def main() -> None:
    # 1 settings
    settings, _ = read_command_line(TfrecordSettings, __doc__, prog="python -m kit.data.tfrecord")

    # 2 images: all of the CSV
    from kit.data.tfrecord.writing import open_images, write_info, write_parts  # here: `--help` needs none

    data = open_images(settings.data, settings.skip_bad)
    states = hashlib.blake2b(digest_size=16)
    data.fingerprint(states.update)
    wanted = {"data": states.hexdigest(), "shards": settings.shards, "format": settings.format}

    # 3 TFRecord files, and info.csv with the place of each record
    folder = settings.output_directory
    claim_folder(folder, wanted)
    parts = write_parts(data, folder, settings.shards, settings.format)
    write_info(data, folder, parts, settings.format)

    # 4 next step
    console.say_next(console.python("training.py", "--data", folder))


if __name__ == "__main__":
    run_script(main)
