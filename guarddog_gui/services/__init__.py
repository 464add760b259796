"""The stories of the program, written against ports: no Qt, no I/O."""
