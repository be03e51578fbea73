"""Writes the images of a CSV into a few TFRecord files, which are read faster than many small ones, and copied easily.

python -m kit.data.tfrecord --data dataset.csv --output_directory shards --shards 16
python training.py --data shards

python -m kit.data.tfrecord --data table.csv --format table --output_directory shards
python training.py --data shards --label_column NAME
"""

import os
import shlex

from kit.cli import console
from kit.cli.errors import run_script
from kit.cli.flags import read_command_line
from kit.cli.settings import TfrecordSettings
from kit.data.tfrecord.folder import INFO, TABLE


def main() -> None:
    # 1 settings
    settings, _ = read_command_line(TfrecordSettings, __doc__, prog="python -m kit.data.tfrecord")

    # 2 TFRecord files, and the list of their records
    if settings.format == TABLE:
        from kit.data.tfrecord.table_writing import pack_table  # here, like the other: `--help` needs none

        pack_table(settings)
        more, can_train = ["--label_column", "NAME"], True
    else:
        from kit.data.tfrecord.writing import pack_images

        more, can_train = [], pack_images(settings) > 1

    # 3 next step
    folder = settings.output_directory
    if can_train:
        console.say_next(console.python("training.py", "--data", folder, *more))
    else:
        joined = shlex.quote(os.path.join(folder, INFO))
        console.say(f"One class. Join it with another that is in TFRecord files: cat {joined} OTHER > dataset.csv")


if __name__ == "__main__":
    run_script(main)
