"""Tables of numbers: read, checked, split and scaled, before TensorFlow reads their lines."""
