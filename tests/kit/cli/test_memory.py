"""Too little memory is said before TensorFlow ends the process."""

import sys

import pytest
from support import warm

from kit.cli import memory
from kit.cli.errors import UserError

MEMINFO = "MemTotal:       8000000 kB\nMemFree: 1 kB\nMemAvailable:     {} kB\nSwapFree:         {} kB\n"
GROUP = "/sys/fs/cgroup/job"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, None),  # no Linux
        ({"/proc/meminfo": MEMINFO.format(1000, 24)}, 1024 * 1024),
        (
            {
                "/proc/meminfo": MEMINFO.format(8_000_000, 0),
                "/proc/self/cgroup": "0::/job\n",
                f"{GROUP}/memory.max": "3000\n",
                f"{GROUP}/memory.current": "2500\n",
                f"{GROUP}/memory.stat": "anon 1500\ninactive_file 700\n",  # which the system gives back
            },
            1200,
        ),
        (
            {
                "/proc/self/cgroup": "0::/job\n",
                f"{GROUP}/memory.max": "max\n",
                "/proc/meminfo": MEMINFO.format(1, 0),
            },
            1024,
        ),
        (
            {  # version 1, in a container
                "/proc/self/cgroup": "4:memory:/docker/1a\n3:cpu:/\n",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes": "5000",
                "/sys/fs/cgroup/memory/memory.usage_in_bytes": "6000",
                "/sys/fs/cgroup/memory/memory.stat": "total_inactive_file 10\n",
            },
            0,
        ),
    ],
)
def test_how_much_is_free(monkeypatch, files, expected):
    monkeypatch.setattr(memory, "_text", lambda path: files.get(path, ""))
    assert memory.free() == expected


@pytest.mark.parametrize(
    ("free", "addresses", "said"),
    [
        (None, None, None),
        (3 << 30, None, None),
        (2 << 30, 2 << 30, None),
        (300 << 20, None, "A step needs 2.0 GB of memory; 300 MB is free.\n  Do less."),
        (3 << 30, 1 << 30, "A step needs 2.0 GB of memory; `ulimit -v` leaves 1.0 GB.\n  Raise the limit"),
    ],
)
def test_what_is_said(monkeypatch, free, addresses, said):
    monkeypatch.setattr(memory, "free", lambda: free)
    monkeypatch.setattr(memory, "free_addresses", lambda: addresses)
    if said is None:
        memory.check(2 << 30, "A step", "Do less.")
        return
    with pytest.raises(UserError) as error:
        memory.check(2 << 30, "A step", "Do less.")
    assert str(error.value).startswith(said)


@pytest.mark.skipif(sys.platform != "linux", reason="where the limits are Linux's")
def test_tensorflows_import_under_a_limit_is_an_error(tmp_path):
    def limit():
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

    result = warm.run("first_graph.py", tmp_path, before=limit)
    assert result.returncode == 2 and result.stdout == ""
    assert result.stderr.startswith("error: TensorFlow needs 2.5 GB of memory; `ulimit -v` leaves ")
