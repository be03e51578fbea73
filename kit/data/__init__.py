"""The data: images listed in a CSV, and tables."""
