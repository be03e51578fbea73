"""How much memory there is for this process, and the error if a job needs more. Known on Linux only.

TensorFlow ends the process, without a word of Python, where it finds none: so the scripts ask first.
"""

import contextlib
import os

from kit.cli.errors import UserError

GB = 1 << 30
FREE = ("MemAvailable", "SwapFree")  # in /proc/meminfo
LIMITS = (  # of a control group (containers, Slurm): the limit, what is in use, and what of that can be given back
    ("/sys/fs/cgroup{group}/memory.max", "/sys/fs/cgroup{group}/memory.current", "inactive_file"),
    (
        "/sys/fs/cgroup/memory{group}/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory{group}/memory.usage_in_bytes",
        "total_inactive_file",
    ),
)


def check(needed: float, what: str, way_out: str, addresses: float | None = None) -> None:
    """Checks that a job finds the memory that it needs.

    Args:
      needed: bytes; take the least that will do, so that nothing is refused that would run.
      what: needs it, as the start of a sentence: "TensorFlow".
      way_out: what the user can do, a sentence.
      addresses: bytes of addresses, which `ulimit -v` limits, where they are many more than are needed.
    Raises:
      UserError: there is less.
    """
    there, limited_to = free(), free_addresses()
    if there is not None and there < needed:
        raise UserError(f"{what} needs {_in_words(needed)} of memory; {_in_words(there)} is free.\n  {way_out}")
    if limited_to is not None and limited_to < (addresses or needed):
        raise UserError(
            f"{what} needs {_in_words(addresses or needed)} of memory; `ulimit -v` leaves {_in_words(limited_to)}.\n"
            "  Raise the limit, if you may: ulimit -v unlimited" + ("" if addresses else f"\n  Or: {way_out}")
        )


def free() -> float | None:
    """Bytes of memory that this process can still get; None where that isn't known."""
    known = [_free_of_machine(), *(_free_of_group(group, *files) for group in _groups() for files in LIMITS)]
    return min((each for each in known if each is not None), default=None)


def free_addresses() -> float | None:
    """Bytes of addresses that `ulimit -v` leaves this process; None for no limit."""
    try:
        import resource  # here: `--help` needs none, and Windows has none

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit == resource.RLIM_INFINITY:
            return None
        with open("/proc/self/statm", encoding="ascii") as file:
            return max(0, limit - int(file.read().split()[0]) * resource.getpagesize())
    except (ImportError, OSError):
        return None


def _free_of_machine() -> float | None:
    lines = dict(line.split(":") for line in _text("/proc/meminfo").splitlines())
    return sum(int(lines[name].split()[0]) * 1024 for name in FREE) if lines.keys() >= {*FREE} else None


def _groups() -> set[str]:
    """The control groups of this process, "" for the one that a container sees as its own."""
    lines = [line.split(":", 2) for line in _text("/proc/self/cgroup").splitlines()]
    return {"", *(group.rstrip("/") for _, kinds, group in lines if not kinds or "memory" in kinds.split(","))}


def _free_of_group(group: str, limit: str, usage: str, given_back: str) -> float | None:
    limit, usage = limit.format(group=group), usage.format(group=group)
    with contextlib.suppress(ValueError):  # "max", or no such file
        most, used = int(_text(limit)), int(_text(usage))
        lines = _text(os.path.join(os.path.dirname(usage), "memory.stat")).splitlines()
        statistics = dict(line.split() for line in lines)
        return max(0, most - used + int(statistics.get(given_back, 0)))
    return None


def _text(path: str) -> str:
    try:
        with open(path, encoding="ascii") as file:
            return file.read()
    except OSError:
        return ""


def _in_words(count: float) -> str:
    return f"{count / GB:,.1f} GB" if count >= GB else f"{count / (1 << 20):,.0f} MB"
