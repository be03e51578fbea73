"""The folder of a run: where it is, what is in it, which is the newest.

runs/<name>/config.json        the settings, and what the network needs to know of the data
runs/<name>/architecture.json  the network, if it is one of Keras's
runs/<name>/history.csv        a line per epoch
runs/<name>/checkpoints/       the newest weights, and what a resumed run needs
runs/<name>/best/              the weights that did best on validation
runs/<name>/weights.h5         the same for Keras, if the network is one of Keras's
runs/<name>/scores.tabular     a table's scores on its validation rows
runs/<name>/predictions.tabular  a fold's predictions of the rows that it held out
runs/<name>/threshold.json     what evaluating.py --threshold chose
runs/<name>/train/             TensorBoard's event files
runs/<name>/validation/
runs/<name>/evaluation/        what evaluating.py writes
runs/<name>/look_inside/       what labs/look_inside.py draws
runs/<name>/trace.json         what --explain_time measured
runs/<name>/.lock              locked by the training that writes here

Several runs, such as folds, also have a folder for what they say together:

runs/<name>/scores.tabular, predictions.tabular, and pictures  of a cross-validation or a search
runs/<name>/learning_curve.tabular, learning_curve.png
runs/<name>/tries.tabular, tries/  of a search, the latter for TensorBoard
"""

import contextlib
import dataclasses
import difflib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from kit.cli.console import listed, python
from kit.cli.errors import UserError
from kit.cli.flags import from_json, to_json
from kit.cli.settings import TrainingSettings
from kit.cluster.membership import member
from kit.data.data_spec import ImageSpec, TableSpec, spec_from_json
from kit.data.interface import Data
from kit.runs import checkpoint_files
from kit.runs.history import Epoch, History
from kit.system.files import make_folder, read_json, write_json, write_text
from kit.system.locks import LOCK, acquire_lock, remove_partial_files

ROOT = Path("runs")
CHECKPOINTS = {"newest": "checkpoints", "best": "best"}  # the folder of each kind of checkpoint
ARCHITECTURE, SCORES = "architecture.json", "scores.tabular"
CURVE, TRIES = "learning_curve.tabular", "tries.tabular"
OF_SEVERAL = {TRIES: "search", CURVE: "learning curve", SCORES: "cross-validation"}  # files of a folder without a run
FOLD = re.compile(r"(_repeat_(?P<repeat>[0-9]+))?_fold_(?P<fold>[0-9]+)\Z")  # what the name of a fold ends with
SHARE = re.compile(r"_share_[0-9]+\Z")  # and that of one point of a learning curve, before that


class Run:
    """A run: its folder, its settings, its architecture if it has one, and the spec of its data once it has begun."""

    is_finished_model = False  # see kit/runs/finished_model.py

    def __init__(
        self, folder: str | Path, settings: TrainingSettings, data_spec: ImageSpec | TableSpec | None = None
    ) -> None:
        """
        Args:
          folder: runs/<name>.
          settings: of training.py.
          data_spec: of a run that has begun, which is then resumed or evaluated; None for a new one.
        Raises:
          UserError: its architecture can't be read.
        """
        self.folder, self.settings, self._data_spec = Path(folder), settings, data_spec
        self._is_locked = False  # by this process, as a new run
        self.left_out: dict[str, list[int]] = {}  # {score: classes for which its last validation leaves it undefined}
        self.inner: tuple[int, int] | None = None  # (number from 1, how many): the inner fold of a search
        self.has_diverged = False  # as an inner fold: its loss was infinite or not a number
        self.class_weights: tuple[float, ...] = ()  # of --class_weights, once the data is open
        self.architecture = None
        if settings.architecture:
            from kit.model.keras import architectures  # here, and below: only networks of Keras need it

            saved = str(self.folder / ARCHITECTURE)
            self.architecture = architectures.read(settings.architecture if data_spec is None else saved)

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def name_to_resume(self) -> str:
        """What --resume --run takes: its name; of a fold among others, the cross-validation's, so that all continue."""
        found = FOLD.search(self.name)
        is_fold = found and int(found["fold"]) == self.settings.fold
        name = self.name[: found.start()] if found and is_fold else self.name
        return SHARE.sub("", name) if self.settings.learning_curve else name

    @property
    def design(self) -> str:
        """Its network, in words."""
        return f"architecture {self.settings.architecture}" if self.architecture else f"network {self.settings.network}"

    @property
    def is_resumed(self) -> bool:
        return self._data_spec is not None

    @property
    def data_spec(self) -> ImageSpec | TableSpec:
        """What its network must know of its data; a RuntimeError if the run hasn't begun."""
        if self._data_spec is None:
            raise RuntimeError(f"run '{self.name}' has not begun")
        return self._data_spec

    @property
    def target(self) -> str:
        """Where its session runs: "" for this process alone, or this worker's server in a cluster."""
        worker = member()
        return worker.target if worker else ""

    @property
    def evaluation(self) -> Path:
        """The folder of what evaluating.py writes."""
        return self.folder / "evaluation"

    def epochs(self) -> list[Epoch]:
        """Its epochs so far, from history.csv."""
        history = History(self.folder)
        history.read()
        return history.epochs

    def events(self, part: str) -> str:
        """The folder of TensorBoard's event files: part is "train" or "validation"; or "evaluation"."""
        return str(self.folder / part)

    def checkpoint_prefix(self, kind: str) -> str:
        """What the checkpoint files' paths begin with; kind is "newest" or "best"."""
        return str(self.folder / CHECKPOINTS[kind] / checkpoint_files.NAME)

    def begin(self, data: Data) -> None:
        """Makes a new run's folder and locks it; checks that a resumed run's data is what it began with.

        Args:
          data: that is trained on.
        Raises:
          UserError: the folder can't be made, another training writes there, or the data has changed.
        """
        spec = data.spec
        if self.is_resumed and spec != self.data_spec:
            compared = [field.name for field in dataclasses.fields(spec) if field.compare]
            differing = [name for name in compared if getattr(spec, name) != getattr(self.data_spec, name, None)]
            raise UserError(
                f"{data.source}: not the data that run '{self.name}' began with.\n"
                f"  Then: {self.data_spec}.\n  Now:  {spec}.\n"
                f"  Different: {', '.join(differing).replace('_', ' ')}. Start a new run on it: leave out --resume."
            )
        if not self.is_resumed:  # a resumed run was locked when it was opened
            self.claim_folder()
        remove_partial_files(self.folder)
        self._data_spec = spec
        for name in CHECKPOINTS.values():
            make_folder(self.folder / name)
            checkpoint_files.remove_leftovers(self.folder / name)

    def claim_folder(self) -> None:
        """Makes a new run's folder, and locks it; a UserError if it is another run's."""
        make_folder(self.folder)
        acquire_lock(self.folder, "training")
        self._is_locked = True
        check_free(self.name)

    @contextlib.contextmanager
    def removed_unless_begun(self) -> Iterator[None]:
        """Removes the folder that this process has made, if an error comes before config.json.

        It can't be resumed and has no curves, but would take a colour in TensorBoard.
        """
        was_there = self.folder.exists()
        try:
            yield
        except BaseException:
            is_ours = self._is_locked or not (self.folder / LOCK).exists()  # another training may have the same name
            if is_ours and not was_there and not (self.folder / "config.json").exists():
                shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def write_config(self) -> None:
        """Writes config.json, and the architecture if there is one. From then on, the run can be resumed."""
        if self.architecture:
            from kit.model.keras import writing

            write_text(self.folder / ARCHITECTURE, writing.to_json(self.architecture))
        write_json(self.folder / "config.json", {"settings": to_json(self.settings), "data": to_json(self.data_spec)})


def check_free(name: str) -> None:
    """Checks that no run has this name, nor several together; otherwise a UserError."""
    folder = folder_of(name)
    if (folder / "config.json").exists():
        raise UserError(
            f"{folder}: a run of this name exists already.\n"
            f"  Go on with it: --resume --run {name}. Or choose another name, or remove the folder."
        )
    for file, what in OF_SEVERAL.items():  # with none of them, a run was killed before it began: its name is free
        if (folder / file).exists():
            raise UserError(f"{folder}: a {what} of this name exists already. Choose another name.")


def open_run(name: str | None, choices: dict, with_checkpoint: str | None = None) -> Run:
    """The run of this name, or the newest for None.

    Args:
      name: of a folder in runs/, or None.
      choices: {setting: the values allowed}.
      with_checkpoint: "best" or "newest"; with name None, the newest run that has such a checkpoint, if any has.
    Raises:
      UserError: there is no such run, or its config.json is wrong.
    """
    folder = folder_of(name) if name else _newest(with_checkpoint)
    path = folder / "config.json"
    if not path.exists():
        raise UserError(f"{folder}: no run of this name.\n  {_known_runs(folder.name)}")
    try:
        config = read_json(path, "the settings of a run")
        if config.keys() != {"settings", "data"} or not all(isinstance(part, dict) for part in config.values()):
            found = ", ".join(config) or "nothing"
            raise UserError(f"{path}: expected the objects 'settings' and 'data', found {found}.")
        settings = from_json(TrainingSettings, config["settings"], str(path), choices)
        spec = spec_from_json(config["data"], str(path))
    except UserError as error:
        raise UserError(
            f"{error}\n  Without its settings this run can't be used. Put the file back as it was, train again, or "
            "name another run with --run."
        ) from error
    return Run(folder, settings, spec)


def check_writable_place(folder: Path) -> None:
    """Checks, before data is read and a graph is built, that a training can write into a folder.

    Args:
      folder: of the run, or ROOT; if it doesn't exist yet, the one that it will be made in.
    Raises:
      UserError: it can't: the folder or the disk is read-only, or full.
    """
    folders = [folder, *(folder / name for name in (*CHECKPOINTS.values(), "train", "validation"))]
    for place in [path for path in folders if path.is_dir()] or [folder.parent]:
        try:
            tempfile.TemporaryFile(dir=place).close()  # on Linux, it never has a name that a killed process could leave
        except OSError as error:
            raise UserError(
                f"{folder}: cannot write to {'it' if place == folder else place}: {error.strerror}.\n"
                f"  Runs are saved in the folder '{ROOT}' of the current folder. Make it one that you may write to,\n"
                "  or work in another folder and call the scripts by their path."
            ) from error


def _known_runs(name):
    """The way out where there is no run of a name."""
    known = sorted(path.parent.name for path in ROOT.glob("*/config.json"))
    folds = [other for other in known if other.startswith((f"{name}_fold_", f"{name}_repeat_"))]
    if folds:
        return f"Each fold of this cross-validation is a run: {listed(folds)}."
    close = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {close[0]}?" if close else ""
    return f"There are: {listed(known)}.{hint}" if known else f"Train one first: {python('training.py')}"


def folder_of(name: str) -> Path:
    """The folder of the run of this name; a UserError if it isn't a plain name."""
    name = name.removeprefix(f"{ROOT}/").rstrip("/")  # as a shell completes it
    if not re.fullmatch(r"[\w][\w.\-]*", name):
        raise UserError(f"--run '{name}': expected a name of letters, digits, '-', '_' and '.', without folders.")
    return ROOT / name


def _newest(with_checkpoint):
    folders = [path.parent for path in sorted(ROOT.glob("*/config.json"), key=os.path.getmtime)]
    if not folders:
        raise UserError(f"{ROOT}: no runs yet.\n  Train one first: {python('training.py')}")
    if with_checkpoint:
        state = Path(CHECKPOINTS[with_checkpoint]) / "checkpoint"
        folders = [folder for folder in folders if (folder / state).exists()] or folders
    return folders[-1]
