"""Guard Dog keeps WeChat access tokens and jsapi tickets fresh."""

__version__ = "0.1.0"
