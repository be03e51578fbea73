"""The precision of a session: float32, or bfloat16 in the layers if the processor has it.

bfloat16 is the upper half of a float32, with 8 bits of precision. TensorFlow uses it where it does no harm ("mixed
precision"): in convolutions and matrix products. Variables, losses and updates stay float32.
Micikevicius et al., 2018, https://arxiv.org/abs/1710.03740; Kalamkar et al., 2019, https://arxiv.org/abs/1905.12322
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import kit.tensorflow1 as tf
from kit.cli.settings import TrainingSettings
from kit.cluster.membership import member
from kit.data.kinds import kind_of

INSTRUCTIONS = {"avx512_bf16", "amx_bf16"}  # a processor with one of them is faster in bfloat16


def session_config(settings: TrainingSettings) -> tf.ConfigProto:
    """The configuration of a session with a run's precision.

    Args:
      settings: `precision`, `micro_batches` and the kind of data count. `auto` is bfloat16 for images, if the processor
        has it. Tables are always float32: they have few numbers, and may need all their digits. So are micro-batches:
        where TensorFlow puts bfloat16 depends on how many of them are in the graph, and their sum must not.
    Returns:
      tf.ConfigProto.
    """
    config = tf.ConfigProto()
    worker = member()
    if worker:
        worker.configure(config)
    rewrites = config.graph_options.rewrite_options
    if uses_bfloat16(settings):
        rewrites.auto_mixed_precision_onednn_bfloat16 = rewrites.ON
    return config


def uses_bfloat16(settings: TrainingSettings) -> bool:
    """Whether a run with these settings computes in bfloat16 on this machine."""
    is_wanted = settings.precision == "auto" and settings.micro_batches == 1 and kind_of(settings).suits_bfloat16
    return is_wanted and _processor_has_bfloat16()


@functools.cache
def _processor_has_bfloat16() -> bool:
    """Whether Linux lists one of INSTRUCTIONS. Other systems have no such list: False."""
    try:
        flags = re.search(r"^flags\s*:(.*)$", Path("/proc/cpuinfo").read_text(encoding="ascii"), re.MULTILINE)
    except OSError:
        return False
    return bool(flags and INSTRUCTIONS & set(flags[1].split()))
