"""Threads, timers and the state of the running app, on QtCore."""
