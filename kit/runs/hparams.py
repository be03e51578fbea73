"""Settings that were tried: in words, and on TensorBoard's page HParams."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import kit.tensorflow1 as tf

Settings = Mapping[str, Any]  # {name: number or word}
SUCCESS = 1  # STATUS_SUCCESS of TensorBoard's plugins/hparams/api.proto


def in_words(settings: Settings) -> str:
    """The settings in a line."""
    return ", ".join(
        f"{name} {value:.2g}" if isinstance(value, float) else f"{name} {value}" for name, value in settings.items()
    )


def start_of_try(name: str, settings: Settings) -> tf.Summary:
    """What an event file must begin with, for its folder to be a row of the page HParams.

    TensorBoard's function for it makes a message of its own: the same bytes, another Python class.

    Args:
      name: of the try; tries of one name would share a row.
      settings: of the try.
    """
    from tensorboard.plugins.hparams import summary_v2  # not `api`, which imports Keras

    return tf.Summary.FromString(summary_v2.hparams_pb(dict(settings), trial_id=name).SerializeToString())


def end_of_try(**scores: float) -> tf.Summary:
    """The scores of a try, and that it has ended well.

    Args:
      scores: {name: score}, such as accuracy; a name becomes curves/name.
    """
    from tensorboard.plugins.hparams import metadata, plugin_data_pb2

    messages: Any = plugin_data_pb2  # whose names are made at import
    end = messages.SessionEndInfo(status=SUCCESS, end_time_secs=time.time())
    content = metadata.create_summary_metadata(messages.HParamsPluginData(session_end_info=end))
    ended = tf.Summary.Value(
        tag=metadata.SESSION_END_INFO_TAG,
        metadata=tf.SummaryMetadata.FromString(content.SerializeToString()),
        tensor=tf.make_tensor_proto([], tf.float32),
    )
    shown = [tf.Summary.Value(tag=f"curves/{name}", simple_value=score) for name, score in scores.items()]
    return tf.Summary(value=[*shown, ended])
