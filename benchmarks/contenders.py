"""The contenders by name, and how to run the peers among them."""

from typing import NamedTuple

from processes import ask

from kit.cli.settings import TrainingSettings
from kit.model.optimizers import OPTIMIZERS
from kit.model.precision import uses_bfloat16

OURS, LIMIT = "ours", "the limit"
KERAS, KERAS_BEST = "Keras as documented", "Keras at its best"
PYTORCH, PYTORCH_BEST = "PyTorch as documented", "PyTorch at its best"


class Peer(NamedTuple):
    """How a peer is run."""

    script: str  # in benchmarks/peers
    is_best: bool  # as fast as it can be made; otherwise as in its guides


PEERS = {
    KERAS: Peer("keras_peer.py", is_best=False),
    KERAS_BEST: Peer("keras_peer.py", is_best=True),
    PYTORCH: Peer("pytorch_peer.py", is_best=False),
    PYTORCH_BEST: Peer("pytorch_peer.py", is_best=True),
}
OUR_LEARNING_RATE = "--learning_rate", OPTIMIZERS["adam"].images_rate  # the default for the kit's networks


def ask_peer(name, folder, lists, *flags):
    """Runs a peer as a process and waits for its end.

    Args:
      name: a key of PEERS.
      folder: the working directory.
      lists: data_sets.Lists of its images.
      flags: more flags.
    Returns:
      Its figures: a dict.
    """
    peer = PEERS[name]
    best = ["--best"] if peer.is_best else []
    if peer.is_best and uses_bfloat16(TrainingSettings()):
        best.append("--bfloat16")
    return ask(folder, peer.script, *lists.flags, *flags, *best)
