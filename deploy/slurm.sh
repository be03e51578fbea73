#!/usr/bin/env bash
# Trains on several nodes of a Slurm cluster, with one worker on each. In the project's folder, which all nodes see, and
# which holds .venv and the data set:
#
#     sbatch --nodes 2 deploy/slurm.sh --data dataset.csv --micro_batches 4
#
# What follows deploy/slurm.sh is for training.py. The number of nodes must divide --micro_batches.
#
#SBATCH --job-name training
#SBATCH --nodes 2
#SBATCH --ntasks-per-node 1
#SBATCH --cpus-per-task 4
#SBATCH --time 01:00:00
#SBATCH --signal TERM@120
# The last line stops training 2 minutes before its time is over, so that it saves; --resume continues.
set -euo pipefail

hosts=$(scontrol show hostnames "$SLURM_JOB_NODELIST") # one per line, in the order of SLURM_PROCID
port=$((20000 + SLURM_JOB_ID % 10000))                 # jobs that share a node use different ones

# When a worker is lost, the others end by themselves and say which; Slurm is not to kill them before that.
srun --kill-on-bad-exit=0 --cpus-per-task="$SLURM_CPUS_PER_TASK" \
    sh deploy/worker.sh "$port" "$hosts" .venv/bin/python training.py "$@"
