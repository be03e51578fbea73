"""Networks in Keras's formats: architectures in a file, their layers as TensorFlow's operations, their weights."""
