"""Evaluates a trained network: on its run's validation images, on another CSV, or on single images.

  python evaluating.py                          the newest run, its best checkpoint, its validation images
  python evaluating.py --data other.csv         all the images of another CSV
  python evaluating.py --images a.png b.png     what is on these?
"""

import csv
import os

import numpy as np

import kit.tensorflow1 as tf
from dlho2018 import csv_lines, evaluate, parse_line, read_image, scale_pixels
from dlho2018_nns import NETWORKS
from kit import checkpoints, console, reports
from kit.errors import UserError, run_script
from kit.explanations import check_logits, design_errors_explained, image_errors_explained
from kit.files import make_folder, write_whole
from kit.flags import read_command_line
from kit.images import image_problem
from kit.losses import LOSSES
from kit.records import VALIDATION, look_over, records_of
from kit.runs import open_run
from kit.settings import EvaluatingSettings


def main():
    # 1 settings: most are the run's
    settings, typed = read_command_line(EvaluatingSettings, __doc__)
    if settings.images and settings.data:
        raise UserError("--images and --data: give one of them.")
    run = open_run(settings.run)
    checkpoint = checkpoints.find(run, settings.checkpoint)
    with tf.Graph().as_default():
        if settings.images:
            classify(settings, run, checkpoint)
        else:
            evaluate_csv(settings, run, checkpoint)
