"""The workers of a cluster, as processes of training.py on this machine."""

import os
import re
import tempfile

from kit.cluster.local import free_addresses
from kit.cluster.tf_config import NAME, Cluster, tf_config
from support import warm
from support.scripts import PROJECT, environment

SECONDS = 200  # until all have ended
IS_OPEN = re.compile(r"warning: worker .* anyone who reaches port .*\n|  Keep it behind a firewall\.\n")
CHANGED = """
import runpy, sys
{change}
sys.argv[0] = {script!r}
sys.path.insert(0, {project!r})
runpy.run_path({script!r}, run_name="__main__")
"""


def without_open_ports(errors):
    """What was printed as errors, without the warning of a port that can be reached: it depends on the machine."""
    return IS_OPEN.sub("", re.sub(r"(?m)^worker \d+ \| ", "", errors))


class Workers:
    """A cluster of running processes; each has a folder for temporary files in `temporary`."""

    def __init__(self, folder, size, *arguments, change=None):
        """Starts training.py in each.

        Args:
          folder: the working directory of all.
          size: how many workers.
          arguments: the words of the command.
          change: lines of Python that run first.
        """
        self.addresses = free_addresses(size)
        self.temporary = tempfile.mkdtemp(dir=folder, prefix=".temporary-")
        self.processes = [self.start(rank, folder, *arguments, change=change) for rank in range(size)]

    def start(self, rank, folder, *arguments, addresses=None, project=PROJECT, change=None):
        """Starts a worker.

        Args:
          rank: its index in the addresses.
          addresses: in place of the cluster's.
          project: a copy of the project to run.
          change: lines of Python that run first.
        """
        config = tf_config(Cluster(addresses or self.addresses, rank))
        env = {**environment(), NAME: config, "TMPDIR": self.temporary}
        if change is None:
            return warm.start("training.py", folder, *arguments, env=env, project=project)
        env["PYTHONPATH"] = str(project)
        script = str(project / "training.py")
        code = CHANGED.format(change=change, script=script, project=str(project))
        return warm.start("-c", folder, code, *arguments, env=env)

    def end(self, seconds=SECONDS):
        """Waits for all; gives each one's (exit status, what it printed, what it printed as errors)."""
        try:
            ended = [(process.communicate(timeout=seconds), process.returncode) for process in self.processes]
        finally:
            self.kill()
        return [(status, output, without_open_ports(errors)) for (output, errors), status in ended]

    def end_well(self):
        """Waits for all, which must end well; gives what worker 0 printed."""
        ended = self.end()
        assert [(status, errors) for status, _, errors in ended] == [(0, "")] * len(ended), ended
        assert os.listdir(self.temporary) == []
        return ended[0][1]

    def prints(self, words, rank=0):
        """Reads what a worker prints, up to a line that begins with these words; gives whether there is one."""
        return any(line.startswith(words) for line in self.processes[rank].stdout)

    def until(self, words, rank=0):
        """The same, for a line that must come."""
        assert self.prints(words, rank), self.end()

    def kill(self):
        for process in self.processes:
            process.kill()


def train_together(folder, size, *arguments):
    """Trains on so many workers, or in a process without a cluster for 1, to the end; gives what was printed."""
    if size > 1:
        return Workers(folder, size, *arguments).end_well()
    alone = warm.run("training.py", folder, *arguments)
    assert (alone.returncode, alone.stderr) == (0, ""), alone.stdout + alone.stderr
    return alone.stdout
