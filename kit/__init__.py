"""The machinery behind the hands-on's scripts, one subject a file."""
