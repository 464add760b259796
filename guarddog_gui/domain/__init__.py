"""Facts and decisions of WeChat tokens; clock, nonce and text come in as arguments."""
