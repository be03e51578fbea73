"""Every check: the modules that hold them, imported."""

from exercises.checks import CHECKS, first_graph

__all__ = ["CHECKS", "first_graph"]
