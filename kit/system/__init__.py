"""Files on disk: written whole, one writer at a time."""
