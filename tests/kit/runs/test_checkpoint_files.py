"""The files of checkpoints: which is the newest, what is damaged, what is left over."""

import pytest

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.runs.checkpoint_files import (
    STATE,
    damage,
    newest,
    newest_whole,
    readable_checkpoint_errors,
    remove_leftovers,
)


@pytest.fixture
def written(tmp_path):
    """(folder, paths of two checkpoints); each has a weight and a place in the data."""
    with tf.Graph().as_default(), tf.Session() as session:
        iterator = tf.data.make_initializable_iterator(tf.data.Dataset.range(10).shuffle(5))
        tf.get_variable("weight", initializer=tf.zeros([1000]))
        saver = tf.train.Saver([*tf.global_variables(), tf.data.experimental.make_saveable_from_iterator(iterator)])
        session.run([tf.global_variables_initializer(), iterator.initializer])
        paths = [saver.save(session, str(tmp_path / "model.ckpt"), step, write_meta_graph=False) for step in (9, 10)]
    return tmp_path, paths


def test_a_whole_checkpoint_with_a_place_in_the_data_has_no_damage(written):
    folder, paths = written
    assert [damage(path) for path in paths] == [None, None]
    assert newest(str(folder)) == newest_whole(str(folder)) == paths[1]


@pytest.mark.parametrize("share", [0, 0.05, 0.5, 0.9, 0.999])
def test_any_cut_is_found(written, share):
    path = written[0] / "model.ckpt-10.data-00000-of-00001"
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    assert damage(written[1][1])
    assert newest_whole(str(written[0])) == written[1][0]


def test_a_flipped_bit_and_a_missing_file_are_found(written):
    folder, (older, newer) = written
    path = folder / "model.ckpt-10.data-00000-of-00001"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert damage(newer)
    (folder / "model.ckpt-10.index").unlink()
    assert damage(newer) and newest_whole(str(folder)) == older


def test_without_the_state_the_last_whole_one_is_the_newest(written):
    folder, (older, newer) = written
    (folder / STATE).unlink()
    assert newest(str(folder)) == newer  # 10 comes after 9
    (folder / "model.ckpt-10.data-00000-of-00001").write_bytes(b"")
    assert newest_whole(str(folder)) == older
    remove_leftovers(folder)
    assert newest(str(folder)) == older  # nothing that may be of use is removed


def test_an_empty_folder_has_none(tmp_path):
    assert newest(str(tmp_path)) is newest_whole(str(tmp_path)) is None


def test_leftovers_of_a_killed_training_are_removed(written):
    folder, _ = written
    whole = {path.name for path in folder.iterdir()}
    for name in ("model.ckpt-13.index", "model.ckpt-13.data-00000-of-00001", "model.ckpt-12.data.tempstate1"):
        (folder / name).touch()
    remove_leftovers(folder)
    assert {path.name for path in folder.iterdir()} == whole


@pytest.mark.parametrize("kind, other", [("best", "newest"), ("checkpoints", "best")])
def test_a_damaged_checkpoint_is_told_with_the_other_kind(kind, other):
    expected = rf"cannot read this checkpoint: cut\.\n.*--checkpoint {other}\.$"
    with pytest.raises(UserError, match=expected), readable_checkpoint_errors(f"runs/a/{kind}/model.ckpt-6"):
        raise ValueError("cut.")
