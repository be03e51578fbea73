"""The parts of a data set: what each line of its file is for."""

SKIPPED, TRAINING, VALIDATION = 0, 1, 2  # a header or a blank line; to learn from; to validate or evaluate on
MOST_SHUFFLED = 50_000  # lines at once, not images: they take little memory
