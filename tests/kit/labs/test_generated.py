"""What labs/generate.py asks for."""

import numpy as np
import pytest

import kit.tensorflow1 as tf
from kit.data.truth_file import Truth
from kit.labs.generated import ASKED, FACTS, GROUPS, SHOWN, WALKS, HeldOut, ask, facts_of, overlap


def test_facts_are_those_of_a_square_drawn_by_hand():
    mask = np.zeros([32, 32, 1], np.float32)
    mask[4:12, 16:24] = 1  # 8 x 8 pixels around (20, 8)
    image = np.where(mask > 0, [1.0, 0.5, -1.0], [-0.5, 0.0, 0.25]).astype(np.float32)
    with tf.Graph().as_default(), tf.Session() as session:
        number = tf.constant
        truth = Truth(number("mask.png"), number([20.0, 8.0]), number(64.0), number(30.0), number(4.0), number(0.0))
        facts = session.run(facts_of(tf.constant(image), tf.constant(mask), truth))
    place, size, painted = [(20 / 32 - 0.5) * 6, (8 / 32 - 0.5) * 6], (8 / 32 - 0.33) * 8, 1
    expected = [*place, size, -0.5, 3**0.5 / 2, painted, 1.0, 0.5, -1.0, -0.5, 0.0, 0.25]  # cosine, sine of 120 degrees
    np.testing.assert_allclose(facts, expected, atol=1e-5)


def test_facts_are_put_together_from_those_of_real_images():
    facts = np.arange(10 * FACTS, dtype=np.float32).reshape(10, FACTS)  # each number tells whose it is
    wishes = ask(facts, 2, 5, seed=0)
    assert wishes.facts.shape == (ASKED + WALKS * SHOWN, FACTS)
    owners, columns = np.divmod(wishes.facts[:ASKED], FACTS)
    assert (columns == np.arange(FACTS)).all()
    for group in GROUPS:
        assert (owners[:, group] == owners[:, group][:, :1]).all()  # they go together
    assert (owners != owners[:, :1]).any(axis=1).mean() > 0.9  # of several images
    assert (wishes.classes[:ASKED] == np.eye(2)[[0, 1] * (ASKED // 2)]).all()


def test_walks_lead_from_one_image_to_the_next():
    wishes = ask(np.random.default_rng(0).normal(size=[50, FACTS]), 3, 5, seed=4)
    for codes in wishes:
        walks = codes[ASKED:].reshape(WALKS, SHOWN, -1)
        np.testing.assert_array_equal(walks[:, 0], codes[:WALKS])
        np.testing.assert_array_equal(walks[:, -1], codes[1 : WALKS + 1])
        middle = (codes[:WALKS] * 4 + codes[1 : WALKS + 1] * 3) / 7  # after 3 of 7 steps
        np.testing.assert_allclose(walks[:, 3], middle, atol=1e-6)


def test_sampled_codes_are_normal():
    codes = ask(np.zeros([4, FACTS]), 2, 16, seed=0).codes[:ASKED]
    assert abs(codes.mean()) < 0.1 and abs(codes.std() - 1) < 0.1
    assert codes.shape == (ASKED, 16)


def test_overlap_is_intersection_over_union():
    masks, logits = np.zeros([2, 8, 8, 1]), np.full([2, 8, 8, 1], -3.0)
    masks[:, 2:6, 2:6] = 1
    logits[0, 2:6, 2:6] = 2
    logits[1, 4:8, 2:6] = 0.1  # half of it, and as much beside it
    assert overlap(HeldOut(masks, masks, masks, logits)) == pytest.approx((1 + 8 / 24) / 2)
