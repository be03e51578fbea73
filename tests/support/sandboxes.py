"""Whether this machine can make sandboxes, as `grade --isolated` does."""

import functools
import shutil
import subprocess

import pytest


@functools.cache
def reason_for_none():
    """Why there is no sandbox here; "" where there is one."""
    bubblewrap = shutil.which("bwrap")
    if not bubblewrap:
        return "bubblewrap is not installed"
    words = [bubblewrap, "--ro-bind", "/", "/", "--unshare-pid", "--unshare-net", "--proc", "/proc", "true"]
    tried = subprocess.run(words, capture_output=True, text=True, timeout=60)
    return "" if tried.returncode == 0 else f"bubblewrap can't make a sandbox here: {tried.stderr.strip()}"


needs_sandbox = pytest.mark.skipif(bool(reason_for_none()), reason=reason_for_none() or "-")
