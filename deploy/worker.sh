#!/bin/sh
# Runs a command as one of several workers, on Kubernetes or Slurm: it makes TF_CONFIG, by which TensorFlow knows them.
#
#     sh deploy/worker.sh PORT "HOST HOST ..." COMMAND ...
#
# PORT must be free on all hosts, and reachable. Which of the hosts this one is, the platform says.
set -eu

port=$1
hosts=$2
shift 2
rank=${JOB_COMPLETION_INDEX:-${SLURM_PROCID:?is not set: this is for Kubernetes and Slurm}}

workers=
for host in $hosts; do
    workers="$workers${workers:+, }\"$host:$port\""
done
export TF_CONFIG="{\"cluster\": {\"worker\": [$workers]}, \"task\": {\"type\": \"worker\", \"index\": $rank}}"

exec "$@"
