"""Seeds by name: what is random in a layer depends on the graph's seed and the layer's name alone.

TensorFlow's own seeds count the operations that a graph already has, so an operation more in the data pipeline would
change all weights.
"""

import zlib


def seed_of(name):
    """The seed of what is called so in a graph: an int, 0 to 2^31 - 1."""
    return zlib.crc32(name.encode()) & 0x7FFFFFFF
