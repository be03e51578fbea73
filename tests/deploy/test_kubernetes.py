"""deploy/kubernetes.yaml: fields that Kubernetes has, names that agree, and the TF_CONFIG that each pod makes."""

import json
import os
import re
import subprocess
import sys

import pytest
import yaml
from support.scripts import PROJECT

from kit.cluster.tf_config import read_cluster

# The fields that the file may use, with their types, as the reference of Kubernetes's API has them:
# https://kubernetes.io/docs/reference/kubernetes-api/. [x] is a list of x; {str: x} a map.
METADATA = {"name": str, "labels": {str: str}}
RESOURCES = {"requests": {str: str}, "limits": {str: str}}
CLAIM = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": METADATA,
    "spec": {"accessModes": [str], "resources": RESOURCES},
}
SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": METADATA,
    "spec": {
        "clusterIP": str,
        "publishNotReadyAddresses": bool,
        "selector": {str: str},
        "ports": [{"name": str, "port": int}],
    },
}
CONTAINER = {
    "name": str,
    "image": str,
    "workingDir": str,
    "command": [str],
    "args": [str],
    "ports": [{"containerPort": int}],
    "resources": RESOURCES,
    "securityContext": {"allowPrivilegeEscalation": bool, "capabilities": {"drop": [str]}},
    "volumeMounts": [{"name": str, "mountPath": str}],
}
POD = {
    "subdomain": str,
    "restartPolicy": str,
    "terminationGracePeriodSeconds": int,
    "securityContext": {
        "runAsNonRoot": bool,
        "runAsUser": int,
        "runAsGroup": int,
        "fsGroup": int,
        "seccompProfile": {"type": str},
    },
    "topologySpreadConstraints": [
        {"maxSkew": int, "topologyKey": str, "whenUnsatisfiable": str, "labelSelector": {"matchLabels": {str: str}}}
    ],
    "containers": [CONTAINER],
    "volumes": [{"name": str, "persistentVolumeClaim": {"claimName": str}}],
}
JOB = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": METADATA,
    "spec": {
        "completionMode": str,
        "completions": int,
        "parallelism": int,
        "backoffLimit": int,
        "template": {"metadata": METADATA, "spec": POD},
    },
}
SELECTOR = {"matchLabels": {str: str}}
POLICY = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": METADATA,
    "spec": {
        "podSelector": SELECTOR,
        "policyTypes": [str],
        "ingress": [{"from": [{"podSelector": SELECTOR}], "ports": [{"port": int}]}],
    },
}
NAME = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")  # of a Service (RFC 1035), the strictest


@pytest.fixture(scope="module")
def parts():
    """(claim, service, policy, job)."""
    return tuple(yaml.safe_load_all((PROJECT / "deploy" / "kubernetes.yaml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def pod(parts):
    return parts[3]["spec"]["template"]["spec"]


@pytest.fixture(scope="module")
def worker(pod):
    """The container."""
    assert len(pod["containers"]) == 1
    return pod["containers"][0]


def check_fields(found, schema, where):
    if isinstance(schema, type):
        assert type(found) is schema, f"{where}: {found!r}"
    elif isinstance(schema, str):
        assert found == schema, where
    elif isinstance(schema, list):
        assert isinstance(found, list) and found, where
        for index, each in enumerate(found):
            check_fields(each, schema[0], f"{where}[{index}]")
    else:
        assert isinstance(found, dict) and found, where
        for key, value in found.items():
            known = schema.get(key, schema.get(str))
            assert known is not None, f"{where}.{key} is no field"
            check_fields(value, known, f"{where}.{key}")


def test_fields_are_those_of_kubernetes(parts):
    assert len(parts) == 4
    for part, schema in zip(parts, (CLAIM, SERVICE, POLICY, JOB)):
        check_fields(part, schema, schema["kind"])
        assert schema.keys() == part.keys()
        assert NAME.fullmatch(part["metadata"]["name"])


def test_a_wrong_field_is_found(parts):
    job = json.loads(json.dumps(parts[3]))
    job["spec"]["completionmode"] = "Indexed"
    with pytest.raises(AssertionError, match=r"Job\.spec\.completionmode is no field"):
        check_fields(job, JOB, "Job")


def test_the_job_is_indexed_and_runs_all_workers_at_once(parts):
    spec = parts[3]["spec"]
    assert spec["completionMode"] == "Indexed"
    assert spec["completions"] == spec["parallelism"]
    assert (spec["backoffLimit"], spec["template"]["spec"]["restartPolicy"]) == (0, "Never")


def test_the_service_gives_the_pods_their_names(parts, pod, worker):
    """As https://kubernetes.io/docs/tasks/job/job-with-pod-to-pod-communication/ describes it."""
    _, service, _, job = parts
    assert service["spec"]["clusterIP"] == "None"
    assert service["spec"]["publishNotReadyAddresses"] is True
    assert pod["subdomain"] == service["metadata"]["name"]
    assert service["spec"]["selector"].items() <= job["spec"]["template"]["metadata"]["labels"].items()
    assert {port["port"] for port in service["spec"]["ports"]} == {port["containerPort"] for port in worker["ports"]}
    (spread,) = pod["topologySpreadConstraints"]
    assert spread["labelSelector"]["matchLabels"] == service["spec"]["selector"]


def test_the_volume_is_shared_and_mounted_where_training_runs(parts, pod, worker):
    claim = parts[0]
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    (volume,), (mount,) = pod["volumes"], worker["volumeMounts"]
    assert volume["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    assert (mount["name"], mount["mountPath"]) == (volume["name"], worker["workingDir"])


def test_each_pod_makes_its_tf_config(parts, worker, tmp_path):
    """Its command is run with the variable that the Job gives it, and with a python that shows what it gets."""
    _, service, _, job = parts
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "import os; print(os.environ[\'TF_CONFIG\'])"\n')
    python.chmod(0o755)
    size, clusters = job["spec"]["completions"], []
    for index in range(size):
        done = subprocess.run(
            [word.replace("/kit/", f"{PROJECT}/") for word in (*worker["command"], *worker["args"])],
            env={"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "JOB_COMPLETION_INDEX": str(index)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        clusters.append(read_cluster({"TF_CONFIG": done.stdout}))
    name, port = job["metadata"]["name"], worker["ports"][0]["containerPort"]
    pods = tuple(f"{name}-{index}.{service['metadata']['name']}:{port}" for index in range(size))
    assert [(cluster.rank, cluster.workers) for cluster in clusters] == [(index, pods) for index in range(size)]


def test_the_workers_can_share_the_micro_batches(parts, worker):
    micro_batches = worker["args"][worker["args"].index("--micro_batches") + 1]
    assert int(micro_batches) % parts[3]["spec"]["completions"] == 0


def test_only_the_workers_reach_their_port(parts, worker):
    """Without it, any pod could run operations on TensorFlow's server."""
    _, service, policy, _ = parts
    workers = {"matchLabels": service["spec"]["selector"]}
    assert policy["spec"]["podSelector"] == workers
    assert policy["spec"]["policyTypes"] == ["Ingress"]
    ports = [{"port": port["containerPort"]} for port in worker["ports"]]
    assert policy["spec"]["ingress"] == [{"from": [{"podSelector": workers}], "ports": ports}]
