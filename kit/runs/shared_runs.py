"""The runs of a cluster: worker 0's, on its disk. The others train in a copy, in a temporary folder.

So only worker 0 writes into runs/, and a shared file system isn't needed: a run that is resumed is sent to the others.
"""

from __future__ import annotations

import io
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kit.cli.errors import UserError
from kit.cli.flags import from_json, to_json
from kit.cli.settings import TrainingSettings
from kit.cluster.membership import Member, join
from kit.data.data_spec import spec_from_json
from kit.runs import checkpoint_files
from kit.runs.run_folder import ARCHITECTURE, CHECKPOINTS, Run
from kit.system.files import make_folder

NOTICE, IS_READ = "runs", "runs_are_read"  # of worker 0, and of the others
ERROR = b"error: "  # what NOTICE begins with if there are none


class CopiedRun(Run):
    """A run of worker 0, in another worker's temporary folder."""

    def claim_folder(self) -> None:
        make_folder(self.folder)


def is_copy(run: Run) -> bool:
    """Whether a run is only this worker's copy of worker 0's."""
    return isinstance(run, CopiedRun)


def remove_copies() -> None:
    """Removes this worker's copies, where the process ends without tidying up."""
    for folder in _folders:
        folder.cleanup()


def runs_of_all(settings: TrainingSettings, begin: Callable[[], list[Run]]) -> list[Run]:
    """The runs to train; in a cluster those of worker 0.

    Args:
      settings: of training.py, the same for all workers.
      begin: begins or resumes the runs, in worker 0 or in a process that trains alone.
    Raises:
      UserError: of `begin`; or the workers don't fit together.
    """
    worker = join()
    if worker is None:
        return begin()
    from kit.cluster.agreement import agree, check_places, first_facts  # here: only a cluster needs them

    check_places(worker)
    agree(worker, "start", first_facts(to_json(settings)))
    runs = _runs_for_others(worker, begin) if worker.rank == 0 else _runs_of_worker_0(worker)
    worker.be_quiet()
    return runs


def _runs_for_others(worker: Member, begin: Callable[[], list[Run]]) -> list[Run]:
    """Worker 0's runs, which it tells the others; or the error why there are none."""
    worker.notices.say(IS_READ, b"")
    try:
        runs = begin()
        for run in runs:
            _check_division(run.settings, worker)
    except UserError as error:
        worker.notices.say(NOTICE, ERROR + str(error).encode())
        worker.notices.let_all_read(IS_READ)
        raise
    worker.notices.say(NOTICE, _pack(runs))
    return runs


def _runs_of_worker_0(worker: Member) -> list[Run]:
    packed = worker.notices.wait_for(0, NOTICE)
    worker.notices.say(IS_READ, b"")
    if packed.startswith(ERROR):
        text = packed.removeprefix(ERROR).decode()
        raise UserError(f"worker 0 ({worker.cluster.workers[0]}) has ended with this error: {text}")
    return _unpack(packed)


def _check_division(settings: TrainingSettings, worker: Member) -> None:
    if settings.explain_time:
        raise UserError("--explain_time times one process; TF_CONFIG names several.\n  Unset TF_CONFIG.")
    if settings.micro_batches % worker.size:
        raise UserError(
            f"--micro_batches {settings.micro_batches}: {worker.size} workers can't share them evenly.\n"
            f"  In a new run, give a multiple of {worker.size}; a run that is resumed keeps its own: start as many "
            "workers\n  as divide it."
        )


def _pack(runs: list[Run]) -> bytes:
    """All that the others need of the runs, as a zip file."""
    import zipfile  # here and below: only a cluster needs it

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        described = [
            {
                "name": run.name,
                "settings": to_json(run.settings),
                "data": to_json(run.data_spec) if run.is_resumed else None,
            }
            for run in runs
        ]
        archive.writestr("runs.json", json.dumps(described))
        for number, run in enumerate(runs):
            for path in _files(run):
                archive.write(path, f"{number}/{path.relative_to(run.folder)}")
    return packed.getvalue()


def _files(run: Run) -> list[Path]:
    """The files of a run that is resumed: its network, its epochs, its newest checkpoint."""
    if not run.is_resumed:
        return []
    folder = run.folder / CHECKPOINTS["newest"]
    newest = checkpoint_files.newest_whole(str(folder))
    of_checkpoint = sorted(folder.glob(f"{os.path.basename(newest)}.*")) if newest else []
    single = [run.folder / ARCHITECTURE, run.folder / "history.csv"]
    return [path for path in single if path.exists()] + of_checkpoint


def _unpack(packed: bytes) -> list[Run]:
    """Worker 0's runs, in a temporary folder that is removed as the process ends."""
    import zipfile

    root = tempfile.TemporaryDirectory(prefix="worker-")
    _folders.append(root)
    runs: list[Run] = []
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        for number, described in enumerate(json.loads(archive.read("runs.json"))):
            folder = Path(root.name, described["name"])
            for name in archive.namelist():
                if name.startswith(f"{number}/"):
                    path = folder / name.partition("/")[2]
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(archive.read(name))
            runs.append(_run(folder, described))
    return runs


def _run(folder: Path, described: dict[str, Any]) -> Run:
    settings = from_json(TrainingSettings, described["settings"], "worker 0")
    data = described["data"]
    return CopiedRun(folder, settings, spec_from_json(data, "worker 0") if data else None)


_folders: list[tempfile.TemporaryDirectory] = []  # removed as the process ends
