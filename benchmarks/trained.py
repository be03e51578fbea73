"""What training.py wrote into the folder of a run."""

from processes import PROJECT  # noqa: F401  # it makes the project importable

from kit.runs.history import History


def epochs_of(run):
    """The epochs of a run so far, from its history.csv: a list of kit.runs.history.Epoch.

    Args:
      run: the run's folder.
    """
    history = History(run)
    history.read()
    return history.epochs
