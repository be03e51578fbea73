"""deploy/slurm.sh, with stand-ins for Slurm's commands: the TF_CONFIG and the flags that each task gets."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.scripts import PROJECT

from kit.cluster.tf_config import Cluster, read_cluster

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shell scripts")
DEPLOY = PROJECT / "deploy"
HOSTS = ("node03", "node04", "node11")
SCONTROL = """#!/bin/sh
[ "$*" = "show hostnames node[03-04,11]" ] || exit 64
printf '%s\\n' node03 node04 node11
"""
SRUN = """#!/bin/sh
options=""
while [ "${1#-}" != "$1" ]; do options="$options $1"; shift; done
echo "$options" > srun_options
for rank in 0 1 2; do SLURM_PROCID=$rank "$@" || exit; done
"""
TRAINING = "import json, os, sys\nprint(json.dumps([os.environ['TF_CONFIG'], sys.argv[1:]]))\n"


@pytest.fixture
def project(tmp_path):
    """A project's folder as a job sees it, with stand-ins in bin/."""
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    (tmp_path / "training.py").write_text(TRAINING)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "bin").mkdir()
    for name, text in (("scontrol", SCONTROL), ("srun", SRUN)):
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    return tmp_path


def run_job(project, *arguments, nodes="node[03-04,11]", job=123_456):
    variables = {"SLURM_JOB_NODELIST": nodes, "SLURM_JOB_ID": str(job), "SLURM_CPUS_PER_TASK": "4"}
    path = f"{project / 'bin'}{os.pathsep}{os.environ['PATH']}"
    command = ["bash", "deploy/slurm.sh", *arguments]
    return subprocess.run(command, cwd=project, env={"PATH": path, **variables}, capture_output=True, text=True)


def test_each_task_makes_its_tf_config_and_gets_the_flags(project):
    done = run_job(project, "--micro_batches", "6", "--data", "my data.csv")
    assert done.returncode == 0, done.stderr
    tasks = [json.loads(line) for line in done.stdout.splitlines()]
    workers = tuple(f"{host}:23456" for host in HOSTS)
    assert [read_cluster({"TF_CONFIG": config}) for config, _ in tasks] == [Cluster(workers, rank) for rank in range(3)]
    assert [flags for _, flags in tasks] == [["--micro_batches", "6", "--data", "my data.csv"]] * 3
    options = (project / "srun_options").read_text().split()
    assert options == ["--kill-on-bad-exit=0", "--cpus-per-task=4"]


def test_jobs_on_the_same_nodes_use_different_ports(project):
    ports = []
    for job in (123_456, 123_457):
        first = json.loads(run_job(project, job=job).stdout.splitlines()[0])
        ports.append(read_cluster({"TF_CONFIG": first[0]}).workers[0].rpartition(":")[2])
    assert ports == ["23456", "23457"]


def test_no_task_starts_without_the_names_of_the_nodes(project):
    done = run_job(project, nodes="unknown")
    assert (done.returncode, done.stdout) == (64, "")
    assert not (project / "srun_options").exists()


def test_outside_of_a_platform_the_worker_says_so(project):
    command = ["sh", "deploy/worker.sh", "2222", "a b", "echo", "started"]
    done = subprocess.run(command, cwd=project, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
    assert done.returncode != 0 and done.stdout == ""
    assert "SLURM_PROCID" in done.stderr and "this is for Kubernetes and Slurm" in done.stderr


def test_sbatch_reads_its_lines():
    """They come before the first command; Slurm reads no further."""
    lines = (DEPLOY / "slurm.sh").read_text(encoding="utf-8").splitlines()
    first_command = next(number for number, line in enumerate(lines) if line and not line.startswith("#"))
    options = [line.split()[1:] for line in lines if line.startswith("#SBATCH")]
    assert options == [line.split()[1:] for line in lines[:first_command] if line.startswith("#SBATCH")]
    assert ["--ntasks-per-node", "1"] in options  # a worker per node, in the order of the nodes
    assert all(re.fullmatch(r"--[a-z-]+", option) and value for option, value in options)


def test_shellcheck_finds_nothing():
    beside_python = Path(sys.executable).parent / "shellcheck"
    shellcheck = beside_python if beside_python.exists() else shutil.which("shellcheck")
    if not shellcheck:
        pytest.skip("shellcheck is not installed: pip install -r requirements-dev.txt")
    done = subprocess.run([shellcheck, *sorted(DEPLOY.glob("*.sh"))], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")
