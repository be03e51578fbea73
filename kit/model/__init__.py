"""What a network is made of: layers, losses, optimisers, Keras's formats."""
