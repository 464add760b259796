"""Pasted texts reach the commands in any encoding, as an argument, a file and standard input."""
