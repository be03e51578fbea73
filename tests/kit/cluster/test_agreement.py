"""What workers compare before they train, with texts that lie in a dict in place of the workers' servers."""

import json
from types import SimpleNamespace

import pytest

from kit.cli.errors import UserError
from kit.cluster.agreement import agree, check_places
from kit.cluster.tf_config import Cluster

WORKERS = ("a:1", "b:2", "c:3")


class Notices:
    """Those of worker 0; what the others say is given."""

    def __init__(self, others):
        self._said = {0: {}, **others}
        self.waited_for = []

    def say(self, name, content):
        self._said[0][name] = content

    def wait_for(self, rank, name):
        return self._said[rank][name]

    def let_all_read(self, name):
        assert name in self._said[0]  # the others wait for it, too
        self.waited_for.append(name)


def worker_0(name, *others):
    """Worker 0, and what the others say under a name."""
    said = {rank: {name: json.dumps(other).encode()} for rank, other in enumerate(others, start=1)}
    cluster = Cluster(WORKERS, 0)
    return SimpleNamespace(notices=Notices(said), cluster=cluster, rank=0, size=3, name="worker 0 (a:1)")


def test_those_that_agree_go_on():
    facts = {"flags": {"seed": 1, "names": ("x", "y")}, "weights": "abc"}
    member = worker_0("start", facts, facts)
    agree(member, "start", facts)
    assert member.notices.waited_for == []


@pytest.mark.parametrize(
    ("theirs", "words"),
    [
        ({"flags": {"seed": 2, "epochs": 3}}, "flags than worker 0 (a:1), this one: seed is 2 there, 1 here."),
        ({"flags": {"seed": 1}}, "flags than worker 0 (a:1), this one: epochs is None there, 3 here."),
        ({"flags": {"seed": 2, "epochs": 4}}, "flags than worker 0 (a:1), this one: epochs, seed."),
        ({"weights": "xyz"}, "weights than worker 0 (a:1), this one: xyz there, abc here."),
        ({"code": {"training.py": "2"}}, "code than worker 0 (a:1), this one: training.py."),
    ],
)
def test_one_that_differs_is_named_and_all_may_read_first(theirs, words):
    ours = {"code": {"training.py": "1"}, "flags": {"seed": 1, "epochs": 3}, "weights": "abc"}
    member = worker_0("start", ours, {**ours, **theirs})
    with pytest.raises(UserError) as caught:
        agree(member, "start", ours)
    assert str(caught.value) == (
        f"worker 2 (c:3) has other {words}\n"
        "  Start all workers with the same files, the same data and the same command."
    )
    assert member.notices.waited_for == ["start_is_read"]


def test_an_address_that_leads_to_a_worker_of_another_index():
    places = [{"rank": 2, "workers": WORKERS}, {"rank": 2, "workers": WORKERS}]
    with pytest.raises(UserError) as caught:
        check_places(worker_0("place", *places))
    assert str(caught.value) == (
        "TF_CONFIG: at b:2, the address of worker 1, is a worker whose 'index' is 2.\n"
        "  Give each machine the 'index' of its own address, from 0 to 2."
    )


def test_all_have_the_same_list():
    places = [{"rank": 1, "workers": WORKERS}, {"rank": 2, "workers": ["a:1", "x:2", "c:3"]}]
    with pytest.raises(UserError) as caught:
        check_places(worker_0("place", *places))
    assert str(caught.value) == (
        "TF_CONFIG: worker 2 (c:3) was given other workers than worker 0 (a:1), this one.\n"
        "  There: a:1, x:2, c:3. Here: a:1, b:2, c:3.\n"
        "  'cluster' must be the same on all machines; only 'index' differs."
    )
