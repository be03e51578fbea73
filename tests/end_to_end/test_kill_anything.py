"""A few of the kills that tests/support/kill_anything.py does by the dozen."""

import random

import pytest
from support.kill_anything import Drawing, Evaluating, Training, kill_often


@pytest.mark.parametrize(("job", "kills"), [(Drawing, 3), (Training, 4), (Evaluating, 2)])
def test_what_is_killed_leaves_nothing_torn_and_comes_to_the_same_end(tmp_path, job, kills):
    seed = random.SystemRandom().randrange(10**6)
    print("seed of the moments:", seed)
    assert kill_often(job(tmp_path), kills, random.Random(seed)) == kills
