"""Scripts that are killed at random moments (tests/support/kill_anything.py): drawing a few times; all by the dozen."""

import random

import pytest
from support.kill_anything import Drawing, Evaluating, Training, kill_often

FEW = {Drawing: 2}
MANY = {Drawing: 10, Training: 12, Evaluating: 5}


@pytest.mark.parametrize(
    ("job", "kills"), [*FEW.items(), *(pytest.param(*case, marks=pytest.mark.long) for case in MANY.items())]
)
def test_what_is_killed_leaves_nothing_torn_and_comes_to_the_same_end(tmp_path, job, kills):
    seed = random.SystemRandom().randrange(10**6)
    print("seed of the moments:", seed)
    assert kill_often(job(tmp_path), kills, random.Random(seed)) == kills
