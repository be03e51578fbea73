"""Whether all workers do the same: the same workers, code, flags and data. Otherwise their sums would mean nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.cluster.membership import Member
from kit.system.files import file_digest

PROJECT = Path(__file__).parents[2]  # the folder of the scripts


def agree(member: Member, what: str, facts: dict[str, Any]) -> None:
    """Compares facts with those of all other workers.

    Args:
      member: this worker.
      what: the name of these facts; all workers ask for the same.
      facts: {in words: value}, as JSON has them; a dict of values is compared one by one.
    Raises:
      UserError: another worker's differ, or it doesn't start or is lost.
    """
    member.notices.say(what, json.dumps(facts).encode())
    facts = json.loads(json.dumps(facts))  # lists for tuples, as the others'
    for rank, theirs in enumerate(_of_all(member, what)):
        for name, ours in facts.items():
            if theirs.get(name) != ours:
                member.notices.let_all_read(is_read(what))
                raise _difference(member, rank, name, ours, theirs.get(name))


def first_facts(settings: dict[str, Any]) -> dict[str, Any]:
    """What can be compared before the data is read.

    Args:
      settings: of training.py.
    """
    return {
        "versions": {"TensorFlow": tf.__version__},
        "code": {str(path.relative_to(PROJECT)): file_digest(path) for path in _code()},
        "flags": settings,
    }


def check_places(member: Member) -> None:
    """Checks that each address of TF_CONFIG leads to the worker of that index, and that all have the same list.

    Raises:
      UserError: one doesn't; or a worker doesn't start.
    """
    member.notices.say("place", json.dumps({"rank": member.rank, "workers": member.cluster.workers}).encode())
    for rank, place in enumerate(_of_all(member, "place")):
        address, others = member.cluster.workers[rank], place["workers"]
        if others != list(member.cluster.workers) or place["rank"] != rank:
            member.notices.let_all_read(is_read("place"))
        if others != list(member.cluster.workers):
            raise UserError(
                f"TF_CONFIG: worker {rank} ({address}) was given other workers than {member.name}, this one.\n"
                f"  There: {', '.join(others)}. Here: {', '.join(member.cluster.workers)}.\n"
                "  'cluster' must be the same on all machines; only 'index' differs."
            )
        if place["rank"] != rank:
            raise UserError(
                f"TF_CONFIG: at {address}, the address of worker {rank}, is a worker whose 'index' is "
                f"{place['rank']}.\n  Give each machine the 'index' of its own address, from 0 to {member.size - 1}."
            )


def _of_all(member: Member, what: str) -> list[dict[str, Any]]:
    """What each worker says under a name; then says that it has read them."""
    said = [json.loads(member.notices.wait_for(rank, what)) for rank in range(member.size)]
    member.notices.say(is_read(what), b"")
    return said


def is_read(what: str) -> str:
    """What a worker says once it has read what all say under a name."""
    return f"{what}_is_read"


def _difference(member: Member, rank: int, name: str, ours: Any, theirs: Any) -> UserError:
    where = f"worker {rank} ({member.cluster.workers[rank]})"
    if isinstance(ours, dict) and isinstance(theirs, dict):
        keys = sorted({*ours, *theirs})
        differing = [key for key in keys if ours.get(key) != theirs.get(key)]
        shown = console.listed(differing)
        if len(differing) == 1 and name != "code":
            shown += f" is {theirs.get(differing[0])} there, {ours.get(differing[0])} here"
    else:
        shown = f"{theirs} there, {ours} here"
    return UserError(
        f"{where} has other {name} than {member.name}, this one: {shown}.\n"
        "  Start all workers with the same files, the same data and the same command."
    )


def _code() -> list[Path]:
    return sorted([*PROJECT.glob("*.py"), *(PROJECT / "kit").rglob("*.py")])
