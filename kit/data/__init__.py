"""What a network learns from: images listed in a CSV, and tables."""
