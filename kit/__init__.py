"""The machinery behind the hands-on's scripts, one subject a file."""

from kit.cli.hidden_modules import refuse_hidden_modules

refuse_hidden_modules()  # first of all: every import after this one might find the wrong file
