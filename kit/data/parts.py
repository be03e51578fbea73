"""The parts of a data set: what each line of its file is used for."""

SKIPPED, TRAINING, VALIDATION = 0, 1, 2  # headers and blank lines; to learn from; to validate or evaluate on
TEST = 3  # kept for the end: evaluating.py --part test, for which they become the VALIDATION part
UNUSED = 4  # for this training, as with --training_share
MOST_SHUFFLED = 50_000  # lines in memory at once: not images, so they need little of it
