"""What a user types and reads: flags, settings, the console, errors."""
