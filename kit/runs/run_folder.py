"""The folder of a run: where it is, what it holds, which is the newest.

runs/<name>/config.json      the settings, and what the network needs to know of the data
runs/<name>/architecture.json  the network, where it is one of Keras's
runs/<name>/scores.tabular   a table's scores on its validation rows; of a cross-validation, all that there is
runs/<name>/history.csv      a line an epoch
runs/<name>/checkpoints/     the newest weights, with all it takes to go on
runs/<name>/best/            the weights that did best on validation
runs/<name>/train/           TensorBoard's event files
runs/<name>/validation/
runs/<name>/evaluation/      what evaluating.py writes
runs/<name>/trace.json       what --explain_time saw of some steps
runs/<name>/.lock            held by the training that writes here
"""

import dataclasses
import difflib
import os
import re
import time
from pathlib import Path

from kit.cli.console import listed
from kit.cli.errors import UserError
from kit.cli.flags import from_json, to_json
from kit.cli.settings import TrainingSettings
from kit.model.keras import architectures
from kit.runs import checkpoints
from kit.runs.history import History
from kit.system.files import make_folder, read_json, write_json, write_text
from kit.system.locks import acquire_lock, remove_partial_files

ROOT = Path("runs")
CHECKPOINTS = {"newest": "checkpoints", "best": "best"}  # the folder of each kind of checkpoint
ARCHITECTURE, SCORES = "architecture.json", "scores.tabular"
MAY_CHANGE = {"resume", "run", "epochs", "patience"}  # when a run is resumed; the others are the run's


@dataclasses.dataclass(frozen=True)
class ImageFacts:
    """What a network needs to know of its images."""

    image_size: tuple[int, ...]  # (height, width) in pixels
    class_names: tuple[str, ...]
    num_training: int  # images
    num_validation: int  # images

    def __str__(self):
        return _counted(self, "images", " x ".join(map(str, self.image_size)))


@dataclasses.dataclass(frozen=True)
class TableFacts:
    """What a network needs to know of its table."""

    columns: tuple[str, ...]  # the inputs, by name, or by number from 1
    fields: tuple[int, ...]  # where they stand in a line, from 0
    num_fields: int  # in a line
    has_header: bool
    label_column: str | None  # its name or number, where the labels are a column of the table itself
    class_names: tuple[str, ...]  # none: the labels are values
    num_training: int  # rows
    num_validation: int  # rows

    def __str__(self):
        return _counted(self, "rows", f"{len(self.columns)} columns")


def _counted(facts, unit, size):
    classes = f"classes {listed(facts.class_names)}" if facts.class_names else "labels that are values"
    return f"{facts.num_training:,} training and {facts.num_validation:,} validation {unit} of {size}, {classes}"


def _facts_of(records):
    """The facts of kit.data.image_csv.Records or kit.data.tables.table.Table."""
    kind = TableFacts if records.is_table else ImageFacts
    return kind(**{field.name: getattr(records, field.name) for field in dataclasses.fields(kind)})


class Run:
    """A run: its folder, its settings, its architecture if it has one, the facts of its data once it has begun."""

    def __init__(self, folder, settings, facts=None):
        self.folder, self.settings, self.facts = Path(folder), settings, facts
        self.architecture = None
        if settings.architecture:
            kept = str(self.folder / ARCHITECTURE)
            self.architecture = architectures.read(settings.architecture if facts is None else kept)

    @property
    def name(self):
        return self.folder.name

    @property
    def design(self):
        """What its network is called."""
        return f"architecture {self.settings.architecture}" if self.architecture else f"network {self.settings.network}"

    @property
    def is_resumed(self):
        return self.facts is not None

    @property
    def evaluation(self):
        return self.folder / "evaluation"

    def epochs(self):
        """Its kit.runs.history.Epochs so far."""
        history = History(self.folder)
        history.read()
        return history.epochs

    def events(self, part):
        """The folder of TensorBoard's event files of a part, "train" or "validation"."""
        return str(self.folder / part)

    def checkpoint_prefix(self, kind):
        """What the checkpoint files' paths begin with; kind is "newest" or "best"."""
        return str(self.folder / CHECKPOINTS[kind] / checkpoints.NAME)

    def begin(self, records):
        """Makes the folder, for no other training; or checks that the data is still what it was when the run began."""
        facts = _facts_of(records)
        if self.is_resumed and facts != self.facts:
            differing = [name for name, value in vars(facts).items() if value != getattr(self.facts, name, None)]
            raise UserError(
                f"{records.csv_path}: not the data that run '{self.name}' began with.\n"
                f"  Then: {self.facts}.\n  Now:  {facts}.\n"
                f"  Different: {', '.join(differing).replace('_', ' ')}. Start a new run on it: leave out --resume."
            )
        if not self.is_resumed:  # a resumed one has the lock since it was found
            make_folder(self.folder)
            acquire_lock(self.folder, "training")
            _check_free(self.name)
        remove_partial_files(self.folder)
        self.facts = facts
        for name in CHECKPOINTS.values():
            make_folder(self.folder / name)
            checkpoints.remove_leftovers(self.folder / name)

    def write_config(self):
        """Writes config.json and the network's file; a resumed run's only once it is known to go on."""
        if self.architecture:
            write_text(self.folder / ARCHITECTURE, architectures.to_json(self.architecture))
        write_json(self.folder / "config.json", {"settings": to_json(self.settings), "data": to_json(self.facts)})


def begin_or_resume(settings, typed, choices):
    """The runs that these settings of training.py mean: one, or one for each of the folds of a cross-validation.

    Args:
      settings: TrainingSettings.
      typed: the names of the settings that the user typed.
      choices: {setting: the values allowed}, for a resumed run's config.json.
    Raises:
      UserError: the run's name is taken; or, with --resume, there is none, or a typed setting isn't the run's.
    """
    if ROOT.exists() and not ROOT.is_dir():
        raise UserError(f"{ROOT}: a file is in the place of the folder of runs. Rename it, or work in another folder.")
    if settings.resume:
        return _resume_folds(settings, typed, choices) or [_resume(settings, typed, choices)]
    name = settings.run or _free_name(_network_name(settings))
    if settings.folds is None or settings.fold:
        return [_begin(name, settings)]
    _check_free(name)  # the folder of the folds' common scores
    folds = range(1, settings.folds + 1)
    return [_begin(f"{name}_fold_{fold}", dataclasses.replace(settings, fold=fold)) for fold in folds]


def _begin(name, settings):
    _check_free(name)
    return Run(_folder(name), dataclasses.replace(settings, run=name))


def _check_free(name):
    folder = _folder(name)
    if (folder / "config.json").exists():
        raise UserError(
            f"{folder}: there is a run of this name already.\n"
            f"  Go on with it: --resume --run {name}. Or give another name, or remove the folder."
        )
    if (folder / SCORES).exists():  # else a run was killed before it began, and leaves its name free
        raise UserError(f"{folder}: holds the scores of a cross-validation already. Give another name.")


def open_run(name, choices, with_checkpoint=None):
    """The run of this name, or the newest for None.

    Args:
      name: a folder in runs/, or None.
      choices: {setting: the values allowed}.
      with_checkpoint: "best" or "newest": for None, the newest run that has such a checkpoint, if any has.
    Raises:
      UserError: there is none, or its config.json isn't one.
    """
    folder = _folder(name) if name else _newest(with_checkpoint)
    path = folder / "config.json"
    if not path.exists():
        raise UserError(f"{folder}: no run of this name.\n  {_known_runs(folder.name)}")
    config = read_json(path, "the settings of a run")
    if config.keys() != {"settings", "data"} or not all(isinstance(part, dict) for part in config.values()):
        raise UserError(f"{path}: expected the objects 'settings' and 'data', found {', '.join(config) or 'nothing'}.")
    settings = from_json(TrainingSettings, config["settings"], path, choices)
    facts = TableFacts if "columns" in config["data"] else ImageFacts
    return Run(folder, settings, from_json(facts, config["data"], path))


def _resume(settings, typed, choices):
    run = open_run(settings.run, choices)
    acquire_lock(run.folder, "training")
    for name in sorted(typed - MAY_CHANGE):
        if getattr(settings, name) != getattr(run.settings, name):
            raise UserError(
                f"--{name} {getattr(settings, name)}: run '{run.name}' began with {getattr(run.settings, name)}, "
                "which a resumed run keeps.\n  Leave the flag out, or start a new run without --resume."
            )
    changes = {name: getattr(settings, name) for name in typed & {"epochs", "patience"}}
    return Run(run.folder, dataclasses.replace(run.settings, **changes), run.facts)


def _resume_folds(settings, typed, choices):
    """The runs of a cross-validation that is named: those that began, to go on, and the others; [] if it names none."""
    began = sorted(path.parent for path in ROOT.glob(f"{settings.run}_fold_*/config.json")) if settings.run else []
    if not began or (_folder(settings.run) / "config.json").exists():
        return []
    first = open_run(began[0].name, choices)
    as_begun = dataclasses.replace(first.settings, resume=False)
    if first.architecture:  # its own file may have been changed since
        as_begun = dataclasses.replace(as_begun, architecture=str(first.folder / ARCHITECTURE))
    runs = []
    for fold in range(1, first.settings.folds + 1):
        name = f"{settings.run}_fold_{fold}"
        if (_folder(name) / "config.json").exists():
            runs.append(_resume(dataclasses.replace(settings, run=name), typed, choices))
        else:
            runs.append(_begin(name, dataclasses.replace(as_begun, fold=fold)))
    return runs


def _known_runs(name):
    """What to say where there is no run of a name."""
    known = sorted(path.parent.name for path in ROOT.glob("*/config.json"))
    folds = [other for other in known if other.startswith(f"{name}_fold_")]
    if folds:
        return f"The folds of a cross-validation are runs of their own: {listed(folds)}."
    close = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {close[0]}?" if close else ""
    return f"There are: {listed(known)}.{hint}" if known else "Train one first: python training.py"


def _folder(name):
    name = name.removeprefix(f"{ROOT}/").rstrip("/")  # as a shell completes it
    if not re.fullmatch(r"[\w][\w.\-]*", name):
        raise UserError(f"--run '{name}': expected a plain name of letters, digits, '-', '_' and '.', no folders.")
    return ROOT / name


def _network_name(settings):
    """What a run is named after: its network, or the file of its architecture."""
    if settings.architecture is None:
        return settings.network
    path = Path(settings.architecture)
    return re.sub(r"[^\w\-]", "_", path.stem) if path.suffix == ".json" else "architecture"


def _free_name(network):
    """The network and the time, and a number where two runs begin in one second."""
    stem = f"{network}_{time.strftime('%Y-%m-%d_%H-%M-%S')}"
    names = (f"{stem}{suffix}" for suffix in ["", *(f"_{i}" for i in range(2, 1000))])
    return next(name for name in names if not (ROOT / name).exists())


def _newest(with_checkpoint):
    folders = [path.parent for path in sorted(ROOT.glob("*/config.json"), key=os.path.getmtime)]
    if not folders:
        raise UserError(f"{ROOT}: holds no run yet.\n  Train one first: python training.py")
    if with_checkpoint:
        state = Path(CHECKPOINTS[with_checkpoint]) / "checkpoint"
        folders = [folder for folder in folders if (folder / state).exists()] or folders
    return folders[-1]
