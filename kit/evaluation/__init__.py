"""How well a network does: scores, plots, report files, export."""
