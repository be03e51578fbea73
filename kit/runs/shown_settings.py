"""The settings of a run that had an effect, as report.html and TensorBoard show them."""

from __future__ import annotations

from kit.cli.flags import to_json
from kit.cli.settings import TrainingSettings
from kit.data.kinds import KINDS, kind_of
from kit.model.defaults import NEEDS
from kit.model.optimizers import first_rate
from kit.runs.run_folder import Run

OF_THE_START = ("run", "resume", "explain_time", "write_architecture")  # settings that say nothing of the network


def settings_that_apply(settings: TrainingSettings) -> dict[str, object]:
    """The settings that a run depends on: {name: value}, with the learning rate that the training began with.

    None of another kind of data, none of a flag that isn't used.
    """
    kind = kind_of(settings)
    without = {name for other in KINDS for name in {*other.flags} - {*kind.flags}}
    without |= {name for name, other in NEEDS.items() if not getattr(settings, other)}
    without |= {"network"} if settings.architecture else set()
    without |= {"validation"} if settings.folds else set()
    values = {**to_json(settings), "learning_rate": first_rate(settings)}
    return {
        name: value
        for name, value in values.items()
        if name not in {*without, *OF_THE_START} and value is not None and value != ()
    }


def shown_settings(run: Run) -> dict[str, object]:
    """The settings of a run that apply, but for its architecture: Run.design names it."""
    return {name: value for name, value in settings_that_apply(run.settings).items() if name != "architecture"}
