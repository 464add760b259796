"""The outside world: network, keyring, files, locks, history; each behind a port."""
