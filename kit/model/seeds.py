"""Seeds from names: what is random in a layer depends only on the graph's seed and the layer's name.

TensorFlow's own seeds depend on how many operations the graph has so far: one more operation in the data pipeline
would change all weights.
"""

import zlib


def seed_of(name: str) -> int:
    """A seed for the variable or layer of this name in a graph: 0 to 2^31 - 1."""
    return zlib.crc32(name.encode()) & 0x7FFFFFFF
