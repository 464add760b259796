"""The command line: results to stdout, words to stderr, never a secret on either."""
