"""The run of a training: its folder, checkpoints, history, and what TensorBoard shows of it."""
