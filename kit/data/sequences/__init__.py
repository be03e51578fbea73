"""Sequences of letters, DNA, RNA or proteins, from FASTA files."""
