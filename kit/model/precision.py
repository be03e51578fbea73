"""How precisely a session computes: float32 throughout, or bfloat16 inside the layers, where the processor has it.

bfloat16 is the upper half of a float32, with 8 bits of precision. TensorFlow puts it where it does no harm
("mixed precision"): convolutions and matrix products; variables, losses and updates stay float32.
Micikevicius et al., 2018, https://arxiv.org/abs/1710.03740; Kalamkar et al., 2019, https://arxiv.org/abs/1905.12322
"""

import functools
import re
from pathlib import Path

import kit.tensorflow1 as tf
from kit.data.kinds import kind_of

INSTRUCTIONS = {"avx512_bf16", "amx_bf16"}  # of processors that compute with bfloat16 faster than with float32


def session_config(settings):
    """The tf.ConfigProto of a session that computes as a run's settings say.

    Args:
      settings: TrainingSettings; `auto` is bfloat16 for images, where the processor has it. The numbers of a table are
        few, and may need all their digits.
    """
    config = tf.ConfigProto()
    rewrites = config.graph_options.rewrite_options
    if uses_bfloat16(settings):
        rewrites.auto_mixed_precision_onednn_bfloat16 = rewrites.ON
    return config


def uses_bfloat16(settings):
    """Whether a run with these settings computes with bfloat16 on this machine."""
    return settings.precision == "auto" and kind_of(settings).suits_bfloat16 and _processor_has_bfloat16()


@functools.cache
def _processor_has_bfloat16():
    """Whether it does, and says so: in Linux's list; other systems' are taken not to."""
    try:
        flags = re.search(r"^flags\s*:(.*)$", Path("/proc/cpuinfo").read_text(encoding="ascii"), re.MULTILINE)
    except OSError:
        return False
    return bool(flags and INSTRUCTIONS & set(flags[1].split()))
