"""Writes the images of a CSV into a few TFRecord files, which are read faster than many small ones, and copied easily.

python -m kit.data.tfrecord --data dataset.csv --output_directory shards --shards 16
python training.py --data shards

python -m kit.data.tfrecord --data table.csv --format table --output_directory shards
python training.py --data shards --label_column NAME
"""

from kit.cli import console
from kit.cli.errors import run_script
from kit.cli.flags import read_command_line
from kit.cli.settings import TfrecordSettings
from kit.data.tfrecord.folder import TABLE


def main() -> None:
    # 1 settings
    settings, _ = read_command_line(TfrecordSettings, __doc__, prog="python -m kit.data.tfrecord")

    # 2 TFRecord files, and the list of their records
    if settings.format == TABLE:
        from kit.data.tfrecord.table_writing import pack_table  # here, like the other: `--help` needs none

        pack_table(settings)
        more = ["--label_column", "NAME"]
    else:
        from kit.data.tfrecord.writing import pack_images

        pack_images(settings)
        more = []

    # 3 next step
    console.say_next(console.python("training.py", "--data", settings.output_directory, *more))


if __name__ == "__main__":
    run_script(main)
