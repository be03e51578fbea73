"""What the labs share: flags and folder, data, progress, pictures."""
