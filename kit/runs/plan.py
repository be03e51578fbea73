"""What the flags of training.py ask for: which runs, new or resumed, and the next commands."""

from __future__ import annotations

import dataclasses
import re
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.flags import read_command_line
from kit.cli.settings import TrainingSettings
from kit.cluster.tf_config import read_cluster
from kit.model.architecture_network import write_architecture
from kit.model.defaults import check_together, fill_defaults
from kit.model.losses import ALIASES, LOSSES
from kit.model.optimizers import OPTIMIZERS
from kit.runs import cross_validation, learning_curve
from kit.runs.run_folder import ARCHITECTURE, ROOT, Run, check_free, check_writable_place, folder_of, open_run
from kit.runs.shared_runs import is_copy, runs_of_all
from kit.system import threads
from kit.system.locks import acquire_lock

if TYPE_CHECKING:
    from kit.runs.search import Search

CHANGEABLE = {"epochs", "patience"}  # settings that may change when a run is resumed
MORE_TRAINING = """\
python training.py --data X.tabular --labels y.tabular --architecture "dense 16 elu, dense 1 sigmoid"
                                                     on the rows of a table
python training.py --explain_time                    where does a step's time go?
"""


class TrainingPlan:
    """The runs to train, one after another: several for a cross-validation, none with --write_architecture."""

    def __init__(self, description: str, networks: Iterable[str]) -> None:
        """Reads the command line of training.py.

        Args:
          description: the first lines of --help.
          networks: the choices of --network.
        Raises:
          UserError: a flag is wrong, or contradicts another or the run that is resumed; or a run's name is taken.
        """
        choices = {"network": networks, "loss": [*LOSSES, *ALIASES], "optimizer": OPTIMIZERS}
        settings, given_flags = read_command_line(TrainingSettings, description + MORE_TRAINING, choices)
        self.runs: Iterable[Run] = []
        self._search: Search | None = None
        if settings.search and not settings.resume:
            self._search = _begin_search(settings, given_flags)
            self.runs = self._search.runs()
            return
        settings = fill_defaults(settings, given_flags)
        if settings.write_architecture:
            write_architecture(settings)
        else:
            self.runs = runs_of_all(settings, lambda: _begin_or_resume(settings, given_flags, choices))
            if any(run.settings.micro_batches > 1 for run in self.runs):
                threads.use_one_per_operation()

    def finish(self) -> None:
        """Ends the script, once all runs are trained: saves the mean scores of folds, prints the next commands."""
        if self._search:
            self._search.finish()
            return
        runs = list(self.runs)
        if not runs or is_copy(runs[0]):
            return
        run = runs[-1]
        if run.settings.explain_time:
            words = [word for word in sys.argv[1:] if word.replace("-", "_") != "__explain_time"]
            console.say_next(console.python("training.py", *words), console.tensorboard("runs"))
            return
        flags = []
        if len(runs) > 1:
            together = learning_curve if run.settings.learning_curve else cross_validation
            together.summarize(runs)
            flags += ["--run", run.name]
        commands = [console.python("evaluating.py", *flags), console.tensorboard("runs")]
        if not run.data_spec.num_validation:
            console.say("\nNo data was held out: evaluating.py needs --data, a file of other data.")
            del commands[0]
        console.say_next(*commands)


# ----------------------------------------------------------------------------- new runs, and resumed ones


def _begin_search(settings: TrainingSettings, given_flags: set[str]) -> Search:
    from kit.runs.search import Search  # here: `--help` needs none

    check_together(settings, given_flags)
    check_writable_place(ROOT)
    if read_cluster():
        raise UserError("--search trains in one process; TF_CONFIG names several.\n  Unset TF_CONFIG.")
    if settings.micro_batches > 1:
        threads.use_one_per_operation()
    of_tries = given_flags - {"search", "search_space"}
    return Search(
        settings.run or _free_name("search"), settings, lambda tried: fill_defaults(tried, of_tries), given_flags
    )


def _begin_or_resume(settings: TrainingSettings, given_flags: set[str], choices: dict) -> list[Run]:
    """The runs that the settings ask for: one, or one per fold of a cross-validation.

    Args:
      settings: of training.py.
      given_flags: the names of the flags on the command line.
      choices: {setting: the values allowed}, for a resumed run's config.json.
    """
    if ROOT.exists() and not ROOT.is_dir():
        raise UserError(
            f"{ROOT}: a file, but runs are saved in a folder of this name. Rename the file, or work in another folder."
        )
    check_writable_place(ROOT)
    if settings.resume:
        return _resume_members(settings, given_flags, choices) or [_resume(settings, given_flags, choices)]
    name = settings.run or _free_name(_network_name(settings))
    members = _members(name, settings)
    if not members:
        return [_begin(name, settings)]
    check_free(name)  # for the folder of what they say together
    return [_begin(*member) for member in members.items()]


def _members(name, settings):
    """The runs that a training consists of: {name: settings}; {} if it is one run."""
    if settings.learning_curve:
        return learning_curve.shares_of(name, settings)
    return cross_validation.folds_of(name, settings) if settings.folds and not settings.fold else {}


def _begin(name, settings):
    check_free(name)
    return Run(folder_of(name), dataclasses.replace(settings, run=name))


def _resume(settings, given_flags, choices):
    run = open_run(settings.run, choices)
    check_writable_place(run.folder)
    acquire_lock(run.folder, "training")
    for name in sorted(given_flags - CHANGEABLE - {"resume", "run"}):
        if getattr(settings, name) != getattr(run.settings, name):
            raise UserError(
                f"--{name} {getattr(settings, name)}: run '{run.name}' began with {getattr(run.settings, name)}, "
                "and this can't change.\n  Leave out the flag, or start a new run without --resume."
            )
    changes = {name: getattr(settings, name) for name in given_flags & CHANGEABLE}
    return Run(run.folder, dataclasses.replace(run.settings, **changes), run.data_spec)


def _resume_members(settings, given_flags, choices):
    """The runs of the whole that --run names: those that have begun, and new ones; [] if it isn't several runs."""
    if not settings.run or (folder_of(settings.run) / "config.json").exists():
        return []
    stem = settings.run
    patterns = f"{stem}_fold_*", f"{stem}_repeat_*_fold_*", f"{stem}_share_*"
    began = [path for pattern in patterns for path in ROOT.glob(f"{pattern}/config.json")]
    if not began:
        return []
    first = open_run(min(began).parent.name, choices)
    if first.settings.search:
        raise UserError(
            f"--resume --run {stem}: a search that was stopped can't be resumed; its tries decide what comes next.\n"
            "  Begin it again, with another --run."
        )
    seed = first.settings.seed + 1 - cross_validation.repeat_of(first)
    as_begun = dataclasses.replace(first.settings, resume=False, fold=None, seed=seed)
    if first.architecture:  # its own file may have been changed since
        as_begun = dataclasses.replace(as_begun, architecture=str(first.folder / ARCHITECTURE))
    runs = []
    for name, member in _members(settings.run, as_begun).items():
        if (folder_of(name) / "config.json").exists():
            runs.append(_resume(dataclasses.replace(settings, run=name), given_flags, choices))
        else:
            runs.append(_begin(name, member))
    return runs


def _network_name(settings):
    """The first part of a run's name: its network's name, or that of its architecture's file."""
    if settings.architecture is None:
        return settings.network
    from kit.model.keras.architectures import FILE_ENDINGS  # here: only networks of Keras need it

    path = Path(settings.architecture)
    return re.sub(r"[^\w\-]", "_", path.stem) if path.suffix in FILE_ENDINGS else "architecture"


def _free_name(network):
    """A run's name: its network and the time, and a number if another run began in the same second."""
    stem = f"{network}_{time.strftime('%Y-%m-%d_%H-%M-%S')}"
    names = (f"{stem}{suffix}" for suffix in ["", *(f"_{i}" for i in range(2, 1000))])
    return next(name for name in names if not (ROOT / name).exists())
