"""Tray, windows and dialogs."""
