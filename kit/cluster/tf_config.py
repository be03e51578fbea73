"""TF_CONFIG, the environment variable by which TensorFlow tells a process who the workers are, and which one it is.

{"cluster": {"worker": ["host0:2222", "host1:2222"]}, "task": {"type": "worker", "index": 0}}
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit.cli import console
from kit.cli.errors import UserError

NAME = "TF_CONFIG"
EXAMPLE = '{"cluster": {"worker": ["host0:2222", "host1:2222"]}, "task": {"type": "worker", "index": 0}}'
ADDRESS = re.compile(r"(\[[0-9a-fA-F:.%]+\]|[^\s:/\[\]]+):([0-9]{1,5})", re.ASCII)  # [::1]:2222 or host:2222
LAST_PORT = 65535
LONGEST_SHOWN = 60  # characters of a value, in an error


@dataclass(frozen=True)
class Cluster:
    """The workers, and which of them this process is."""

    workers: tuple[str, ...]  # an address, host:port, per worker
    rank: int  # the index of this process in `workers`

    @property
    def size(self) -> int:
        return len(self.workers)


def read_cluster(environment: Mapping[str, str] = os.environ) -> Cluster | None:
    """Reads TF_CONFIG from the environment.

    Returns:
      The cluster; None if TF_CONFIG is not set or empty, or names one worker only: that one trains alone.
    Raises:
      UserError: TF_CONFIG is wrong.
    """
    text = environment.get(NAME, "")
    if not text.strip():
        return None
    config = _object(_parsed(text), "the whole of it")
    workers = _workers(_object(config.get("cluster"), "'cluster'"))
    rank = _rank(_object(config.get("task"), "'task'"), len(workers))
    return Cluster(workers, rank) if len(workers) > 1 else None


def tf_config(cluster: Cluster) -> str:
    """The TF_CONFIG of a worker: what `read_cluster` reads."""
    return json.dumps({"cluster": {"worker": cluster.workers}, "task": {"type": "worker", "index": cluster.rank}})


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise _wrong("it is nested too deeply to be read") from None
    except ValueError as error:
        raise _wrong(f"{_shown(text)} is not JSON: {error}") from None


def _object(value: Any, what: str) -> dict[str, Any]:
    if value is None:
        raise _wrong(f"{what} is missing")
    if not isinstance(value, dict):
        raise _wrong(f"{what} is {_shown(value)}; expected an object in braces")
    return value


def _workers(cluster: dict[str, Any]) -> tuple[str, ...]:
    """The addresses of the workers, checked."""
    others = [console.one_line(job) for job, addresses in cluster.items() if job != "worker" and addresses]
    if others:
        raise _wrong(f"'cluster' has the job '{others[0]}'; expected workers only, the first of which is the chief")
    workers = cluster.get("worker")
    if not isinstance(workers, list) or not workers:
        found = "missing" if workers is None else _shown(workers)
        raise _wrong(f"'worker' in 'cluster' is {found}; expected a list of addresses")
    seen: dict[str, int] = {}  # {address: index of its worker}
    for index, address in enumerate(workers):
        _check_address(address, index)
        first = seen.setdefault(address.lower(), index)
        if first != index:
            raise _wrong(f"workers {first} and {index} have the same address, {_shown(address)}")
    return tuple(workers)


def _check_address(address: Any, index: int) -> None:
    match = ADDRESS.fullmatch(address) if isinstance(address, str) else None
    if match is None:
        raise _wrong(f'worker {index} is {_shown(address)}; expected a host and a port, such as "host{index}:2222"')
    if not 0 < int(match[2]) <= LAST_PORT:
        raise _wrong(f"worker {index} is {_shown(address)}; expected a port from 1 to {LAST_PORT}")


def _rank(task: dict[str, Any], size: int) -> int:
    """The index of this process, checked."""
    job, index = task.get("type"), task.get("index")
    if job != "worker":
        raise _wrong(f"'type' in 'task' is {'missing' if job is None else _shown(job)}; expected \"worker\"")
    if not isinstance(index, int) or isinstance(index, bool):
        found = "missing" if index is None else _shown(index)
        raise _wrong(f"'index' in 'task' is {found}; expected a whole number without quotes")
    if not 0 <= index < size:
        raise _wrong(f"'index' in 'task' is {index}; expected 0 to {size - 1}, one less than there are workers")
    return index


def _shown(value: Any) -> str:
    """A value of TF_CONFIG as JSON, or its text as it is; not too long, in one line."""
    text = console.one_line(value if isinstance(value, str) else json.dumps(value))
    return f"'{text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + '...'}'"


def _wrong(what: str) -> UserError:
    return UserError(f"{NAME}: {what}.\n  Write it like this: {EXAMPLE}\n  To train with one process, unset {NAME}.")
