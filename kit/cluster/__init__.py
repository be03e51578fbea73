"""Training with several processes, the workers, on one machine or several."""
