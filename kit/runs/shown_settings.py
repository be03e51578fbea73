"""The settings of a run that had an effect, as report.html shows them."""

from __future__ import annotations

from kit.cli.flags import to_json
from kit.data.kinds import KINDS, kind_of
from kit.model.optimizers import first_rate
from kit.runs.run_folder import Run


def shown_settings(run: Run) -> dict[str, object]:
    """The settings without those that had no effect, and with the learning rate that the training began with.

    Args:
      run: that was trained. Its network is left out if it is an architecture: Run.design names it.
    """
    settings = run.settings
    own = kind_of(settings)
    useless = {name for kind in KINDS for name in kind.flags} - {*own.flags}
    if run.architecture:
        useless |= {"network", "architecture"}
    if settings.reduce_on_plateau is None:
        useless.add("reduce_factor")
    if settings.folds:
        useless.add("validation")
    shown = {**to_json(settings), "learning_rate": first_rate(settings)}
    return {name: value for name, value in shown.items() if name not in useless}
