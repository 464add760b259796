"""An embedded WeChat: rules, a WSGI app and a loopback server."""
